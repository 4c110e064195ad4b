"""What a page says about itself in its head: JSON-LD first, then meta tags, then the page."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from transforms import jsonld
from transforms.extract.authors import byline_names, names_owner, split_names, unique_names
from transforms.extract.microdata import Microdata
from transforms.extract.titles import choose_title
from transforms.limits import MAX_FIELD_CHARS

MAX_METAS = 400
MAX_HEADINGS = 3
MAX_BODY = 200_000
AUTHOR_METAS = (
    "author", "cxenseparse:author", "parsely-author", "sailthru.author", "article:author",
    "dc.creator", "dcterms.creator", "mrf:authors", "byl", "article:author_name",
)  # fmt: skip
SECTION_METAS = ("article:section", "cxenseparse:section", "parsely-section", "section")


@dataclass(slots=True)
class Head:
    """The head of a page as read: meta tags by lower-case name, JSON-LD, and the article's node."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    article: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    canonical: str = ""
    language: str = ""
    url: str | None = None

    def meta(self, *names: str) -> tuple[str, str]:
        """Return (value, source) of the first meta tag of ``names`` that says anything."""
        for name in names:
            for value in self.metas.get(name, ()):
                return value, f"meta:{name}"
        return "", ""

    def property(self, name: str) -> list[str]:
        """Return the strings of one property of the article's JSON-LD node."""
        return [_clean(value) for value in jsonld.strings(self.article.get(name))]


def read_head(tree: LexborHTMLParser, url: str | None) -> Head:
    """Read the meta tags, links and JSON-LD of a page."""
    head = Head(url=url, nodes=jsonld.nodes(tree))
    for _, node in zip(range(MAX_METAS), tree.css("meta"), strict=False):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and content.strip():
            values = head.metas.setdefault(name.lower()[:64], [])
            if len(values) < 16:
                values.append(_clean(content))
    top = tree.head if tree.head is not None else tree
    title = top.css_first("title")
    head.title = _clean(title.text() or "") if title is not None else ""
    link = top.css_first('link[rel="canonical"]')
    head.canonical = (link.attributes.get("href") or "").strip() if link is not None else ""
    if tree.root is not None:
        head.language = (tree.root.attributes.get("lang") or "").strip()
    og_title = head.meta("og:title")[0] or head.title
    head.article = jsonld.article(head.nodes, url=url, title=og_title) or {}
    return head


def _clean(text: str) -> str:
    text = text[: MAX_FIELD_CHARS * 2]
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())[:MAX_FIELD_CHARS]


def headings_of(tree: LexborHTMLParser) -> list[str]:
    """Return the page's first headings of the first level."""
    return [_clean(node.text(separator=" ") or "") for node in tree.css("h1")[:MAX_HEADINGS]]


def article_body(head: Head) -> str:
    """Return the article's text as its JSON-LD states it, without markup, or an empty string."""
    body = head.article.get("articleBody")
    if not isinstance(body, str):
        return ""
    body = html.unescape(body[:MAX_BODY])
    if "</" in body:
        root = LexborHTMLParser(body).root
        body = root.text(separator=" ") if root is not None else ""
    return " ".join(body.split())


def owners_of(head: Head) -> list[str]:
    """Return the names under which the publisher appears: site name, publisher, domain."""
    owners = [head.meta("og:site_name", "application-name")[0]]
    owners += _names(jsonld.resolve(head.article.get("publisher"), head.nodes))
    host = urlsplit(_safe_url(head.url or head.canonical)).hostname or ""
    labels = host.removeprefix("www.").split(".")
    if len(labels) > 1:
        short_suffix = len(labels) > 2 and len(labels[-2]) <= 3
        owners.append(labels[-3] if short_suffix else labels[-2])
        owners.append(".".join(labels))
    return [owner for owner in owners if owner]


def _safe_url(url: str) -> str:
    try:
        urlsplit(url)
    except ValueError:
        return ""
    return url


def _names(value: object) -> list[str]:
    return [_clean(name) for name in jsonld.strings(value)]


def title_of(head: Head, headings: Sequence[str], item: Microdata) -> tuple[str, str] | None:
    """Return the article's title and the place it was taken from."""
    candidates = [
        ("json-ld", value) for value in (head.property("headline") or head.property("name"))[:1]
    ]
    if not candidates and item.title:
        candidates.append(("microdata", item.title))
    for source, name in (("og:title", "og:title"), ("twitter:title", "twitter:title")):
        value = head.meta(name)[0]
        if value:
            candidates.append((source, value))
    candidates += [("h1", heading) for heading in headings if heading]
    if head.title:
        candidates.append(("title", head.title))
    return choose_title(candidates, owners_of(head))


def authors_of(head: Head, bylines: Sequence[str], item: Microdata) -> tuple[tuple[str, ...], str]:
    """Return the authors' names and where they stood.

    A writer's name is preferred to the publisher's, whichever place it stands in; the publisher's
    own name counts only where nobody else is named.
    """
    owners = owners_of(head)
    stated: list[tuple[str, list[str]]] = [
        ("json-ld", _author_names(head.article.get(key), head)) for key in ("author", "creator")
    ]
    stated.append(("microdata", list(item.authors)))
    for name in AUTHOR_METAS:
        values = [value for value in head.metas.get(name, ()) if "://" not in value]
        stated.append((f"meta:{name}", values))
    read = [(source, [split_names(value) for value in values]) for source, values in stated]
    read += [("byline", [byline_names(text)]) for text in bylines]
    fallback: tuple[tuple[str, ...], str] = ((), "")
    for source, lists in read:
        names = unique_names(name for names in lists for name in names)
        writers = tuple(name for name in names if not names_owner(name, owners))
        if writers:
            return writers, source
        if names and not fallback[0]:
            fallback = (names, source)
    return fallback


def _author_names(value: object, head: Head) -> list[str]:
    found: list[str] = []
    stack = [value]
    while stack and len(found) < 32:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item[:64]))
        elif isinstance(item, dict):
            item = jsonld.resolve(item, head.nodes)
            found += _names(item.get("name")) if isinstance(item, dict) else []
        elif isinstance(item, str):
            found.append(_clean(item))
    return found


def canonical_of(head: Head) -> tuple[str, str]:
    """Return the canonical URL, absolute and of a web scheme, and where it stood."""
    places = [(head.canonical, "link:canonical"), head.meta("og:url")]
    places += [(value, "json-ld") for value in head.property("url")[:1]]
    for value, source in places:
        if value and len(value) <= MAX_FIELD_CHARS:
            try:
                url = urljoin(head.url or "", value)
                parts = urlsplit(url)
            except ValueError:
                continue
            if parts.scheme in ("http", "https") and parts.netloc:
                return url, source
    return "", ""


def language_of(head: Head) -> tuple[str, str]:
    """Return the BCP 47 tag the page states for itself, and where."""
    places = [(head.language, "html:lang")]
    places += [(value, "json-ld") for value in head.property("inLanguage")[:1]]
    places += [head.meta("og:locale"), head.meta("content-language"), head.meta("language")]
    for value, source in places:
        parts = value.replace("_", "-").split("-")
        if 2 <= len(parts[0]) <= 3 and parts[0].isascii() and parts[0].isalpha():
            rest = [p for p in parts[1:3] if p.isascii() and p.isalnum() and 2 <= len(p) <= 4]
            subtags = [part.title() if len(part) == 4 else part.upper() for part in rest]
            return "-".join([parts[0].lower(), *subtags]), source
    return "", ""


def section_of(head: Head, item: Microdata) -> tuple[str, str]:
    """Return the section the article stands in, and where that was said."""
    for value in head.property("articleSection"):
        if value:
            return value, "json-ld"
    if item.section:
        return item.section, "microdata"
    return head.meta(*SECTION_METAS)


def site_of(head: Head) -> tuple[str, str]:
    """Return the site's name and where it stood."""
    value, source = head.meta("og:site_name")
    if value:
        return value, source
    names = _names(jsonld.resolve(head.article.get("publisher"), head.nodes))
    if names and names[0]:
        return names[0], "json-ld"
    return head.meta("application-name")
