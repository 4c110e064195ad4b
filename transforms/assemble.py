"""The article's text made of its kept blocks, and the way back from an offset to its source."""

from collections.abc import Sequence

from transforms.model import Block

SEPARATOR = "\n\n"


def join_kept(blocks: Sequence[Block]) -> str:
    """Return the texts of the kept blocks, in order, with a blank line between."""
    return SEPARATOR.join(block.text for block in blocks if block.keep)


def locate(blocks: Sequence[Block], start: int, end: int) -> tuple[int | None, int | None]:
    """Map ``[start, end)`` of ``join_kept(blocks)`` to offsets into the decoded source.

    Returns ``(None, None)`` when the blocks have no source offsets or the range is not in them.
    """
    source_start = source_end = None
    offset = 0
    for block in blocks:
        if not block.keep:
            continue
        after = offset + len(block.text)
        if block.source_start is not None:
            if source_start is None and offset <= start < after:
                source_start = block.source_start + start - offset
            if offset < end <= after:
                source_end = block.source_start + end - offset
        offset = after + len(SEPARATOR)
        if offset > end:
            break
    if source_start is None or source_end is None:
        return None, None
    return source_start, source_end
