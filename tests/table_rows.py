"""Rows for tests of the tables, and ways to write them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from transforms import rows
from transforms.dead_letter import reject
from transforms.model import Article, RawDocument, Reason, Rejected
from transforms.part_files import EncodedRow, order, parquet_bytes
from transforms.part_names import part_path
from transforms.publishing import publish
from transforms.schema import ARTICLES, REJECTED, Table
from transforms.shard_writer import Stream, Target

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
STREAM = Stream(window_seconds=60, deduplicate_within_seconds=3600)


def article_row(article: Article, now: datetime = NOW) -> EncodedRow:
    """Return the row of an article as it comes to the sink."""
    raw, data = article.raw, rows.encode(rows.article_row(article, now), ARTICLES)
    return EncodedRow(raw.record_id, raw.source_file, raw.source_offset, data)


def letter_row(letter: Rejected, arrived: float | None = None) -> EncodedRow:
    """Return the row of a dead letter as it comes to the sink, at a time in Unix seconds."""
    raw, data = letter.raw, rows.encode(rows.rejected_row(letter, NOW), REJECTED)
    moment = None if arrived is None else round(arrived * 1e6)
    place = raw.record_id, raw.source_file, raw.source_offset
    return EncodedRow(*place, data, letter.stage, str(letter.reason), moment)


def numbered_letter(
    number: int,
    *,
    content: bytes = b"",
    offset: int | None = None,
    arrived: float | None = None,
) -> EncodedRow:
    """Return a dead letter's row with an id made of ``number``, read at ``offset``."""
    raw = RawDocument(
        f"doc-{number}",
        content,
        record_id=f"{number * 7919 * 2**90:032x}",
        source_file="kafka://news/0",
        source_offset=offset,
    )
    return letter_row(reject(raw, "Decode", Reason.EMPTY, "nothing in it"), arrived)


def publish_rows(
    output: Path, encoded: Sequence[EncodedRow], table: Table, now: datetime = NOW
) -> None:
    """Put a file into a table with no regard to what the table holds, and with no record."""
    listed = sorted(encoded, key=order)
    path = part_path(table.name, [row.row_id for row in listed], now, None)
    publish(str(output), path, parquet_bytes(listed, table, now))


def target(
    output: Path, shards: int = 1, *, stream: Stream | None = None, now: datetime = NOW
) -> Target:
    """Return the table ``rejected`` of an output folder as what a run or a stream writes."""
    run_id = f"{now:%Y%m%dT%H%M%S%fZ}-0" if stream is None else "stream-0"
    return Target(str(output), REJECTED, shards, run_id, now, stream=stream)
