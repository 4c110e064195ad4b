"""Hashes of all words and word sequences of a document at once, by one running sum.

With ``S[i]`` the sum of ``c[j] * B**j`` for ``j < i`` modulo 2**64 and ``B`` odd, the hash of
``[start, end)`` is ``(S[end] - S[start]) * B**-start``: a Karp-Rabin fingerprint (Karp and Rabin,
"Efficient randomized pattern-matching algorithms", 1987) that needs no loop over characters.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

BASE = 0x9E3779B97F4A7C15
INVERSE = pow(BASE, -1, 2**64)
MIX = np.uint64(0xBF58476D1CE4E5B9)

Hashes = NDArray[np.uint64]
Ints = NDArray[np.intp]


@cache
def _powers(factor: int, bits: int) -> Hashes:
    steps = np.full(1 << bits, factor, np.uint64)
    steps[0] = 1
    return np.multiply.accumulate(steps)


def running_sum(codes: NDArray[np.uint64]) -> tuple[Hashes, Hashes]:
    """Return ``S`` (one longer than ``codes``) and the inverse powers of the base."""
    bits = max(14, len(codes).bit_length())
    base, inverse = _powers(BASE, bits), _powers(INVERSE, bits)
    total = np.zeros(len(codes) + 1, np.uint64)
    (codes * base[: len(codes)]).cumsum(out=total[1:])
    return total, inverse


def span_hashes(total: Hashes, inverse: Hashes, starts: Ints, ends: Ints) -> Hashes:
    """Return the hash of each ``[start, end)``; equal strings have equal hashes anywhere."""
    mixed = (total.take(ends) - total.take(starts)) * inverse.take(starts)
    mixed ^= mixed >> 29
    mixed *= MIX
    mixed ^= mixed >> 32
    return mixed


class HashIndex:
    """From a hash to the position of its key: three tables, no loop over hashes.

    Keys that meet in a slot of one table live in the next, under other bits.
    """

    BITS = 18

    def __init__(self, keys: Iterable[int]) -> None:
        self.keys: Hashes = np.array([*keys], np.uint64)
        self.shared = np.zeros(len(self.keys), bool)
        self.slots = [np.full(1 << self.BITS, -1, np.int32) for _ in range(3)]
        for position, key in enumerate(self.keys.tolist()):
            for level, slots in enumerate(self.slots):
                slot = (key >> (self.BITS * level)) & ((1 << self.BITS) - 1)
                if slots[slot] < 0:
                    slots[slot] = position
                    break
                self.shared[slots[slot]] = True

    def find(self, hashes: Hashes) -> tuple[Ints, NDArray[np.int32]]:
        """Return which of ``hashes`` are keys, in no order, and the position of their keys."""
        where, position = self._level(hashes, 0)
        here = self.keys[position] == hashes[where]
        # Only where another key sits in the slot can the key be on a later level.
        others = where[~here & self.shared[position]]
        where, position = where[here], position[here]
        for level in range(1, len(self.slots)):
            if not len(others):
                break
            at, there = self._level(hashes[others], level)
            here = self.keys[there] == hashes[others[at]]
            where = np.concatenate([where, others[at[here]]])
            position = np.concatenate([position, there[here]])
            others = others[at[~here]]
        return where, position

    def _level(self, hashes: Hashes, level: int) -> tuple[Ints, NDArray[np.int32]]:
        """Return the hashes whose slots are filled, and the positions of the keys there."""
        slot = (hashes >> (self.BITS * level)) & ((1 << self.BITS) - 1)
        position = self.slots[level].take(slot.view(np.intp))
        filled = (position >= 0).nonzero()[0]
        return filled, position[filled]
