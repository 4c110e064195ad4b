"""The ids a table holds, and which occurrence of each stands in it, in 28 bytes an id.

Sorted runs of numpy arrays, merged as they grow, so that a look-up is a few binary searches. All
128 bits of an id are kept: a false match would lose a record.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from transforms.part_names import Span

ANOTHER = 0
"""Stands for an occurrence that no record of this run can be."""

Words = npt.NDArray[np.uint64]


def occurrence(source_file: str | None, source_offset: int | None) -> int:
    """Return 64 bits for one place a record was read from; never ``ANOTHER``."""
    offset = -1 if source_offset is None else source_offset
    place = f"{offset}\n{source_file or ''}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(place, digest_size=8).digest(), "big") or 1


def words(ids: Sequence[str]) -> tuple[Words, Words]:
    """Return the upper and the lower 64 bits of hexadecimal ids of 32 digits."""
    both = np.frombuffer(bytes.fromhex("".join(ids)), ">u8").reshape(-1, 2).astype(np.uint64)
    return np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1])


@dataclass(frozen=True, slots=True)
class _Run:
    """Ids sorted by their upper half, with the occurrence and the number of the file of each."""

    high: Words
    low: Words
    occurrences: Words
    files: npt.NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.high)

    def take(self, chosen: npt.NDArray[np.generic]) -> "_Run":
        return _Run(*(column[chosen] for column in self.columns()))

    def columns(self) -> tuple[npt.NDArray[np.generic], ...]:
        return self.high, self.low, self.occurrences, self.files

    def find(self, high: Words, low: Words) -> Iterator[tuple[int, int, int]]:
        """Yield for each match its place in the query, its occurrence and its file."""
        start = np.searchsorted(self.high, high, "left")
        end = np.searchsorted(self.high, high, "right")
        for place in np.flatnonzero(end > start).tolist():
            for at in range(start[place], end[place]):
                if self.low[at] == low[place]:
                    yield place, int(self.occurrences[at]), int(self.files[at])


@dataclass(frozen=True, slots=True)
class Held:
    """A row that a table holds under an id: its occurrence and when its file's rows arrived."""

    occurrence: int
    span: Span


class KnownIds:
    """Ids by file, with the span of time in which the file's rows arrived."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.runs: list[_Run] = []

    def __len__(self) -> int:
        return sum(map(len, self.runs))

    @property
    def nbytes(self) -> int:
        """The memory the ids take, in bytes."""
        return sum(column.nbytes for run in self.runs for column in run.columns())

    def add(self, ids: Sequence[str], occurrences: Sequence[int], span: Span) -> None:
        """Take in the rows of one file."""
        high, low = words(ids)
        number = len(self.spans)
        self.spans.append(span)
        files = np.full(len(ids), number, np.uint32)
        run = _Run(high, low, np.array(occurrences, np.uint64), files)
        self.runs.append(run.take(np.argsort(high, kind="stable")))
        while len(self.runs) > 1 and len(self.runs[-2]) < 2 * len(self.runs[-1]):
            self.runs[-2:] = [_merge(self.runs[-2:])]

    def find(self, ids: Sequence[str]) -> dict[str, list[Held]]:
        """Return what is held under those of ``ids`` that are known."""
        found: dict[str, list[Held]] = {}
        high, low = words(ids)
        for run in self.runs:
            for place, number, file in run.find(high, low):
                found.setdefault(ids[place], []).append(Held(number, self.spans[file]))
        return found

    def forget(self, before: float) -> None:
        """Drop the files whose last row arrived before that moment."""
        stays = np.array([last >= before for _, last in self.spans], bool)
        numbers = (np.cumsum(stays) - 1).astype(np.uint32)
        kept = [run.take(stays[run.files]) for run in self.runs]
        self.runs = [replace(run, files=numbers[run.files]) for run in kept if len(run)]
        self.spans = [span for span in self.spans if span[1] >= before]


def _merge(runs: Sequence[_Run]) -> _Run:
    merged = _Run(
        *(np.concatenate(parts) for parts in zip(*(r.columns() for r in runs), strict=True))
    )
    return merged.take(np.argsort(merged.high, kind="stable"))
