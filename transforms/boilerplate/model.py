"""The sequence model: how likely each block of a document is the article's own text."""

from collections.abc import Iterator, Sequence

import numpy as np

from transforms import boosting
from transforms.boilerplate.context import TEXT, TITLE, context_features, with_neighbours
from transforms.boilerplate.evidence import trained_weights
from transforms.boilerplate.features import Features, base_features
from transforms.boilerplate.layout import MAX_BLOCK, Floats, Ints, lay_out

MODELS = "transforms.boilerplate.models"
# A document beyond these is measured in parts, so that memory stays bounded.
PART_BLOCKS = 4000
PART_CHARS = 1_000_000
FOREST_ROWS = 1000


def probabilities(texts: Sequence[str], gaps: Ints) -> tuple[Features, Floats, Floats]:
    """Return the features of a document's blocks, and how likely each is text and is the title.

    A first forest tells text, title and the rest apart, block by block; a second one sees what
    the first thought of the blocks around. How likely a block is text is the mean of both: the
    second alone spreads an error of the first over a whole page.
    """
    parts = [_part(texts[first:end], gaps[first:end]) for first, end in _bounds(texts)]
    if len(parts) == 1:
        return parts[0]
    features = Features(
        parts[0][0].names,
        *(
            np.concatenate([getattr(part, name) for part, *_ in parts])
            for name in ("rows", "keys", "exact", "starting", "anywhere")
        ),
    )
    text, title = (np.concatenate([part[n] for part in parts]) for n in (1, 2))
    return features, text, title


def _part(texts: Sequence[str], gaps: Ints) -> tuple[Features, Floats, Floats]:
    layout = lay_out(texts)
    features = base_features(layout, gaps, trained_weights())
    _, rows = with_neighbours(features)
    first = _forest("blocks.json", rows)
    rows = np.concatenate([rows, context_features(layout, features, first)], axis=1)
    text = (first[:, TEXT] + _forest("context.json", rows)[:, TEXT]) / 2
    return features, text.astype(np.float32), first[:, TITLE]


def _forest(name: str, rows: Floats) -> Floats:
    forest = boosting.load(MODELS, name)
    slices = range(0, len(rows), FOREST_ROWS)
    return np.concatenate([forest.probabilities(rows[at : at + FOREST_ROWS]) for at in slices])


def _bounds(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = chars = 0
    for index, text in enumerate(texts):
        chars += min(len(text), MAX_BLOCK)
        if chars > PART_CHARS or index - first >= PART_BLOCKS:
            yield first, index
            first, chars = index, 0
    yield first, len(texts)
