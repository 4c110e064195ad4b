"""Streams through the sink and the ledger, on Prism, by a scripted clock."""

from collections import Counter
from pathlib import Path

import apache_beam as beam
import pyarrow.dataset as ds
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing import test_stream
from apache_beam.transforms.window import TimestampedValue

from pipeline.prism import prism_path
from pipeline.runner import NO_SPLITS
from tests.table_rows import NOW, STREAM, numbered_letter, target
from transforms.ledger import Entry, imbalance, read_ledger, tally
from transforms.part_files import EncodedRow
from transforms.write_ledger import WriteLedger
from transforms.write_parquet import WriteParquet

PRISM = prism_path()
START = 1_767_225_600
"""A minute's start, in Unix seconds."""

pytestmark = pytest.mark.skipif(not PRISM.exists(), reason="no Prism: make prism builds it")


def run(output: Path, events: test_stream.TestStream, shards: int = 1) -> None:
    """Send the rows of a scripted stream through sink and ledger."""
    flags = [
        "--runner=PrismRunner",
        f"--prism_location={PRISM}",
        "--environment_type=LOOPBACK",
        "--experiments=disable_prism_server_singleton",
        f"--experiments={NO_SPLITS}",
    ]
    sink = target(output, shards, stream=STREAM)
    with beam.Pipeline(options=PipelineOptions([*flags, "--streaming"])) as pipeline:
        rows = pipeline | events | beam.Map(lambda row: row).with_output_types(EncodedRow)
        came_in = rows | "In" >> beam.Map(count_in)
        (
            (came_in, rows | WriteParquet(sink))
            | beam.Flatten()
            | WriteLedger(str(output), sink.run_id, NOW, STREAM.window_seconds)
        )


def count_in(row: EncodedRow, timestamp: object = beam.DoFn.TimestampParam) -> Entry:
    """Return the ledger entry of a row that came in."""
    window = int(timestamp.micros / 1e6 // 60) * 60  # type: ignore[attr-defined]
    return tally("in", row.row_id, window=window)


def at(second: int, number: int, offset: int | None = None) -> TimestampedValue[EncodedRow]:
    """Return the row of a number, read at an offset, that arrived so long after the start."""
    row = numbered_letter(number, offset=number if offset is None else offset)
    return TimestampedValue(row, START + second)


def ids(output: Path) -> list[str]:
    """Return the source ids in the table, repeats included."""
    return sorted(ds.dataset(output / "rejected").to_table()["source_id"].to_pylist())


def windows(output: Path) -> dict[int, Counter[str]]:
    """Return records by outcome for each window of the ledger, by its start after START."""
    found: dict[int, Counter[str]] = {}
    entries = read_ledger(str(output), "stream-0")
    assert imbalance(entries) is None
    for (outcome, _, _, start), (records, _) in entries:
        assert start is not None
        found.setdefault(start - START, Counter())[outcome] += records
    return found


def test_late_and_repeated_rows_on_prism(tmp_path: Path) -> None:
    """Rows out of order and after the watermark go to the next file; a second one is counted."""
    events = (
        test_stream.TestStream()
        .advance_watermark_to(START)
        .add_elements([at(70, 2), at(10, 1)])
        .advance_processing_time(61)
        .advance_watermark_to(START + 200)
        .add_elements([at(20, 3), at(80, 2, offset=99)])
        .advance_processing_time(61)
        .add_elements([at(300, 4)])
        .advance_watermark_to_infinity()
    )
    run(tmp_path, events)
    assert ids(tmp_path) == ["doc-1", "doc-2", "doc-3", "doc-4"]
    assert windows(tmp_path) == {
        0: Counter({"in": 2, "rejected": 2}),
        60: Counter({"in": 2, "rejected": 1, "duplicate": 1}),
        300: Counter({"in": 1, "rejected": 1}),
    }
    assert len(list((tmp_path / "rejected").rglob("*.parquet"))) == 3
