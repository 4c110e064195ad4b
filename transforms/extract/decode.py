"""From the probability of each block to the set of blocks that is the article."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transforms.extract.arrays import Floats

MIN_REPEAT = 40


def choose_blocks(probability: Floats, weight: Floats) -> tuple[NDArray[np.bool_], float]:
    """Return which blocks to keep and the F1 that choice may expect.

    Keeping every block above some probability maximises the expected F1; the cut is found by
    trying all (Ye et al., "Optimizing F-measure: a tale of two approaches", ICML 2012). ``weight``
    is how much text a block holds.
    """
    order = np.argsort(-probability, kind="stable")
    gain = np.cumsum((probability * weight)[order], dtype=np.float64)
    cost = np.cumsum(weight[order], dtype=np.float64)
    expected = 2 * gain / (cost + gain[-1] + 1e-9)
    best = int(np.argmax(expected))
    return probability >= probability[order[best]], float(expected[best])


def repeats(texts: Sequence[str], keep: Sequence[bool]) -> set[int]:
    """Return the kept blocks whose text an earlier kept block has already said."""
    seen: set[str] = set()
    again = set()
    for number, (text, kept) in enumerate(zip(texts, keep, strict=True)):
        if not kept or len(text) < MIN_REPEAT:
            continue
        if text in seen:
            again.add(number)
        seen.add(text)
    return again
