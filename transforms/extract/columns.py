"""Named columns over a page's blocks, and the sums and shifts they are made with."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.extract.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Hints:
    """What the page says of itself that helps to know its text: title, description, body."""

    title: str = ""
    description: str = ""
    body: str = ""


class Columns:
    """Named columns of equal length, gathered one by one."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.values: list[NDArray[np.generic]] = []

    def add(self, name: str, values: NDArray[np.generic]) -> None:
        """Append one column."""
        self.names.append(name)
        self.values.append(values)

    def matrix(self) -> Floats:
        """Return the columns as a matrix of shape (rows, columns), each column in one piece."""
        out = np.empty((len(self.values), len(self.values[0])), np.float32)
        for row, values in zip(out, self.values, strict=True):
            row[:] = values
        return out.T


@dataclass(slots=True)
class Layout:
    """Arrays of the page; ``levels[k]`` is each block's box (k = 0) or its k-th parent.

    Per element: ``parent`` (of the root: itself), ``first``, ``last``, ``path``, ``local``. Per
    block: the others; ``tags`` are those of the boxes and ``headings`` says which are h1 to h6.
    """

    size: Floats
    weight: Floats
    density: Floats
    good: Floats
    parent: Ints
    first: Ints
    last: Ints
    levels: Ints
    path: Ints
    local: Ints
    tags: list[str]
    headings: NDArray[np.bool_]


def best_run(values: Floats) -> tuple[int, int]:
    """Return the half-open range whose sum is greatest (Kadane), in linear time."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    lowest = np.minimum.accumulate(total)
    end = int(np.argmax(total - lowest))
    start = int(np.argmin(total[: end + 1]))
    return start, end


def log(values: NDArray[np.generic]) -> Floats:
    """Return the logarithm of one more than each value; negative ones count as nought."""
    return np.log1p(np.maximum(values, 0)).astype(np.float32)


def ids(keys: Sequence[str]) -> Ints:
    """Return a number for each key, the same for the same key."""
    seen: dict[str, int] = {}
    return np.asarray([seen.setdefault(key, len(seen)) for key in keys])


def sums(values: Floats) -> NDArray[np.float64]:
    """Return the running sums from nought, so that a range sums to the difference of its ends."""
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))


def signed_log(values: NDArray[np.generic]) -> Floats:
    """Return the logarithm of one more than each size, with the sign kept."""
    return (np.sign(values) * np.log1p(np.abs(values))).astype(np.float32)
