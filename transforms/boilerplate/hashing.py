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


@cache
def _powers(factor: int, bits: int) -> Hashes:
    steps = np.full(1 << bits, factor, np.uint64)
    steps[0] = 1
    return np.multiply.accumulate(steps)


def running_sum(codes: NDArray[np.uint32]) -> tuple[Hashes, Hashes]:
    """Return ``S`` (one longer than ``codes``) and the inverse powers of the base."""
    bits = max(14, len(codes).bit_length())
    base, inverse = _powers(BASE, bits), _powers(INVERSE, bits)
    total = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes.astype(np.uint64) * base[: len(codes)], out=total[1:])
    return total, inverse


def span_hashes(
    total: Hashes, inverse: Hashes, starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> Hashes:
    """Return the hash of each ``[start, end)``; equal strings have equal hashes anywhere."""
    mixed = (total[ends] - total[starts]) * inverse[starts]
    mixed ^= mixed >> np.uint64(29)
    mixed *= MIX
    mixed ^= mixed >> np.uint64(32)
    return mixed


class HashIndex:
    """From a hash to the position of its key, -1 when unknown: two tables, no loop.

    Keys that meet in a slot of the first table live in the second, under other bits.
    """

    BITS = 18

    def __init__(self, keys: Iterable[int]) -> None:
        self.keys: Hashes = np.array([*keys, 0], np.uint64)
        self.slots = [np.full(1 << self.BITS, -1, np.int32) for _ in range(3)]
        for position, key in enumerate(self.keys[:-1].tolist()):
            for level, slots in enumerate(self.slots):
                slot = (key >> (self.BITS * level)) & ((1 << self.BITS) - 1)
                if slots[slot] < 0:
                    slots[slot] = position
                    break

    def find(self, hashes: Hashes) -> NDArray[np.int32]:
        """Return each hash's key position or -1."""
        found = self._level(hashes, 0)
        # Only where another key sits in the slot can the key be on a later level.
        pending = np.flatnonzero((found >= 0) & (self.keys[found] != hashes))
        for level in range(1, len(self.slots)):
            if not len(pending):
                break
            found[pending] = self._level(hashes[pending], level)
            other = self.keys[found[pending]] != hashes[pending]
            pending = pending[(found[pending] >= 0) & other]
        found[pending] = -1
        return found

    def _level(self, hashes: Hashes, level: int) -> NDArray[np.int32]:
        slot = (hashes >> np.uint64(self.BITS * level)) & np.uint64((1 << self.BITS) - 1)
        return self.slots[level][slot.astype(np.intp)]
