"""The trained classifier over a page's blocks: a forest and a network, averaged in log odds."""

from dataclasses import replace
from functools import cache

import numpy as np

from transforms import boosting
from transforms.extract import network
from transforms.extract.arrays import Floats
from transforms.extract.columns import Layout

PACKAGE = "transforms.extract"
FILE = "blocks.json"
CHUNK = 1024
FIRST_TREES = 80
HOPELESS = -3.5
"""A block with a lower raw score after the first trees is not looked at again: most are menus."""
NETWORK_SHARE = np.float32(0.3)


def keep_probability(rows: Floats, layout: Layout) -> Floats:
    """Return the probability that each block is the article's own text."""
    odds = joined(forest_odds(rows), network.load(), rows, layout)
    return (1 / (1 + np.exp(-odds))).astype(np.float32)


def joined(forest: Floats, net: network.Network, rows: Floats, layout: Layout) -> Floats:
    """Return the log odds of the forest, averaged with the network's but for bare links."""
    looked_at = np.flatnonzero(~network.bare_links(layout))
    if not len(looked_at):
        return forest
    odds = forest.copy()
    seen = net.scores(rows.T.take(looked_at, axis=1), network.surroundings(layout, looked_at))
    odds[looked_at] += NETWORK_SHARE * (seen - forest[looked_at])
    return odds


def forest_odds(rows: Floats) -> Floats:
    """Return the log odds by the forest alone; of a hopeless block, by its first trees."""
    first, rest = _forests()
    raw = _scores(first, rows)
    open_rows = np.flatnonzero(raw > HOPELESS)
    if len(open_rows):
        raw[open_rows] += _scores(rest, rows.T[:, open_rows].T)
    return raw


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
