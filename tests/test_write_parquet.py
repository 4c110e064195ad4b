"""Files appear whole, once, and hold each id once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import apache_beam as beam
import pyarrow.parquet as pq
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from tests.table_rows import NOW, numbered_letter, target
from transforms import rows
from transforms.dead_letter import reject
from transforms.ledger import add
from transforms.model import RawDocument, Reason
from transforms.part_files import chunks, parquet_bytes
from transforms.schema import REJECTED
from transforms.shard_writer import ShardWriter
from transforms.write_parquet import WriteParquet


def check_write(
    output: Path,
    numbers: Sequence[int],
    expected: Mapping[str, int],
    shards: int = 2,
    now: datetime = NOW,
) -> None:
    """Run WriteParquet over rows of these numbers and compare records by outcome."""
    with beam.Pipeline(FnApiRunner(), PipelineOptions([])) as pipeline:
        counts = (
            pipeline
            | beam.Create([numbered_letter(number) for number in numbers])
            | WriteParquet(target(output, shards, now=now))
            | beam.CombinePerKey(add)
            | beam.MapTuple(lambda key, count: (key[0], count[0]))
        )
        assert_that(counts, equal_to(list(expected.items())))


def finish_run(output: Path, now: datetime = NOW) -> None:
    """Leave the sign that a run has come to its end: its ledger."""
    ledger = output / "ledger" / f"{target(output, now=now).run_id}.parquet"
    ledger.parent.mkdir(exist_ok=True)
    ledger.touch()


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
    finish_run(tmp_path)
    later = NOW + timedelta(hours=1)
    check_write(tmp_path, [1, 2, 3, 4, 5], {"rejected": 2, "duplicate": 3}, shards=3, now=later)
    assert sorted(ids(tmp_path)) == [f"doc-{number}" for number in range(1, 6)]


def test_a_run_continues_one_that_never_finished(tmp_path: Path) -> None:
    """Rows of a run without a ledger belong to the ledger of the run that reads them again."""
    check_write(tmp_path, [1, 2, 3], {"rejected": 3})
    check_write(tmp_path, [1, 2, 3, 4], {"rejected": 4}, now=NOW + timedelta(hours=1))
    assert sorted(ids(tmp_path)) == [f"doc-{number}" for number in range(1, 5)]


def test_a_retried_shard_changes_nothing(tmp_path: Path) -> None:
    """The same rows are found in the table, by this process or another, and counted alike."""
    rows_again = [numbered_letter(1), numbered_letter(2), numbered_letter(1)]
    writer = ShardWriter(target(tmp_path))
    first = writer.write(0, rows_again)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert writer.write(0, rows_again) == first
    assert ShardWriter(target(tmp_path)).write(0, rows_again) == first
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before


def test_a_crash_before_the_rename_leaves_no_torn_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be finished does not appear under the table's root, and says so."""

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("transforms.publishing.os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        ShardWriter(target(tmp_path)).write(0, [numbered_letter(1)])
    assert not list(tmp_path.rglob("*.parquet*"))


def test_files_carry_schema_version_checksums_and_statistics(tmp_path: Path) -> None:
    """A reader can tell the schema's version from the footer of any file."""
    data = parquet_bytes([numbered_letter(1), numbered_letter(2)], REJECTED, NOW)
    path = tmp_path / "part.parquet"
    path.write_bytes(data)
    file = pq.ParquetFile(path, page_checksum_verification=True)
    assert file.schema_arrow.metadata[b"copydesk.schema_version"] == b"1"
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert file.metadata.row_group(0).column(0).has_column_index
    assert file.read().num_rows == 2


def test_chunks_keep_order_and_limit() -> None:
    """Rows are cut into runs of at most the limit; one row larger than it stands alone."""
    small, large = numbered_letter(1), numbered_letter(2, content=b"x" * 50_000)
    limit = 2 * len(small.data) + 1
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
    finish_run(output)
    check_write(output, [1, 2], {"duplicate": 2}, now=NOW + timedelta(hours=1))
