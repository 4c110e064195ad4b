"""Whether the ledgers add up, and say what the tables' commits say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pyarrow as pa

from pipeline.tables import find, one_line, opened
from pipeline.validation.logs import Slot
from transforms.ledger import Count, Entry, add, entries_of, imbalance
from transforms.schema import LEDGER

BATCH = "batch"


def read_ledgers(output: str) -> tuple[dict[str, list[Entry]], list[str]]:
    """Return the entries of each run, and what is wrong with files that cannot be read."""
    runs: dict[str, list[Entry]] = {}
    problems: list[str] = []
    for file in find(output, f"{LEDGER.name}/**.parquet"):
        run_id = file.path.split("/")[1].removesuffix(".parquet")
        try:
            with opened(output, file.path) as parquet:
                runs.setdefault(run_id, []).extend(entries_of(parquet))
        except (OSError, pa.ArrowException) as error:
            problems.append(f"{file.path}: is damaged: {one_line(error)}")
    return runs, problems


def check_sums(runs: Mapping[str, Sequence[Entry]]) -> Iterator[str]:
    """Yield the runs that lost a record or have one too many, a stream's by window."""
    for run_id, entries in runs.items():
        windows: dict[int | None, list[Entry]] = {}
        for entry in entries:
            windows.setdefault(entry[0][3], []).append(entry)
        for start, found in windows.items():
            if wrong := imbalance(found):
                yield f"{_name((run_id, start))}: {wrong}"


def check_written(
    runs: Mapping[str, Sequence[Entry]], written: Mapping[Slot, Count], outcome: str
) -> Iterator[str]:
    """Yield where a table's commits differ from what the ledgers say about one outcome.

    Streams must agree in every window. Batch runs must agree in sum, for a run counts as its own
    what a run that did not finish has written.
    """
    said = _by_slot(
        ((run_id, key[3]), count)
        for run_id, entries in runs.items()
        for key, count in entries
        if key[0] == outcome
    )
    committed = _by_slot(iter(written.items()))
    for slot in sorted(said.keys() | committed.keys(), key=str):
        (rows, checksum), (records, total) = committed.get(slot, (0, 0)), said.get(slot, (0, 0))
        if rows != records:
            unfinished = sorted({run for run, start in written if start is None} - runs.keys())
            hint = f"; without a ledger: {', '.join(unfinished)}" if unfinished else ""
            yield f"{_name(slot)}: {rows:,} rows are committed, the ledger says {records:,}{hint}"
        elif checksum != total:
            yield f"{_name(slot)}: the ledger's {records:,} are other records than are committed"


def _by_slot(counts: Iterator[tuple[Slot, Count]]) -> dict[Slot, Count]:
    """Return the sums of counts by run and window, all batch runs together."""
    sums: dict[Slot, Count] = {}
    for (run_id, start), count in counts:
        slot = (BATCH, None) if start is None else (run_id, start)
        sums[slot] = add((sums.get(slot, (0, 0)), count))
    return sums


def _name(slot: Slot) -> str:
    run_id, start = slot
    return run_id if start is None else f"{run_id} {datetime.fromtimestamp(start, UTC):%FT%TZ}"
