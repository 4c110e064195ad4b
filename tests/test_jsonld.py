"""JSON-LD is read from real-shaped pages, broken ones and hostile ones."""

import json
import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from transforms import jsonld


def page(*scripts: str, kind: str = "application/ld+json") -> LexborHTMLParser:
    """Return a page with the given JSON-LD scripts."""
    body = "".join(f'<script type="{kind}">{script}</script>' for script in scripts)
    return LexborHTMLParser(f"<html><head>{body}</head><body><p>Text</p></body></html>")


def headlines(tree: LexborHTMLParser) -> list[object]:
    """Return the headlines of the page's article nodes."""
    return [node.get("headline") for node in jsonld.nodes(tree) if jsonld.is_article(node)]


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"Ferry","image":{"@type":"ImageObject"}}',
        '[{"@type":"Organization"},{"@type":"NewsArticle","headline":"Ferry"}]',
        '{"@graph":[{"@type":"WebSite"},{"@type":["Article","NewsArticle"],"headline":"Ferry"}]}',
        '{"@type":"WebPage","mainEntity":{"@type":"Article","headline":"Ferry"}}',
        '{"@type":"http://schema.org/NewsArticle","headline":"Ferry"}',
        '{"@type":"schema:NewsArticle","headline":"Ferry"};',
        '{"@type":"newsarticle","headline":"Ferry"}',
        '{"@type":"NewsArticle","headline":"Ferry","description":"two\nlines\tand a tab"}',
        '{"@type":"NewsArticle","headline":"Ferry","keywords":["a","b",],}',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Ferry"}\n//]]>',
        '/* <![CDATA[ */{"@type":"NewsArticle","headline":"Ferry"}/* ]]> */',
        '<!-- {"@type":"NewsArticle","headline":"Ferry"} -->',
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Ferry&quot;}",
        '{"@type":"Organization"}\n{"@type":"NewsArticle","headline":"Ferry"}',
        '{"@type":"NewsArticle","headline":"Ferry","description":"a "bad" quote","url":"u"',
        '{"@type":"NewsArticle","headline":"Ferry","wordCount":' + "9" * 6000 + "}",
        '{"@type":"NewsArticle","headline":"Ferry","ratio":NaN}',
    ],
)
def test_finds_the_article(script: str) -> None:
    """Every usual shape and every usual mistake still yields the article's node."""
    assert headlines(page(script)) == ["Ferry"]


def test_type_attribute_is_read_loosely() -> None:
    """The script's type may have capitals and parameters."""
    tree = page('{"@type":"Article","headline":"A"}', kind="Application/LD+JSON; charset=utf-8")
    assert headlines(tree) == ["A"]


def test_teasers_are_not_the_pages_nodes() -> None:
    """Articles inside item lists, parts and mentions stay inside their parents."""
    teaser = {"@type": "NewsArticle", "headline": "Teaser"}
    item_list = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": teaser}]}
    own = {"@type": "Article", "headline": "Own", "hasPart": [teaser], "mentions": teaser}
    assert headlines(page(json.dumps(item_list), json.dumps(own))) == ["Own"]


def test_article_by_url_title_and_order() -> None:
    """Of several articles, the one with the page's URL wins, then its title, then the first."""
    first = {"@type": "Article", "headline": "First", "url": "https://news.example/first"}
    second = {
        "@type": "Article",
        "headline": "Second &amp; last",
        "mainEntityOfPage": {"@id": "https://www.news.example/second/?utm_source=mail"},
    }
    found = jsonld.nodes(page(json.dumps([first, second])))
    articles = [node for node in found if jsonld.is_article(node)]
    assert jsonld.article(articles, url="https://news.example/second") == second
    assert jsonld.article(articles, title="Second & Last") == second
    assert jsonld.article(articles, url="https://news.example/other") == first
    assert jsonld.article([]) is None


def test_a_list_of_teasers_has_no_own_article() -> None:
    """Four articles none of which is the page's are no statement on the page."""
    listed = [{"@type": "Article", "headline": f"Teaser {number}"} for number in range(4)]
    found = jsonld.nodes(page(json.dumps(listed)))
    assert len(found) == 4
    assert jsonld.article(found, url="https://news.example/x", title="Own") is None


def test_references_are_resolved() -> None:
    """A bare reference by id yields the node it points to."""
    graph = [
        {"@type": "Article", "author": {"@id": "#p"}},
        {"@type": "Person", "@id": "#p", "name": "Ada Nowak"},
    ]
    found = jsonld.nodes(page(json.dumps({"@graph": graph})))
    assert jsonld.strings(jsonld.resolve(found[0]["author"], found)) == ["Ada Nowak"]
    assert jsonld.resolve({"@id": "#unknown"}, found) == {"@id": "#unknown"}


def test_strings() -> None:
    """Strings come out of values, names and lists; anything else is left out."""
    value = [" a ", {"name": "b"}, {"@value": "c"}, {"name": 3}, 4, None, "", ["d"]]
    assert jsonld.strings(value) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "script",
    [
        "[" * 200_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        "[" * 50_000 + "]" * 50_000,
        '{"@type":"Article",' + '"datePublished"' + " " * 300_000,
        "," * 300_000,
        ", " * 200_000,
        '"@type":"Article' * 20_000,
        "[" + ",".join(['{"@type":"Article"}'] * 50_000) + "]",
        "<!--" * 100_000,
        "/" * 300_000,
        "",
        "null",
        '"Article"',
        "[1, [2, null]]",
    ],
)
def test_hostile_scripts_are_bounded(script: str) -> None:
    """Nesting, length and repetition neither raise nor take more than linear time."""
    tree = page(script)
    started = time.process_time()
    assert len(jsonld.nodes(tree)) <= jsonld.MAX_NODES
    assert time.process_time() - started < 1.0


def test_oversized_scripts_are_passed_over() -> None:
    """A script over the limit is not parsed, the next one is."""
    big = '{"@type":"Article","headline":"' + "x" * jsonld.MAX_SCRIPT_CHARS + '"}'
    assert headlines(page(big, '{"@type":"Article","headline":"Small"}')) == ["Small"]


def test_invalid_urls_do_not_raise() -> None:
    """URLs that cannot be parsed are compared as they are."""
    found = jsonld.nodes(page('[{"@type":"Article","url":"http://[bad"},{"@type":"Article"}]'))
    assert jsonld.article(found, url="http://[bad") is found[0]
