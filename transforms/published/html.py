"""Candidates for the publication date of an HTML page, read from the shared parse."""

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from transforms import jsonld
from transforms.model import DateCandidate
from transforms.published.dateline import read
from transforms.published.elements import find_heading, from_elements
from transforms.published.locale import KIND
from transforms.published.meta_names import MODIFIED, PUBLISHED
from transforms.published.scan import scan
from transforms.published.tables import word_set
from transforms.published.url import from_url

MAX_CANDIDATES = 48
MAX_RAW = 160
_MAX_NODES = 600
_MAX_SCRIPTS = 60
_MAX_SCRIPT_CHARS = 400_000
_MAX_TAG = 35

_SELECTOR = (
    "meta,h1,time,[itemprop^=date],[class*=date i],[class*=time i],[class*=publi i],"
    "[class*=byline i],[class*=meta i],[class*=info i]"
)
_META_KEYS = ("property", "name", "itemprop", "http-equiv")
_SERVER_TIMES = frozenset(("date", "time", "last-modified"))
"""``http-equiv`` names that state when the page was served, not when it was published."""

_LD_PROPERTIES = ("datePublished", "dateCreated", "uploadDate", "dateModified")
_LD_PAGES = word_set("webpage itempage medicalwebpage aboutpage qapage")
_LD_WORKS = word_set(
    "recipe howto imagegallery review videoobject audioobject podcastepisode claimreview "
    "interview quotation creativework analysis column photograph dataset course book"
)
_SCRIPT_DATE = re.compile(
    r'"(datePublished|publishedAt|published_at|publishDate|publish_date|publishedDate|pubDate'
    r"|firstPublished|first_published|datePublication|publicationDate|published_time|dateCreated"
    r'|createdAt|created_at)\\?"\s?:\s?\\?"([^"\\]{8,40})\\?"'
)


def collect_html(
    tree: LexborHTMLParser,
    url: str | None,
    *,
    nodes: Sequence[jsonld.Node] | None = None,
) -> tuple[DateCandidate, ...]:
    """Return what the page says about its own dates, best placed first, at most 48 statements.

    ``nodes`` are those of ``jsonld.nodes(tree)`` when they have been read already. The tree is not
    changed. The first candidate is the declared language, of kind ``locale``, if there is one.
    """
    found: list[DateCandidate] = [*_declared_language(tree)]
    found += _from_json_ld(jsonld.nodes(tree) if nodes is None else nodes, url)
    matched = _distinct(tree.css(_SELECTOR))
    elements = [node for node in matched if node.tag != "meta"]
    heading = find_heading(elements)
    found += _from_meta([node for node in matched if node.tag == "meta"])
    found += from_elements(elements, heading)
    if not any(map(_is_firm, found)) and tree.body is not None:
        found += _from_scripts(tree)
        found += scan(tree.body, heading)
    found += from_url(url)
    return tuple(dict.fromkeys(found))[:MAX_CANDIDATES]


def _distinct(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    """Return the nodes once each, in document order; a node comes once per selector it matches."""
    return list({node.mem_id: node for node in nodes[: 2 * _MAX_NODES]}.values())[:_MAX_NODES]


def _declared_language(tree: LexborHTMLParser) -> Iterator[DateCandidate]:
    root = tree.root
    tag = (root.attributes.get("lang") or "").strip() if root is not None else ""
    if tag:
        yield DateCandidate(KIND, "html:lang", tag[:_MAX_TAG])


def _is_firm(candidate: DateCandidate) -> bool:
    """Say whether a statement is one that makes a search through the whole page needless."""
    if candidate.kind != "published" or "noise" in candidate.hints:
        return False
    is_line = candidate.source in ("line", "time:text")
    return not is_line or read(candidate.raw) is not None


def _from_json_ld(nodes: Sequence[jsonld.Node], url: str | None) -> Iterator[DateCandidate]:
    """Read the article's own node, and the page's; other works only where no article is."""
    own = jsonld.article(nodes, url=url)
    if own is not None:
        yield from _node_dates(own, "json-ld")
    wanted = _LD_PAGES if own is not None else _LD_PAGES | _LD_WORKS
    for node in nodes:
        if node is not own and any(name.lower() in wanted for name in jsonld.types(node)):
            yield from _node_dates(node, "json-ld:page")


def _node_dates(node: jsonld.Node, source: str) -> Iterator[DateCandidate]:
    for name in _LD_PROPERTIES:
        for value in jsonld.strings(node.get(name))[:1]:
            kind = "modified" if name == "dateModified" else "published"
            yield DateCandidate(kind, source, value[:MAX_RAW], name)


def _from_meta(nodes: Sequence[LexborNode]) -> Iterator[DateCandidate]:
    for node in nodes:
        attributes = node.attributes
        content = (attributes.get("content") or "").strip()
        if not content or len(content) > MAX_RAW or not any(map(str.isdigit, content)):
            continue
        for key in _META_KEYS:
            name = (attributes.get(key) or "").strip().lower()
            kind = _meta_kind(name)
            if kind and not (key == "http-equiv" and name in _SERVER_TIMES):
                yield DateCandidate(kind, f"meta:{name}", content, "meta")
                break


def _meta_kind(name: str) -> str | None:
    if name in PUBLISHED:
        return "published"
    return "modified" if name in MODIFIED else None


def _from_scripts(tree: LexborHTMLParser) -> Iterator[DateCandidate]:
    """Search the page's data scripts for a publication date when nothing else states one."""
    for script in tree.css("script:not([src])")[:_MAX_SCRIPTS]:
        match = _SCRIPT_DATE.search((script.text() or "")[:_MAX_SCRIPT_CHARS])
        if match:
            yield DateCandidate("published", "script", match[2], match[1])
            return
