"""Features of the blocks of a plain-text document, all blocks at once.

``base_features`` describes every block by itself, by its place, by what it repeats and by its
vocabulary; ``with_neighbours`` adds the same of the blocks around it; ``context_features`` adds
what a first model thought of the blocks around it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate import characters as ch
from transforms.boilerplate.hashing import Hashes, HashIndex, span_hashes
from transforms.boilerplate.layout import Ints, Layout
from transforms.boilerplate.lexicons import MAX_WORDS, SECTIONS, lexicon

Floats = NDArray[np.float32]
SHINGLE = 24
PROSE_WORDS = 12


@dataclass(frozen=True, eq=False)
class Features:
    """A matrix of shape (blocks, names) and, per block, what the rules want to know."""

    names: tuple[str, ...]
    rows: Floats
    exact: NDArray[np.uint32]
    starting: NDArray[np.uint32]
    anywhere: NDArray[np.uint32]


class Columns:
    """Named columns of equal length, in order."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.values: list[NDArray[np.generic]] = []

    def add(self, name: str, value: NDArray[np.generic]) -> None:
        """Append a column."""
        self.names.append(name)
        self.values.append(value)

    def matrix(self) -> Floats:
        """Return the columns side by side as float32."""
        return np.stack([v.astype(np.float32) for v in self.values], axis=1)


def _events(layout: Layout) -> NDArray[np.int64]:
    """Count, per block, places where neighbouring characters meet in a telling way."""
    c = layout.classes
    before = np.concatenate([[np.uint8(ch.BREAK)], c[:-1]])
    after = np.concatenate([c[1:], [np.uint8(ch.BREAK)]])
    word = np.zeros(len(c), bool)
    word[layout.word_position] = True
    digit = c == ch.DIGIT
    inner = (before == ch.DIGIT) & (after == ch.DIGIT)
    gap = (after == ch.SPACE) | (after == ch.BREAK) | (after == ch.QUOTE)
    events = [
        word & (c == ch.UPPER),
        word & digit,
        (c == ch.TERMINAL) & gap & (before != ch.UPPER),
        (c == ch.UPPER) & (before == ch.LOWER),
        inner & (c == ch.COLON),
        inner & ((c == ch.TERMINAL) | (c == ch.BAR) | (c == ch.DASH)),
        (c == ch.UPPER) & ((after == ch.UPPER) | (before == ch.UPPER)),
        (c == ch.BAR) | (layout.codes == 0xB7),
        _years(layout, digit),
    ]
    return np.add.reduceat(np.stack(events, axis=1), layout.starts, axis=0, dtype=np.int64)


EVENTS = ("capital", "number", "sentence", "glued", "clock", "numeric", "shout", "bar", "year")


def _years(layout: Layout, digit: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the first digit of four-digit numbers from 1900 to 2099."""
    found = np.zeros(len(digit), bool)
    if len(digit) < 6:
        return found
    four = digit[1:-4] & digit[2:-3] & digit[3:-2] & digit[4:-1] & ~digit[:-5] & ~digit[5:]
    century = layout.codes[1:-4] * 10 + layout.codes[2:-3]
    found[1:-4] = four & ((century == 49 * 10 + 57) | (century == 50 * 10 + 48))
    return found


def _last_class(layout: Layout) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return the class of each block's last character but quotes, and whether it trails off."""
    last = np.maximum(layout.ends - 1, 0)
    second = np.maximum(layout.ends - 2, layout.starts)
    closing = np.isin(layout.classes[last], (ch.QUOTE, ch.BRACKET))
    ending = layout.classes[np.where(closing, second, last)]
    dots = layout.codes == 0x2E
    third = np.maximum(layout.ends - 3, 0)
    ellipsis = (layout.codes[last] == 0x2026) | (dots[last] & dots[second] & dots[third])
    bracketed = layout.codes[second] == 0x2026
    return ending, ellipsis | (bracketed & closing)


def _repetition(layout: Layout) -> tuple[Floats, Floats, Floats]:
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


@dataclass(frozen=True, eq=False)
class Evidence:
    """Learned weights of single words: column 0 for short blocks, column 1 for long ones.

    ``weights`` has shape (words + 1, 2); the last row is zero and serves unknown words.
    """

    index: HashIndex
    weights: Floats


def _phrase_hits(layout: Layout, words: Hashes) -> tuple[list[NDArray[np.uint32]], Ints]:
    """Return, per block, bit masks of the lexicon sections met: whole, at the start, anywhere.

    The second value counts how many words of the block belong to phrases.
    """
    known = lexicon()
    whole = np.zeros(layout.size, np.uint32)
    start = np.zeros(layout.size, np.uint32)
    anywhere = np.zeros(layout.size, np.uint32)
    covered = np.zeros(layout.size, np.intp)
    for length in range(1, MAX_WORDS + 1):
        hashes, first = (words, np.arange(len(words))) if length == 1 else layout.phrases(length)
        found = known.index.find(hashes)
        hit = np.flatnonzero(found >= 0)
        if not len(hit):
            continue
        mask, at = known.masks[found[hit]], first[hit]
        line = layout.word_line[at]
        np.bitwise_or.at(anywhere, line, mask)
        np.add.at(covered, line, length)
        opening = at == layout.first_word[line]
        np.bitwise_or.at(start, line[opening], mask[opening])
        full = opening & (layout.word_counts[line] == length)
        np.bitwise_or.at(whole, line[full], mask[full])
    return [whole, start, anywhere], covered


def _distances(marked: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return how far back and how far ahead the next marked block is (99 when there is none)."""
    position = np.arange(len(marked))
    back = position - np.maximum.accumulate(np.where(marked, position, -99))
    ahead = np.minimum.accumulate(np.where(marked, position, len(marked) + 99)[::-1])[::-1]
    return np.minimum(back, 99), np.minimum(ahead - position, 99)


def _vocabulary(layout: Layout, words: Hashes, prose: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the share of each block's longer, and of its capitalised, words that prose shares."""
    _, ids = np.unique(words, return_inverse=True)
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


def _word_evidence(layout: Layout, words: Hashes, evidence: Evidence | None) -> Floats:
    """Return the summed and the mean learned weight of each block's words, shape (blocks, 2)."""
    if evidence is None or not len(words):
        return np.zeros((layout.size, 2), np.float32)
    column = (layout.word_counts > PROSE_WORDS).astype(np.intp)
    weight = evidence.weights[evidence.index.find(words), column[layout.word_line]]
    total = np.bincount(layout.word_line, weight, layout.size)
    mean = total / np.sqrt(layout.word_counts + 1)
    return np.stack([total, mean], axis=1).astype(np.float32)


def _same_text(layout: Layout) -> tuple[Ints, NDArray[np.bool_]]:
    """Return how often each block's letters occur as a whole block, and whether they did before."""
    filled = np.flatnonzero(layout.word_counts > 0)
    count = np.ones(layout.size, np.intp)
    seen = np.zeros(layout.size, bool)
    if len(filled):
        first = layout.first_word[filled]
        end = layout.word_end[first + layout.word_counts[filled] - 1]
        hashes = span_hashes(layout.total, layout.inverse, layout.word_start[first], end)
        _, index, inverse, counts = np.unique(
            hashes, return_index=True, return_inverse=True, return_counts=True
        )
        count[filled] = counts[inverse]
        seen[filled] = index[inverse] != np.arange(len(filled))
    return count, seen


def base_features(layout: Layout, gaps: Ints, evidence: Evidence | None) -> Features:
    """Describe every block of a document.

    ``gaps`` holds the number of line breaks before each block.
    """
    n, columns = layout.size, Columns()
    kinds = np.bincount(layout.line * ch.CLASSES + layout.classes, minlength=n * ch.CLASSES)
    kinds = kinds.reshape(n, ch.CLASSES)
    chars = np.maximum(layout.ends - layout.starts, 1)
    letters = kinds[:, ch.UPPER] + kinds[:, ch.LOWER] + kinds[:, ch.CASELESS]
    words = np.maximum(layout.word_counts, kinds[:, ch.CASELESS] // 3)
    events = _events(layout)
    ending, ellipsis = _last_class(layout)
    opening = layout.classes[layout.starts]
    prose = (words >= PROSE_WORDS) & (ending == ch.TERMINAL) & ~ellipsis
    hashes, _ = layout.phrases(1)

    columns.add("chars", chars)
    columns.add("words", words)
    columns.add("word_length", letters / np.maximum(layout.word_counts, 1))
    columns.add("caseless", kinds[:, ch.CASELESS] / chars)
    columns.add("upper", kinds[:, ch.UPPER] / np.maximum(letters, 1))
    for name, kind in (
        ("digit", ch.DIGIT),
        ("comma", ch.COMMA),
        ("quote", ch.QUOTE),
        ("colon", ch.COLON),
        ("dash", ch.DASH),
        ("bracket", ch.BRACKET),
        ("currency", ch.CURRENCY),
        ("sign", ch.SIGN),
        ("other", ch.OTHER),
        ("terminal", ch.TERMINAL),
    ):
        columns.add(name, kinds[:, kind] / np.sqrt(chars))
    for name, value in zip(EVENTS, events.T, strict=True):
        columns.add(name, value / np.maximum(words, 1) if name == "capital" else value)
    columns.add("words_per_sentence", words / (events[:, EVENTS.index("sentence")] + 1))
    columns.add("ends_sentence", ending == ch.TERMINAL)
    columns.add("ends_colon", ending == ch.COLON)
    columns.add("ellipsis", ellipsis)
    columns.add("question", layout.codes[np.maximum(layout.ends - 1, 0)] == 0x3F)
    columns.add("starts_lower", opening == ch.LOWER)
    columns.add("starts_quote", opening == ch.QUOTE)
    columns.add("starts_digit", opening == ch.DIGIT)
    columns.add("starts_mark", (opening == ch.BAR) | (opening == ch.DASH) | (opening == ch.OTHER))
    columns.add("prose", prose)

    (whole, start, anywhere), covered = _phrase_hits(layout, hashes)
    columns.add("covered", covered / (layout.word_counts + 1))
    for bit, section in enumerate(SECTIONS):
        where = ((anywhere >> bit) & 1) + ((start >> bit) & 1) + ((whole >> bit) & 1)
        columns.add("lex_" + section, where)
    learned = _word_evidence(layout, hashes, evidence)
    columns.add("evidence", learned[:, 0])
    columns.add("evidence_mean", learned[:, 1])

    elsewhere, earlier, longer = _repetition(layout)
    count, seen = _same_text(layout)
    columns.add("elsewhere", elsewhere)
    columns.add("earlier", earlier)
    columns.add("in_longer", longer)
    columns.add("copies", count)
    columns.add("seen", seen)
    shared, names = _vocabulary(layout, hashes, prose)
    columns.add("shared_words", shared)
    columns.add("shared_names", names)

    _place(columns, chars, prose, gaps)
    rows = columns.matrix()
    return Features(tuple(columns.names), rows, whole, start, anywhere)


def _place(columns: Columns, chars: Ints, prose: NDArray[np.bool_], gaps: Ints) -> None:
    """Add where a block stands in its document, and what document that is."""
    n = len(chars)
    position = np.arange(n)
    before = np.cumsum(chars) - chars
    prose_chars = np.where(prose, chars, 0)
    prose_before = np.cumsum(prose_chars) - prose_chars
    total = max(int(prose_chars.sum()), 1)
    back, ahead = _distances(prose)
    after = np.append(gaps[1:], 3)
    columns.add("gap_before", gaps)
    columns.add("gap_after", after)
    columns.add("index", np.minimum(position, 60))
    columns.add("index_end", np.minimum(n - 1 - position, 60))
    columns.add("place", before / max(int(chars.sum()), 1))
    columns.add("prose_before", prose_before / total)
    columns.add("prose_before_chars", np.minimum(prose_before, 3000))
    columns.add("prose_after", (total - prose_before - prose_chars) / total)
    columns.add("prose_after_chars", np.minimum(total - prose_before - prose_chars, 3000))
    columns.add("prose_back", back)
    columns.add("prose_ahead", ahead)
    columns.add("prose_near", _window(prose.astype(np.float32), 4))
    columns.add("chars_near", np.log1p(_window(chars.astype(np.float32), 3)))
    ones = np.ones(n, np.float32)
    columns.add("doc_blocks", ones * min(n, 500))
    columns.add("doc_chars", ones * min(float(chars.sum()), 20000.0))
    columns.add("doc_prose", ones * prose.mean())
    columns.add("doc_prose_chars", ones * total / max(int(chars.sum()), 1))
    columns.add("doc_blank", ones * (gaps > 1).mean())
    columns.add("doc_prose_length", ones * float(np.median(chars[prose])) if prose.any() else ones)


def _window(values: Floats, radius: int) -> Floats:
    """Return the mean over the blocks up to ``radius`` away on each side, itself left out."""
    padded = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    position = np.arange(len(values))
    low = np.maximum(position - radius, 0)
    high = np.minimum(position + radius + 1, len(values))
    mean = (padded[high] - padded[low] - values) / np.maximum(high - low - 1, 1)
    return mean.astype(np.float32)


NEIGHBOURS = (
    "chars",
    "words",
    "capital",
    "ends_sentence",
    "ellipsis",
    "prose",
    "digit",
    "evidence",
    "evidence_mean",
    "covered",
    "lex_related",
    "lex_share",
    "lex_caption",
    "lex_credit",
    "lex_byline",
    "lex_promotion",
    "shared_words",
    "elsewhere",
    "gap_before",
)


def shifted(rows: Floats, offset: int) -> Floats:
    """Return each row's neighbour at ``offset``; -1 beyond the ends."""
    result = np.full_like(rows, -1)
    if abs(offset) < len(rows):
        if offset > 0:
            result[:-offset] = rows[offset:]
        else:
            result[-offset:] = rows[:offset]
    return result


def with_neighbours(features: Features) -> tuple[tuple[str, ...], Floats]:
    """Add to each block's features some of those of the two blocks on each side."""
    chosen = features.rows[:, [features.names.index(name) for name in NEIGHBOURS]]
    offsets = (-2, -1, 1, 2)
    names = [f"{name}@{offset:+d}" for offset in offsets for name in NEIGHBOURS]
    parts = [features.rows, *(shifted(chosen, offset) for offset in offsets)]
    return features.names + tuple(names), np.concatenate(parts, axis=1)


CONTEXT = (
    "p",
    *(f"p@{o:+d}" for o in (-4, -3, -2, -1, 1, 2, 3, 4)),
    "p_near3",
    "p_near8",
    "p_chars3",
    "mass_before",
    "mass_after",
    "mass_before_chars",
    "mass_after_chars",
    "p_long_back",
    "p_long_ahead",
    "p_doc",
    "p_rank",
    "same_length_p",
)


def context_features(rows: Floats, p: Floats) -> Floats:
    """Return shape (blocks, len(CONTEXT)): what a first model's ``p`` says around each block."""
    chars = rows[:, 0]
    mass = p * chars
    total = float(mass.sum()) + 1
    before = np.cumsum(mass) - mass
    after = total - before - mass
    shifts = [shifted(p, offset) for offset in (-4, -3, -2, -1, 1, 2, 3, 4)]
    near = _window(p, 3), _window(p, 8), _window(mass, 3) / (_window(chars, 3) + 1)
    long = np.flatnonzero(rows[:, 1] >= PROSE_WORDS)
    position = np.arange(len(p))
    back, ahead = np.full(len(p), -1.0), np.full(len(p), -1.0)
    if len(long):
        at = np.searchsorted(long, position)
        has_back, has_ahead = at > 0, np.searchsorted(long, position, "right") < len(long)
        back[has_back] = p[long[at[has_back] - 1]]
        ahead[has_ahead] = p[long[np.searchsorted(long, position, "right")[has_ahead]]]
    similar = np.abs(np.log(chars[:, None] + 1))[:, 0]
    order = np.argsort(similar, kind="stable")
    smooth = np.empty(len(p), np.float32)
    smooth[order] = _window(p[order], 3)
    ones = np.ones(len(p))
    columns = [
        p,
        *shifts,
        *near,
        before / total,
        after / total,
        np.minimum(before, 3000),
        np.minimum(after, 3000),
        back,
        ahead,
        ones * total / (chars.sum() + 1),
        np.argsort(np.argsort(p, kind="stable"), kind="stable") / len(p),
        smooth,
    ]
    return np.stack([np.asarray(c, np.float32) for c in columns], axis=1)
