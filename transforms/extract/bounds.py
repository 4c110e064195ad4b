"""Bounds on the work of parsing, taken from the text before the parser sees it.

HTML's own algorithm looks through all open elements at an end tag, through all options of a list
at each option, and through all attributes of a tag at each attribute, so a page of a few hundred
kilobytes can cost minutes.
"""

import re

import numpy as np
from numpy.typing import NDArray

MAX_WORK = 300_000_000
"""Sum over all tags of the elements open around them; about 10**9 are looked through a second."""

MAX_OPTIONS = 10_000
MAX_ATTRIBUTES = 300
LONG_TAG = 1024

_LESS, _SLASH = 60, 47
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
_QUADRATIC = re.compile(rb"<(?:option|html|body)", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""[\s/]+[^\s=>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']*))?""")
# Elements that have no end tag or may leave it out, so that they do not nest.
_FLAT = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li td th tr dt dd "
    b"option optgroup tbody thead tfoot colgroup html head body".split()
)


def less_signs(html: bytes) -> NDArray[np.intp]:
    """Return where ``<`` stands, which the other functions ask for."""
    return np.flatnonzero(np.frombuffer(html, np.uint8) == _LESS)


def parsing_limit(html: bytes, less: NDArray[np.intp]) -> str | None:
    """Return what about the page would make parsing it too long, or None."""
    if len(less) ** 2 > MAX_WORK and parsing_work(html, less) > MAX_WORK:
        return "elements are nested too deeply"
    if len(less) > MAX_OPTIONS and len(_QUADRATIC.findall(html)) > MAX_OPTIONS:
        return f"more than {MAX_OPTIONS} options or bodies"
    return None


def parsing_work(html: bytes, less: NDArray[np.intp]) -> int:
    """Return an upper estimate of the steps a parser takes to look through its open elements."""
    following = np.frombuffer(html, np.uint8)[less[less < len(html) - 1] + 1]
    lower = following | 0x20
    opens = (lower >= ord("a")) & (lower <= ord("z"))
    work = _work(opens.astype(np.int64) - (following == _SLASH))
    if work <= MAX_WORK:
        return work
    # A comparison in a script looks like a tag.
    first, *others = html.lower().split(b"<script")
    markup = b"".join([first, *(other.partition(b"</script")[2] for other in others)])
    steps = [0 if name in _FLAT else -1 if slash else 1 for slash, name in _TAG.findall(markup)]
    return _work(np.asarray(steps, np.int64))


def bounded_attributes(html: bytes, less: NDArray[np.intp]) -> bytes:
    """Return the page with no more than ``MAX_ATTRIBUTES`` attributes in any tag."""
    long = less[np.diff(less, append=len(html)) > LONG_TAG]
    parts: list[bytes] = []
    done = 0
    for start in long.tolist():
        if start < done or not html[start + 1 : start + 2].isalpha():
            continue
        cut, end = _surplus(html, start)
        if cut < end:
            parts.append(html[done:cut])
            done = end
    return b"".join([*parts, html[done:]]) if parts else html


def _surplus(html: bytes, start: int) -> tuple[int, int]:
    """Return the range of the attributes beyond the allowed ones in the tag at ``start``."""
    name = _TAG.match(html, start)
    position = name.end() if name else start + 1
    cut = -1
    count = 0
    while match := _ATTRIBUTE.match(html, position):
        count += 1
        if count == MAX_ATTRIBUTES + 1:
            cut = position
        position = match.end()
    return (cut, position) if cut >= 0 else (position, position)


def _work(steps: NDArray[np.int64]) -> int:
    """Return the sum of depths; an end tag too many leaves the depth at nought."""
    if not len(steps):
        return 0
    depth = np.cumsum(steps)
    return int((depth - np.minimum(np.minimum.accumulate(depth), 0)).sum())
