"""What a page says about itself in its head: JSON-LD first, then meta tags, then the page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from urllib.parse import urljoin, urlsplit

from transforms import jsonld
from transforms.extract.authors import names_owner, split_names, unique_names
from transforms.extract.head import Head, names_in, owners_of, tidy
from transforms.extract.headings import Heading, headline
from transforms.extract.microdata import Microdata
from transforms.extract.titles import MAX_TITLE, Candidate, choose_title, like_a_headline, squash
from transforms.limits import MAX_FIELD_CHARS

NEWSROOM, PLUGIN, SHOWN = 1.2, 0.8, 1.3
AUTHOR_METAS = (
    "citation_author", "author", "cxenseparse:author", "parsely-author", "sailthru.author",
    "article:author", "dc.creator", "dcterms.creator", "mrf:authors", "byl", "article:author_name",
)  # fmt: skip
MAX_SECTION = 60
SECTION_METAS = ("article:section", "cxenseparse:section", "parsely-section", "section")
_NO_SITES = frozenset(("", "blog", "home", "homepage", "website"))
_HOST = re.compile(r"(?:[^/@\s]*@)?[^/@%\s:]+\.[^/@%\s:]+(?::\d+)?|\[[0-9a-fA-F:.]+\](?::\d+)?")


def title_of(
    head: Head, headings: Sequence[Heading], above: Sequence[str], item: Microdata
) -> tuple[str, str] | None:
    """Return the article's title and the place it was taken from.

    ``above`` are the texts right above the article: where no ``h1`` is its heading, one of them
    that a stated title begins with is.

    The headline of a ``NewsArticle`` was written in a newsroom; that of any other type is mostly a
    plug-in's, for search engines, and then the heading shown above the text counts for more.
    """
    newsroom = any(name.lower().endswith("newsarticle") for name in jsonld.types(head.article))
    headlines = (head.property("headline") or head.property("name"))[:1]
    candidates = [
        Candidate("json-ld", text, NEWSROOM if newsroom else PLUGIN) for text in headlines
    ]
    for name, trust in (("og:title", 0.9), ("twitter:title", 0.1)):
        candidates += [Candidate(name, text, trust) for text in head.contents(name)[:1] if text]
    candidates += [Candidate("title", head.title, 0.0)] if head.title else []
    stated = [given.text for given in candidates]
    shown = [(heading, headline(heading, stated)) for heading in headings]
    if not headlines and item.title:
        name = squash(item.title)
        same = (text for heading, text in shown if squash(heading.text) == name)
        candidates.append(Candidate("microdata", next(same, item.title), 1.0))
    lead = [text for heading, text in shown if heading.shown and like_a_headline(text)]
    trusted = not (newsroom and headlines)
    for _, text in shown:
        candidates.append(Candidate("h1", text, SHOWN if trusted and text in lead else 1.0))
    if trusted and not lead:
        candidates += [Candidate("block", text, SHOWN) for text in _first_of(stated, above)[-1:]]
    found = choose_title(candidates, owners_of(head))
    return (found.text, found.source) if found else None


def _first_of(stated: Sequence[str], above: Sequence[str]) -> list[str]:
    """Return those texts of ``above`` of a headline's length that a stated title begins with."""
    names = [squash(text) for text in stated]
    long = (text for text in above if len(text) <= MAX_TITLE and like_a_headline(text))
    return [text for text in long if any(name.startswith(squash(text)) for name in names)]


def authors_of(
    head: Head, bylines: Iterable[tuple[str, list[str]]], item: Microdata
) -> tuple[tuple[str, ...], str]:
    """Return the authors' names and where they stood.

    A writer's name is preferred to the publisher's, whichever place it stands in; the publisher's
    own name counts only where nobody else is named. ``bylines``, as (source, names), are looked at
    only where the page's head and microdata name no writer.
    """
    owners = owners_of(head)
    fallback: tuple[tuple[str, ...], str] = ((), "")
    for source, found in chain(_stated_authors(head, item), bylines):
        names = unique_names(found)
        writers = tuple(name for name in names if not names_owner(name, owners))
        if writers:
            return writers, source
        if names and not fallback[0]:
            fallback = (names, source)
    return fallback


def _stated_authors(head: Head, item: Microdata) -> Iterator[tuple[str, list[str]]]:
    """Yield (source, names), the most trusted place first."""
    for key in ("author", "creator"):
        yield "json-ld", _each(_author_names(head.article.get(key), head))
    yield "microdata", _each(item.authors)
    for name in AUTHOR_METAS:
        values = [value for value in head.contents(name) if "://" not in value]
        if name == "citation_author":
            values = [" ".join(value.split(", ", 1)[::-1]) for value in values]
        yield f"meta:{name}", _each(values)


def _each(values: Iterable[str]) -> list[str]:
    return [name for value in values for name in split_names(value)]


def _author_names(value: object, head: Head) -> list[str]:
    found: list[str] = []
    stack = [value]
    while stack and len(found) < 32:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item[:64]))
        elif isinstance(item, dict):
            item = jsonld.resolve(item, head.nodes)
            found += names_in(item.get("name")) if isinstance(item, dict) else []
        elif isinstance(item, str):
            found.append(tidy(item))
    return found


def canonical_of(head: Head) -> tuple[str, str]:
    """Return the canonical URL, absolute and of a web scheme, and where it stood.

    One whose host is none, or that is the site's front page while the page is not, is an error of
    the page's maker and passed over.
    """
    places = [(head.canonical, "link:canonical"), head.meta("og:url")]
    places += [(value, "json-ld") for value in head.property("url")[:1]]
    deep = len(_path(head.url or "")) > 1
    for value, source in places:
        if value and len(value) <= MAX_FIELD_CHARS:
            try:
                url = urljoin(head.url or "", value)
                parts = urlsplit(url)
            except ValueError:
                continue
            front = len(parts.path) < 2 and not parts.query
            sound = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc)
            if sound and not (front and deep):
                return url, source
    return "", ""


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


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
    """Return the section the article stands in, and where that was said.

    Of a long list the first is taken; a long text is no section.
    """
    places = [(value, "json-ld") for value in head.property("articleSection")]
    places += [(item.section, "microdata"), head.meta(*SECTION_METAS)]
    for value, source in places:
        if len(value) > MAX_SECTION:
            value = value.split(",", 1)[0].strip()
        if 0 < len(value) <= MAX_SECTION:
            return value, source
    return "", ""


def site_of(head: Head) -> tuple[str, str]:
    """Return the site's name and where it stood; what any site may be called is no name.

    Of two spellings of one name that with capitals is taken.
    """
    names = names_in(jsonld.resolve(head.article.get("publisher"), head.nodes))
    places = [head.meta("og:site_name"), *((name, "json-ld") for name in names[:1])]
    places.append(head.meta("application-name"))
    named = [(squash(name), name, place) for name, place in places]
    named = [found for found in named if found[0] not in _NO_SITES]
    same = [found for found in named if found[0] == named[0][0]]
    same.sort(key=lambda found: found[1] == found[1].lower())
    return same[0][1:] if same else ("", "")
