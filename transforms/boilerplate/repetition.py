"""What a document says twice, and which words its prose shares with a block."""

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate import characters as ch
from transforms.boilerplate.hashing import Hashes, span_hashes
from transforms.boilerplate.layout import Floats, Ints, Layout

SHINGLE = 24


def repetition(layout: Layout) -> tuple[Floats, Floats, Floats]:
    """Return the share of each block's text found elsewhere, found before, and in longer blocks.

    Text is compared by shingles of 24 letters that begin at words.
    """
    words = np.flatnonzero(layout.word_start + SHINGLE < len(layout.total))
    last = layout.word_end[
        layout.first_word[layout.word_line[words]] + layout.word_counts[layout.word_line[words]] - 1
    ]
    words = words[layout.word_start[words] + SHINGLE <= last]
    zero = np.zeros(layout.size, np.float32)
    if not len(words):
        return zero, zero, zero
    start = layout.word_start[words]
    hashes = span_hashes(layout.total, layout.inverse, start, start + SHINGLE)
    line = layout.word_line[words]
    hashes = layout.spans.separate(hashes, line)
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    head = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    group = np.repeat(np.arange(len(head)), np.diff(np.append(head, len(ordered))))
    lines = line[order]
    first, final = np.minimum.reduceat(lines, head), np.maximum.reduceat(lines, head)
    longest = np.maximum.reduceat(layout.word_counts[lines], head)
    n = np.maximum(np.bincount(line, minlength=layout.size), 1)
    elsewhere = np.bincount(lines, (first != final)[group], layout.size) / n
    earlier = np.bincount(lines, first[group] < lines, layout.size) / n
    longer = np.bincount(lines, longest[group] > 1.3 * layout.word_counts[lines], layout.size) / n
    return elsewhere.astype(np.float32), earlier.astype(np.float32), longer.astype(np.float32)


def vocabulary(layout: Layout, words: Hashes, prose: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the share of each block's longer, and of its capitalised, words that prose shares."""
    _, ids = np.unique(layout.spans.separate(words, layout.word_line), return_inverse=True)
    in_prose = prose[layout.word_line]
    count = np.bincount(ids[in_prose], minlength=len(words))[ids] - in_prose
    shared = count > 0
    shares = []
    capital = layout.classes[layout.word_position] == ch.UPPER
    for chosen in ((layout.word_end - layout.word_start) >= 4, capital):
        total = np.bincount(layout.word_line, chosen, layout.size)
        hits = np.bincount(layout.word_line, chosen & shared, layout.size)
        shares.append(((hits + 0.3) / (total + 1)).astype(np.float32))
    return shares[0], shares[1]


def same_text(layout: Layout) -> tuple[Hashes, Ints, NDArray[np.bool_]]:
    """Return a hash of each block's letters, how often it occurs, and whether it did before.

    Blocks without letters have the hash 0.
    """
    filled = np.flatnonzero(layout.word_counts > 0)
    keys = np.zeros(layout.size, np.uint64)
    count = np.ones(layout.size, np.intp)
    seen = np.zeros(layout.size, bool)
    if len(filled):
        first = layout.first_word[filled]
        end = layout.word_end[first + layout.word_counts[filled] - 1]
        hashes = span_hashes(layout.total, layout.inverse, layout.word_start[first], end)
        _, index, inverse, counts = np.unique(
            layout.spans.separate(hashes, filled),
            return_index=True,
            return_inverse=True,
            return_counts=True,
        )
        keys[filled] = hashes
        count[filled] = counts[inverse]
        seen[filled] = index[inverse] != np.arange(len(filled))
    return keys, count, seen
