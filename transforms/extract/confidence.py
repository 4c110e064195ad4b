"""How good the extracted text is likely to be, and whether the page is an article at all."""

import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from transforms.extract.arrays import Floats
from transforms.extract.columns import Layout
from transforms.extract.decode import choose_blocks

TITLE_REACH = 10
HALF = 0.5


def page_summary(probability: Floats, layout: Layout, columns: Mapping[str, Floats]) -> list[float]:
    """Return what the confidence is made of.

    The logit of the F1 the choice of blocks may expect if its probabilities are right, the
    logarithm of the text kept, and the text of doubtful blocks as a share of the page's and of the
    kept text. Of the likeliest paragraph: the logit of its probability, whether the title stands
    shortly before it, and whether the page's description quotes it. Of the kept text: the share
    under headings that are links, and the logarithm of how many containers like its own hold text.
    """
    keep, expected = choose_blocks(probability, layout.weight)
    size = float(layout.weight.sum())
    text = np.where(keep, layout.weight, 0)
    kept = max(float(text.sum()), 1.0)
    unsure = float(layout.weight[(probability > 0.1) & (probability < 0.9)].sum())
    prose = np.where(layout.good > 0, probability, 0)
    best = int(np.argmax(prose))
    rivals = np.maximum.reduce([columns[f"rivals:{level}"] for level in (1, 2, 3)])
    return [
        _logit(expected),
        math.log1p(kept),
        unsure / max(size, 1.0),
        unsure / kept,
        _logit(float(prose[best])),
        float(1 <= columns["from_title"][best] <= TITLE_REACH),
        float(columns["described"][best]),
        float(text[columns["heading_links"] > HALF].sum()) / kept,
        float((text * rivals).sum()) / kept,
    ]


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(bounded / (1 - bounded))


@cache
def _weights() -> dict[str, list[float]]:
    text = files("transforms.extract").joinpath("confidence.json").read_text(encoding="utf-8")
    weights: dict[str, list[float]] = json.loads(text)
    return weights


def linear_logistic(weights: list[float], summary: list[float]) -> float:
    """Return the logistic of a bias and one slope per value of the summary."""
    bias, *slopes = weights
    raw = bias + sum(slope * value for slope, value in zip(slopes, summary, strict=True))
    return 1 / (1 + math.exp(-max(min(raw, 30.0), -30.0)))


def confidence(summary: list[float]) -> float:
    """Return the F1 that the text of a page with this summary may expect, from 0 to 1."""
    return linear_logistic(_weights()["quality"], summary)


def article_likeness(summary: list[float]) -> float:
    """Return how likely the page is an article rather than a list, from 0 to 1.

    It is no likelier than the square of twice the text's confidence, so that bytes taken for text,
    which no training page is like, are no article for their length.
    """
    return min(linear_logistic(_weights()["article"], summary), 4 * confidence(summary) ** 2)
