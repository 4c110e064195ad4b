"""The blocks around a block, as features of its own."""

import numpy as np

from transforms.boilerplate.features import SECTION_BITS, Features
from transforms.boilerplate.layout import Floats, Ints
from transforms.boilerplate.lexicons import SECTIONS
from transforms.boilerplate.surroundings import NAMES, surroundings

PROMOTION = SECTION_BITS[SECTIONS.index("promotion")]
LABEL_COPIES, LABEL_WORDS = 3, 4
OFFSETS = np.array([[-2], [-1], [1], [2]])
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


NEAR = tuple(f"{name}@{offset:+d}" for offset in OFFSETS[:, 0] for name in NEIGHBOURS)


def with_neighbours(features: Features) -> tuple[tuple[str, ...], Floats]:
    """Add to each block's features those of two blocks on each side, and what is further off."""
    own, count = len(features.names), len(features.rows)
    rows = np.empty((own + len(NEAR) + len(NAMES), count), np.float32)
    rows[:own] = features.rows.T
    # The neighbour -1, which there is not, is the last column.
    chosen = np.full((len(NEIGHBOURS), count + 1), -1, np.float32)
    chosen[:, :-1] = rows[[features.at[name] for name in NEIGHBOURS]]
    near = chosen.take(neighbours(features), axis=1, mode="wrap")
    rows[own : own + len(NEAR)] = near.swapaxes(0, 1).reshape(len(NEAR), count)
    surroundings(features, rows[own + len(NEAR) :])
    return features.names + NEAR + NAMES, rows.T


def neighbours(features: Features) -> Ints:
    """Return each block's neighbours at ``OFFSETS``, -1 beyond the ends; shape (offsets, blocks).

    Labels that a page repeats between its paragraphs are skipped, and labels of advertisements:
    they must not hide the paragraphs from one another.
    """
    repeated = features.column("copies") >= LABEL_COPIES
    short = features.column("words") <= LABEL_WORDS
    label = (repeated | (features.exact & PROMOTION > 0)) & short
    solid = (~label).nonzero()[0]
    if not len(solid):
        return np.full((len(OFFSETS), len(label)), -1, np.intp)
    rank = (~label).cumsum() - 1 + OFFSETS + (label & (OFFSETS < 0))
    near = solid.take(rank, mode="clip")
    spans = features.spans
    inside = (rank >= 0) & (rank < len(solid)) & (near >= spans.start) & (near < spans.end)
    return np.where(inside, near, -1)
