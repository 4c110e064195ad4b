"""trafilatura's text of a page, as blocks, without the faults it would pass on."""

import trafilatura

from transforms.model import Block, BlockKind

MAX_HTML = 4_000_000


def trafilatura_blocks(html: str, url: str | None) -> list[Block]:
    """Return trafilatura's text as kept blocks; none where it finds nothing or fails."""
    if len(html) > MAX_HTML:
        return []
    text = trafilatura.extract(html, url=url, include_comments=False)
    lines = (" ".join(line.split()) for line in (text or "").splitlines())
    return [
        Block(text=line, kind=BlockKind.PARAGRAPH, rule="model:trafilatura")
        for line in lines
        if line
    ]
