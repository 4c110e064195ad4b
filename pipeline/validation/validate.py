"""All checks of an output folder, in one go."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.tables import find, require_output
from pipeline.validation.files import check_files
from pipeline.validation.ledgers import check_sums, check_written, read_ledgers
from pipeline.validation.logs import read_logs
from transforms.publishing import STAGING
from transforms.schema import ARTICLES, REJECTED
from transforms.shard_writer import STALE_SECONDS


@dataclass(slots=True)
class Findings:
    """What is wrong, and what was looked at, each a line."""

    problems: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)


def validate(output: str) -> Findings:
    """Hold the files of an output folder against its commit logs, and both against the ledgers.

    Reads every page of every file. Raises ``UsageError`` when ``output`` is none of ours.
    """
    require_output(output)
    findings = Findings()
    runs, problems = read_ledgers(output)
    for table, outcome in ((ARTICLES, "article"), (REJECTED, "rejected")):
        logs = read_logs(output, table)
        problems += logs.problems
        problems += check_files(output, table, logs)
        problems += (f"{table.name}: {line}" for line in check_written(runs, logs.written, outcome))
        rows = sum(file.rows for file in logs.expected.values())
        findings.looked_at.append(
            f"{table.name}: {rows:,} rows in {len(logs.expected):,} files, {logs.commits:,} commits"
        )
    problems += (f"ledger: {line}" for line in check_sums(runs))
    problems += _left_over(output)
    findings.problems = problems
    findings.looked_at.append(f"ledger: {len(runs):,} runs")
    return findings


def _left_over(output: str) -> Iterator[str]:
    """Yield what an interrupted writer has left behind, once no writer can be at it any more."""
    for file in find(output, f"{STAGING}/compact-*.json"):
        yield f"{file.path}: a compact was interrupted; the next one finishes it"
    limit = time.time() - STALE_SECONDS
    for file in find(output, f"{STAGING}/**"):
        if file.changed < limit and not file.path.endswith((".json", ".lock")):
            yield f"{file.path}: left over from a writer that was interrupted"
