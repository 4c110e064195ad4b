"""Boilerplate off a document's blocks: the model's word, the rules' labels, the metadata."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from transforms.boilerplate.decision import thresholds
from transforms.boilerplate.draft import Draft, bits
from transforms.boilerplate.features import Features, wording
from transforms.boilerplate.groups import label_groups
from transforms.boilerplate.layout import Floats, Ints, lay_out
from transforms.boilerplate.lexicons import key_of
from transforms.boilerplate.metadata import merge, page_metadata
from transforms.boilerplate.model import Verdict, judge
from transforms.boilerplate.rules import LABELS, label_lines, label_repeats, label_titled
from transforms.boilerplate.title import (
    GLUED_RULE,
    is_standfirst,
    label_above,
    split_glued_section,
    split_title,
    title_index,
)
from transforms.model import Block, BlockKind, PageMetadata

# An engine that saw the markup has kept a block: only what opens like a notice may go.
HTML_TEXT_PROBABILITY = 0.88
MODEL_RULE = "model:blocks"
LONG_CHARS = 200
HEADING_WORDS = 14
BULLETS = "•‣▪*–—-"
_GUESSES = {kind: bits(section) for section, kind in LABELS}
LONG_GUESSES = tuple(
    (_GUESSES[kind], kind) for kind in (BlockKind.LEGAL, BlockKind.PROMOTION, BlockKind.COMMENT)
)
SHORT_GUESSES = (
    *((_GUESSES[kind], kind) for kind in (BlockKind.SHARE, BlockKind.RELATED)),
    *LONG_GUESSES,
    *((_GUESSES[kind], kind) for kind in (BlockKind.NAVIGATION, BlockKind.DATE_LINE)),
)


@dataclass(frozen=True, slots=True)
class Stripped:
    """Labelled blocks, the metadata found in them, and how sure the labels are (0 to 1)."""

    blocks: tuple[Block, ...]
    page: PageMetadata
    confidence: float


EMPTY = Stripped((), PageMetadata(), 0.0)


def strip(blocks: Sequence[Block]) -> Stripped:
    """Label the blocks of a plain text, nothing lost, and collect its metadata."""
    return strip_many([blocks])[0]


def strip_many(documents: Sequence[Sequence[Block]]) -> list[Stripped]:
    """Do for many documents what ``strip`` does for one, several times as fast.

    What comes out for a document does not depend on the others.
    """
    split = [split_glued_section(blocks) for blocks in documents if blocks]
    verdicts = judge([[b.text for b in blocks] for blocks in split], [_gaps(b) for b in split])
    stripped = map(_stripped, split, verdicts)
    return [next(stripped) if blocks else EMPTY for blocks in documents]


def _stripped(blocks: Sequence[Block], verdict: Verdict) -> Stripped:
    labelled = label(blocks, verdict.features, verdict.text, verdict.title)
    chars = verdict.features.column("chars")
    certainty = float((np.abs(2 * verdict.text - 1) * chars).sum() / chars.sum())
    return Stripped(labelled, page_metadata(labelled), certainty)


def label(
    blocks: Sequence[Block], features: Features, text: Floats, title: Floats
) -> tuple[Block, ...]:
    """Label blocks by the rules and, where none speaks, by how likely each is text."""
    draft = Draft(blocks, features, text, title)
    _glued_sections(draft)
    label_lines(draft)
    _titles(draft, title_index(draft))
    label_groups(draft)
    label_repeats(draft)
    for index, least in enumerate(thresholds(draft)):
        if draft.decided[index] is None:
            _decide(draft, index, least)
    return _not_nothing(tuple(filter(None, draft.decided)))


def _not_nothing(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Keep what the model alone took out of a document that has no other text, if it is long.

    A script or a mixture of scripts that the model has never seen must not cost the article.
    """
    if any(block.keep for block in blocks):
        return blocks
    return tuple(
        replace(block, keep=True, kind=BlockKind.PARAGRAPH)
        if block.rule == MODEL_RULE and len(block.text) >= LONG_CHARS
        else block
        for block in blocks
    )


def _gaps(blocks: Sequence[Block]) -> Ints:
    """Return the distance in the source before each block, 1 to 3; 2 where it is not known."""
    starts = [block.source_start for block in blocks]
    ends = [block.source_end for block in blocks]
    if None in starts or None in ends:
        gaps = np.full(len(blocks), 2, np.intp)
    else:
        gaps = np.array(starts, np.intp)
        gaps[1:] -= np.array(ends[:-1], np.intp)
        gaps = np.minimum(np.maximum(gaps, 1), 3)
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
    features = wording(lay_out([b.text for b in blocks]), _gaps(blocks))
    kept = np.where([b.keep for b in blocks], HTML_TEXT_PROBABILITY, 0).astype(np.float32)
    draft = Draft(blocks, features, kept, np.zeros_like(kept))
    section, title = split_title(page.title or "", blocks)
    page = replace(page, title=title or None, section=page.section or section)
    key = key_of(title) if title else 0
    _keep_removed(draft, key)
    label_lines(draft)
    label_titled(draft, key)
    label_groups(draft)
    label_repeats(draft)
    labelled = tuple(
        block if done is None else done for block, done in zip(blocks, draft.decided, strict=True)
    )
    return Stripped(labelled, merge(page, page_metadata(labelled)), 1.0)


def _keep_removed(draft: Draft, title: int) -> None:
    """Leave out what is out; what nobody has named and says the title of that key is a title."""
    kind = BlockKind.TITLE
    for index, block in enumerate(draft.blocks):
        if not block.keep:
            draft.decided[index] = block
            if block.kind is BlockKind.OTHER and draft.keys[index] == title != 0:
                draft.decided[index] = replace(block, kind=kind)
                kind = BlockKind.TITLE_REPEAT


def _glued_sections(draft: Draft) -> None:
    for index, block in enumerate(draft.blocks):
        if block.kind is BlockKind.SECTION:
            draft.remove(index, BlockKind.SECTION, GLUED_RULE)


def _titles(draft: Draft, title: int | None) -> None:
    if title is not None:
        draft.remove(title, BlockKind.TITLE, "title:first_headline")
        label_titled(draft, draft.keys[title])
        label_above(draft, title)


def _decide(draft: Draft, index: int, least: float) -> None:
    likely = draft.probability[index]
    if likely > least:
        draft.label(index, _text_kind(draft, index), MODEL_RULE, likely, keep=True)
    else:
        draft.remove(index, _other_kind(draft, index), MODEL_RULE, 1 - likely)


def _text_kind(draft: Draft, index: int) -> BlockKind:
    text = draft.text(index)
    if is_standfirst(draft, index):
        return BlockKind.STANDFIRST
    if text[:1] in BULLETS and text[1:2].isspace():
        return BlockKind.LIST_ITEM
    if draft.words[index] <= HEADING_WORDS and not draft.ends_sentence[index]:
        return BlockKind.PARAGRAPH if text.endswith((":", ",", ";")) else BlockKind.HEADING
    return BlockKind.PARAGRAPH


def _other_kind(draft: Draft, index: int) -> BlockKind:
    """Guess the kind of what the model alone took out; no metadata is read from it."""
    for mask, kind in SHORT_GUESSES if draft.words[index] <= 12 else LONG_GUESSES:
        if draft.anywhere[index] & mask:
            return kind
    return BlockKind.OTHER
