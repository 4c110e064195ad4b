"""The head of a page as read: meta tags, JSON-LD, the links it is known by."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from transforms import jsonld
from transforms.limits import MAX_FIELD_CHARS

MAX_METAS = 400
MAX_CONTENTS = 16
MAX_BODY = 200_000
_READ = (
    'script, meta, head > title, link[rel="canonical"], h1, a[rel~="author"], '
    'a[href*="/author"], a[href*="/autor"]'
)


@dataclass(slots=True)
class Head:
    """The head of a page as read: meta tags by lower-case name, JSON-LD, and the article's node.

    ``metas`` holds the tags' contents as they were written; ``meta`` and ``contents`` tidy them.
    ``headings`` are the page's ``h1``, ``author_links`` those that may lead to an author's page:
    they are no part of the head, but found in the same pass over the tree.
    """

    metas: dict[str, list[str]] = field(default_factory=dict)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    article: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    canonical: str = ""
    language: str = ""
    url: str | None = None
    headings: list[LexborNode] = field(default_factory=list)
    author_links: list[LexborNode] = field(default_factory=list)

    def meta(self, *names: str) -> tuple[str, str]:
        """Return (value, source) of the first meta tag of ``names`` that says anything."""
        for name in names:
            for value in filter(None, self.contents(name)):
                return value, f"meta:{name}"
        return "", ""

    def contents(self, name: str) -> list[str]:
        """Return what the meta tags of one name say, in order."""
        return [tidy(value) for value in self.metas.get(name, ())]

    def property(self, name: str) -> list[str]:
        """Return the strings of one property of the article's JSON-LD node."""
        return [tidy(value) for value in jsonld.strings(self.article.get(name))]


def read_head(tree: LexborHTMLParser, url: str | None) -> Head:
    """Read the meta tags, links and JSON-LD of a page, in one pass over its tree."""
    found: dict[str | None, list[LexborNode]] = {}
    for node in tree.css(_READ):
        found.setdefault(node.tag, []).append(node)
    head = Head(url=url, nodes=jsonld.nodes_of(found.get("script", ())))
    head.headings, head.author_links = found.get("h1", []), found.get("a", [])
    for node in found.get("meta", ())[:MAX_METAS]:
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and not content.isspace():
            values = head.metas.setdefault(name.lower()[:64], [])
            if len(values) < MAX_CONTENTS:
                values.append(content)
    for title in found.get("title", ())[:1]:
        head.title = tidy(title.text() or "")
    for link in found.get("link", ())[:1]:
        head.canonical = (link.attributes.get("href") or "").strip()
    if tree.root is not None:
        head.language = (tree.root.attributes.get("lang") or "").strip()
    og_title = head.meta("og:title")[0] or head.title
    head.article = jsonld.article(head.nodes, url=url, title=og_title) or {}
    return head


def tidy(text: str) -> str:
    """Return a short text without references, soft hyphens and superfluous white space."""
    return jsonld.plain(text[: MAX_FIELD_CHARS * 2])[:MAX_FIELD_CHARS]


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
    owners += names_in(jsonld.resolve(head.article.get("publisher"), head.nodes))
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


def names_in(value: object) -> list[str]:
    """Return the names that one value of a JSON-LD property holds."""
    return [tidy(name) for name in jsonld.strings(value)]
