"""The model: how likely each block of a document is the article's own text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from transforms import boosting
from transforms.boilerplate.context import with_neighbours
from transforms.boilerplate.evidence import trained_weights
from transforms.boilerplate.features import Features, base_features
from transforms.boilerplate.layout import MAX_BLOCK, Floats, Ints, lay_out

MODELS = "transforms.boilerplate.models"
# A document beyond these is measured in parts, so that memory stays bounded.
PART_BLOCKS = 4000
PART_CHARS = 1_000_000
# As many rows as a core's cache holds while all trees look at them.
FOREST_ROWS = 128
# The classes of the forest; 0 is the rest.
TEXT, TITLE = 1, 2


@dataclass(frozen=True, eq=False)
class Verdict:
    """The features of a document's blocks, and how likely each is text and is the title."""

    features: Features
    text: Floats
    title: Floats


def judge(texts: Sequence[Sequence[str]], gaps: Sequence[Ints]) -> list[Verdict]:
    """Return a verdict for each document of a batch, the same in whatever batch it comes.

    One forest tells text, title and the rest apart, block by block, by the features of a block and
    of those around it.
    """
    parts = [
        (number, document[first:end], gap[first:end])
        for number, (document, gap) in enumerate(zip(texts, gaps, strict=True))
        for first, end in _bounds(document)
    ]
    verdicts: list[list[Verdict]] = [[] for _ in texts]
    for batch in _batches(parts):
        judged = _judge([text for _, text, _ in batch], np.concatenate([gap for *_, gap in batch]))
        for (number, *_), verdict in zip(batch, judged, strict=True):
            verdicts[number].append(verdict)
    return [_joined(found) for found in verdicts]


def _judge(texts: Sequence[Sequence[str]], gaps: Ints) -> Iterator[Verdict]:
    sizes = [len(document) for document in texts]
    layout = lay_out([text for document in texts for text in document], sizes)
    features = base_features(layout, gaps, trained_weights())
    _, rows = with_neighbours(features)
    forest = boosting.load(MODELS, "blocks.json")
    slices = range(0, len(rows), FOREST_ROWS)
    classes = np.concatenate([forest.probabilities(rows[at : at + FOREST_ROWS]) for at in slices])
    end = 0
    for size in sizes:
        part = slice(end, end + size)
        end += size
        yield Verdict(features.part(part), classes[part, TEXT], classes[part, TITLE])


def _joined(parts: Sequence[Verdict]) -> Verdict:
    if len(parts) == 1:
        return parts[0]
    return Verdict(
        Features.joined([part.features for part in parts]),
        np.concatenate([part.text for part in parts]),
        np.concatenate([part.title for part in parts]),
    )


def _bounds(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    if len(texts) <= PART_BLOCKS and sum(map(len, texts)) <= PART_CHARS:
        yield 0, len(texts)
        return
    first = chars = 0
    for index, text in enumerate(texts):
        chars += min(len(text), MAX_BLOCK)
        if index > first and (chars > PART_CHARS or index - first >= PART_BLOCKS):
            yield first, index
            first, chars = index, 0
    yield first, len(texts)


Part = tuple[int, Sequence[str], Ints]


def _batches(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Group parts so that no group is much larger than the largest part may be."""
    batch: list[Part] = []
    blocks = chars = 0
    for part in parts:
        batch.append(part)
        blocks += len(part[1])
        chars += sum(map(len, part[1]))
        if blocks >= PART_BLOCKS or chars >= PART_CHARS:
            yield batch
            batch, blocks, chars = [], 0, 0
    if batch:
        yield batch
