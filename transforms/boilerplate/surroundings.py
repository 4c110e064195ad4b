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

BITS = dict(zip(SECTIONS, SECTION_BITS, strict=True))
FARTHEST = 60
DATED_WORDS = 14
# What a label is: in which of the masks of a block, and by which sections of the lexicon.
EXACT, OPENING, STARTING = range(3)
LABELS = (
    ("related", OPENING, ("related",)),
    ("share", EXACT, ("share",)),
    ("promotion", EXACT, ("promotion",)),
    ("comment", EXACT, ("comment",)),
    ("byline", STARTING, ("byline",)),
    ("credit", OPENING, ("credit", "caption")),
    ("legal", EXACT, ("legal",)),
    ("navigation", EXACT, ("navigation",)),
    ("section", EXACT, ("section",)),
)
LABEL_MASKS = np.array([mask for _, mask, _ in LABELS])
LABEL_BITS = np.array([sum(BITS[name] for name in names) for *_, names in LABELS], np.uint32)
MARKED = (*(name for name, *_ in LABELS), "ellipsis", "dated")
MAX_EVIDENCE, MAX_CHARS = 6, 600
STRETCHES = (
    ("evidence", (3, 8, 20)),
    ("chars", (5, 12)),
    ("ends_sentence", (3, 8)),
    ("phrases", (3, 8)),
    ("prose", (8, 20)),
)
SIZES = np.array([size for _, sizes in STRETCHES for size in sizes])[:, None]
SUMMED = np.array([row for row, (_, sizes) in enumerate(STRETCHES) for _ in sizes])
SIDES = ("before", "after")
GROUPED = ("words", "ends_sentence", "evidence_mean", "prose")
GROUP = ("group_size", "group_index", *(f"group_{name}" for name in GROUPED))
NAMES = (
    *(f"back_{name}" for name in MARKED),
    *(f"ahead_{name}" for name in MARKED),
    *GROUP,
    *(f"{name}_{side}_{size}" for name, sizes in STRETCHES for size in sizes for side in SIDES),
)


def surroundings(features: Features, out: Floats) -> None:
    """Fill ``out`` with the features ``NAMES`` of every block, shape (names, blocks)."""
    labels, groups = 2 * len(MARKED), 2 * len(MARKED) + len(GROUP)
    _distances(_labels(features), features.spans, out[:labels])
    _groups(features, out[labels:groups])
    _stretches(features, out[groups:])


def _labels(features: Features) -> NDArray[np.bool_]:
    """Mark the blocks that are a label of each kind, shape (labels, blocks)."""
    opening = features.exact | features.starting
    masks = np.array([features.exact, opening, features.starting])
    marked = np.empty((len(MARKED), len(features.rows)), bool)
    np.greater(masks[LABEL_MASKS] & LABEL_BITS[:, None], 0, out=marked[: len(LABELS)])
    marked[-2] = features.column("ellipsis")
    short = features.column("words") <= DATED_WORDS
    marked[-1] = (features.anywhere & BITS["month"] > 0) & (features.column("digit") > 0) & short
    return marked


def _distances(marked: NDArray[np.bool_], spans: Spans, out: Floats) -> None:
    """Fill ``out``, row by row, with how far back and ahead the next marked block is."""
    kinds, count = marked.shape
    place = np.arange(count)
    last = np.maximum.accumulate(np.where(marked, place, -1), axis=1)
    coming = np.minimum.accumulate(np.where(marked, place, count)[:, ::-1], axis=1)[:, ::-1]
    out[:kinds] = np.where(last >= spans.start, place - last, FARTHEST)
    out[kinds:] = np.where(coming < spans.end, coming - place, FARTHEST)
    np.minimum(out, FARTHEST, out=out)


def _groups(features: Features, out: Floats) -> None:
    """Describe the group of lines, no blank one between them, that each block stands in."""
    place = np.arange(len(features.rows))
    opens = (features.column("gap_before") > 1) | (place == features.spans.start)
    group = opens.cumsum() - 1
    size = np.bincount(group)
    values = features.rows.T[[features.at[name] for name in GROUPED]]
    # The groups of the second value follow those of the first, and so on.
    numbers = np.arange(len(GROUPED))[:, None] * len(size) + group
    sums = np.bincount(numbers.ravel(), values.ravel()).reshape(len(GROUPED), -1)
    np.minimum(size[group], FARTHEST, out=out[0], casting="unsafe")
    np.minimum(place - opens.nonzero()[0][group], FARTHEST, out=out[1], casting="unsafe")
    out[2:] = (sums / size)[:, group]


def _stretches(features: Features, out: Floats) -> None:
    """Fill ``out`` with means over the blocks before and after each, 0 where there is none.

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
    table = np.zeros((len(STRETCHES), count + 1))
    for row, (name, _) in enumerate(STRETCHES):
        table[row, 1:] = values[name]
    sums = table.cumsum(axis=1)[SUMMED]
    place = np.arange(count)
    first = np.maximum(place - SIZES, features.spans.start)
    end = np.minimum(place + (SIZES + 1), features.spans.end)
    row_start = np.arange(0, sums.size, count + 1)[:, None]
    means = out.reshape(len(SIZES), 2, count)
    before = sums[:, :-1] - sums.take(row_start + first)
    after = sums.take(row_start + end) - sums[:, 1:]
    means[:, 0] = before / np.maximum(place - first, 1)
    means[:, 1] = after / np.maximum(end - place - 1, 1)
