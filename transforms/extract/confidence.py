"""How good the extracted text is likely to be, and whether the page is an article at all."""

import json
import math
from functools import cache
from importlib.resources import files

from transforms.extract.arrays import Floats
from transforms.extract.columns import Layout
from transforms.extract.decode import choose_blocks


def page_summary(probability: Floats, layout: Layout) -> list[float]:
    """Return what the confidence is made of.

    The logit of the F1 the choice of blocks may expect if its probabilities are right, the
    logarithm of the text kept, and the text of doubtful blocks as a share of the page's and of
    the kept text.
    """
    keep, expected = choose_blocks(probability, layout.weight)
    size = float(layout.weight.sum())
    kept = float(layout.weight[keep].sum())
    unsure = float(layout.weight[(probability > 0.1) & (probability < 0.9)].sum())
    expected = min(max(expected, 1e-3), 1 - 1e-3)
    return [
        math.log(expected / (1 - expected)),
        math.log1p(kept),
        unsure / max(size, 1.0),
        unsure / max(kept, 1.0),
    ]


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

    It is no likelier than the square of the text's confidence, so that long noise, which no
    training page is like, is no article for its length.
    """
    return min(linear_logistic(_weights()["article"], summary), confidence(summary) ** 2)
