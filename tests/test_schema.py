"""One schema: the README, the rows and the design agree with it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.cli import main
from pipeline.commands.schema import markdown
from transforms import rows
from transforms.dead_letter import reject
from transforms.model import Article, RawDocument, Reason
from transforms.schema import ARTICLES, REJECTED

NOW = datetime(2026, 1, 2, tzinfo=UTC)
RAW = RawDocument("doc", b"x" * 10, record_id="0" * 32)


def test_readme_holds_the_column_table(root: Path) -> None:
    """The README's columns are the schema's, word for word."""
    assert markdown(ARTICLES) in (root / "README.md").read_text(encoding="utf-8")


def test_an_article_row_has_every_column_in_order() -> None:
    """No column is forgotten and none invented."""
    row = rows.article_row(Article(RAW, text="a"), NOW)
    assert list(row) == [column.name for column in ARTICLES.columns]


def test_a_rejected_row_has_every_column_in_order() -> None:
    """No column is forgotten and none invented."""
    row = rows.rejected_row(reject(RAW, "Decode", Reason.EMPTY, ""), NOW)
    assert list(row) == [column.name for column in REJECTED.columns]


def test_instants_are_utc_microseconds_and_days_are_dates() -> None:
    """Readers need not guess a zone or a unit."""
    types = {column.name: column.type for column in ARTICLES.columns}
    assert types["published_at"] == types["ingested_at"] == pa.timestamp("us", "UTC")
    assert types["published_date"] == pa.date32()


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_schema_command_names_every_column(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`copydesk schema` tells all columns in each form."""
    assert main(["schema", "--format", form]) == 0
    printed = capsys.readouterr().out
    assert all(column.name in printed for column in ARTICLES.columns)
    if form == "json":
        assert len(json.loads(printed)["columns"]) == len(ARTICLES.columns)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.org:8080/a", "example.org"),
        ("http://[::1", None),
        ("not a url", None),
        (None, None),
    ],
)
def test_domain(url: str | None, host: str | None) -> None:
    """The host in lower case, without www; None where there is none."""
    assert rows.domain(url) == host
