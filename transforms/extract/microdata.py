"""The microdata of a page's article: its headline, authors and section.

The elements were noted when the page was walked, so that only those are looked at again.
"""

from dataclasses import dataclass

import numpy as np
from selectolax.lexbor import LexborNode

from transforms import jsonld
from transforms.extract.arrays import Floats
from transforms.extract.page import Page
from transforms.limits import MAX_FIELD_CHARS

MAX_VALUES = 8
MAX_BLOCKS = 8


@dataclass(frozen=True, slots=True)
class Microdata:
    """What an article's ``itemprop`` elements say; empty where they say nothing."""

    title: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""


def article_microdata(page: Page, probability: Floats) -> Microdata:
    """Read the schema.org article that holds most of the kept text of a page.

    An element speaks for the innermost ``itemscope`` around it. An author who is an item of its
    own is called by that item's ``name``.
    """
    scopes = {
        number: node for number, node in page.statements.items() if "itemscope" in node.attributes
    }
    article = _article(page, probability, scopes)
    if article is None:
        return Microdata()
    found: dict[str, list[str]] = {}
    for number, node in page.statements.items():
        names = (node.attributes.get("itemprop") or "").lower().split()[:4]
        wanted = [name for name in names if name in _PROPERTIES]
        short = page.last[number] - page.first[number] <= MAX_BLOCKS
        if wanted and short and _scope(page, number, scopes) == article:
            values = found.setdefault(wanted[0], [])
            if len(values) < MAX_VALUES:
                values.append(_value(node))
    titles = found.get("headline", []) + found.get("name", [])
    return Microdata(
        title=next(filter(None, titles), ""),
        authors=tuple(filter(None, found.get("author", []) + found.get("creator", []))),
        section=next(filter(None, found.get("articlesection", [])), ""),
    )


_PROPERTIES = frozenset(("headline", "name", "author", "creator", "articlesection"))


def _article(page: Page, probability: Floats, scopes: dict[int, LexborNode]) -> int | None:
    """Return the element of the article with most kept text, if that is half of it all."""
    if not scopes:
        return None
    kept = np.where(probability > 0.5, [len(text) for text in page.texts], 0)
    held = np.concatenate(([0], np.cumsum(kept)))
    best, most = None, held[-1] / 2
    for number, node in scopes.items():
        kind = (node.attributes.get("itemtype") or "")[:200]
        size = held[page.last[number]] - held[page.first[number]]
        if size > most and jsonld.is_article({"@type": kind.split()}):
            best, most = number, size
    return best


def _scope(page: Page, number: int, scopes: dict[int, LexborNode]) -> int:
    """Return the innermost item around an element, or -1."""
    number = page.parent[number]
    while number >= 0 and number not in scopes:
        number = page.parent[number]
    return number


def _value(node: LexborNode) -> str:
    """Return what an element states: its ``content``, the name of its item, or its text."""
    said = node.attributes.get("content")
    if not said and "itemscope" in node.attributes:
        name = node.css_first('[itemprop~="name"]')
        node = node if name is None else name
        said = node.attributes.get("content")
    text = " ".join((said or node.text(separator=" ") or "")[: MAX_FIELD_CHARS * 2].split())
    return text if len(text) <= MAX_FIELD_CHARS else ""
