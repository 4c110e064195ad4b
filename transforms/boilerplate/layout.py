"""What can be counted in a document without knowing any word: arrays over its blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate import characters as ch
from transforms.boilerplate.hashing import MIX, Hashes, running_sum, span_hashes

MAX_BLOCK = 4000

Ints = NDArray[np.intp]
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Spans:
    """Where the documents of a batch begin and end, for each block and for each document.

    ``document``, ``start`` and ``end`` are given per block, ``first`` per document.
    """

    document: Ints
    start: Ints
    end: Ints
    first: Ints

    @property
    def position(self) -> Ints:
        """Return each block's number within its document."""
        return np.arange(len(self.document)) - self.start

    def total(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return, for each block, the sum over its document."""
        return np.add.reduceat(values, self.first)[self.document]

    def before(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return, for each block, the sum over the blocks before it in its document."""
        running = np.cumsum(values) - values
        return running - running[self.start]

    def separate(self, hashes: Hashes, line: Ints) -> Hashes:
        """Return hashes that are equal only within a document."""
        return hashes + self.document[line].astype(np.uint64) * MIX


def spans_of(sizes: Sequence[int]) -> Spans:
    """Return the spans of documents of so many blocks each, none of them empty."""
    counts = np.asarray(sizes, np.intp)
    ends = np.cumsum(counts)
    document = np.repeat(np.arange(len(counts)), counts)
    return Spans(document, (ends - counts)[document], ends[document], ends - counts)


@dataclass(frozen=True, eq=False)
class Layout:
    """The code points of all blocks of some documents in one row, each block followed by a break.

    ``folded`` is 0 for what is no letter, mark or digit. ``starts``/``ends`` bound the blocks;
    ``line`` is the block of each code point. ``word_*`` describe the words: their bounds among the
    letters and digits alone (``total``, ``inverse`` hash those), their block, and
    ``first_word``/``word_counts`` the words of each block.
    """

    size: int
    spans: Spans
    codes: NDArray[np.uint32]
    folded: NDArray[np.uint32]
    classes: NDArray[np.uint8]
    line: Ints
    starts: Ints
    ends: Ints
    total: Hashes
    inverse: Hashes
    word_start: Ints
    word_end: Ints
    word_line: Ints
    word_position: Ints
    first_word: Ints
    word_counts: Ints

    def phrases(self, words: int) -> tuple[Hashes, Ints]:
        """Return the hashes of all runs of ``words`` words within a block and their first words."""
        last = len(self.word_start) - words + 1
        if last <= 0:
            return np.zeros(0, np.uint64), np.zeros(0, np.intp)
        same = np.flatnonzero(self.word_line[:last] == self.word_line[words - 1 :])
        ends = self.word_end[same + words - 1]
        return span_hashes(self.total, self.inverse, self.word_start[same], ends), same


def clip(text: str) -> str:
    """Shorten a giant block to its two ends: counts saturate long before."""
    return text if len(text) <= MAX_BLOCK else text[: MAX_BLOCK // 2] + text[-MAX_BLOCK // 2 :]


def lay_out(texts: Sequence[str], sizes: Sequence[int] | None = None) -> Layout:
    """Lay the blocks of a document, or of several of ``sizes`` blocks each, out in arrays."""
    texts = [clip(text) for text in texts]
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    codes = ch.code_points("\n".join(texts) + "\n")
    clipped = np.minimum(codes, 0xFFFF)
    bounds = np.cumsum(lengths + 1)
    starts, ends = bounds - lengths - 1, bounds - 1
    classes = ch.class_table()[clipped]
    classes[ends] = ch.BREAK
    line = np.repeat(np.arange(len(texts)), lengths + 1)
    folded = ch.fold_table()[clipped]
    solid = folded > 0
    edge = np.diff(solid.astype(np.int8), prepend=np.int8(0))
    position = np.flatnonzero(edge == 1)
    rank = np.cumsum(solid) - 1
    total, inverse = running_sum(folded[solid])
    word_line = line[position]
    counts = np.bincount(word_line, minlength=len(texts))
    return Layout(
        size=len(texts),
        spans=spans_of(sizes or [len(texts)]),
        codes=codes,
        folded=folded,
        classes=classes,
        line=line,
        starts=starts,
        ends=ends,
        total=total,
        inverse=inverse,
        word_start=rank[position],
        word_end=rank[np.flatnonzero(edge == -1) - 1] + 1,
        word_line=word_line,
        word_position=position,
        first_word=np.cumsum(counts) - counts,
        word_counts=counts,
    )
