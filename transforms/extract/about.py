"""What a page says about itself, from its head and its blocks, each field with its source."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborNode

from transforms.extract import metadata
from transforms.extract.arrays import Floats
from transforms.extract.authors import (
    MAX_BYLINE,
    announces_names,
    byline_names,
    byline_start,
)
from transforms.extract.captions import credited, without_credit
from transforms.extract.head import Head
from transforms.extract.headings import headings_of
from transforms.extract.microdata import article_microdata
from transforms.extract.page import Page
from transforms.model import Block, BlockKind, PageMetadata

MAX_LISTED = 64
BYLINE_REACH = 25
MAX_LINKS = 64
SURE = 0.5
_AUTHOR_PAGE = re.compile(r"/(?:authors?|autore?s?)/[^/?#\s]")
AFTERWORDS = 3
"""So far behind the article's last block a photo is still its own, not a teaser's."""


def page_metadata(
    head: Head,
    page: Page,
    columns: dict[str, Floats],
    probability: Floats,
    blocks: Sequence[Block],
) -> PageMetadata:
    """Return the page's metadata; ``sources`` names the place of each field that is set."""
    item = article_microdata(page, probability)
    sure = probability > SURE
    headings = headings_of(head.headings, page, sure)
    start = int(sure.argmax())
    above = page.texts[max(start - BYLINE_REACH, 0) : start + 1]
    found = {
        "title": metadata.title_of(head, headings, above, item) or ("", ""),
        "section": metadata.section_of(head, item),
        "site_name": metadata.site_of(head),
        "canonical_url": metadata.canonical_of(head),
        "language": metadata.language_of(head),
    }
    bylines = _bylines(head, page, columns, sure)
    authors, author_source = metadata.authors_of(head, bylines, item)
    near = _with_article(blocks)
    captions = _texts(near, BlockKind.CAPTION, without_credit)
    image_credits = _texts(_rejoined(near), BlockKind.CREDIT, credited)
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
    blocks: Iterable[Block], kind: BlockKind, clean: Callable[[str], str]
) -> tuple[str, ...]:
    """Return the texts of one kind of block, each once."""
    texts = (clean(block.text) for block in blocks if block.kind is kind)
    return tuple(dict.fromkeys(text for text in texts if text))[:MAX_LISTED]


def _rejoined(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the credits, one that begins with a stroke together with the one it goes on from."""
    last: Block | None = None
    for block in blocks:
        if block.kind is BlockKind.CREDIT:
            if last is not None and block.text.startswith("/"):
                block = replace(last, text=f"{last.text} {block.text}")
            elif last is not None:
                yield last
            last = block
        elif last is not None:
            yield last
            last = None
    if last is not None:
        yield last


def _bylines(
    head: Head, page: Page, columns: dict[str, Floats], sure: NDArray[np.bool_]
) -> Iterator[tuple[str, list[str]]]:
    """Yield (source, names) of what names the authors near the article, best first.

    ``sure`` says which blocks are the article's. Links to authors' pages come first, then texts
    that read like a byline, then those whose element is named as one.
    """
    own = np.flatnonzero(sure)
    if not len(own):
        return
    texts, first, last = page.texts, int(own[0]), int(own[-1])
    near = range(max(first - BYLINE_REACH, 0), min(first + BYLINE_REACH, len(texts)))
    links = _author_links(head.author_links)
    yield "link:author", _linked(links, texts[near.start : first + 1][::-1])
    yield "link:author", _linked(links, texts[last + 1 : last + 2 + AFTERWORDS])
    starts = [(n, byline_start(texts[n])) for n in near]
    written = [texts[n][start:] for n, start in starts if start is not None]
    announced = [texts[n] for n in near if n and announces_names(texts[n - 1])]
    named = columns["name:byline"]
    marked = [texts[n] for n in near if named[n] <= 1 and len(texts[n]) <= 80]
    for text in (*written[:2], *announced[:1], *marked[:3]):
        yield "byline", byline_names(text)


def _author_links(nodes: Sequence[LexborNode]) -> list[str]:
    """Return the texts of the first links that lead to an author's page by their words."""
    texts = []
    for link in nodes[:MAX_LINKS]:
        words = link.attributes
        if "author" in (words.get("rel") or "") or _AUTHOR_PAGE.search(words.get("href") or ""):
            texts.append(" ".join((link.text(separator=" ") or "")[:200].split()))
    return [text for text in dict.fromkeys(texts) if byline_names(text) == [text]]


def _linked(links: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the linked names in the first short text that holds any, and in those next to it."""
    found: list[str] = []
    apart = 0
    for text in texts if links else ():
        names = [name for name in links if name in text] if len(text) <= MAX_BYLINE else []
        apart = 0 if names else apart + 1
        found += names
        if found and apart > 2:
            break
    return found
