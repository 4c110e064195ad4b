"""Pages made from labelled ones: without their article, cut to a brief, or lists of teasers.

The data holds articles alone. What is no article is learnt from pages whose article is taken out
and from lists of the openings of others; what a short article looks like, from pages whose article
is cut to one paragraph.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

import numpy as np

from transforms.extract.page import Page

WHOLE = 0.95
BRIEF = (80, 300)
TEASERS = 14
MAX_TITLE_WORDS = 9
PER_BLOCK = (
    "texts", "boxes", "links", "bold", "italic", "link_count", "inline", "images_before",
)  # fmt: skip
_SENTENCES = re.compile(r"(?<=[.!?。！？])\s*")

STYLES = (
    ('<article class="card"><h3><a href="#">{title}</a></h3><p>{text}</p></article>', 160),
    ('<li><a href="#"><h3>{title}</h3><p>{text}</p></a><time>3 May</time></li>', 120),
    ('<div class="teaser"><h2><a href="#">{title}</a></h2><p>{text} <a href="#">More</a></p></div>',
     220),
    ('<article class="post hentry"><header><h2 class="entry-title"><a href="#">{title}</a></h2>'
     '</header><div class="entry-content"><p>{text}</p></div></article>', 400),
    ('<div class="item"><a href="#">{title}</a><p>{text}</p><span class="date">12:30</span></div>',
     100),
)  # fmt: skip
_FRAME = (
    "<!DOCTYPE html><html><head><title>{name}</title></head><body><header><nav><ul>{menu}</ul>"
    "</nav></header><main>{heading}<section>{items}</section></main><footer><p>© {name}</p>"
    "<ul>{menu}</ul></footer></body></html>"
)


def without_article(page: Page, labels: Sequence[bool]) -> Page | None:
    """Return the page without the smallest element around its gold text; None if that is all."""
    sizes = [len(text) * kept for text, kept in zip(page.texts, labels, strict=True)]
    held = np.concatenate(([0], np.cumsum(sizes)))
    first, last = np.asarray(page.first), np.asarray(page.last)
    whole = np.flatnonzero(held[last] - held[first] >= WHOLE * held[-1])
    at = int(whole[np.argmin((last - first)[whole])])
    stays = np.ones(len(page.texts), bool)
    stays[first[at] : last[at]] = False
    return _cut(page, stays) if stays.any() else None


def cut_to_brief(page: Page, labels: Sequence[bool]) -> Page | None:
    """Return the page with the first short paragraph of its gold text alone, None without one."""
    fitting = (
        number
        for number, (text, kept) in enumerate(zip(page.texts, labels, strict=True))
        if kept and BRIEF[0] <= len(text) <= BRIEF[1] and text[-1] in ".!?。！？"
    )
    first = next(fitting, None)
    if first is None:
        return None
    stays = ~np.asarray(labels)
    stays[first] = True
    return _cut(page, stays)


def _cut(page: Page, stays: np.ndarray[Any, np.dtype[np.bool_]]) -> Page:
    before = np.concatenate(([0], np.cumsum(stays)))
    first, last = np.asarray(page.first), np.asarray(page.last)
    kept = np.flatnonzero(stays).tolist()
    lists: dict[str, Any] = {name: [getattr(page, name)[n] for n in kept] for name in PER_BLOCK}
    return replace(page, first=before[first].tolist(), last=before[last].tolist(), **lists)


def list_page(golds: Sequence[str], number: int) -> str:
    """Return a page that lists the openings of articles, in the style of that number."""
    style, size = STYLES[number % len(STYLES)]
    menu = "".join(
        f'<li><a href="#{n}">{_title(gold)[:12]}</a></li>' for n, gold in enumerate(golds)
    )
    items = "".join(style.format(title=_title(gold), text=_opening(gold, size)) for gold in golds)
    heading = f"<h1>{_title(golds[0])[:20]}</h1>" if number % 2 else ""
    return _FRAME.format(name=_title(golds[0])[:20], menu=menu, heading=heading, items=items)


def _title(gold: str) -> str:
    return escape(" ".join(gold[:400].split()[:MAX_TITLE_WORDS])[:90])


def _opening(gold: str, size: int) -> str:
    """Return the first sentences of a text, about as many characters as asked for."""
    text = ""
    for sentence in _SENTENCES.split(gold[: 4 * size]):
        if text and len(text) + len(sentence) > size:
            break
        text = f"{text} {sentence}".strip()
    return escape(text[: 2 * size])
