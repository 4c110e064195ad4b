"""Writing the rows of a shard: each once, whatever is replayed, regrouped or raced for."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from transforms import metrics
from transforms.commits import AddedFile, Commit, Window, roll_forward, shard_log
from transforms.known_ids import occurrence
from transforms.ledger import Count, Entry, add, checksum, tally, window_start
from transforms.part_files import MAX_FILE_BYTES, MICROS, EncodedRow, chunks, parquet_bytes
from transforms.part_names import Span, content_digest, digest, part_path
from transforms.publishing import STAGING, publish_staged, stage, sweep
from transforms.schema import Table
from transforms.settling import Settled, settle
from transforms.storage import remove
from transforms.table_index import TableIndex

STALE_SECONDS = 3600
"""Age of a staged file that no writer can still mean to commit."""


@dataclass(frozen=True, slots=True)
class Stream:
    """How an endless input is cut: windows of the ledger and files, and how far back to look."""

    window_seconds: int
    deduplicate_within_seconds: int


@dataclass(frozen=True)
class Target:
    """A table that a run writes: where, in how many shards, and since when.

    ``ingested_at`` is the run's start; a stream's rows carry the moment they are written instead.
    Ids in the files ``replaces`` do not count as held. ``spill`` is a folder on this machine where
    rows wait for their file; None keeps them in memory.
    """

    output: str
    table: Table
    shards: int
    run_id: str
    ingested_at: datetime
    replaces: tuple[str, ...] = ()
    stream: Stream | None = None
    spill: str | None = None


class ShardWriter:
    """Writes the shards of a table from one process, which may be one of many."""

    def __init__(self, target: Target) -> None:
        self.target = target
        horizon = target.stream.deduplicate_within_seconds if target.stream else None
        self.index = TableIndex(target.output, target.table, target.replaces, horizon)
        self.seen: dict[int, int] = {}
        self.lock = Lock()

    def write(self, shard: int, rows: Sequence[EncodedRow]) -> list[Entry]:
        """Write what the table does not hold yet and return the ledger entries of all rows.

        A second call with the same rows, in any company, writes nothing and returns the same.
        Raises ``OSError`` when something cannot be written; then a second call finishes it.
        """
        with self.lock:
            settled = self._settle(shard, rows)
        metrics.count_duplicates(self.target.table.name, len(settled.duplicates))
        kept = (*settled.fresh, *settled.standing)
        return [
            *(tally(_outcome(r), r.row_id, r.stage, r.reason, self.window(r)) for r in kept),
            *(tally("duplicate", r.row_id, window=self.window(r)) for r in settled.duplicates),
        ]

    def _settle(self, shard: int, rows: Sequence[EncodedRow]) -> Settled:
        ids = sorted({row.row_id for row in rows})
        self.index.cover(_span(rows))
        while True:
            self._catch_up(shard)
            settled = settle(rows, self.index.find(ids), self.index.horizon)
            if not settled.fresh or self._commit(shard, settled.fresh):
                return settled

    def _catch_up(self, shard: int) -> None:
        """Publish and load what other writers, or this one before it failed, have committed."""
        target = self.target
        log = shard_log(target.output, target.table.name, shard, target.shards)
        if shard not in self.seen:
            # All but the last record were published by whoever wrote the next one.
            if last := log.get(head := log.head()):
                roll_forward(target.output, last)
                self.index.list_again()
            self.seen[shard] = head
        while commit := log.get(self.seen[shard] + 1):
            roll_forward(target.output, commit)
            for file in commit.added:
                self._load(file.path)
            self.seen[shard] += 1

    def _load(self, path: str) -> None:
        if self.index.holds(path):
            return
        try:
            self.index.load(path)
        except FileNotFoundError:
            # Its rows have moved to another file since.
            self.index.list_again()

    def _commit(self, shard: int, rows: Sequence[EncodedRow]) -> bool:
        """Write rows in the shard's next commit; return False when another writer took its turn."""
        target = self.target
        log = shard_log(target.output, target.table.name, shard, target.shards)
        folder = f"{STAGING}/{target.table.name}/{log.name}"
        number = self.seen[shard] + 1
        now = datetime.now(UTC) if target.stream else target.ingested_at
        parts: list[_Part] = []
        commit = None
        won = False
        try:
            # One by one: what is staged must be known when the next cannot be.
            for chunk in chunks(rows, MAX_FILE_BYTES):
                parts += [self._part(folder, chunk, now)]
            files = tuple(part.file for part in parts)
            commit = Commit(target.run_id, files, horizon=self.index.horizon)
            won = log.append(number, commit)
        finally:
            # An append can fail after the record has appeared.
            if not won and log.get(number) != commit:
                remove(target.output, [part.file.staged for part in parts])
        if won:
            self._publish(parts)
            self.seen[shard] = number
            # Whoever staged a file before this commit lost its turn to it.
            for staging in (folder, STAGING):
                sweep(target.output, staging, STALE_SECONDS)
        return won

    def _publish(self, parts: Sequence["_Part"]) -> None:
        table = self.target.table.name
        for part in parts:
            publish_staged(self.target.output, part.file.staged, part.file.path)
            # Time zero stands for none.
            now, arrived = time.time(), [row.arrived for row in part.rows if row.arrived]
            metrics.count_file(table, part.file.rows, part.file.size)
            metrics.count_visible(table, (now - moment / MICROS for moment in arrived))
            places = [occurrence(row.source_file, row.source_offset) for row in part.rows]
            self.index.add(part.file.path, [row.row_id for row in part.rows], places)

    def _part(self, folder: str, rows: Sequence[EncodedRow], now: datetime) -> "_Part":
        """Stage a file of ``rows``."""
        target = self.target
        data = parquet_bytes(rows, target.table, now)
        ids = [row.row_id for row in rows]
        path = part_path(target.table.name, ids, now, _span(rows))
        staged = stage(target.output, folder, path.rpartition("/")[2], data)
        file = AddedFile(
            path=path,
            staged=staged,
            rows=len(rows),
            size=len(data),
            content=content_digest(data),
            ids=digest(ids),
            windows=self._windows(rows),
        )
        return _Part(file, rows)

    def _windows(self, rows: Sequence[EncodedRow]) -> tuple[Window, ...]:
        counts: dict[int | None, list[Count]] = {}
        for row in rows:
            counts.setdefault(self.window(row), []).append((1, checksum(row.row_id)))
        starts = sorted(counts, key=lambda start: start or 0)
        return tuple(Window(start, *add(counts[start])) for start in starts)

    def window(self, row: EncodedRow) -> int | None:
        """Return the start of the ledger's window that a row belongs to; None in batch."""
        if self.target.stream is None or row.arrived is None:
            return None
        return window_start(row.arrived / MICROS, self.target.stream.window_seconds)


@dataclass(frozen=True, slots=True)
class _Part:
    file: AddedFile
    rows: Sequence[EncodedRow]


def _span(rows: Sequence[EncodedRow]) -> Span | None:
    """Return when a stream's rows arrived; None in batch."""
    arrived = [row.arrived / MICROS for row in rows if row.arrived is not None]
    return (min(arrived), max(arrived)) if arrived else None


def _outcome(row: EncodedRow) -> str:
    return "rejected" if row.reason else "article"
