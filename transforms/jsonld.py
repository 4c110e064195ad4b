"""The JSON-LD of a page: its schema.org nodes, read tolerantly and within bounds.

Many pages carry JSON-LD that is not JSON: line breaks inside strings, comments, trailing commas or
semicolons, HTML entities, several values in one script. Each repair below undoes one of these; what
still cannot be read is searched for a handful of plain string properties.
"""

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

Node = dict[str, Any]

MAX_SCRIPTS = 64
MAX_SCRIPT_CHARS = 1_000_000
MAX_NODES = 512
MAX_DIGITS = 18

ARTICLE_TYPES: frozenset[str] = frozenset(
    {
        "AdvertiserContentArticle",
        "AnalysisNewsArticle",
        "Article",
        "AskPublicNewsArticle",
        "BackgroundNewsArticle",
        "BlogPosting",
        "DiscussionForumPosting",
        "LiveBlogPosting",
        "NewsArticle",
        "OpinionNewsArticle",
        "Report",
        "ReportageNewsArticle",
        "ReviewNewsArticle",
        "SatiricalArticle",
        "ScholarlyArticle",
        "SocialMediaPosting",
        "TechArticle",
    }
)
"""schema.org's Article and the types under it."""

_ARTICLE_NAMES = frozenset(name.lower() for name in ARTICLE_TYPES)
_CONTAINERS = ("@graph", "mainEntity", "mainEntityOfPage")
_WRAPPERS = re.compile(r"(?:/[/*] ?)?(?:<!--|-->|<!\[CDATA\[|\]\]>)(?: ?\*/)?")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_PLAIN_PROPERTY = re.compile(
    r'"(@type|headline|url|datePublished|dateModified|dateCreated|articleSection|inLanguage)"'
    r'\s*:\s*"((?:[^"\\\n]|\\.){1,512})"'
)


def nodes(tree: LexborHTMLParser) -> list[Node]:
    """Return the page's top-level JSON-LD nodes in document order; never raises.

    Arrays, ``@graph`` and main entities are unrolled, each container before its content. Any other
    nested node stays inside its parent, so that the articles of an ``ItemList`` or of ``hasPart``
    are not taken for the page's own. Scripts over a million characters are passed over.
    """
    return nodes_of(tree.css("script"))


def nodes_of(scripts: Iterable[LexborNode]) -> list[Node]:
    """Return the JSON-LD nodes, as ``nodes`` does, of a page's script elements."""
    found: list[Node] = []
    stating = (script for script in scripts if _is_json_ld(script.attributes))
    for _, script in zip(range(MAX_SCRIPTS), stating, strict=False):
        text = script.text()
        if text and len(text) <= MAX_SCRIPT_CHARS:
            _unroll(parse(text), found)
        if len(found) >= MAX_NODES:
            break
    return found


def parse(text: str) -> list[Any]:
    """Return the JSON values in ``text``, repaired as far as that is possible, else none."""
    text = text.strip("\ufeff \t\r\n;")
    for repair in (_as_it_is, _without_wrappers, _without_trailing_commas, html.unescape):
        text = repair(text)
        values = _decode(text)
        if values:
            return values
    return _salvage(text)


def types(node: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the schema.org types of a node without prefix or namespace."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return tuple(
        name.rstrip("/").rpartition("/")[2].rpartition(":")[2]
        for name in names
        if isinstance(name, str)
    )


def is_article(node: Mapping[str, Any]) -> bool:
    """Say whether the node is an ``Article`` or of a type under it, in any case of letters."""
    return any(name.lower() in _ARTICLE_NAMES for name in types(node))


def article(
    found: Sequence[Node], *, url: str | None = None, title: str | None = None
) -> Node | None:
    """Return the node of the page's own article among ``nodes(tree)``.

    Where several are articles, the one that names the page's URL or carries its title wins, then
    the first; four or more of which none does either are a list of teasers, and the answer is
    ``None``.
    """
    candidates = [node for node in found if is_article(node)]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    scored = [(_belongs(node, url, title), node) for node in candidates]
    best = max(score for score, _ in scored)
    if best == 0 and len(candidates) > 3:
        return None
    return next(node for score, node in scored if score == best)


def resolve(value: object, found: Iterable[Node]) -> object:
    """Return the node that a bare reference ``{"@id": …}`` points to, else ``value`` itself."""
    if isinstance(value, dict) and "@id" in value and len(value) <= 2:
        for node in found:
            if node is not value and node.get("@id") == value["@id"] and len(node) > len(value):
                return node
    return value


def strings(value: object) -> list[str]:
    """Return a property's plain strings: itself, its ``@value`` or ``name``, or those of a list."""
    items = value if isinstance(value, list) else [value]
    found = []
    for item in items:
        if isinstance(item, dict):
            item = item.get("@value", item.get("name"))
        if isinstance(item, str) and item.strip():
            found.append(item.strip())
    return found


def _is_json_ld(attributes: Mapping[str, str | None]) -> bool:
    return "ld+json" in (attributes.get("type") or "").lower()


def _unroll(values: Iterable[Any], found: list[Node]) -> None:
    """Append the nodes of ``values``, containers before their content, without recursion."""
    stack = list(values)[::-1]
    while stack and len(found) < MAX_NODES:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value[:MAX_NODES]))
        elif isinstance(value, dict):
            if "@type" in value or "@graph" not in value:
                found.append(value)
            stack.extend(value[name] for name in reversed(_CONTAINERS) if name in value)


def _belongs(node: Node, url: str | None, title: str | None) -> int:
    names = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
    names += [name.get("@id") for name in names if isinstance(name, dict)]
    keys = {_page_key(name) for name in names if isinstance(name, str)}
    headlines = {_fold(text) for text in strings(node.get("headline")) + strings(node.get("name"))}
    same_page = url is not None and _page_key(url) in keys
    return 2 * same_page + (title is not None and _fold(title) in headlines)


def _page_key(url: str) -> str:
    """Return the host without ``www.`` and the path: campaign parameters do not make a page.

    A URL without a path, or one that cannot be parsed, yields itself.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.lower().removeprefix("www.")
    path = parts.path.rstrip("/")
    return host + path if path else url


def plain(text: str) -> str:
    """Return a property's text as it is meant: without references, invisible hyphens and breaks.

    Publishers' systems escape twice as often as once.
    """
    for _ in range(2):
        if "&" in text:
            text = html.unescape(text)
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    return " ".join(text.split())


def _fold(text: str) -> str:
    return plain(text).casefold()


def _decode(text: str) -> list[Any]:
    """Return the JSON values that stand one after another in ``text``; none when one is broken."""
    values: list[Any] = []
    position = 0
    try:
        while position < len(text) and len(values) < MAX_NODES:
            value, position = _DECODER.raw_decode(text, position)
            values.append(value)
            while position < len(text) and text[position] in " \t\r\n;,":
                position += 1
    except (ValueError, RecursionError):
        return [value for value in values if isinstance(value, dict | list)]
    return values


def _bounded_int(digits: str) -> int | None:
    return int(digits) if len(digits) <= MAX_DIGITS else None


_DECODER = json.JSONDecoder(strict=False, parse_int=_bounded_int)


def _as_it_is(text: str) -> str:
    return text


def _without_wrappers(text: str) -> str:
    return _WRAPPERS.sub("", text).strip(" \t\r\n;")


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


def _salvage(text: str) -> list[Any]:
    """Read plain string properties of the first node in text that is no JSON at all."""
    node: Node = {}
    for match in _PLAIN_PROPERTY.finditer(text):
        name, value = match.groups()
        if name == "@type" and "@type" in node:
            if is_article(node):
                break
            node = {}
        node.setdefault(name, value)
    return [node] if is_article(node) else []
