"""Boilerplate off a document's blocks: the model's word, the rules' labels, the metadata."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from transforms.boilerplate.draft import Draft
from transforms.boilerplate.features import base_features
from transforms.boilerplate.layout import Ints, lay_out
from transforms.boilerplate.metadata import merge, page_metadata
from transforms.boilerplate.model import text_probabilities
from transforms.boilerplate.rules import (
    LABEL_KINDS,
    label_groups,
    label_lines,
    label_repeats,
    label_titled,
)
from transforms.boilerplate.title import split_glued_section, title_index
from transforms.model import Block, BlockKind, PageMetadata

TEXT_THRESHOLD = 0.5
MODEL_RULE = "model:blocks"
SHORT_GUESSES = ("share", "related", "legal", "comment", "promotion", "navigation", "date_label")
LONG_GUESSES = ("legal", "promotion", "comment")


@dataclass(frozen=True, slots=True)
class Stripped:
    """Labelled blocks, the metadata found in them, and how sure the labels are (0 to 1)."""

    blocks: tuple[Block, ...]
    page: PageMetadata
    confidence: float


def strip(blocks: Sequence[Block]) -> Stripped:
    """Label the blocks of a plain text, nothing lost, and collect its metadata."""
    if not blocks:
        return Stripped((), PageMetadata(), 0.0)
    blocks = split_glued_section(blocks)
    features, probability = text_probabilities([b.text for b in blocks], _gaps(blocks))
    draft = Draft(blocks, features, probability)
    _glued_sections(draft)
    label_lines(draft)
    _titles(draft, title_index(draft))
    label_groups(draft)
    label_repeats(draft)
    labelled = tuple(_decide(draft, index) for index in range(len(draft)))
    certainty = np.abs(2 * probability - 1)
    chars = np.array([len(block.text) for block in blocks])
    return Stripped(labelled, page_metadata(labelled), float(np.average(certainty, weights=chars)))


def _gaps(blocks: Sequence[Block]) -> Ints:
    """Return the number of line breaks before each block, 2 where the source is not known."""
    gaps = np.full(len(blocks), 2, np.intp)
    for index in range(1, len(blocks)):
        start, end = blocks[index].source_start, blocks[index - 1].source_end
        if start is not None and end is not None:
            gaps[index] = min(max(start - end, 1), 3)
    gaps[0] = 1
    return gaps


def tidy(blocks: Sequence[Block], page: PageMetadata) -> Stripped:
    """Take out of an article from HTML what only its wording and its repeats give away.

    ``blocks`` are labelled; blocks taken out stay out, and what the page says of itself stands
    before what its lines say. Repeats of the title and of paragraphs, credit and syndication
    lines, bylines and biographies go.
    """
    if not blocks:
        return Stripped((), page, 0.0)
    features = base_features(lay_out([b.text for b in blocks]), _gaps(blocks), None)
    kept = np.array([b.keep for b in blocks], np.float32)
    draft = Draft(blocks, features, kept)
    for index, block in enumerate(blocks):
        if not block.keep:
            draft.decided[index] = block
    label_lines(draft)
    label_titled(draft, page.title)
    label_groups(draft)
    label_repeats(draft)
    labelled = tuple(
        block if done is None else done for block, done in zip(blocks, draft.decided, strict=True)
    )
    return Stripped(labelled, merge(page, page_metadata(labelled)), 1.0)


def _glued_sections(draft: Draft) -> None:
    for index, block in enumerate(draft.blocks):
        if block.kind is BlockKind.SECTION:
            draft.remove(index, BlockKind.SECTION, "title:glued_section")


def _titles(draft: Draft, title: int | None) -> None:
    if title is not None:
        draft.remove(title, BlockKind.TITLE, "title:first_headline")
        label_titled(draft, draft.text(title))


def _decide(draft: Draft, index: int) -> Block:
    decided = draft.decided[index]
    if decided is not None:
        return decided
    block, score = draft.blocks[index], draft.probability[index]
    keep = score > TEXT_THRESHOLD
    kind = _text_kind(draft, index) if keep else _other_kind(draft, index)
    sure = score if keep else 1 - score
    return replace(block, kind=kind, keep=keep, rule=MODEL_RULE, score=round(sure, 4))


def _text_kind(draft: Draft, index: int) -> BlockKind:
    text = draft.text(index)
    if text[:1] in "•‣▪*–—-" and text[1:2] in " \t":
        return BlockKind.LIST_ITEM
    if (
        draft.words[index] <= 14
        and not draft.ends_sentence[index]
        and not text.endswith((":", ","))
    ):
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH


def _other_kind(draft: Draft, index: int) -> BlockKind:
    """Guess the kind of what the model alone took out; no metadata is read from it."""
    sections = SHORT_GUESSES if draft.words[index] <= 12 else LONG_GUESSES
    for section in sections:
        if draft.has(index, "anywhere", section):
            return LABEL_KINDS[section]
    return BlockKind.OTHER
