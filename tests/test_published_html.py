"""Candidates are found where pages state their dates, and nowhere else."""

import pickle
import time
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from transforms.model import DateCandidate
from transforms.published import collect_html
from transforms.published.html import MAX_CANDIDATES, MAX_RAW
from transforms.published.machine import parse_machine_date
from transforms.published.url import from_url


def collect(body: str, head: str = "", url: str | None = None) -> tuple[DateCandidate, ...]:
    """Return the candidates of a page with this head and body."""
    return collect_html(LexborHTMLParser(f"<head>{head}</head><body>{body}</body>"), url)


def find(found: tuple[DateCandidate, ...], source: str) -> list[str]:
    """Return the raw strings of the candidates from one source."""
    return [candidate.raw for candidate in found if candidate.source == source]


def test_json_ld_of_the_article_only() -> None:
    """The article's dates are taken, an organisation's founding and a teaser's date are not."""
    script = """<script type="application/ld+json">[
      {"@type": "Organization", "foundingDate": "1901-01-01"},
      {"@type": "ItemList", "itemListElement": [{"item":
        {"@type": "NewsArticle", "datePublished": "2024-01-01"}}]},
      {"@type": "NewsArticle", "datePublished": "2024-05-03T08:00:00+02:00",
       "dateModified": "2024-05-04T08:00:00+02:00",
       "video": {"@type": "VideoObject", "uploadDate": "2020-02-02"}}]</script>"""
    found = collect("<h1>Harbour</h1>", script)
    assert [(c.kind, c.raw) for c in found] == [
        ("published", "2024-05-03T08:00:00+02:00"),
        ("modified", "2024-05-04T08:00:00+02:00"),
    ]


def test_meta_names_and_kinds() -> None:
    """Publication and change are told apart; when the page was served is not a date of it."""
    head = """<meta property="article:published_time" content="2024-05-03T08:00:00Z">
      <meta name="Last-Modified" content="2024-05-04">
      <meta http-equiv="date" content="2024-06-01"><meta http-equiv="last-modified" content="2024">
      <meta name="viewport" content="width=320"><meta name="date" content="soon">"""
    found = collect("", head)
    assert [(c.kind, c.source) for c in found] == [
        ("published", "meta:article:published_time"),
        ("modified", "meta:last-modified"),
    ]


def test_elements_carry_hints_on_their_place() -> None:
    """The date under the title and that of a related teaser are told apart."""
    found = collect(
        """<article><header><h1>Ferry sinks</h1>
        <p class="pub-date">3 May 2024</p></header></article>
        <aside class="related"><ul><li><a href="/x">
        <time datetime="2024-04-01">1 April</time></a></li></ul></aside>"""
    )
    own = next(c for c in found if c.raw == "3 May 2024")
    other = next(c for c in found if c.raw == "2024-04-01")
    assert own.hints == ("up1", "after", "published")
    assert {"noise", "a", "li", "after"} <= set(other.hints)


def test_lines_near_the_title_without_any_class() -> None:
    """A plain line beside the title is found, program text in the same place is not."""
    found = collect(
        """<div><h1>Ferry sinks</h1><div>Harbour desk, 3 May 2024</div>
        <script>var now = new Date('2023-01-01');</script></div>"""
    )
    assert find(found, "line") == ["Harbour desk, 3 May 2024"]


def test_microdata_time_and_modified() -> None:
    """Item properties give kind and value; a class of change gives the kind."""
    found = collect(
        """<h1>T</h1><span itemprop="dateModified" content="2024-05-05">May 5</span>
        <span itemprop="datePublished" content="2024-05-03">May 3</span>
        <time class="updated" datetime="2024-05-06">x</time>"""
    )
    assert ("modified", "microdata", "2024-05-05") in {(c.kind, c.source, c.raw) for c in found}
    assert ("published", "microdata", "2024-05-03") in {(c.kind, c.source, c.raw) for c in found}
    assert ("modified", "time", "2024-05-06") in {(c.kind, c.source, c.raw) for c in found}


def test_the_whole_text_is_searched_only_when_nothing_else_speaks() -> None:
    """A label far from the title counts where the page states its date in no better place."""
    text = (
        "<h1>T</h1>" + "<p>Words and words.</p>" * 200 + "<dl><dt>Published:</dt><dd>3.5.2024</dd>"
    )
    scanned = [c for c in collect(text) if c.source == "scan"]
    assert [(c.raw, c.hints) for c in scanned] == [("3.5.2024", ("after", "labelled"))]
    meta = '<meta property="article:published_time" content="2024-05-03">'
    assert not find(collect(text, meta), "scan")


def test_data_scripts_are_a_last_resort() -> None:
    """A publication date in a script of data is found when nothing else states one."""
    script = '<script>window.data = {"publishDate":"2024-05-03T08:00:00Z"}</script>'
    assert find(collect("<h1>T</h1>" + script), "script") == ["2024-05-03T08:00:00Z"]


def test_the_tree_is_not_changed() -> None:
    """Collecting leaves the shared parse as it was."""
    tree = LexborHTMLParser("<body><h1>T</h1><p class=date>3 May 2024</p><script>1</script>")
    before = tree.html
    collect_html(tree, "https://news.example/2024/05/03/x")
    assert tree.html == before


def test_candidates_are_few_small_and_picklable() -> None:
    """A page full of dates yields a bounded number of bounded strings."""
    items = "".join(f'<p class="date">{d} May 2024 {"x" * 90}</p>' for d in range(1, 30)) * 40
    head = '<meta name="date" content="2024-05-03">' * 500
    found = collect("<h1>T</h1>" + items, head)
    assert len(found) <= MAX_CANDIDATES
    assert all(len(candidate.raw) <= MAX_RAW for candidate in found)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301


@pytest.mark.parametrize(
    "body",
    [
        "<div class=date>" * 5_000 + "1",
        "<time datetime='2024-01-01'>" * 20_000,
        "<h1>" + "1 May 2024 " * 50_000 + "</h1><p>2 May 2024",
        "<p>1 2 3" * 100_000,
        "<script>" + '"publishDate":"' * 60_000 + "</script>",
        "<div>" * 20_000 + "<h1>T</h1><p class=date>3 May 2024",
    ],
)
def test_hostile_pages_are_bounded(body: str) -> None:
    """Nesting, repetition and length take bounded time."""
    tree = LexborHTMLParser(body)
    started = time.process_time()
    assert len(collect_html(tree, None)) <= MAX_CANDIDATES
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://news.example/2024/05/03/ferry", "2024-05-03"),
        ("https://news.example/world/2024-5-3-ferry.html", "2024-05-03"),
        ("https://news.example/20240503-ferry", "2024-05-03"),
        ("https://news.example/2024/0503/c1-1.html", "2024-05-03"),
        ("https://news.example/2024/may/03/ferry", "2024-05-03"),
        ("https://news.example/A20240503141500012", "2024-05-03"),
        ("https://news.example/2024/05/ferry", "2024-05"),
        ("https://news.example/2024/13/45/ferry", None),
        ("https://news.example/ferry-1234567890", None),
        ("http://[broken", None),
        (None, None),
    ],
)
def test_url(url: str | None, value: str | None) -> None:
    """Days and months in paths are read, other numbers are not."""
    assert next((candidate.raw for candidate in from_url(url)), None) == value


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2024-05-03T08:15:30+02:00", "2024-05-03T08:15:30+02:00", "second"),
        ("2024-05-03T08:15:30.123456Z", "2024-05-03T08:15:30+00:00", "second"),
        ("2024-05-03T08:15+0200", "2024-05-03T08:15+02:00", "minute"),
        ("2024-05-03 08:15:30", "2024-05-03", "day"),
        ("2024-05-03 08:15:30 -05:00", "2024-05-03T08:15:30-05:00", "second"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00", "second"),
        ("20240503", "2024-05-03", "day"),
        ("20240503T081530Z", "2024-05-03T08:15:30+00:00", "second"),
        ("1714724130", "2024-05-03T08:15:30+00:00", "second"),
        ("1714724130000", "2024-05-03T08:15:30+00:00", "second"),
        ("Fri, 03 May 2024 08:15:30 GMT", "2024-05-03T08:15:30+00:00", "second"),
        ("Fri May 03 2024 08:15:30 GMT+0200 (CEST)", "2024-05-03T08:15:30+02:00", "second"),
        ("May 3, 2024", "2024-05-03", "day"),
        ("2024-05", "2024-05", "month"),
        ("2024", "2024", "year"),
    ],
)
def test_machine_dates(text: str, value: str, precision: str) -> None:
    """The forms that attributes and properties hold are read at their own precision."""
    parsed = parse_machine_date(text, language="en")
    assert parsed is not None
    assert (parsed.value, parsed.precision) == (value, precision)


@pytest.mark.parametrize(
    "text",
    ["", "true", "2024-13-01", "2024-02-30T10:00", "0000-00-00", "9" * 100, "1714724130000000",
     "2024-05-03T25:00:00Z", "2024-05-03T08:15:30+99:00x", "-1", "99999999999",
     "24-01-02", "01/02/03"],
)  # fmt: skip
def test_bad_machine_dates(text: str) -> None:
    """What is no date, or cannot be one, is none."""
    assert parse_machine_date(text, reference=datetime(2024, 6, 1, tzinfo=UTC)) is None
