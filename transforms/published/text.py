"""Candidates for the publication date of a plain text, read from its blocks."""

import re
from collections.abc import Iterator, Sequence

from transforms.model import Block, BlockKind, DateCandidate
from transforms.published.tokens import MAX_CHARS

MAX_CANDIDATES = 24
_HEAD_BLOCKS = 14
_PROSE_CHARS = 200
_DATELINE_CHARS = 90
_DATELINE_END = re.compile(r" ?[—–:] ?|\) ?-|\s-+\s|\. [—–-]|\)\.? ")

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

    Read are the lines before the first long paragraph, that paragraph's dateline ("BERLIN, 3 May
    2024 —") and every block labelled as date line, byline or kicker; never a block that belongs to
    other articles, to readers' comments or to captions. ``place`` is the offset into the source.
    """
    found: list[DateCandidate] = []
    for block, hints in _readable(blocks):
        place = "" if block.source_start is None else str(block.source_start)
        text = block.text
        if len(text) > MAX_CHARS:
            text = _dateline(text)
            hints = ("dateline",)
        if any(char.isdigit() for char in text):
            source = "header" if "first" in hints else "text"
            found.append(DateCandidate("published", source, text, place, hints))
    return tuple(found[:MAX_CANDIDATES])


def _readable(blocks: Sequence[Block]) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """Yield the blocks that may state the date, with hints on where they stand."""
    head = True
    for number, block in enumerate(blocks):
        if block.kind in _FOREIGN_KINDS:
            continue
        if head and number < _HEAD_BLOCKS:
            yield block, ("first",) if number == 0 else ("head",)
        elif block.kind in _DATED_KINDS:
            yield block, ("labelled",)
        if len(block.text) >= _PROSE_CHARS and block.kind not in _DATED_KINDS:
            head = False


def _dateline(text: str) -> str:
    """Return what stands before the dash or colon that ends a paragraph's dateline, or nothing."""
    match = _DATELINE_END.search(text[:_DATELINE_CHARS])
    return text[: match.end()].strip(" —–-:") if match else ""
