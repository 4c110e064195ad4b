"""Compares what stands in the tables with what the broker holds."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from tests.cluster.chaos.messages import Held
from tests.conftest import rows_of
from transforms.ledger import add, tally
from transforms.schema import ARTICLES, LEDGER, REJECTED

OUTCOMES = ("article", "rejected", "duplicate")


def ids_in(output: Path) -> list[str]:
    """Return the ids of all rows of both tables."""
    found: list[str] = []
    for table in (ARTICLES, REJECTED):
        rows = ds.dataset(output / table.name).to_table([table.id_column])
        found += rows.column(0).to_pylist()
    return found


def compare(output: Path, truth: Iterable[Held], window_seconds: int) -> list[str]:
    """Return what is wrong: rows lost, invented or repeated, and windows that do not add up."""
    listed = list(truth)
    wanted = {record.record_id for record in listed}
    found = Counter(ids_in(output))
    faults = [f"{count} lost" for count in [len(wanted - found.keys())] if count]
    faults += [f"{count} invented" for count in [len(found.keys() - wanted)] if count]
    faults += [f"{row_id} {count} times" for row_id, count in found.items() if count > 1]
    return faults + compare_ledger(output, listed, window_seconds)


def differing(output: Path, other: Path) -> list[str]:
    """Return which rows are not the same in another run's tables, ``ingested_at`` aside."""
    faults = []
    for table in (ARTICLES, REJECTED):
        rows = {str(row) for row in rows_of(output, table.name)}
        others = {str(row) for row in rows_of(other, table.name)}
        if rows != others:
            faults.append(f"{table.name}: {len(rows ^ others)} rows differ: {min(rows ^ others)}")
    return faults


def compare_ledger(output: Path, truth: list[Held], window_seconds: int) -> list[str]:
    """Return which windows do not count exactly what the broker holds of them."""
    expected: dict[int, list[Held]] = {}
    for record in truth:
        start = record.arrived // 1000 // window_seconds * window_seconds
        expected.setdefault(start, []).append(record)
    counted = windows(output)
    faults = [f"window {start} is not in the broker" for start in counted.keys() - expected.keys()]
    for start, records in sorted(expected.items()):
        lines = counted.get(start, [])
        came = add((line["records"], line["id_checksum"]) for line in lines if _is(line, "in"))
        gone = add((line["records"], line["id_checksum"]) for line in lines if not _is(line, "in"))
        right = add(tally("in", record.record_id)[1] for record in records)
        if came != right:
            faults.append(f"window {start}: {came[0]} in, the broker holds {right[0]}")
        if gone != right:
            faults.append(f"window {start}: {gone[0]} accounted for, the broker holds {right[0]}")
    outcomes = Counter[str]()
    for line in (line for lines in counted.values() for line in lines):
        outcomes[line["outcome"]] += line["records"]
    distinct = len({record.record_id for record in truth})
    if outcomes["article"] + outcomes["rejected"] != distinct:
        faults.append(f"ledger: {dict(outcomes)}, the broker holds {distinct} different records")
    return faults


def windows(output: Path) -> dict[int, list[dict[str, Any]]]:
    """Return the lines of the ledger by the start of their window, in Unix seconds."""
    found: dict[int, list[dict[str, Any]]] = {}
    for line in ds.dataset(output / LEDGER.name).to_table().to_pylist():
        if line["outcome"] in ("in", *OUTCOMES):
            found.setdefault(int(line["window_start"].timestamp()), []).append(line)
    return found


def _is(line: dict[str, Any], outcome: str) -> bool:
    return bool(line["outcome"] == outcome)
