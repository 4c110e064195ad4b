"""Reading an output folder once, file by file and batch by batch."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from pipeline.report.tallies import Articles, Rejections
from pipeline.tables import find, one_line, opened, other_schema
from pipeline.validation.logs import read_logs
from transforms.ledger import Count, Entry, Key, add, entries_of
from transforms.schema import ARTICLES, LEDGER, REJECTED, Table

BATCH_BYTES = 16 * 2**20
"""Rows read at a time, roughly and uncompressed."""


@dataclass(slots=True)
class Findings:
    """What an output folder holds.

    ``runs`` has each run's ledger, ``taken_out`` how many rows of a table were taken out since,
    ``problems`` why by file.
    """

    articles: Articles = field(default_factory=Articles)
    rejections: Rejections = field(default_factory=Rejections)
    runs: dict[str, list[Entry]] = field(default_factory=dict)
    taken_out: dict[str, int] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def collect(output: str) -> Findings:
    """Read all tables. A file of another schema version, or a damaged one, is a problem."""
    findings = Findings()
    _scan(output, ARTICLES, findings.articles, findings.problems)
    _scan(output, REJECTED, findings.rejections, findings.problems)
    findings.taken_out = {
        table.name: read_logs(output, table).taken_out for table in (ARTICLES, REJECTED)
    }
    findings.runs = _ledgers(output, findings.problems)
    return findings


def records(entries: Sequence[Entry], outcome: str) -> int:
    """Return the number of records with this outcome."""
    return sum(count[0] for key, count in entries if key[0] == outcome)


def _scan(
    output: str, table: Table, tallies: Articles | Rejections, problems: dict[str, str]
) -> None:
    for file in find(output, f"{table.name}/**.parquet"):
        try:
            difference = other_schema(output, file.path, table)
            if difference:
                problems[file.path] = f"left out: {difference}"
                continue
            with opened(output, file.path) as parquet:
                metadata = parquet.metadata
                groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
                size = sum(group.total_byte_size for group in groups)
                count = min(max(metadata.num_rows * BATCH_BYTES // max(size, 1), 1), 2**14)
                for batch in parquet.iter_batches(count, columns=list(tallies.COLUMNS)):
                    tallies.add(batch)
        except (OSError, pa.ArrowException) as error:
            problems[file.path] = f"not read to its end: {one_line(error)}"


def _ledgers(output: str, problems: dict[str, str]) -> dict[str, list[Entry]]:
    """Return each run's entries, summed over its files, the latest run first."""
    counts: dict[str, dict[Key, list[Count]]] = {}
    for file in find(output, f"{LEDGER.name}/**.parquet"):
        try:
            with opened(output, file.path) as parquet:
                run_id = file.path.removeprefix(f"{LEDGER.name}/").partition("/")[0]
                entries = entries_of(parquet)
        except (OSError, pa.ArrowException) as error:
            problems[file.path] = f"not read: {one_line(error)}"
            continue
        run = counts.setdefault(run_id.removesuffix(".parquet"), {})
        for key, count in entries:
            run.setdefault(key, []).append(count)
    return {
        run: [(key, add(found)) for key, found in counts[run].items()]
        for run in sorted(counts, reverse=True)
    }
