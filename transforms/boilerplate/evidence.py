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
    size = len(layout.folded)
    padded = np.full(size + RUN, END, np.uint64)
    np.maximum(layout.folded, GAP, out=padded[:size])
    padded[layout.ends] = END
    slots = _slots(padded[shift : shift + size] for shift in range(RUN))
    if len(layout.spans.first) > 1:
        _cut(slots, padded, layout)
    return slots


def _cut(slots: Ints, padded: NDArray[np.uint64], layout: Layout) -> None:
    """Let no run reach into the next document of a batch."""
    first = layout.spans.first
    end = layout.ends[first[1:] - 1].repeat(RUN)
    tail = end - np.tile(np.arange(RUN), len(first) - 1)
    inside = tail >= layout.starts[first[:-1]].repeat(RUN)
    tail, end = tail[inside], end[inside]
    slots[tail] = _slots(
        np.where(tail + shift <= end, padded[tail + shift], END) for shift in range(RUN)
    )


def _slots(characters: Iterable[NDArray[np.uint64]]) -> Ints:
    """Return the slots of runs, given their first characters, their second ones and so on."""
    hashes, *following = characters
    hashes = hashes + END * BASE % 2**64
    for character in following:
        hashes *= BASE
        hashes += character
    hashes ^= hashes >> 31
    hashes *= MIX
    return (hashes >> (64 - BITS)).view(np.intp)


def evidence(layout: Layout, slots: Ints, weights: NDArray[np.int8]) -> Floats:
    """Return the summed and the mean weight of each block's runs, shape (blocks, 2).

    ``weights`` has shape (2, 2**BITS): for short blocks, for long ones.
    """
    side = (layout.word_counts > SHORT_WORDS) * weights.shape[1]
    at = side.take(layout.line)
    at += slots
    found = weights.reshape(-1).take(at).astype(np.float32)
    columns = np.empty((2, layout.size), np.float32)
    np.divide(np.add.reduceat(found, layout.starts), SCALE, out=columns[0])
    length = (layout.ends - layout.starts + 5).astype(np.float32)
    np.divide(columns[0], np.sqrt(length), out=columns[1])
    return columns.T


@cache
def trained_weights() -> NDArray[np.int8]:
    """Load the weights that ship with the package, once per process."""
    with files(__package__).joinpath("models", "runs.npy").open("rb") as file:
        weights: NDArray[np.int8] = np.load(file)
    return weights
