"""How much the letters of a block speak for text: learned weights of runs of five characters.

Runs are hashed into a table (Weinberger et al., "Feature hashing for large scale multitask
learning", 2009), which needs no words and so works for languages that write none apart. Short
blocks and long ones have a column each.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate.hashing import BASE, MIX
from transforms.boilerplate.layout import Floats, Ints, Layout

RUN = 5
BITS = 17
SHORT_WORDS = 12
SCALE = 64.0

GAP, END = 1, 2


def runs(layout: Layout) -> Ints:
    """Return the table slot of the run that begins at each character of a document.

    Letters are folded, everything between words is one character, and so is a block's end.
    """
    folded = layout.folded.astype(np.uint64)
    folded[folded == 0] = GAP
    folded[layout.ends] = END
    padded = np.concatenate([folded, np.full(RUN, END, np.uint64)])
    slots = _slots(padded[shift : shift + len(folded)] for shift in range(RUN))
    # A run must not reach into the next document of the batch.
    last = np.unique(layout.ends[layout.spans.end - 1])
    tail = (last[:, None] - np.arange(RUN)).ravel()
    bound = np.repeat(last, RUN)
    bound, tail = bound[tail >= 0], tail[tail >= 0]
    slots[tail] = _slots(
        np.where(tail + shift <= bound, padded[tail + shift], END) for shift in range(RUN)
    )
    return slots


def _slots(characters: Iterable[NDArray[np.uint64]]) -> Ints:
    hashes = np.full(1, END, np.uint64)
    for character in characters:
        hashes = hashes * np.uint64(BASE) + character
    hashes ^= hashes >> np.uint64(31)
    hashes *= MIX
    return (hashes >> np.uint64(64 - BITS)).astype(np.intp)


def evidence(layout: Layout, slots: Ints, weights: NDArray[np.int8]) -> Floats:
    """Return the summed and the mean weight of each block's runs, shape (blocks, 2).

    ``weights`` has shape (2, 2**BITS): for short blocks, for long ones.
    """
    side = (layout.word_counts > SHORT_WORDS).astype(np.intp)
    found = weights[side[layout.line], slots]
    total = np.add.reduceat(found, layout.starts, dtype=np.float32) / np.float32(SCALE)
    length = (layout.ends - layout.starts + 5).astype(np.float32)
    return np.stack([total, total / np.sqrt(length)], axis=1)


@cache
def trained_weights() -> NDArray[np.int8]:
    """Load the weights that ship with the package, once per process."""
    with files(__package__).joinpath("models", "runs.npy").open("rb") as file:
        weights: NDArray[np.int8] = np.load(file)
    return weights
