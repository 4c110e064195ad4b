"""The ledger: how many records came in, what became of them, and whether that adds up."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.publishing import publish, replace
from transforms.schema import LEDGER, pipeline_version
from transforms.storage import exists, find, join, open_parquet

Key = tuple[str, str | None, str | None, int | None]
"""Outcome (in, article, duplicate, rejected), stage, reason, and the start of the window in which
the record arrived, in Unix seconds; None in batch."""
Count = tuple[int, int]
"""Records, and the sum of their ids' first 63 bits modulo 2**63."""
Entry = tuple[Key, Count]

MODULUS = 2**63


def tally(
    outcome: str,
    row_id: str,
    stage: str | None = None,
    reason: str | None = None,
    window: int | None = None,
) -> Entry:
    """Return the ledger entry of one record, whose id is hexadecimal."""
    return (outcome, stage, reason, window), (1, checksum(row_id))


def checksum(row_id: str) -> int:
    """Return what an id adds to the sum of ids."""
    return int(row_id[:16], 16) % MODULUS


def window_start(arrived: float, seconds: int) -> int:
    """Return the start of the window of so many seconds in which a moment falls, as it is."""
    return int(arrived // seconds) * seconds


def add(counts: Iterable[Count]) -> Count:
    """Return the sum of counts."""
    records = checksum = 0
    for one, id_checksum in counts:
        records += one
        checksum = (checksum + id_checksum) % MODULUS
    return records, checksum


class LedgerError(Exception):
    """The ledger does not add up; the message says by how much."""


def reconcile(entries: Iterable[Entry]) -> None:
    """Check that every record that came in left as article, duplicate or rejected.

    Raises ``LedgerError`` when the numbers differ, or when they agree but the ids do not.
    """
    listed = list(entries)
    came_in = add(count for key, count in listed if key[0] == "in")
    went_out = add(count for key, count in listed if key[0] != "in")
    if came_in[0] != went_out[0]:
        missing = came_in[0] - went_out[0]
        raise LedgerError(
            f"{came_in[0]} records came in but {went_out[0]} are accounted for: "
            f"{abs(missing)} {'lost' if missing > 0 else 'too many'}"
        )
    if came_in[1] != went_out[1]:
        raise LedgerError(
            f"{came_in[0]} records came in and as many went out, but they are not the same records"
        )


def imbalance(entries: Iterable[Entry]) -> str | None:
    """Return by how much a ledger does not add up; None when it does."""
    try:
        reconcile(entries)
    except LedgerError as error:
        return str(error)
    return None


def write_ledger(run_id: str, output: str, ingested_at: datetime, entries: Iterable[Entry]) -> None:
    """Publish the ledger file of a batch run."""
    data = _parquet(run_id, ingested_at, list(entries))
    publish(output, f"{LEDGER.name}/{run_id}.parquet", data)


def write_window(
    run_id: str,
    output: str,
    written_at: datetime,
    window: tuple[int, int],
    entries: Iterable[Entry],
    late: int,
) -> None:
    """Publish the ledger file of a stream's window in the place of what it said before.

    ``window`` is its start and its length in seconds; ``late`` says how many of the records came
    in after the watermark had passed its end.
    """
    start, seconds = window
    begin = datetime.fromtimestamp(start, UTC)
    end = begin + timedelta(seconds=seconds)
    data = _parquet(run_id, written_at, list(entries), end=end, late=late)
    replace(output, f"{LEDGER.name}/{run_id}/window-{begin:%Y%m%dT%H%M%SZ}.parquet", data)


def read_ledger(output: str, run_id: str) -> list[Entry]:
    """Return the entries a run has written. Raises ``OSError`` when it wrote none."""
    batch = f"{LEDGER.name}/{run_id}.parquet"
    windows = find(output, f"{LEDGER.name}/{run_id}/*.parquet")
    paths = [batch] if exists(output, batch) or not windows else [file.path for file in windows]
    return [entry for path in paths for entry in entries_of(open_parquet(join(output, path)))]


def entries_of(parquet: pq.ParquetFile) -> list[Entry]:
    """Return the entries in a ledger file."""
    return [
        (
            (row["outcome"], row["stage"], row["reason"], _seconds(row["window_start"])),
            (row["records"], row["id_checksum"]),
        )
        for row in parquet.read().to_pylist()
    ]


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _parquet(
    run_id: str,
    ingested_at: datetime,
    entries: Sequence[Entry],
    *,
    end: datetime | None = None,
    late: int | None = None,
) -> bytes:
    rows = [
        {
            "run_id": run_id,
            "outcome": outcome,
            "stage": stage,
            "reason": reason,
            "records": records,
            "id_checksum": id_checksum,
            "window_start": None if window is None else datetime.fromtimestamp(window, UTC),
            "window_end": end,
            "late": late if outcome == "in" else None,
            "reconciled": imbalance(entries) is None,
            "ingested_at": ingested_at,
            "pipeline_version": pipeline_version(),
        }
        for (outcome, stage, reason, window), (records, id_checksum) in sorted(entries, key=str)
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, LEDGER.schema), sink, compression="zstd")
    return sink.getvalue().to_pybytes()
