"""What can be counted in a document without knowing any word: arrays over its blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
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

    @cached_property
    def position(self) -> Ints:
        """Return each block's number within its document."""
        return np.arange(len(self.document)) - self.start

    def total(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return, for each block, the sum over its document; along the last axis."""
        return np.add.reduceat(values, self.first, axis=-1)[..., self.document]

    def before(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return, for each block, the sum over the blocks before it in its document."""
        running = values.cumsum(axis=-1) - values
        return running - running[..., self.start]

    def separate(self, hashes: Hashes, line: Ints) -> Hashes:
        """Return hashes that are equal only within a document."""
        if len(self.first) == 1:
            return hashes
        return hashes + self.document[line].astype(np.uint64) * MIX


def spans_of(sizes: Sequence[int]) -> Spans:
    """Return the spans of documents of so many blocks each, none of them empty."""
    if len(sizes) == 1:
        zeros = np.zeros(sizes[0], np.intp)
        return Spans(zeros, zeros, zeros + sizes[0], zeros[:1])
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
    folded: NDArray[np.uint64]
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

    def words(self) -> Hashes:
        """Return the hashes of all words."""
        return span_hashes(self.total, self.inverse, self.word_start, self.word_end)


def clip(text: str) -> str:
    """Shorten a giant block to its two ends: counts saturate long before."""
    return text if len(text) <= MAX_BLOCK else text[: MAX_BLOCK // 2] + text[-MAX_BLOCK // 2 :]


def lay_out(texts: Sequence[str], sizes: Sequence[int] | None = None) -> Layout:
    """Lay the blocks of a document, or of several of ``sizes`` blocks each, out in arrays."""
    texts = [clip(text) for text in texts]
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    codes = ch.code_points("\n".join(texts) + "\n")
    index = codes.astype(np.intp)
    bounds = (lengths + 1).cumsum()
    starts, ends = bounds - lengths - 1, bounds - 1
    # The last entry of the tables serves all code points beyond them.
    classes = ch.class_table().take(index, mode="clip")
    classes[ends] = ch.BREAK
    folded = ch.fold_table().take(index, mode="clip")
    line = np.arange(len(texts)).repeat(lengths + 1)
    solid = folded > 0
    # Where a word begins or ends; before the first character there is none.
    edges = (solid[1:] != solid[:-1]).nonzero()[0] + 1
    if solid[0]:
        edges = np.concatenate([[0], edges])
    position = edges[::2]
    sizes_of_words = edges[1::2] - position
    word_end = sizes_of_words.cumsum()
    total, inverse = running_sum(folded.take(solid.nonzero()[0]))
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
        word_start=word_end - sizes_of_words,
        word_end=word_end,
        word_line=word_line,
        word_position=position,
        first_word=counts.cumsum() - counts,
        word_counts=counts,
    )
