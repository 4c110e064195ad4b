"""trafilatura's text of a page, as blocks, without the faults it would pass on."""

from transforms.extract import bounds
from transforms.model import Block, BlockKind

MAX_HTML = 2_000_000
MAX_TAGS = 30_000
"""Start and end tags. trafilatura's time grows with their square at worst: links, cells, items and
misnested tags within the bounds cost it three seconds or less."""


def trafilatura_blocks(html: str, url: str | None) -> list[Block]:
    """Return trafilatura's text as kept blocks.

    None where it finds nothing, and where the page is beyond the bounds, for then it may run for
    minutes and is not asked.
    """
    if len(html) > MAX_HTML or html.count("<") > MAX_TAGS:
        return []
    import trafilatura

    encoded = html.encode("utf-8", "replace")
    source = bounds.bounded_attributes(encoded, bounds.less_signs(encoded)).decode()
    text = trafilatura.extract(source, url=url, include_comments=False)
    lines = (" ".join(line.split()) for line in (text or "").splitlines())
    return [
        Block(text=line, kind=BlockKind.PARAGRAPH, rule="model:trafilatura")
        for line in lines
        if line
    ]
