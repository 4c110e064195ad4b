"""Which rows a table holds, read from its own files and kept up with what writers add."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow as pa

from transforms.known_ids import ANOTHER, Held, KnownIds, occurrence
from transforms.part_names import EVER, Span, span_of, stream_span
from transforms.schema import LEDGER, Table
from transforms.storage import find, join, open_parquet

RUN_START = "%Y%m%dT%H%M%S%fZ"
"""How the id of a batch run starts: with the run's own start."""

COLUMNS = ("source_file", "source_offset", "ingested_at")


class TableIndex:
    """The ids in a table, of all time or, with a ``horizon`` in seconds, around those asked for.

    A file's rows are known where it reaches within the horizon of a row's arrival. Which
    occurrence stands in the table matters only for rows this run, or one that it continues, may
    have written: in a stream those of streams, in batch those of runs that never came to write
    their ledger.
    """

    def __init__(
        self, output: str, table: Table, left_out: Sequence[str], horizon: float | None
    ) -> None:
        self.output = output
        self.table = table
        self.horizon = horizon
        self.left_out = frozenset(left_out)
        self.known = KnownIds()
        self.loaded: set[str] = set()
        self.covered: Span | None = None
        self.finished: frozenset[datetime] = frozenset()

    def holds(self, path: str) -> bool:
        """Return whether a file's ids are loaded, or need not be."""
        return path in self.loaded or self.covered is None or not _meet(span_of(path), self.covered)

    def cover(self, span: Span | None) -> None:
        """Load the files whose rows matter to rows that arrived in ``span``; all for None."""
        first, last = self._reach(span)
        if self.covered is None:
            self.covered = first, last + self._ahead
        elif first < self.covered[0] or last > self.covered[1]:
            self.covered = min(first, self.covered[0]), max(last + self._ahead, self.covered[1])
        else:
            self._forget(first)
            return
        self._forget(first)
        self.list_again()

    @property
    def _ahead(self) -> float:
        """How far more than needed is loaded, so that the folder is listed but seldom."""
        return self.horizon or 0.0

    def list_again(self) -> None:
        """Load what the table's folder has and is not loaded yet."""
        if self.horizon is None:
            self.finished = frozenset(_starts(self.output))
        moved = True
        while moved:
            moved = False
            for file in find(self.output, f"{self.table.name}/*/*.parquet"):
                if file.path not in self.left_out and not self.holds(file.path):
                    try:
                        self.load(file.path)
                    except FileNotFoundError:
                        # Compaction has put its rows into a file that may not have been listed.
                        moved = True

    def load(self, path: str) -> None:
        """Load the ids of a file. Raises ``OSError`` when it is not there or damaged."""
        columns = [self.table.id_column, *COLUMNS]
        try:
            with open_parquet(join(self.output, path)) as parquet:
                for batch in parquet.iter_batches(columns=columns):
                    self._add(path, batch.select(columns))
        except pa.ArrowException as error:
            raise OSError(f"{path} is damaged, so its ids cannot be known: {error}") from error
        self.loaded.add(path)

    def add(self, path: str, ids: Sequence[str], occurrences: Sequence[int]) -> None:
        """Take in the ids of a file that was just written."""
        self.known.add(ids, occurrences, span_of(path))
        self.loaded.add(path)

    def find(self, ids: Sequence[str]) -> dict[str, list[Held]]:
        """Return what the table holds under those of ``ids`` that are known."""
        return self.known.find(ids)

    def _reach(self, span: Span | None) -> Span:
        if span is None or self.horizon is None:
            return EVER
        return span[0] - self.horizon, span[1] + self.horizon

    def _forget(self, before: float) -> None:
        """Drop what is long past; at times, for each time costs a copy of what stays."""
        if self.horizon and self.covered and before - self.covered[0] > self.horizon / 4:
            self.known.forget(before)
            self.loaded = {path for path in self.loaded if span_of(path)[1] >= before}
            self.covered = before, self.covered[1]

    def _add(self, path: str, batch: pa.RecordBatch) -> None:
        ids, *places = (column.to_pylist() for column in batch.columns)
        ours = (stream_span(path) is None) == (self.horizon is None)
        occurrences = [
            occurrence(name, offset) if ours and at not in self.finished else ANOTHER
            for name, offset, at in zip(*places, strict=True)
        ]
        self.known.add(ids, occurrences, span_of(path))


def _starts(output: str) -> list[datetime]:
    """Return when the batch runs started that have written their ledger."""
    starts = []
    for file in find(output, f"{LEDGER.name}/*.parquet"):
        stamp = file.path.rpartition("/")[2].partition("-")[0]
        try:
            starts.append(datetime.strptime(stamp, RUN_START).replace(tzinfo=UTC))
        except ValueError:
            continue
    return starts


def _meet(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
