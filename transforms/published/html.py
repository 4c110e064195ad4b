"""Candidates for the publication date of an HTML page, read from the shared parse."""

import re
from collections.abc import Iterator, Mapping, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from transforms import jsonld
from transforms.model import DateCandidate
from transforms.published.dateline import read
from transforms.published.locale import KIND
from transforms.published.scan import scan
from transforms.published.tables import word_set
from transforms.published.url import from_url

MAX_CANDIDATES = 48
MAX_RAW = 160
_MAX_ELEMENTS = 200
_MAX_CLIMB = 14
_NEIGHBOURHOOD = 1_500

_PUBLISHED_META = word_set(
    "article:published_time article:published article:post_time article:create "
    "article:created og:article:published_time og:published_time og:pubdate og:publish_date "
    "og:date published_time publish_time publish-time publishtime pubdate pub_date "
    "publish_date publish-date publishdate published-date published_date publisheddate "
    "publication_date publicationdate publication-date datepublished date_published "
    "date.published datepublication parsely-pub-date sailthru.date "
    "cxenseparse:recs:publishtime cxenseparse:publishtime dc.date.issued dcterms.issued "
    "dc.issued dc.date.published dcterms.created dc.created dc.date.created dcterms.date "
    "dc.date dcdate dc:date date article.published article.created articlepubdate "
    "article_date_original article_publication_date article_date originalpublicationdate "
    "original-publish-date release_date releasedate issue_date citation_publication_date "
    "citation_date citation_online_date citation_year displaydate displaytime "
    "rnews:datepublished ptime dateposted date_created created date-created creation_date "
    "datecreated time bt:pubdate shareaholic:article_published_time vr:published_time "
    "video:release_date timestamp publication firstpublished first_published "
    "iso-8601-publish-date article:datepublished og:release_date gentime "
    "eomportal-lastupdate_ rbpubdate pdate web_publication_date prism.publicationdate "
    "newsdate storydate"
)
_MODIFIED_META = word_set(
    "article:modified_time article:modified article:updated_time og:updated_time "
    "og:modified_time og:article:modified_time og:article:updated_time datemodified "
    "date_modified date.modified dateupdate date_updated dateupdated modified modified_date "
    "modifieddate modificationdate lastmod lastmodified last-modified last_modified "
    "last_updated lastupdated updated updated_time updated_date revised dcterms.modified "
    "dc.modified dc.date.modified shareaholic:article_modified_time vr:updated_time "
    "bt:moddate utime mtime cxenseparse:recs:articlemodified iso-8601-modified-date "
    "article.updated"
)
_LD_PUBLISHED = ("datePublished", "dateCreated", "uploadDate")
_LD_PAGES = word_set(
    "webpage medicalwebpage itempage aboutpage recipe howto imagegallery product review "
    "videoobject audioobject podcastepisode claimreview musicrecording interview quotation "
    "creativework event_ analysis column qapage photograph dataset book course"
)

_PUBLISHED_CLASS = re.compile(r"publi|posted|pub-?date|entry-date|created|erschien|publ", re.I)
_MODIFIED_CLASS = re.compile(r"modif|updat|aktualis|lastmod|revis", re.I)
_NOISE_CLASS = re.compile(
    r"comment|disqus|related|teaser|sidebar|side-bar|widget|popular|trending|latest|recent"
    r"|most-|mostread|recommend|carousel|promo|read-?more|more-|newsticker|breaking|archive"
    r"|navi|menu|ticker|calendar|events|similar|suggest|outbrain|taboola|feed|listing|copyright",
    re.I,
)
_NOISE_TAGS = frozenset(("aside", "nav", "form", "select", "blockquote", "figure"))
_PLAIN_TAGS = frozenset(("a", "li", "footer"))
_HAS_DATE = re.compile(r"\d")
_CODE = re.compile(r"""[{}=;<>\[\]]|\(\)|["']\s?:|function|https?:""")
_SCRIPT_DATE = re.compile(
    r'"(datePublished|publishedAt|published_at|publishDate|publish_date|publishedDate|pubDate'
    r"|firstPublished|first_published|datePublication|publicationDate|published_time|dateCreated"
    r'|createdAt|created_at)\\?"\s?:\s?\\?"([^"\\]{8,40})\\?"'
)
_SELECTOR = (
    "h1,time,abbr[title],[itemprop^=date],[class*=date i],[class*=time i],[class*=publi i],"
    "[id*=date i],[class*=byline i],[class*=posted i],[class*=meta i],[class*=datum i],"
    "[class*=info i],[class*=fecha i]"
)


def collect_html(
    tree: LexborHTMLParser,
    url: str | None,
    *,
    nodes: Sequence[jsonld.Node] | None = None,
) -> tuple[DateCandidate, ...]:
    """Return what the page says about its own dates, best placed first, at most 48 statements.

    ``nodes`` are those of ``jsonld.nodes(tree)`` when they have been read already. The tree is not
    changed. Nothing is parsed into a date here but where that tells a date line from other text.
    """
    found: list[DateCandidate] = [*_declared_language(tree)]
    found += _from_json_ld(jsonld.nodes(tree) if nodes is None else nodes, url)
    found += _from_meta(tree)
    found += _from_elements(tree)
    if not any(_is_firm(candidate) for candidate in found):
        found += _from_scripts(tree)
        found += _from_text(tree)
    found += from_url(url)
    return tuple(dict.fromkeys(found))[:MAX_CANDIDATES]


def _declared_language(tree: LexborHTMLParser) -> Iterator[DateCandidate]:
    root = tree.root
    tag = (root.attributes.get("lang") or "").strip() if root is not None else ""
    if tag:
        yield DateCandidate(KIND, "html:lang", tag[:35])


def _is_firm(candidate: DateCandidate) -> bool:
    """Say whether a statement is one that makes a search through the whole page needless."""
    if candidate.kind != "published" or "noise" in candidate.hints:
        return False
    lines = candidate.source in ("line", "time:text", "abbr")
    return not lines or read(candidate.raw) is not None


def _from_json_ld(nodes: Sequence[jsonld.Node], url: str | None) -> Iterator[DateCandidate]:
    own = jsonld.article(nodes, url=url)
    if own is not None:
        yield from _node_dates(own, "json-ld", ())
    for node in nodes[:40]:
        names = [name.lower() for name in jsonld.types(node)]
        if node is not own and any(name in _LD_PAGES for name in names):
            yield from _node_dates(node, "json-ld:page", (names[0],))


def _node_dates(node: jsonld.Node, source: str, hints: tuple[str, ...]) -> Iterator[DateCandidate]:
    for name in (*_LD_PUBLISHED, "dateModified"):
        for value in jsonld.strings(node.get(name))[:1]:
            kind = "modified" if name == "dateModified" else "published"
            yield DateCandidate(kind, source, value[:MAX_RAW], name, hints)


def _from_meta(tree: LexborHTMLParser) -> Iterator[DateCandidate]:
    for node in tree.css("head meta, body meta:not([itemprop])")[:400]:
        attributes = node.attributes
        content = attributes.get("content")
        if not content or len(content) > MAX_RAW or not _HAS_DATE.search(content):
            continue
        for key in ("property", "name", "itemprop", "http-equiv", "data-hid"):
            name = (attributes.get(key) or "").strip().lower()
            kind = _meta_kind(name)
            if kind and not (key == "http-equiv" and name in ("date", "last-modified", "time")):
                yield DateCandidate(kind, f"meta:{name}"[:60], content.strip(), "head")
                break


def _meta_kind(name: str) -> str | None:
    if name in _PUBLISHED_META:
        return "published"
    return "modified" if name in _MODIFIED_META else None


def _from_scripts(tree: LexborHTMLParser) -> Iterator[DateCandidate]:
    """Search the page's data scripts for a publication date when nothing else states one."""
    for script in tree.css("script:not([src])")[:60]:
        text = script.text() or ""
        match = _SCRIPT_DATE.search(text[:400_000]) if "ubl" in text or "reated" in text else None
        if match:
            yield DateCandidate("published", "script", match[2], match[1])
            return


def _from_text(tree: LexborHTMLParser) -> Iterator[DateCandidate]:
    body = tree.body
    if body is not None:
        heading = next((node for node in body.css("h1") if _text(node)), None)
        yield from scan(body, heading)


def _from_elements(tree: LexborHTMLParser) -> Iterator[DateCandidate]:
    """Read ``<time>``, microdata, elements whose class speaks of dates, lines at the title."""
    body = tree.body
    if body is None:
        return
    elements = _distinct(body.css(_SELECTOR))
    heading = next((node for node in elements if node.tag == "h1" and _text(node)), None)
    heights = _ancestors(heading)
    passed = heading is None
    taken: set[str] = set()
    order = 0
    for node in elements:
        if node.tag == "h1":
            passed = passed or (heading is not None and node.mem_id == heading.mem_id)
            continue
        for kind, source, raw in _statements(node):
            if raw in taken and source == "line":
                continue
            taken.add(raw)
            hints = (*_surroundings(node, heights), "after" if passed else "before", f"n{order}")
            order += 1
            yield DateCandidate(kind, source, raw, _path(node), hints)
        if order >= MAX_CANDIDATES - 16:
            break
    if heading is not None:
        yield from _near_heading(heading, taken)


def _distinct(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    seen: set[int] = set()
    return [
        node
        for node in nodes[: _MAX_ELEMENTS * 2]
        if node.mem_id not in seen and not seen.add(node.mem_id)  # type: ignore[func-returns-value]
    ][:_MAX_ELEMENTS]


def _text(node: LexborNode) -> str:
    return " ".join((node.text(separator=" ") or "").split())


def _statements(node: LexborNode) -> Iterator[tuple[str, str, str]]:
    """Yield kind, source and raw string of what one element says."""
    attributes = node.attributes
    itemprop = (attributes.get("itemprop") or "").lower()
    label = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {itemprop}"
    kind = "modified" if _MODIFIED_CLASS.search(label) else "published"
    text = _text(node)
    if node.tag == "time" or itemprop.startswith("date"):
        source = "microdata" if itemprop.startswith("date") else "time"
        if _PUBLISHED_CLASS.search(label) or "pubdate" in attributes:
            source, kind = "time:published" if source == "time" else source, "published"
        machine = attributes.get("datetime") or attributes.get("content") or attributes.get("title")
        if itemprop == "datemodified":
            kind = "modified"
        if machine and _HAS_DATE.search(machine):
            yield kind, source, machine.strip()[:MAX_RAW]
        if text and len(text) <= MAX_RAW and _HAS_DATE.search(text):
            yield kind, "time:text", text
    elif 5 <= len(text) <= MAX_RAW and _HAS_DATE.search(text):
        yield kind, "line", text
    elif node.tag == "abbr":
        yield kind, "abbr", (attributes.get("title") or "")[:MAX_RAW]


def _ancestors(node: LexborNode | None) -> Mapping[int, int]:
    heights: dict[int, int] = {}
    climbed = 0
    while node is not None and climbed < 60:
        heights[node.mem_id] = climbed
        node, climbed = node.parent, climbed + 1
    return heights


def _surroundings(node: LexborNode, heights: Mapping[int, int]) -> tuple[str, ...]:
    """Return hints on an element: how far up the title's ancestor is, and what it stands in."""
    hints: dict[str, None] = {}
    current: LexborNode | None = node
    for climbed in range(_MAX_CLIMB):
        if current is None or current.tag == "body":
            break
        height = heights.get(current.mem_id)
        if height is not None:
            hints[f"up{min(height, 9)}"] = None
            break
        tag = current.tag
        if tag in _NOISE_TAGS:
            hints["noise"] = None
        if tag in _PLAIN_TAGS:
            hints[tag] = None
        if climbed:
            attributes = current.attributes
            label = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
            if _NOISE_CLASS.search(label[:300]):
                hints["noise"] = None
        current = current.parent
    return tuple(hints)


def _path(node: LexborNode) -> str:
    label = (node.attributes.get("class") or node.attributes.get("id") or "").split()
    return f"{node.tag}.{label[0][:40]}" if label else str(node.tag)


def _near_heading(heading: LexborNode, taken: set[str]) -> Iterator[DateCandidate]:
    """Yield short lines with a number within the smallest ample ancestor of the title."""
    container = heading.parent
    title = _text(heading)
    text = ""
    for _ in range(6):
        if container is None or container.tag in ("html", "body"):
            break
        wider = container.text(separator="\n") or ""
        if len(wider) > 60_000:
            break
        text = wider
        if len(text) - len(title) > _NEIGHBOURHOOD:
            break
        container = container.parent
    lines = [" ".join(line.split()) for line in text[:60_000].split("\n")]
    lines = [line for line in lines if line]
    start = next((i for i, line in enumerate(lines) if line in title or title in line), 0)
    for distance in sorted(range(-8, 16), key=abs):
        index = start + distance
        if 0 <= index < len(lines) and distance:
            line = lines[index]
            if (
                5 <= len(line) <= MAX_RAW
                and _HAS_DATE.search(line)
                and not (line in taken or _CODE.search(line))
            ):
                taken.add(line)
                hints = ("after" if distance > 0 else "before", "near", f"n{abs(distance)}")
                yield DateCandidate("published", "line", line, "near:h1", hints)
