"""What a document says twice, and which words its prose shares with a block."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate import characters as ch
from transforms.boilerplate.hashing import Hashes, span_hashes
from transforms.boilerplate.layout import Floats, Ints, Layout

SHINGLE = 24
LONG = 4


def repetition(layout: Layout) -> tuple[Floats, Floats, Floats]:
    """Return the share of each block's text found elsewhere, found before, and in longer blocks.

    Text is compared by shingles of 24 letters that begin at words.
    """
    line, at = layout.word_line, layout.word_start
    # Where the words of each word's block end.
    end = layout.word_end[(layout.first_word + layout.word_counts - 1)[line]]
    whole = (at + SHINGLE <= end).nonzero()[0]
    at, line = at[whole], line[whole]
    hashes = span_hashes(layout.total, layout.inverse, at, at + SHINGLE)
    hashes = layout.spans.separate(hashes, line)
    order = hashes.argsort()
    ordered = hashes[order]
    twice = np.zeros(len(order) + 1, bool)
    np.equal(ordered[1:], ordered[:-1], out=twice[1:-1])
    shares = np.zeros((3, layout.size), np.float32)
    alike = (twice[1:] | twice[:-1]).nonzero()[0]
    if len(alike):
        head = (~twice[alike]).nonzero()[0]
        group = (~twice[alike]).cumsum() - 1
        lines = line[order[alike]]
        size = layout.word_counts[lines]
        first, final = np.minimum.reduceat(lines, head), np.maximum.reduceat(lines, head)
        longest = np.maximum.reduceat(size, head)
        marks = (first != final)[group], first[group] < lines, longest[group] > 1.3 * size
        n = np.maximum(np.bincount(line, minlength=layout.size), 1)
        for share, marked in zip(shares, marks, strict=True):
            share[:] = np.bincount(lines[marked], minlength=layout.size) / n
    return shares[0], shares[1], shares[2]


def vocabulary(layout: Layout, words: Hashes, prose: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the share of each block's longer, and of its capitalised, words that prose shares."""
    hashes = layout.spans.separate(words, layout.word_line)
    order = hashes.argsort()
    ordered = hashes[order]
    in_prose = prose[layout.word_line]
    new = np.ones(len(order), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    number = np.empty(len(order), np.intp)
    number[order] = new.cumsum() - 1
    count = np.bincount(number[in_prose], minlength=len(order))
    shared = count[number] > in_prose
    long = layout.word_end - layout.word_start >= LONG
    capital = layout.classes[layout.word_position] == ch.UPPER
    return _share(layout, long, shared), _share(layout, capital, shared)


def _share(layout: Layout, chosen: NDArray[np.bool_], shared: NDArray[np.bool_]) -> Floats:
    total = np.bincount(layout.word_line, chosen, layout.size)
    hits = np.bincount(layout.word_line, chosen & shared, layout.size)
    return ((hits + 0.3) / (total + 1)).astype(np.float32)


def same_text(layout: Layout) -> tuple[Hashes, Ints, NDArray[np.bool_]]:
    """Return a hash of each block's letters, how often it occurs, and whether it did before.

    Blocks without letters have the hash 0.
    """
    filled = (layout.word_counts > 0).nonzero()[0]
    keys = np.zeros(layout.size, np.uint64)
    count = np.ones(layout.size, np.intp)
    seen = np.zeros(layout.size, bool)
    first = layout.first_word[filled]
    end = layout.word_end[first + layout.word_counts[filled] - 1]
    keys[filled] = span_hashes(layout.total, layout.inverse, layout.word_start[first], end)
    hashes = layout.spans.separate(keys[filled], filled).tolist()
    copies = Counter(hashes)
    if len(copies) < len(hashes):
        count[filled] = [copies[key] for key in hashes]
        firsts = dict(zip(reversed(hashes), range(len(hashes) - 1, -1, -1), strict=True))
        seen[filled] = [firsts[key] != index for index, key in enumerate(hashes)]
    return keys, count, seen
