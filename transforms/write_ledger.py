"""WriteLedger: ledger entries summed and written, per run or per window of a stream."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import apache_beam as beam
from apache_beam.coders import BooleanCoder, FastPrimitivesCoder
from apache_beam.pvalue import AsList, PCollection
from apache_beam.transforms import userstate
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import Timestamp

from transforms.ledger import Count, Entry, Key, add, write_ledger, write_window

FLUSH_SECONDS = 5
"""How long a window's file may lag behind its sums."""


@dataclass(eq=False)
class WriteLedger(beam.PTransform[PCollection[Entry], PCollection[None]]):
    """Sums ledger entries and writes them to ``output/ledger``.

    A batch run writes one file, ``RUN_ID.parquet``, when it is done. A stream, told by
    ``window_seconds``, writes a file for each window, ``RUN_ID/window-START.parquet``, and again
    whenever the window's sums have grown.
    """

    output: str
    run_id: str
    ingested_at: datetime
    window_seconds: int | None = None

    def expand(self, entries: PCollection[Entry]) -> PCollection[None]:
        """Sum per key, gather, write once; or keep sums per window in state."""
        if self.window_seconds is not None:
            return (
                entries
                | "KeyByWindow" >> beam.Map(key_by_window)
                | "WriteWindows"
                >> beam.ParDo(_WriteWindows(self.output, self.run_id, self.window_seconds))
            )
        sums = entries | "SumPerOutcome" >> beam.CombinePerKey(add)
        return (
            entries.pipeline
            | "Once" >> beam.Create([self.run_id])
            | "WriteFile" >> beam.Map(write_ledger, self.output, self.ingested_at, AsList(sums))
        )


def key_by_window(entry: Entry) -> tuple[int, Entry]:
    """Return an entry behind the start of its window."""
    return entry[0][3] or 0, entry


Sums = dict[Key, Count]


class _AddEntries(beam.CombineFn):
    """Sums entries by key."""

    def create_accumulator(self) -> Sums:
        return {}

    def add_input(self, sums: Sums, entry: Entry) -> Sums:
        key, count = entry
        return {**sums, key: add((sums.get(key, (0, 0)), count))}

    def merge_accumulators(self, parts: Iterable[Sums]) -> Sums:
        merged: Sums = {}
        for part in parts:
            for entry in part.items():
                merged = self.add_input(merged, entry)
        return merged

    def extract_output(self, sums: Sums) -> Sums:
        return sums


class _WriteWindows(beam.DoFn):
    """Keeps the sums of each window in state and writes them a little after they have grown.

    The state of a window, some 500 bytes, stays: without it a record that comes later still would
    write the window's file anew with itself alone. All timers write; that at the end of time is
    for a drain, which may end before one of the clock's has fired.
    """

    SUMS = userstate.CombiningValueStateSpec("sums", FastPrimitivesCoder(), _AddEntries())
    PENDING = userstate.ReadModifyWriteStateSpec("pending", BooleanCoder())
    CLOSED = userstate.ReadModifyWriteStateSpec("closed", BooleanCoder())
    FLUSH = userstate.TimerSpec("flush", TimeDomain.REAL_TIME)
    END = userstate.TimerSpec("end", TimeDomain.WATERMARK)
    DRAIN = userstate.TimerSpec("drain", TimeDomain.WATERMARK)

    def __init__(self, output: str, run_id: str, window_seconds: int) -> None:
        self.output = output
        self.run_id = run_id
        self.window_seconds = window_seconds

    def process(
        self,
        element: tuple[int, Entry],
        sums: Any = beam.DoFn.StateParam(SUMS),
        pending: Any = beam.DoFn.StateParam(PENDING),
        closed: Any = beam.DoFn.StateParam(CLOSED),
        flush: Any = beam.DoFn.TimerParam(FLUSH),
        end: Any = beam.DoFn.TimerParam(END),
        drain: Any = beam.DoFn.TimerParam(DRAIN),
    ) -> None:
        start, entry = element
        sums.add(entry)
        if not closed.read():
            end.set(Timestamp(start + self.window_seconds))
        elif entry[0][0] == "in":
            sums.add((("late", None, None, start), entry[1]))
        if not pending.read():
            pending.write(True)
            flush.set(Timestamp.of(time.time() + FLUSH_SECONDS))
            drain.set(GlobalWindow().max_timestamp())

    @userstate.on_timer(FLUSH)
    def on_flush(
        self,
        start: Any = beam.DoFn.KeyParam,
        sums: Any = beam.DoFn.StateParam(SUMS),
        pending: Any = beam.DoFn.StateParam(PENDING),
    ) -> None:
        pending.clear()
        self.write(start, sums.read())

    @userstate.on_timer(END)
    def on_end(
        self,
        start: Any = beam.DoFn.KeyParam,
        sums: Any = beam.DoFn.StateParam(SUMS),
        closed: Any = beam.DoFn.StateParam(CLOSED),
    ) -> None:
        closed.write(True)
        self.write(start, sums.read())

    @userstate.on_timer(DRAIN)
    def on_drain(
        self,
        start: Any = beam.DoFn.KeyParam,
        sums: Any = beam.DoFn.StateParam(SUMS),
    ) -> None:
        self.write(start, sums.read())

    def write(self, start: int, sums: Sums) -> None:
        window = start, self.window_seconds
        late = sums.pop(("late", None, None, start), (0, 0))[0]
        write_window(self.run_id, self.output, datetime.now(UTC), window, sums.items(), late)
