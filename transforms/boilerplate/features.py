"""Features of the blocks of plain-text documents, all blocks at once.

Every block is described by its characters, its phrases, what of it the document says elsewhere,
and its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate import characters as ch
from transforms.boilerplate.evidence import evidence, runs
from transforms.boilerplate.layout import Floats, Ints, Layout, Spans, spans_of
from transforms.boilerplate.lexicons import SECTIONS, phrase_hits
from transforms.boilerplate.repetition import repetition, same_text, vocabulary
from transforms.boilerplate.shapes import EVENTS, endings, tally

PROSE_WORDS = 12
FAR_AWAY = 99
SECTION_BITS = np.uint32(1) << np.arange(len(SECTIONS), dtype=np.uint32)
SECTION_COLUMNS = tuple("lex_" + section for section in SECTIONS)
DENSITIES = {
    "digit": ch.DIGIT,
    "comma": ch.COMMA,
    "quote": ch.QUOTE,
    "colon": ch.COLON,
    "dash": ch.DASH,
    "bracket": ch.BRACKET,
    "currency": ch.CURRENCY,
    "sign": ch.SIGN,
    "other": ch.OTHER,
    "terminal": ch.TERMINAL,
}
DENSE = list(DENSITIES.values())


@dataclass(frozen=True, eq=False)
class Features:
    """A matrix of shape (blocks, names), and what the rules want to know of each block.

    ``at`` says in which column a name stands; ``keys`` are hashes of the blocks' letters
    (``lexicons.key_of``), 0 without letters; ``exact``, ``starting`` and ``anywhere`` are bit masks
    of lexicon sections.
    """

    at: Mapping[str, int]
    rows: Floats
    spans: Spans
    keys: NDArray[np.uint64]
    exact: NDArray[np.uint32]
    starting: NDArray[np.uint32]
    anywhere: NDArray[np.uint32]

    @classmethod
    def joined(cls, parts: Sequence["Features"]) -> "Features":
        """Put the parts of one document together."""
        return cls(
            parts[0].at,
            np.concatenate([part.rows for part in parts]),
            spans_of([sum(len(part.rows) for part in parts)]),
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("keys", "exact", "starting", "anywhere")
            ),
        )

    def part(self, blocks: slice) -> "Features":
        """Return the features of one document of the batch."""
        if blocks == slice(0, len(self.rows)):
            return self
        return Features(
            self.at,
            self.rows[blocks],
            spans_of([blocks.stop - blocks.start]),
            self.keys[blocks],
            self.exact[blocks],
            self.starting[blocks],
            self.anywhere[blocks],
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(self.at)

    def column(self, name: str) -> Floats:
        """Return one feature of all blocks."""
        return self.rows[:, self.at[name]]


Columns = dict[str, Any]


def base_features(layout: Layout, gaps: Ints, weights: NDArray[np.int8] | None) -> Features:
    """Describe every block of a batch of documents.

    ``gaps`` holds the number of line breaks before each block, ``weights`` those of
    ``evidence``; without them its columns are 0.
    """
    columns: Columns = {}
    _shape(columns, layout)
    prose = columns["prose"]
    words = layout.words()
    hits, covered = phrase_hits(layout, words)
    columns["covered"] = covered / (layout.word_counts + 1)
    whole, opening, anywhere = (hits[:, None, :] & SECTION_BITS[:, None] > 0).view(np.uint8)
    columns.update(zip(SECTION_COLUMNS, whole + opening + anywhere, strict=True))
    learned = (
        np.zeros((layout.size, 2), np.float32)
        if weights is None
        else evidence(layout, runs(layout), weights)
    )
    columns["evidence"], columns["evidence_mean"] = learned.T
    columns["elsewhere"], columns["earlier"], columns["in_longer"] = repetition(layout)
    keys, columns["copies"], columns["seen"] = same_text(layout)
    columns["shared_words"], columns["shared_names"] = vocabulary(layout, words, prose)
    _place(columns, layout.spans, gaps)
    return Features(_places(columns), _matrix(columns), layout.spans, keys, *hits)


def wording(layout: Layout, gaps: Ints) -> Features:
    """Describe what the rules look at in the blocks of one document, and no more."""
    columns: Columns = {}
    _shape(columns, layout)
    hits, _ = phrase_hits(layout, layout.words())
    columns["lex_month"] = hits[2] & SECTION_BITS[SECTIONS.index("month")] > 0
    columns["gap_before"] = gaps
    columns["doc_prose"] = np.full(layout.size, columns["prose"].mean())
    columns["doc_blank"] = np.full(layout.size, (gaps > 1).mean())
    return Features(_places(columns), _matrix(columns), layout.spans, same_text(layout)[0], *hits)


def _places(columns: Columns) -> Mapping[str, int]:
    return {name: place for place, name in enumerate(columns)}


def _matrix(columns: Columns) -> Floats:
    """Return the columns as a matrix that holds each of them in one piece."""
    values = np.concatenate([*columns.values()], dtype=np.float32, casting="unsafe")
    return values.reshape(len(columns), -1).T


def _shape(columns: Columns, layout: Layout) -> None:
    """Add what the characters of a block look like."""
    kinds, found = tally(layout)
    chars = np.maximum(layout.ends - layout.starts, 1)
    letters = kinds[ch.UPPER] + kinds[ch.LOWER] + kinds[ch.CASELESS]
    words = np.maximum(layout.word_counts, kinds[ch.CASELESS] // 3)
    ending, ellipsis, question = endings(layout)
    opening = layout.classes[layout.starts]
    root = np.sqrt(chars)
    columns["chars"] = chars
    columns["words"] = words
    columns["word_length"] = letters / np.maximum(layout.word_counts, 1)
    columns["caseless"] = kinds[ch.CASELESS] / chars
    columns["upper"] = kinds[ch.UPPER] / np.maximum(letters, 1)
    columns.update(zip(DENSITIES, kinds[DENSE] / root, strict=True))
    columns.update(zip(EVENTS, found, strict=True))
    columns["capital"] = columns["capital"] / np.maximum(words, 1)
    columns["words_per_sentence"] = words / (columns["sentence"] + 1)
    columns["ends_sentence"] = ending == ch.TERMINAL
    columns["ends_colon"] = ending == ch.COLON
    columns["ellipsis"] = ellipsis
    columns["question"] = question
    columns["starts_lower"] = opening == ch.LOWER
    columns["starts_quote"] = opening == ch.QUOTE
    columns["starts_digit"] = opening == ch.DIGIT
    columns["starts_mark"] = (opening == ch.BAR) | (opening == ch.DASH) | (opening == ch.OTHER)
    columns["prose"] = (words >= PROSE_WORDS) & columns["ends_sentence"] & ~ellipsis


def _place(columns: Columns, spans: Spans, gaps: Ints) -> None:
    """Add where a block stands in its document, and what document that is."""
    chars, prose = columns["chars"], columns["prose"]
    position, blocks = spans.position, spans.end - spans.start
    counted = np.array([chars, prose * chars, prose, gaps > 1])
    size, prose_chars, prose_blocks, blank = spans.total(counted)
    place, before = spans.before(counted[:2])
    total = np.maximum(prose_chars, 1)
    after = total - before - counted[1]
    columns["gap_before"] = gaps
    columns["gap_after"] = np.full(len(gaps), 3)
    columns["gap_after"][:-1] = gaps[1:]
    columns["gap_after"][spans.end - 1] = 3
    columns["index"] = np.minimum(position, 60)
    columns["index_end"] = np.minimum(blocks - 1 - position, 60)
    columns["place"] = place / size
    columns["prose_before"] = before / total
    columns["prose_before_chars"] = np.minimum(before, 3000)
    columns["prose_after"] = after / total
    columns["prose_after_chars"] = np.minimum(after, 3000)
    columns["prose_back"], columns["prose_ahead"] = distances(prose, spans)
    columns["prose_near"], near = windows(counted[[2, 0]], (4, 3), spans)
    columns["chars_near"] = np.log1p(near)
    columns["doc_blocks"] = np.minimum(blocks, 500)
    columns["doc_chars"] = np.minimum(size, 20000)
    columns["doc_prose"] = prose_blocks / blocks
    columns["doc_prose_chars"] = total / size
    columns["doc_blank"] = blank / blocks
    columns["doc_prose_length"] = _median(chars, prose, spans)


def _median(chars: Ints, prose: NDArray[np.bool_], spans: Spans) -> Floats:
    """Return the median length of the prose of each block's document, 1 without prose."""
    medians = np.ones(len(spans.first), np.float32)
    for number, first in enumerate(spans.first.tolist()):
        blocks = slice(first, spans.end[first])
        ordered = sorted(chars[blocks][prose[blocks]].tolist())
        if ordered:
            medians[number] = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return medians[spans.document]


def distances(marked: NDArray[np.bool_], spans: Spans) -> tuple[Ints, Ints]:
    """Return how far back and how far ahead the next marked block is (99 when there is none)."""
    place = np.arange(len(marked))
    last = np.maximum.accumulate(np.where(marked, place, -1))
    coming = np.where(marked, place, len(marked))
    coming = np.minimum.accumulate(coming[::-1])[::-1]
    back = np.where(last >= spans.start, place - last, FAR_AWAY)
    ahead = np.where(coming < spans.end, coming - place, FAR_AWAY)
    return np.minimum(back, FAR_AWAY), np.minimum(ahead, FAR_AWAY)


def windows(values: Ints, radii: Sequence[int], spans: Spans) -> Floats:
    """Return means over the blocks around each, itself left out, shape (values, blocks).

    Each row of ``values`` has its own radius, in blocks on each side.
    """
    rows, count = values.shape
    radius = np.array(radii)[:, None]
    running = np.zeros((rows, count + 1), np.intp)
    values.cumsum(axis=1, out=running[:, 1:])
    place = np.arange(count)
    low = np.maximum(place - radius, spans.start)
    high = np.minimum(place + (radius + 1), spans.end)
    row = np.arange(rows)[:, None]
    near = running[row, high] - running[row, low] - values
    return (near / np.maximum(high - low - 1, 1)).astype(np.float32)
