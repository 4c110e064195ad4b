"""What the commit logs of a table say that it holds."""

import re
from dataclasses import dataclass, field

from pipeline.tables import find
from transforms.commits import FOLDER, AddedFile, Commit, CommitError, parse
from transforms.ledger import Count, add
from transforms.schema import Table
from transforms.storage import read

_RECORD = re.compile(r"/([^/]+)/(\d{8,})\.json$")

Slot = tuple[str, int | None]
"""A run, and the start of a window in Unix seconds, None in batch."""


@dataclass(slots=True)
class Logs:
    """The files that were added and removed, and what each run has written in each window."""

    commits: int = 0
    added: dict[str, AddedFile] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    horizons: dict[str, float | None] = field(default_factory=dict)
    written: dict[Slot, Count] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def expected(self) -> dict[str, AddedFile]:
        """The files that should stand in the table, by path."""
        return {path: file for path, file in self.added.items() if path not in self.removed}

    @property
    def taken_out(self) -> int:
        """How many rows that runs have written compaction and replay have taken out."""
        written = sum(rows for rows, _ in self.written.values())
        return written - sum(file.rows for file in self.expected.values())


def read_logs(output: str, table: Table) -> Logs:
    """Read all logs of a table; what cannot be read is a problem, and so is a gap."""
    logs = Logs()
    numbers: dict[str, int] = {}
    for file in find(output, f"{table.name}/{FOLDER}/*/*.json"):
        match = _RECORD.search(file.path)
        if match is None:
            logs.problems.append(f"{file.path}: not the name of a commit record")
            continue
        log, number = match[1], int(match[2])
        if number != numbers.get(log, 0) + 1:
            logs.problems.append(f"{file.path}: the record before it is missing")
        numbers[log] = number
        try:
            commit = parse(read(output, file.path), file.path)
        except (CommitError, OSError) as error:
            logs.problems.append(str(error))
        else:
            _take_in(logs, commit)
    return logs


def _take_in(logs: Logs, commit: Commit) -> None:
    logs.commits += 1
    logs.removed.update(commit.removed)
    for file in commit.added:
        logs.added[file.path] = file
        logs.horizons[file.path] = commit.horizon
        for window in file.windows:
            slot = commit.run_id, window.start
            count = window.rows, window.checksum
            logs.written[slot] = add((logs.written.get(slot, (0, 0)), count))
