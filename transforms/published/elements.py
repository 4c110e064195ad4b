"""Dates in a page's visible elements, with hints on where they stand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from selectolax.lexbor import LexborNode

from transforms.model import DateCandidate

MAX_ELEMENTS = 28
_MAX_LOOKED_AT = 200
_MAX_CHARS = 160
_MIN_CHARS = 5
_MAX_CLIMB = 14
_MAX_DEPTH = 60
_MAX_LABEL = 200
_MAX_HEIGHT = 9

_NEIGHBOURHOOD = 1_500
_MAX_CONTAINER = 60_000
_CONTAINER_CLIMB = 6
_LINES_BEFORE, _LINES_AFTER = 8, 15

_PUBLISHED_CLASS = re.compile(
    r"publish|pub-?date|publi\w{0,9}[-_ ]?(?:date|time|on)|datepubl|posted|entry-date|created",
    re.I,
)
_MODIFIED_CLASS = re.compile(r"modif|updat|aktualis|lastmod|revis", re.I)
_NOISE_CLASS = re.compile(
    r"comment|disqus|related|teaser|side-?bar|widget|popular|trending|latest|recent|most-|mostread"
    r"|recommend|carousel|promo|read-?more|more-|newsticker|breaking|archive|navi|menu|ticker"
    r"|calendar|events|similar|suggest|outbrain|taboola|feed|listing|copyright",
    re.I,
)
_NOISE_TAGS = frozenset(("aside", "nav", "form", "select", "blockquote", "figure"))
_HINTED_TAGS = frozenset(("a", "li", "footer"))
_CODE = re.compile(r"""[{}=;<>\[\]]|\(\)|["']\s?:|function|https?:""")
_DIGIT = re.compile(r"\d")


def find_heading(elements: Sequence[LexborNode]) -> LexborNode | None:
    """Return the first ``h1`` that has text: the article's title on nearly every page."""
    return next((node for node in elements if node.tag == "h1" and _text(node)), None)


def from_elements(
    elements: Sequence[LexborNode], heading: LexborNode | None
) -> Iterator[DateCandidate]:
    """Read ``<time>``, microdata, elements whose class speaks of dates, and lines at the title.

    Hints say whether an element stands ``before`` or ``after`` the title, how many levels ``up``
    the ancestor they share is, and whether it stands in a link, a list item, a footer or among
    what looks like other articles, comments or navigation (``noise``).
    """
    heights = _ancestors(heading)
    passed = heading is None
    taken: set[str] = set()
    yielded = 0
    for node in elements[:_MAX_LOOKED_AT]:
        if node.tag == "h1":
            passed = passed or (heading is not None and node.mem_id == heading.mem_id)
            continue
        for kind, source, raw, *said in _statements(node):
            if source == "line" and raw in taken:
                continue
            taken.add(raw)
            hints = (*_standing(node, heights), "after" if passed else "before", *said)
            yield DateCandidate(kind, source, raw, _place(node), hints)
            yielded += 1
        if yielded >= MAX_ELEMENTS:
            break
    if heading is not None:
        yield from _near(heading, taken)


def _text(node: LexborNode) -> str:
    return " ".join((node.text(separator=" ") or "").split())


def _statements(node: LexborNode) -> Iterator[tuple[str, ...]]:
    """Yield kind, source and raw string of what one element says, and perhaps ``published``."""
    attributes = node.attributes
    itemprop = (attributes.get("itemprop") or "").lower()
    kind, published = _kind(f"{attributes.get('class') or ''} {itemprop}"[:_MAX_LABEL])
    said = ("published",) if published or "pubdate" in attributes else ()
    source = "line"
    if node.tag == "time" or itemprop.startswith("date"):
        machine = attributes.get("datetime") or attributes.get("content") or attributes.get("title")
        if machine and _DIGIT.search(machine):
            source = "microdata" if itemprop.startswith("date") else "time"
            yield kind, source, machine.strip()[:_MAX_CHARS], *said
        source = "time:text"
    text = _text(node)
    if _MIN_CHARS <= len(text) <= _MAX_CHARS and _DIGIT.search(text):
        yield kind, source, text, *said


@lru_cache(maxsize=4096)
def _kind(label: str) -> tuple[str, bool]:
    """Return the kind of date an element's class speaks of, and whether it says ``published``."""
    if _PUBLISHED_CLASS.search(label):
        return "published", True
    return ("modified", False) if _MODIFIED_CLASS.search(label) else ("published", False)


@lru_cache(maxsize=8192)
def _is_noise(label: str) -> bool:
    return _NOISE_CLASS.search(label) is not None


def _ancestors(node: LexborNode | None) -> Mapping[int, int]:
    heights: dict[int, int] = {}
    while node is not None and len(heights) < _MAX_DEPTH:
        heights[node.mem_id] = len(heights)
        node = node.parent
    return heights


def _standing(node: LexborNode, heights: Mapping[int, int]) -> tuple[str, ...]:
    """Return hints on an element from its ancestors, up to the first that the title shares."""
    hints: dict[str, None] = {}
    current: LexborNode | None = node
    for climbed in range(_MAX_CLIMB):
        height = heights.get(current.mem_id) if current is not None else None
        if height is not None:
            hints[f"up{min(height, _MAX_HEIGHT)}"] = None
        if current is None or height is not None or current.tag == "body":
            break
        tag = current.tag or ""
        if tag in _HINTED_TAGS:
            hints[tag] = None
        if tag in _NOISE_TAGS or (climbed and _is_noise(_label(current))):
            hints["noise"] = None
        current = current.parent
    return tuple(hints)


def _label(node: LexborNode) -> str:
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:_MAX_LABEL]


def _place(node: LexborNode) -> str:
    first = (node.attributes.get("class") or node.attributes.get("id") or "").split()[:1]
    return f"{node.tag}.{first[0][:40]}" if first else str(node.tag)


def _near(heading: LexborNode, taken: set[str]) -> Iterator[DateCandidate]:
    """Yield short lines with a number around the title, the nearest first."""
    title = _text(heading)
    lines, at = _lines_around(heading, title)
    for distance in sorted(range(-_LINES_BEFORE, _LINES_AFTER + 1), key=abs):
        index = at + distance
        line = lines[index] if 0 <= index < len(lines) and distance else ""
        fits = _MIN_CHARS <= len(line) <= _MAX_CHARS and line not in taken and line not in title
        if fits and _DIGIT.search(line) and not _CODE.search(line):
            taken.add(line)
            side = "after" if distance > 0 else "before"
            yield DateCandidate("published", "line", line, "near", (side, "near"))


def _lines_around(heading: LexborNode, title: str) -> tuple[list[str], int]:
    """Return the lines of the title's smallest ample ancestor, and which of them is the title."""
    container, text = heading.parent, ""
    for _ in range(_CONTAINER_CLIMB):
        if container is None or container.tag in ("html", "body"):
            break
        wider = container.text(separator="\n") or ""
        if len(wider) > _MAX_CONTAINER:
            break
        text = wider
        if len(text) - len(title) > _NEIGHBOURHOOD:
            break
        container = container.parent
    first = (heading.text(separator="\n") or "").strip().partition("\n")[0]
    at = max(text.find(first), 0)
    before = _told(text[max(0, at - _NEIGHBOURHOOD) : at])[-_LINES_BEFORE:]
    after = _told(text[at : at + len(title) + 2 * _NEIGHBOURHOOD])[: _LINES_AFTER + 1]
    return [_squeeze(line) for line in before + after], len(before)


def _told(text: str) -> list[str]:
    """Return the lines that are not blank."""
    return [line for line in text.split("\n") if line and not line.isspace()]


def _squeeze(text: str) -> str:
    return " ".join(text.split())
