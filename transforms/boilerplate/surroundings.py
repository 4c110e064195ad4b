"""What stands further off before and after a block: labels, groups of lines, stretches of prose.

Two neighbours on each side do not tell a subheading from a teaser, nor a paragraph from the opening
of the next article; how long ago "Related" stood, and what the last twenty blocks were, do.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate.features import SECTION_BITS, Features
from transforms.boilerplate.layout import Floats, Spans
from transforms.boilerplate.lexicons import SECTIONS

FARTHEST = 60
DATED_WORDS = 14
LABELS = (
    "related",
    "share",
    "promotion",
    "comment",
    "byline",
    "credit",
    "legal",
    "navigation",
    "section",
    "ellipsis",
    "dated",
)
MAX_EVIDENCE, MAX_CHARS = 6, 600
STRETCHES = (
    ("evidence", (3, 8, 20)),
    ("chars", (5, 12)),
    ("ends_sentence", (3, 8)),
    ("phrases", (3, 8)),
    ("prose", (8, 20)),
)
SIZES = np.array([size for _, sizes in STRETCHES for size in sizes])
SUMMED = np.array([column for column, (_, sizes) in enumerate(STRETCHES) for _ in sizes])
SIDES = ("before", "after")
GROUPED = ("words", "ends_sentence", "evidence_mean", "prose")
GROUP = ("group_size", "group_index", *(f"group_{name}" for name in GROUPED))
NAMES = (
    *(f"back_{name}" for name in LABELS),
    *(f"ahead_{name}" for name in LABELS),
    *GROUP,
    *(f"{name}_{side}_{size}" for name, sizes in STRETCHES for size in sizes for side in SIDES),
)


def surroundings(features: Features) -> Floats:
    """Return the features ``NAMES`` of every block, shape (blocks, names)."""
    back, ahead = _distances(_labels(features), features.spans)
    return np.concatenate([back, ahead, _groups(features), _stretches(features)], axis=1)


def _labels(features: Features) -> NDArray[np.bool_]:
    """Mark the blocks that are a label of each kind, shape (blocks, labels)."""
    bit = dict(zip(SECTIONS, SECTION_BITS, strict=True))
    exact, opens = features.exact, features.exact | features.starting
    short = features.column("words") <= DATED_WORDS
    masks = {
        "related": opens & bit["related"],
        "byline": features.starting & bit["byline"],
        "credit": opens & (bit["credit"] | bit["caption"]),
        "ellipsis": features.column("ellipsis"),
        "dated": (features.anywhere & bit["month"] > 0) & (features.column("digit") > 0) & short,
    }
    marks = [masks[name] if name in masks else exact & bit[name] for name in LABELS]
    return np.stack(marks, axis=1) > 0


def _distances(marked: NDArray[np.bool_], spans: Spans) -> tuple[Floats, Floats]:
    """Return, column by column, how far back and ahead the next marked block is."""
    count = len(marked)
    position = np.arange(count)[:, None]
    start, end = spans.start[:, None], spans.end[:, None]
    last = np.maximum.accumulate(np.where(marked, position, -1))
    coming = np.minimum.accumulate(np.where(marked, position, count)[::-1])[::-1]
    back = np.where(last >= start, position - last, FARTHEST)
    ahead = np.where(coming < end, coming - position, FARTHEST)
    bounded = (np.minimum(back, FARTHEST), np.minimum(ahead, FARTHEST))
    return bounded[0].astype(np.float32), bounded[1].astype(np.float32)


def _groups(features: Features) -> Floats:
    """Describe the group of lines, no blank one between them, that each block stands in."""
    position = np.arange(len(features.rows))
    opens = (features.column("gap_before") > 1) | (position == features.spans.start)
    group = np.cumsum(opens) - 1
    size = np.bincount(group)
    index = position - np.flatnonzero(opens)[group]
    means = [(np.bincount(group, features.column(n)) / size)[group] for n in GROUPED]
    counts = [np.minimum(size[group], FARTHEST), np.minimum(index, FARTHEST)]
    return np.stack([*counts, *means], axis=1).astype(np.float32)


def _stretches(features: Features) -> Floats:
    """Return means over the blocks before and after each, 0 where there is none.

    All that is summed up is whole (evidence, in 64ths), so that sums over a batch are exact.
    """
    values: dict[str, NDArray[Any]] = {
        "evidence": np.clip(features.column("evidence"), -MAX_EVIDENCE, MAX_EVIDENCE),
        "chars": np.minimum(features.column("chars"), MAX_CHARS),
        "phrases": features.anywhere > 0,
        "ends_sentence": features.column("ends_sentence"),
        "prose": features.column("prose"),
    }
    count = len(features.rows)
    table = np.zeros((count + 1, len(STRETCHES)))
    for column, (name, _) in enumerate(STRETCHES):
        table[1:, column] = values[name]
    np.cumsum(table, axis=0, out=table)
    position = np.arange(count)[:, None]
    first = np.maximum(position - SIZES, features.spans.start[:, None])
    end = np.minimum(position + SIZES + 1, features.spans.end[:, None])
    before = table[position, SUMMED] - table[first, SUMMED]
    after = table[end, SUMMED] - table[position + 1, SUMMED]
    means = np.empty((count, len(SIZES), 2), np.float32)
    means[:, :, 0] = before / np.maximum(position - first, 1)
    means[:, :, 1] = after / np.maximum(end - position - 1, 1)
    return means.reshape(count, -1)
