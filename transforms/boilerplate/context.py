"""The blocks around a block: their features, and what a first model thought of them."""

import numpy as np

from transforms.boilerplate.features import PROSE_WORDS, Features, window
from transforms.boilerplate.layout import Floats, Layout

LABEL_COPIES, LABEL_WORDS = 3, 4
OFFSETS = (-2, -1, 1, 2)
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
FAR = (-4, -3, -2, -1, 1, 2, 3, 4)
CONTEXT = (
    "p",
    *(f"p@{offset:+d}" for offset in FAR),
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
    "p_same_length",
    "title",
    *(f"title@{offset:+d}" for offset in OFFSETS),
    "from_title",
    "title_words",
    "title_said",
    "title_found",
)
NO_TITLE = -20.0
MIN_TITLE = 0.25
TEXT, TITLE = 1, 2


class Around:
    """The neighbours of each block, labels that a page repeats between its paragraphs skipped.

    "Advertisement" after every paragraph must not hide the paragraphs from one another.
    """

    def __init__(self, features: Features) -> None:
        label = (features.column("copies") >= LABEL_COPIES) & (
            features.column("words") <= LABEL_WORDS
        )
        self.solid = np.flatnonzero(~label)
        self.rank = np.cumsum(~label) - 1
        self.label = label

    def at(self, rows: Floats, offset: int) -> Floats:
        """Return each row's neighbour at ``offset``; -1 beyond the ends."""
        rank = self.rank + offset + (self.label if offset < 0 else 0)
        inside = (rank >= 0) & (rank < len(self.solid))
        result = np.full_like(rows, -1)
        result[inside] = rows[self.solid[rank[inside]]]
        return result


def with_neighbours(features: Features) -> tuple[tuple[str, ...], Floats]:
    """Add to each block's features some of those of the two blocks on each side."""
    around = Around(features)
    chosen = features.rows[:, [features.names.index(name) for name in NEIGHBOURS]]
    names = [f"{name}@{offset:+d}" for offset in OFFSETS for name in NEIGHBOURS]
    parts = [features.rows, *(around.at(chosen, offset) for offset in OFFSETS)]
    return features.names + tuple(names), np.concatenate(parts, axis=1)


def context_features(layout: Layout, features: Features, first: Floats) -> Floats:
    """Return shape (blocks, len(CONTEXT)): what a first model says of each block's surroundings.

    ``first`` has shape (blocks, 3), the probabilities of boilerplate, text and title.
    """
    around = Around(features)
    columns = [
        *_text_context(features, around, first[:, TEXT]),
        *_title_context(layout, around, first[:, TITLE]),
    ]
    result = np.empty((layout.size, len(CONTEXT)), np.float32)
    for number, values in enumerate(columns):
        result[:, number] = values
    return result


def _text_context(features: Features, around: Around, p: Floats) -> list[Floats | float]:
    chars, words = features.column("chars"), features.column("words")
    mass = p * chars
    total = float(mass.sum()) + 1
    before = np.cumsum(mass) - mass
    after = total - before - mass
    long = np.flatnonzero(words >= PROSE_WORDS)
    position = np.arange(len(p))
    back = np.full(len(p), -1, np.float32)
    ahead = np.full(len(p), -1, np.float32)
    if len(long):
        left = np.searchsorted(long, position)
        right = np.searchsorted(long, position, "right")
        back[left > 0] = p[long[left[left > 0] - 1]]
        ahead[right < len(long)] = p[long[right[right < len(long)]]]
    order = np.argsort(chars, kind="stable")
    similar = np.empty(len(p), np.float32)
    similar[order] = window(p[order], 3)
    rank = np.empty(len(p), np.float32)
    rank[np.argsort(p, kind="stable")] = position / len(p)
    return [
        p,
        *(around.at(p, offset) for offset in FAR),
        window(p, 3),
        window(p, 8),
        window(mass, 3) / (window(chars, 3) + 1),
        before / total,
        after / total,
        np.minimum(before, 3000),
        np.minimum(after, 3000),
        back,
        ahead,
        total / (float(chars.sum()) + 1),
        rank,
        similar,
    ]


def _title_context(layout: Layout, around: Around, title: Floats) -> list[Floats | float]:
    """Return how likely titles are near, how far the likeliest is, and what words are its own."""
    best = int(np.argmax(title))
    found = float(title[best])
    near: list[Floats | float] = [title, *(around.at(title, offset) for offset in OFFSETS)]
    if found < MIN_TITLE:
        return [*near, NO_TITLE, -1.0, -1.0, found]
    hashes, _ = layout.phrases(1)
    own = hashes[layout.word_line == best]
    common = np.bincount(layout.word_line, np.isin(hashes, own), layout.size).astype(np.float32)
    offset = np.clip(np.arange(layout.size) - best, -6, 25).astype(np.float32)
    share = common / np.maximum(layout.word_counts, 1)
    said = common / np.float32(max(len(own), 1))
    return [*near, offset, share.astype(np.float32), said, found]
