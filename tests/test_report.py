"""``copydesk report`` counts what is there, and shows hostile text as text."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.report import charts
from pipeline.report.collect import collect
from tests.table_rows import article_row, letter_row, target
from transforms.dead_letter import reject
from transforms.ledger import Entry, add, tally, write_ledger
from transforms.model import (
    Article,
    Block,
    BlockKind,
    LanguageSpan,
    PageMetadata,
    Publication,
    RawDocument,
    Reason,
)
from transforms.schema import ARTICLES
from transforms.shard_writer import ShardWriter

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
HOSTILE = "</p><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202e\"'&"


def article(number: int) -> Article:
    """Return an article made of ``number``."""
    blocks = (
        Block(f"Title {number}", BlockKind.TITLE, False, "title:first", 0.9),
        Block("word " * (10 + number) + "end"),
        Block("Share", BlockKind.SHARE, False, "phrase", 0.8),
    )
    day = date(2025, 3, 1) + timedelta(days=number % 7)
    return Article(
        RawDocument(
            f"doc-{number}",
            b"",
            url=f"https://www.site{number % 3}.example/{number}",
            record_id=f"{number * 2654435761 % 2**64:032x}",
        ),
        blocks=blocks,
        page=PageMetadata(title=f"Title {number}", authors=("Ann Example",)),
        text=blocks[1].text,
        extraction_confidence=0.95,
        language=("en", "de", None)[number % 3],
        is_mixed=number % 4 == 0,
        language_spans=(LanguageSpan("mur", "pl", 1.0, "caption"),) if number % 4 == 0 else (),
        publication=Publication(day.isoformat(), "day", day=day, confidence=number / 30)
        if number % 5
        else Publication(),
    )


def write(output: Path, articles: list[Article], letters: int = 4) -> None:
    """Write articles, two to a file, dead letters, and the ledger of both."""
    outcomes: list[Entry] = []
    rejected = target(output)
    writer = ShardWriter(replace(rejected, table=ARTICLES))
    for start in range(0, len(articles), 2):
        outcomes += writer.write(0, [article_row(one) for one in articles[start : start + 2]])
    writer = ShardWriter(rejected)
    for number in range(letters):
        raw = RawDocument(f"bad-{number}{HOSTILE}", b"x", record_id=f"{number + 2**70:032x}")
        letter = reject(raw, "Decode", Reason.EMPTY, f"nothing in it {HOSTILE}")
        outcomes += writer.write(0, [letter_row(letter)])
    entries = [*outcomes, *((("in", None, None, None), count) for _, count in outcomes)]
    keys = {key: [count for other, count in entries if other == key] for key, _ in entries}
    write_ledger("run-1", str(output), NOW, [(key, add(counts)) for key, counts in keys.items()])


class Page(HTMLParser):
    """The text of a page and its tags with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count the tag and note its attributes."""
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        """Gather the text."""
        self.text += data + " "


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Write a folder with 30 articles and 4 dead letters."""
    write(tmp_path / "out", [article(number) for number in range(30)])
    return tmp_path / "out"


def report(output: Path) -> Page:
    """Run the command and return its page."""
    assert main(["report", str(output)]) == 0
    return Page((output / "report.html").read_text(encoding="utf-8"))


def test_figures_are_those_of_the_tables(output: Path) -> None:
    """Every count agrees with what was written."""
    found = collect(str(output))
    articles = found.articles
    assert articles.rows == 30
    assert articles.languages == {"en": 10, "de": 10, None: 10}
    assert articles.mixed == 8
    assert articles.foreign == {"pl": 8}
    assert articles.precisions == {"day": 24, None: 6}
    assert sum(articles.days.values()) == 24
    assert sum(articles.published_confidence.values()) == 24
    assert articles.extraction_confidence == {9: 30}
    assert articles.removed == {"title": 30, "share": 30}
    assert articles.removed_characters["share"] == 150
    assert articles.domains == {f"site{number}.example": 10 for number in range(3)}
    assert articles.characters == sum(len(article(number).text) for number in range(30))
    assert [row["title"] for row in articles.longest] == [f"Title {n}" for n in range(29, 24, -1)]
    assert [row["title"] for row in articles.shortest] == [f"Title {n}" for n in range(5)]
    assert found.rejections.counts == {("Decode", "empty"): 4}
    assert len(list(articles.sample)) == 20


def test_the_sample_does_not_depend_on_the_files(output: Path, tmp_path: Path) -> None:
    """The same rows in other files give the same page, the folder's name aside."""
    other = tmp_path / "other"
    write(other, [article(number) for number in reversed(range(30))])
    first, second = (report(folder).text for folder in (output, other))
    assert first.replace(str(output), "") == second.replace(str(other), "")


def test_the_page_needs_nothing_from_outside(output: Path) -> None:
    """No script, no link, no image; the page forbids them, too."""
    page = report(output)
    assert not {"script", "link", "img", "iframe", "a"} & page.tags.keys()
    assert not {name for name in page.attributes if name.startswith("on")}
    assert not {"src", "href"} & page.attributes
    assert "default-src 'none'" in (output / "report.html").read_text(encoding="utf-8")


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    """Whatever field it stands in, markup is escaped and control characters are shown."""
    hostile = article(1)
    blocks = (Block(HOSTILE, BlockKind.OTHER, False, HOSTILE), Block(HOSTILE))
    hostile = replace(
        hostile,
        raw=replace(hostile.raw, source_id=HOSTILE, url=f"https://{HOSTILE}/"),
        blocks=blocks,
        page=PageMetadata(title=HOSTILE, authors=(HOSTILE,), canonical_url=HOSTILE),
        text=HOSTILE,
        language=HOSTILE,
        publication=Publication(HOSTILE, HOSTILE),
    )
    write(tmp_path, [hostile])
    page = report(tmp_path)
    assert not {"script", "img"} & page.tags.keys()
    assert "onerror" not in page.attributes
    assert page.text.count("<script>alert(1)</script>") > 8
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", page.text)


def test_it_says_that_the_ledger_adds_up(output: Path) -> None:
    """Records in equal articles and rejected, and the tables hold as many."""
    assert "Every ledger adds up" in report(output).text


def test_it_says_by_how_much_the_ledger_does_not(output: Path) -> None:
    """A lost record is named, with the run it was lost in."""
    lost = [(("in", None, None, None), tally("in", "1" * 32)[1])]
    write_ledger("run-2", str(output), NOW, lost)
    text = report(output).text
    assert "Run run-2: 1 records came in but 0 are accounted for: 1 lost" in text
    assert "Every ledger" not in text


def test_it_says_when_a_table_has_lost_rows(output: Path) -> None:
    """Rows that the ledger counted and the table does not have are missed."""
    next((output / "articles").rglob("*.parquet")).unlink()
    assert "The table articles holds 28 rows; the ledgers say 30." in report(output).text


@pytest.mark.parametrize("damage", ["version", "footer"])
def test_a_file_that_cannot_be_read_is_named(
    output: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    """The page is written of the others, the exit code says that something is missing."""
    bad = next((output / "articles").rglob("*.parquet"))
    if damage == "version":
        table = pq.read_table(bad)
        metadata = {**table.schema.metadata, b"copydesk.schema_version": b"0"}
        pq.write_table(table.replace_schema_metadata(metadata), bad)
    else:
        bad.write_bytes(bad.read_bytes()[:-5])
    assert main(["report", str(output)]) == 1
    assert bad.name in capsys.readouterr().err
    page = Page((output / "report.html").read_text(encoding="utf-8"))
    assert bad.name in page.text
    assert "holds 28 rows" in page.text


def test_an_empty_output_makes_a_page(tmp_path: Path) -> None:
    """A run without records has a ledger and no tables."""
    write_ledger("run-1", str(tmp_path), NOW, [])
    page = report(tmp_path)
    assert "no date is known" in page.text
    assert page.tags["section"] == 6


def test_the_page_goes_where_it_is_asked_to(output: Path, tmp_path: Path) -> None:
    """``--output`` names the file; one that is there is replaced."""
    target = tmp_path / "page.html"
    target.write_text("old")
    assert main(["report", str(output), "--output", str(target)]) == 0
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert not (output / "report.html").exists()


def test_wrong_use_gets_one_line(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that is no output, and a page that cannot be written."""
    assert main(["report", str(tmp_path / "nothing")]) == 2
    assert "holds no output of copydesk" in capsys.readouterr().err
    assert main(["report", str(output), "--output", str(output)]) == 2
    assert "cannot write" in capsys.readouterr().err


def labels(svg: str) -> Iterator[str]:
    """Yield the titles of a chart's columns."""
    yield from re.findall(r"<rect[^>]*><title>([^<]*)</title>", svg)


@pytest.mark.parametrize(
    ("span", "first"), [(20, "2000-01-01: 1"), (2000, "2000-01: 31"), (30000, "2000: 366")]
)
def test_the_histogram_chooses_its_unit(span: int, first: str) -> None:
    """Days, months or years, so that a chart has room for them."""
    start = date(2000, 1, 1)
    svg = charts.days(Counter(start + timedelta(days=number) for number in range(span)))
    found = list(labels(svg))
    assert len(found) <= charts.MAX_BARS
    if span < 100:
        assert found[0] == first
    else:
        assert first.split(":")[0] in svg


def test_one_stray_date_does_not_flatten_the_histogram() -> None:
    """It is counted beside the chart."""
    days = Counter({date(2025, 1, day): 50 for day in range(1, 11)})
    days[date(1901, 1, 1)] = 1
    svg = charts.days(days)
    assert len(list(labels(svg))) == 10
    assert "1 before and 0 after" in svg


def test_extreme_dates_make_a_chart() -> None:
    """The first and the last day there are do not break it."""
    assert "<svg" in charts.days(Counter({date.min: 1, date.max: 1}))
