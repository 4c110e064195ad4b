"""The trained classifier over a page's blocks."""

import numpy as np

from transforms import boosting
from transforms.extract.arrays import Floats

PACKAGE = "transforms.extract"
FILE = "blocks.json"
CHUNK = 1024


def keep_probability(rows: Floats) -> Floats:
    """Return the probability that each block is the article's own text."""
    forest = boosting.load(PACKAGE, FILE)
    parts = [
        forest.probabilities(rows[start : start + CHUNK])[:, 1]
        for start in range(0, len(rows), CHUNK)
    ]
    return np.concatenate(parts)
