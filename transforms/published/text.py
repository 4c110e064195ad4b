"""Candidates for the publication date of a plain text, read from its blocks."""

import re
from collections.abc import Iterator, Sequence

from transforms.model import TEXT_KINDS, Block, BlockKind, DateCandidate

MAX_CANDIDATES = 24
_MAX_CHARS = 160
_TOP_BLOCKS = 6
_NEAR_BLOCKS = 12
_AFTER_BLOCKS = 5
_MAX_AFTER_CHARS = 120
_PROSE_CHARS = 200
_DATELINE_CHARS = 90
_MIN_DIGITS = 3
_DATELINE_END = re.compile(r" ?[—–:] ?|\) ?-| -+ |\. [—–-]|\)\.? ")

_DATED_KINDS = frozenset((BlockKind.DATE_LINE, BlockKind.BYLINE, BlockKind.KICKER))
_FOREIGN_KINDS = frozenset(
    (
        BlockKind.RELATED,
        BlockKind.COMMENT,
        BlockKind.PROMOTION,
        BlockKind.NAVIGATION,
        BlockKind.EMBED,
        BlockKind.LEGAL,
        BlockKind.BIO,
        BlockKind.CAPTION,
        BlockKind.CREDIT,
    )
)


def collect_text(blocks: Sequence[Block]) -> tuple[DateCandidate, ...]:
    """Return what a plain text says about its date, in order, at most 24 statements.

    Read are the first lines, those before the first paragraph of prose, short ones right after it
    (it may be the standfirst), its dateline ("BERLIN, 3 May 2024 —") and every block labelled as
    date line, byline or kicker; never a block that belongs to other articles, to readers' comments
    or to captions. ``place`` is the offset into the source.
    """
    found: list[DateCandidate] = []
    for block, hint in _readable(blocks):
        text = _dateline(block.text) if hint == "dateline" else block.text
        if len(text) <= _MAX_CHARS and sum(char.isdigit() for char in text) >= _MIN_DIGITS:
            place = "" if block.source_start is None else str(block.source_start)
            source = "header" if hint == "first" else "text"
            found.append(DateCandidate("published", source, text, place, (hint,)))
    return tuple(found[:MAX_CANDIDATES])


def _readable(blocks: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    """Yield the blocks that may state the date, with a hint on where they stand."""
    prose = next((i for i, block in enumerate(blocks) if _is_prose(block)), len(blocks))
    for i, block in enumerate(blocks):
        if block.kind in _FOREIGN_KINDS:
            continue
        if i == prose:
            yield block, "dateline"
        elif block.kind in _DATED_KINDS:
            yield block, "labelled"
        elif i == 0:
            yield block, "first"
        elif prose - _NEAR_BLOCKS <= i < prose:
            yield block, "near"
        elif prose < i <= prose + _AFTER_BLOCKS and len(block.text) <= _MAX_AFTER_CHARS:
            yield block, "after"
        elif i < min(_TOP_BLOCKS, prose):
            yield block, "top"


def _is_prose(block: Block) -> bool:
    return len(block.text) >= _PROSE_CHARS and block.kind in TEXT_KINDS


def _dateline(text: str) -> str:
    """Return what stands before the dash or colon that ends a paragraph's dateline, or nothing."""
    match = _DATELINE_END.search(text[:_DATELINE_CHARS])
    return text[: match.end()].strip(" —–-:") if match else ""
