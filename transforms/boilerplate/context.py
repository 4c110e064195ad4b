"""The blocks around a block, as features of its own."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate.features import Features
from transforms.boilerplate.layout import Floats

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


class Around:
    """The neighbours of each block, labels that a page repeats between its paragraphs skipped.

    "Advertisement" after every paragraph must not hide the paragraphs from one another.
    """

    def __init__(self, features: Features) -> None:
        label = (features.column("copies") >= LABEL_COPIES) & (
            features.column("words") <= LABEL_WORDS
        )
        self.document = features.spans.document
        self.solid = np.flatnonzero(~label)
        self.rank = np.cumsum(~label) - 1
        self.label = label

    def at(self, rows: NDArray[Any], offset: int) -> NDArray[Any]:
        """Return each row's neighbour at ``offset``; -1 beyond the ends."""
        result = np.full_like(rows, -1)
        if not len(self.solid):
            return result
        rank = self.rank + offset + (self.label if offset < 0 else 0)
        near = self.solid[np.clip(rank, 0, len(self.solid) - 1)]
        inside = (rank >= 0) & (rank < len(self.solid)) & (self.document[near] == self.document)
        result[inside] = rows[near[inside]]
        return result


def with_neighbours(features: Features) -> tuple[tuple[str, ...], Floats]:
    """Add to each block's features some of those of the two blocks on each side."""
    around = Around(features)
    chosen = features.rows[:, [features.names.index(name) for name in NEIGHBOURS]]
    names = [f"{name}@{offset:+d}" for offset in OFFSETS for name in NEIGHBOURS]
    parts = [features.rows, *(around.at(chosen, offset) for offset in OFFSETS)]
    return features.names + tuple(names), np.concatenate(parts, axis=1)
