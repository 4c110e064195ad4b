"""The blocks around a block, as features of its own."""

import numpy as np

from transforms.boilerplate.features import SECTION_BITS, Features
from transforms.boilerplate.layout import Floats, Ints
from transforms.boilerplate.lexicons import SECTIONS
from transforms.boilerplate.surroundings import NAMES, surroundings

PROMOTION = SECTION_BITS[SECTIONS.index("promotion")]
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


def with_neighbours(features: Features) -> tuple[tuple[str, ...], Floats]:
    """Add to each block's features those of two blocks on each side, and what is further off."""
    chosen = features.rows[:, [features.names.index(name) for name in NEIGHBOURS]]
    names = [f"{name}@{offset:+d}" for offset in OFFSETS for name in NEIGHBOURS]
    at = neighbours(features)
    near = np.where((at >= 0)[:, :, None], chosen[at], np.float32(-1)).reshape(len(chosen), -1)
    rows = np.concatenate([features.rows, near, surroundings(features)], axis=1)
    return features.names + tuple(names) + NAMES, rows


def neighbours(features: Features) -> Ints:
    """Return each block's neighbours at ``OFFSETS``, -1 beyond the ends; shape (blocks, offsets).

    Labels that a page repeats between its paragraphs are skipped, and labels of advertisements:
    they must not hide the paragraphs from one another.
    """
    repeated = features.column("copies") >= LABEL_COPIES
    short = features.column("words") <= LABEL_WORDS
    label = (repeated | (features.exact & PROMOTION > 0)) & short
    solid = np.flatnonzero(~label)
    if not len(solid):
        return np.full((len(label), len(OFFSETS)), -1, np.intp)
    offsets = np.array(OFFSETS)
    rank = (np.cumsum(~label) - 1)[:, None] + offsets + (label[:, None] & (offsets < 0))
    inside = (rank >= 0) & (rank < len(solid))
    near = solid[np.where(inside, rank, 0)]
    document = features.spans.document
    return np.where(inside & (document[near] == document[:, None]), near, -1)
