"""What a page says about itself, from its head and its blocks, each field with its source."""

from collections.abc import Callable, Sequence

import numpy as np

from transforms.extract import metadata
from transforms.extract.arrays import Floats
from transforms.extract.authors import is_byline
from transforms.extract.captions import credited, without_credit
from transforms.extract.head import Head
from transforms.extract.headings import Heading
from transforms.extract.microdata import article_microdata
from transforms.extract.page import Page
from transforms.model import Block, BlockKind, PageMetadata

MAX_LISTED = 64
BYLINE_REACH = 25
AFTERWORDS = 3
"""So far behind the article's last block a photo is still its own, not a teaser's."""


def page_metadata(
    head: Head,
    headings: Sequence[Heading],
    page: Page,
    columns: dict[str, Floats],
    probability: Floats,
    blocks: Sequence[Block],
) -> PageMetadata:
    """Return the page's metadata; ``sources`` names the place of each field that is set."""
    item = article_microdata(page, probability)
    found = {
        "title": metadata.title_of(head, headings, item) or ("", ""),
        "section": metadata.section_of(head, item),
        "site_name": metadata.site_of(head),
        "canonical_url": metadata.canonical_of(head),
        "language": metadata.language_of(head),
    }
    bylines = _bylines(page, columns, probability)
    authors, author_source = metadata.authors_of(head, bylines, item)
    near = _with_article(blocks)
    captions = _texts(near, BlockKind.CAPTION, without_credit)
    image_credits = _texts(near, BlockKind.CREDIT, credited)
    sources = {name: source for name, (value, source) in found.items() if value}
    lists = (
        ("authors", authors, author_source),
        ("captions", captions, "block"),
        ("image_credits", image_credits, "block"),
    )
    sources |= {name: source for name, values, source in lists if values}
    return PageMetadata(
        title=found["title"][0] or None,
        section=found["section"][0] or None,
        site_name=found["site_name"][0] or None,
        canonical_url=found["canonical_url"][0] or None,
        language=found["language"][0] or None,
        authors=authors,
        captions=captions,
        image_credits=image_credits,
        sources=tuple(sorted(sources.items())),
    )


def _with_article(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return the blocks up to a few behind the last one that is kept."""
    for number in range(len(blocks) - 1, -1, -1):
        if blocks[number].keep:
            return blocks[: number + 1 + AFTERWORDS]
    return ()


def _texts(
    blocks: Sequence[Block], kind: BlockKind, clean: Callable[[str], str]
) -> tuple[str, ...]:
    """Return the texts of one kind of block, each once."""
    texts = (clean(block.text) for block in blocks if block.kind is kind)
    return tuple(dict.fromkeys(text for text in texts if text))[:MAX_LISTED]


def _bylines(page: Page, columns: dict[str, Floats], probability: Floats) -> list[str]:
    """Return the texts near the head of the article that are named or written as a byline."""
    sure = np.flatnonzero(probability > 0.5)
    if not len(sure):
        return []
    first = int(sure[0])
    near = range(max(first - BYLINE_REACH, 0), min(first + BYLINE_REACH, len(page.texts)))
    named = columns["name:byline"]
    written = [page.texts[n] for n in near if is_byline(page.texts[n])]
    marked = [page.texts[n] for n in near if named[n] <= 1 and len(page.texts[n]) <= 80]
    return [*written[:2], *marked[:3]]
