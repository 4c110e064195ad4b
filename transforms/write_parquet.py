"""WriteParquet: each row once into the files of a table, whatever is replayed or regrouped."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms import trigger, window
from apache_beam.utils.shared import Shared

from transforms.ledger import Entry
from transforms.part_files import EncodedRow
from transforms.part_names import shard_of
from transforms.shard_writer import ShardWriter, Target
from transforms.spill import spill

PANE_ROWS = 2000
"""Rows of a shard after which a stream writes a file without waiting for the clock."""


@dataclass(eq=False)
class WriteParquet(beam.PTransform[PCollection[EncodedRow], PCollection[Entry]]):
    """Writes each row once to ``output/TABLE/ingest_date=…/part-….parquet``.

    Rows whose id the table holds already, or that come twice, are not written again. Yields the
    ledger entries of what was written and what was not. A stream's rows go to a file per shard
    and window of the clock, late ones to the next file.
    """

    target: Target

    def expand(self, encoded: PCollection[EncodedRow]) -> PCollection[Entry]:
        """Group rows by shard, by and by when there is no end to them, then write each shard."""
        target = self.target
        keyed = encoded | "KeyRows" >> beam.Map(key_row, target)
        if target.stream is not None:
            keyed = keyed | "Gather" >> beam.WindowInto(
                window.GlobalWindows(),
                trigger=trigger.Repeatedly(
                    trigger.AfterAny(
                        trigger.AfterCount(PANE_ROWS),
                        trigger.AfterProcessingTime(target.stream.window_seconds),
                    )
                ),
                accumulation_mode=trigger.AccumulationMode.DISCARDING,
            )
        return (
            keyed
            | "GroupByShard" >> beam.GroupByKey()
            | "WriteShard" >> beam.ParDo(_WriteShard(target))
        )


def key_row(
    row: EncodedRow,
    target: Target,
    timestamp: Any = beam.DoFn.TimestampParam,
) -> tuple[int, EncodedRow]:
    """Return a row, in a stream with its time of arrival, behind the number of its shard."""
    arrived = None if target.stream is None else timestamp.micros
    data = row.data
    if target.spill is not None and isinstance(data, bytes):
        data = spill(target.spill, data)
    return shard_of(row.row_id, target.shards), replace(row, arrived=arrived, data=data)


class _WriteShard(beam.DoFn):
    """Hands the rows of a shard to the process's one writer of the table."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.shared = Shared()

    def setup(self) -> None:
        self.writer: ShardWriter = self.shared.acquire(lambda: ShardWriter(self.target))

    def process(self, group: tuple[int, Iterable[EncodedRow]]) -> Iterator[Entry]:
        shard, rows = group
        yield from self.writer.write(shard, list(rows))
