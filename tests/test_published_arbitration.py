"""One date is chosen among what a page says, with its zone and its likelihood, or none."""

from datetime import UTC, date, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from transforms.model import Block, BlockKind, DateCandidate, Publication
from transforms.published import arbitrate, collect_html, collect_text

FETCHED = datetime(2024, 6, 1, 9, 30, tzinfo=UTC)


def publication(
    html: str,
    *,
    url: str | None = None,
    fetched_at: datetime | None = FETCHED,
    headers: tuple[tuple[str, str], ...] = (),
    language: str | None = "en",
) -> Publication:
    """Return what is made of a page."""
    candidates = collect_html(LexborHTMLParser(html), url)
    return arbitrate(candidates, url=url, fetched_at=fetched_at, headers=headers, language=language)


def from_text(*lines: str, fetched_at: datetime | None = FETCHED) -> Publication:
    """Return what is made of a plain text with one block per line."""
    offset, blocks = 0, []
    for line in lines:
        blocks.append(Block(line, source_start=offset, source_end=offset + len(line)))
        offset += len(line) + 1
    return arbitrate(
        collect_text(blocks), url=None, fetched_at=fetched_at, headers=(), language="en"
    )


def meta(name: str, content: str) -> str:
    """Return a meta element."""
    return f'<meta property="{name}" content="{content}">'


PUBLISHED = "article:published_time"
PROSE = "The harbour office said the ferry had been checked twice in the past year. " * 4


def test_minute_and_zone_are_kept() -> None:
    """A timestamp with a zone keeps its local time, and gives the instant."""
    got = publication(meta(PUBLISHED, "2024-05-03T23:30:00+02:00") + "<h1>T</h1>")
    assert got.published == "2024-05-03T23:30:00+02:00"
    assert got.precision == "second"
    assert got.at == datetime(2024, 5, 3, 21, 30, tzinfo=UTC)
    assert got.day == date(2024, 5, 3)
    assert got.source == "meta:article:published_time"
    assert got.raw == "2024-05-03T23:30:00+02:00"


def test_a_naive_time_is_a_day() -> None:
    """Without a zone anywhere, a time of day is not turned into an instant."""
    got = publication(meta(PUBLISHED, "2024-05-03T23:30:00") + "<h1>T</h1>")
    assert (got.published, got.precision, got.at) == ("2024-05-03", "day", None)


def test_a_naive_time_gets_the_zone_another_statement_shows() -> None:
    """The offset of the page's own change a day later holds for its publication."""
    got = publication(
        meta(PUBLISHED, "2024-05-03T23:30:00")
        + meta("article:modified_time", "2024-05-04T08:00:00+02:00")
        + "<h1>T</h1>"
    )
    assert got.published == "2024-05-03T23:30+02:00"
    assert got.modified_at == datetime(2024, 5, 4, 6, tzinfo=UTC)


def test_the_day_is_the_one_the_page_shows() -> None:
    """An instant given in UTC falls on the day that the visible line in local time shows."""
    got = publication(
        meta(PUBLISHED, "2024-05-03T22:15:00Z") + '<h1>T</h1><p class="date">4 May 2024, 00:15</p>'
    )
    assert got.published == "2024-05-04T00:15:00+02:00"
    assert got.day == date(2024, 5, 4)
    assert got.at == datetime(2024, 5, 3, 22, 15, tzinfo=UTC)


def test_the_country_tells_the_zone_of_another_day_shown() -> None:
    """An Italian page that states 23:15 UTC and shows the next day is in its country's zone."""
    page = meta(PUBLISHED, "2024-05-03T23:15:00Z") + "<h1>T</h1><p class=date>4/5/2024</p>"
    got = publication(page, url="https://news.example.it/t", language="it")
    assert got.published == "2024-05-04T01:15:00+02:00"
    nowhere = publication(page, url="https://news.example.com/t", language="it")
    assert nowhere.published is not None
    assert not nowhere.published.endswith("+02:00")


def test_agreement_makes_sure() -> None:
    """A statement that others confirm is likelier right than one alone."""
    alone = publication(meta(PUBLISHED, "2024-05-03T10:00:00+02:00"))
    confirmed = publication(
        meta(PUBLISHED, "2024-05-03T10:00:00+02:00")
        + '<script type="application/ld+json">{"@type":"NewsArticle",'
        '"datePublished":"2024-05-03T10:00:00+02:00"}</script>'
        + '<h1>T</h1><p class="date">3 May 2024</p>',
        url="https://news.example/2024/05/03/t",
    )
    assert alone.confidence is not None
    assert confirmed.confidence is not None
    assert 0.9 < confirmed.confidence <= 1
    assert alone.confidence < confirmed.confidence


def test_nothing_is_invented() -> None:
    """A page whose only dates are those of other articles, or none at all, has no date."""
    teasers = "".join(
        f'<li class="related-teaser"><a href="/x"><time datetime="2024-05-0{day}">x</time></a></li>'
        for day in range(1, 8)
    )
    for body in ("<p>No date.</p>", f"<ul>{teasers}</ul>", "<footer>© 2024 Harbour News</footer>"):
        assert publication(f"<h1>T</h1><p>{PROSE}</p>{body}").published is None


def test_the_fetch_is_a_bound_and_never_an_answer() -> None:
    """What lies after the fetch, or after the last change in the header, is no candidate."""
    future = meta(PUBLISHED, "2024-06-05T10:00:00Z") + "<h1>T</h1>"
    assert publication(future).published is None
    assert publication(future, fetched_at=None).published is not None
    header = (("Last-Modified", "Fri, 03 May 2024 08:15:30 GMT"),)
    assert publication(future, fetched_at=None, headers=header).published is None
    assert publication("<h1>T</h1>", headers=header).published is None


def test_before_the_web_is_no_publication() -> None:
    """A date before the language had a web is not believed."""
    assert publication(meta(PUBLISHED, "1991-05-03")).published is None
    assert publication(meta(PUBLISHED, "1998-05-03"), language="bn").published is None


def test_relative_lines_count_back_from_the_fetch() -> None:
    """Minutes ago give the minute, and source and raw say what was read."""
    html = '<h1>T</h1><time class="published">20 minutes ago</time>'
    got = publication(html)
    assert got.published == "2024-06-01T09:10+00:00"
    assert got.raw == "20 minutes ago"
    assert publication(html, fetched_at=None).published is None


def test_region_settles_day_and_month() -> None:
    """A numeric date follows the declared region, the path's or the domain's."""
    line = '<h1>T</h1><p class="date">Published 03/04/2024</p>'
    for tag, url, day in (
        ("en-GB", None, "2024-04-03"),
        ("en-US", None, "2024-03-04"),
        ("en", "https://news.example.co.uk/t", "2024-04-03"),
        ("en", "https://news.example/en-au/t", "2024-04-03"),
    ):
        got = publication(f'<html lang="{tag}">{line}', url=url)
        assert got.published == day


def test_a_change_is_kept_apart() -> None:
    """The time of change is no publication, and not given when it comes before it."""
    changed = meta("article:modified_time", "2024-05-02T10:00:00Z")
    got = publication(meta(PUBLISHED, "2024-05-03T10:00:00Z") + changed + "<h1>T</h1>")
    assert got.published == "2024-05-03T10:00:00+00:00"
    assert got.modified_at is None


def test_broken_headers_are_passed_over() -> None:
    """A header that is no date bounds nothing."""
    got = publication(meta(PUBLISHED, "2024-05-03"), headers=(("last-modified", "yesterday-ish"),))
    assert got.published == "2024-05-03"


def test_the_order_of_rivals_does_not_matter() -> None:
    """The same statements in another order give the same answer."""
    candidates = (
        DateCandidate("published", "meta:date", "2024-05-03"),
        DateCandidate("published", "json-ld", "2024-05-04T10:00:00+02:00", "datePublished"),
        DateCandidate("published", "url", "2024-05-04"),
    )
    answers = {
        arbitrate(order, url=None, fetched_at=None, headers=(), language="en").published
        for order in (candidates, candidates[::-1])
    }
    assert answers == {"2024-05-04T10:00:00+02:00"}


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (('date 2024-05-03 "Adrift"', "Ferry adrift off the harbour", PROSE), "2024-05-03"),
        (("Ferry adrift", "By Jane Carter", "May 3, 2024", PROSE), "2024-05-03"),
        (("Ferry adrift", "Published: 3 May 2024 10:15", PROSE, PROSE), "2024-05-03"),
        (("Ferry adrift", "ABERVILLE, May 3, 2024 (HN) — " + PROSE), "2024-05-03"),
        (("Ferry adrift", PROSE, "It ran aground on 3 May 2024.", PROSE), None),
        (("Ferry adrift", "Date:", "Share post:", PROSE), None),
    ],
)
def test_plain_text(lines: tuple[str, ...], day: str | None) -> None:
    """Header lines, date lines and datelines of a text give its date; its prose does not."""
    assert from_text(*lines).published == day


def test_related_blocks_and_comments_are_not_read() -> None:
    """Dates of other articles and of readers' comments are no candidates."""
    kinds = (BlockKind.RELATED, BlockKind.COMMENT, BlockKind.CAPTION, BlockKind.LEGAL)
    blocks = [Block(PROSE), *(Block("3 May 2024", kind) for kind in kinds)]
    assert collect_text(blocks) == ()


def test_a_text_candidate_knows_its_place() -> None:
    """The place of a plain text's candidate is its offset into the source."""
    blocks = [Block("T", source_start=0), Block("3 May 2024", source_start=17), Block(PROSE)]
    assert [candidate.place for candidate in collect_text(blocks)] == ["17"]
