"""The trained classifier over a page's blocks."""

from dataclasses import replace
from functools import cache

import numpy as np

from transforms import boosting
from transforms.extract.arrays import Floats

PACKAGE = "transforms.extract"
FILE = "blocks.json"
CHUNK = 1024
FIRST_TREES = 80
HOPELESS = -3.5
"""A block with a lower raw score after the first trees is not looked at again: most are menus."""


def keep_probability(rows: Floats) -> Floats:
    """Return the probability that each block is the article's own text."""
    first, rest = _forests()
    raw = _scores(first, rows)
    open_rows = np.flatnonzero(raw > HOPELESS)
    if len(open_rows):
        raw[open_rows] += _scores(rest, rows.T[:, open_rows].T)
    return (1 / (1 + np.exp(-raw))).astype(np.float32)


@cache
def _forests() -> tuple[boosting.ObliviousForest, boosting.ObliviousForest]:
    whole = boosting.load(PACKAGE, FILE)
    cut = slice(FIRST_TREES, None)
    first = replace(
        whole,
        features=whole.features[:FIRST_TREES],
        thresholds=whole.thresholds[:FIRST_TREES],
        leaves=whole.leaves[:FIRST_TREES],
    )
    rest = replace(
        whole,
        features=whole.features[cut],
        thresholds=whole.thresholds[cut],
        leaves=whole.leaves[cut],
        bias=np.zeros_like(whole.bias),
    )
    return first, rest


def _scores(forest: boosting.ObliviousForest, rows: Floats) -> Floats:
    chunks = range(0, len(rows), CHUNK)
    return np.concatenate([forest.scores(rows[at : at + CHUNK])[:, 0] for at in chunks])
