"""The headings of the first level that a page shows, and which of them is the article's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborNode

from transforms.extract.head import tidy
from transforms.extract.page import Page
from transforms.extract.titles import squash
from transforms.limits import MAX_FIELD_CHARS

MAX_HEADINGS = 3
MAX_LOOKED_AT = 12
MAX_PARTS = 256
MAX_WRAPPERS = 8
MIN_END = 8
BELOW, ABOVE = 3, 50
"""So many blocks before the article's first, or behind it, its heading stands."""
_BETWEEN = "\x1f"
_GLUED = re.compile("\x1f+(?=[:,.;!?…])")
_EDGES = " :·•|-–—/"
_UNSEEN = frozenset(("script", "style", "svg", "template", "noscript", "-comment"))

Part = tuple[LexborNode | None, str]
"""An element (None: bare text) in a heading, and its text."""


@dataclass(frozen=True, slots=True)
class Heading:
    """An ``h1``; ``shown`` if it is the one above the article.

    ``rest`` is the text without the first element, which may be a kicker, and ``start`` that
    without the last, which may be a subtitle; both are empty where the heading is of one piece.
    """

    text: str
    rest: str = ""
    start: str = ""
    shown: bool = False


def headings_of(nodes: Sequence[LexborNode], page: Page, keep: NDArray[np.bool_]) -> list[Heading]:
    """Return the first headings of a page and, wherever it stands, the one above its article."""
    pieces = [_parts(node) for node in nodes[:MAX_LOOKED_AT]]
    own = squash(_above_article(page, keep)) if pieces else ""
    headings = []
    for number, parts in enumerate(pieces):
        text = _joined(parts)
        shown = bool(own) and squash(text) == own
        if text and (shown or number < MAX_HEADINGS):
            headings.append(Heading(text, *_without_ends(parts), shown))
            own = "" if shown else own
    return headings


def headline(heading: Heading, stated: Sequence[str]) -> str:
    """Return the heading without a kicker or subtitle that places stating the title leave out."""
    whole, rest, start = (squash(text) for text in (heading.text, heading.rest, heading.start))
    names = [squash(text) for text in stated]
    if len(rest) < MIN_END or any(whole in name for name in names):
        return heading.text
    if any(rest in name for name in names):
        return heading.rest
    return heading.start if len(start) >= MIN_END and start in names else heading.text


def _above_article(page: Page, keep: NDArray[np.bool_]) -> str:
    """Return the text of the last ``h1`` before the article's first block, if it is near that."""
    start = int(keep.argmax())
    number = best = -1
    for _ in range(page.tags.count("h1")):
        number = page.tags.index("h1", number + 1)
        if page.last[number] > page.first[number] and (best < 0 or page.first[number] <= start):
            best = number
    if best < 0 or not keep[start] or not -BELOW <= start - page.last[best] <= ABOVE:
        return ""
    return " ".join(page.texts[page.first[best] : page.last[best]])


def _without_ends(parts: Sequence[Part]) -> tuple[str, str]:
    """Return the heading behind its first element and before its last, if it has more than one."""
    for _ in range(MAX_WRAPPERS):
        parts = [part for part in parts if squash(part[1])]
        if len(parts) != 1 or parts[0][0] is None:
            break
        parts = _parts(parts[0][0])
    return _joined(parts[1:]).strip(_EDGES), _joined(parts[:-1]).strip(_EDGES)


def _parts(node: LexborNode) -> list[Part]:
    """Return what a heading is made of, blank pieces left out."""
    parts: list[Part] = []
    child = node.first_child
    while child is not None and len(parts) < MAX_PARTS:
        bare = child.tag == "-text"
        text = None
        if child.tag not in _UNSEEN:
            text = child.text_content if bare else child.text(separator=_BETWEEN)
        if text and not text.isspace():
            parts.append((None if bare else child, text))
        child = child.next
    return parts


def _joined(parts: Sequence[Part]) -> str:
    text = _BETWEEN.join(text for _, text in parts)[: MAX_FIELD_CHARS * 2]
    return tidy(_GLUED.sub("", text).replace(_BETWEEN, " "))
