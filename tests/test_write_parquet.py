"""Files appear whole, once, and hold each id once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import apache_beam as beam
import pyarrow.parquet as pq
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from transforms import rows, write_parquet
from transforms.dead_letter import reject
from transforms.ledger import add
from transforms.model import RawDocument, Reason
from transforms.schema import REJECTED
from transforms.write_parquet import EncodedRow, WriteParquet, chunks, write_shard

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def encoded(number: int, content: bytes = b"") -> EncodedRow:
    """Return a dead letter's row with an id made of ``number``."""
    raw = RawDocument(f"doc-{number}", content, record_id=f"{number * 7919:032x}")
    letter = reject(raw, "Decode", Reason.EMPTY, "nothing in it")
    row = rows.rejected_row(letter, NOW)
    return raw.record_id, "Decode", "empty", rows.encode(row, REJECTED)


def check_write(
    output: Path, numbers: Sequence[int], expected: Mapping[str, int], shards: int = 2
) -> None:
    """Run WriteParquet over rows of these numbers and compare records by outcome."""
    with beam.Pipeline(FnApiRunner(), PipelineOptions([])) as pipeline:
        counts = (
            pipeline
            | beam.Create([encoded(number) for number in numbers])
            | WriteParquet(str(output), REJECTED, shards, NOW)
            | beam.CombinePerKey(add)
            | beam.MapTuple(lambda key, count: (key[0], count[0]))
        )
        assert_that(counts, equal_to(list(expected.items())))


def ids(output: Path) -> list[str]:
    """Return all ids of the table, repeats included."""
    files = sorted((output / "rejected").rglob("*.parquet"))
    return [row for file in files for row in pq.read_table(file)["source_id"].to_pylist()]


def test_each_row_is_written_once(tmp_path: Path) -> None:
    """A row that comes twice is a duplicate and stands in the table once."""
    check_write(tmp_path, [1, 2, 3, 4, 2], {"rejected": 4, "duplicate": 1})
    assert sorted(ids(tmp_path)) == ["doc-1", "doc-2", "doc-3", "doc-4"]


def test_a_second_run_writes_only_what_is_new(tmp_path: Path) -> None:
    """What the table holds already is counted, not repeated, whatever the number of shards."""
    check_write(tmp_path, [1, 2, 3], {"rejected": 3})
    check_write(tmp_path, [1, 2, 3, 4, 5], {"rejected": 2, "duplicate": 3}, shards=3)
    assert sorted(ids(tmp_path)) == [f"doc-{number}" for number in range(1, 6)]


def test_a_retried_shard_changes_nothing(tmp_path: Path) -> None:
    """The same rows get the same file name, so a retry finds its file there."""
    group = (0, {"known": [], "new": [encoded(1), encoded(2)]})
    first = list(write_shard(group, str(tmp_path), REJECTED, NOW))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    assert list(write_shard(group, str(tmp_path), REJECTED, NOW)) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == before


def test_a_crash_before_the_rename_leaves_no_torn_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be finished does not appear under the table's root, and says so."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("transforms.storage.os.fsync", fail)
    group = (0, {"known": [], "new": [encoded(1)]})
    with pytest.raises(OSError, match="No space left"):
        list(write_shard(group, str(tmp_path), REJECTED, NOW))
    assert not list(tmp_path.rglob("*.parquet"))


def test_files_carry_schema_version_checksums_and_statistics(tmp_path: Path) -> None:
    """A reader can tell the schema's version from the footer of any file."""
    data = write_parquet.parquet_bytes([encoded(1), encoded(2)], REJECTED)
    path = tmp_path / "part.parquet"
    path.write_bytes(data)
    file = pq.ParquetFile(path, page_checksum_verification=True)
    assert file.schema_arrow.metadata[b"copydesk.schema_version"] == b"1"
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert file.metadata.row_group(0).column(0).has_column_index
    assert file.read().num_rows == 2


def test_chunks_keep_order_and_limit() -> None:
    """Rows are cut into runs of at most the limit; one row larger than it stands alone."""
    small, large = encoded(1), encoded(2, b"x" * 50_000)
    limit = 2 * len(small[3]) + 1
    assert list(chunks([small, small, small, large], limit)) == [[small, small], [small], [large]]


def test_lone_surrogates_do_not_spoil_a_file() -> None:
    """A string no file can hold is mended, not fatal."""
    raw = RawDocument("bad\ud800id", b"", record_id="0" * 32)
    row = rows.rejected_row(reject(raw, "Decode", Reason.EMPTY, ""), NOW)
    batch = rows.decode(rows.encode(row, REJECTED), REJECTED)
    assert batch.column("source_id").to_pylist() == ["bad\ufffdid"]


def test_a_folder_named_like_a_pattern_is_only_itself(tmp_path: Path) -> None:
    """Brackets and stars in the output's name neither hide the table nor widen it."""
    output = tmp_path / "out [1]*"
    check_write(output, [1, 2], {"rejected": 2})
    check_write(output, [1, 2], {"duplicate": 2})
