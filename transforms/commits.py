"""The commit log of a table: what was published, and what must be if a writer died half way.

A log is a folder of numbered records under ``TABLE/_commits``, one log for each shard that is
written and one for rewrites (compaction, replay). A writer creates the record of the next number
and only then publishes the files it names; whoever comes next publishes what it left behind.
Readers need none of this: a file stands in the table once it is published, and only then.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from transforms.publishing import create_exclusive, publish_staged
from transforms.storage import exists, read, remove

FOLDER = "_commits"
"""Folder of a table's logs; what reads Parquet passes over names with an underscore."""

REWRITES = "rewrites"
"""The log of what only rearranges rows or takes them out."""

VERSION = 1


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of a file that arrived in the window that starts at ``start``, in Unix seconds.

    ``start`` is None in batch; ``checksum`` is that of the ledger.
    """

    start: int | None
    rows: int
    checksum: int


@dataclass(frozen=True, slots=True)
class AddedFile:
    """A file that a commit publishes; paths are relative to the output folder.

    ``size`` is in bytes, ``content`` their digest, ``ids`` that of the sorted ids.
    """

    path: str
    staged: str
    rows: int
    size: int
    content: str
    ids: str
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """One record: files that join the table and files that leave it, in one step of a run.

    ``horizon`` is how many seconds apart rows with one id may stand in the files added, None when
    never; ``dropped`` counts the rows with an id twice that a rewrite has left out.
    """

    run_id: str
    added: tuple[AddedFile, ...] = ()
    removed: tuple[str, ...] = ()
    horizon: float | None = None
    dropped: int = 0

    def to_json(self) -> bytes:
        """Return the record's content."""
        return json.dumps({"version": VERSION, **asdict(self)}, indent=1).encode()


class CommitError(Exception):
    """A record is not one of ours; the message names it."""


def parse(data: bytes, path: str) -> Commit:
    """Return a record from its content. Raises ``CommitError`` for anything else."""
    try:
        record = json.loads(data)
        if record["version"] != VERSION:
            raise CommitError(f"{path}: version {record['version']} is not {VERSION}")
        return Commit(
            run_id=str(record["run_id"]),
            added=tuple(_added(file) for file in record["added"]),
            removed=tuple(map(str, record["removed"])),
            horizon=record["horizon"],
            dropped=int(record["dropped"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise CommitError(f"{path}: not a commit record: {error!r}") from error


def _added(record: dict[str, object]) -> AddedFile:
    windows = record.pop("windows")
    return AddedFile(**record, windows=tuple(Window(**window) for window in windows))  # type: ignore[arg-type, attr-defined]


@dataclass(frozen=True, slots=True)
class Log:
    """The log ``name`` of a table; records are numbered from 1 without gaps."""

    output: str
    table: str
    name: str

    def path(self, number: int) -> str:
        """Return where a record stands, relative to the output folder."""
        return f"{self.table}/{FOLDER}/{self.name}/{number:08}.json"

    def get(self, number: int) -> Commit | None:
        """Return a record, None when there is none. Raises ``OSError`` or ``CommitError``."""
        path = self.path(number)
        if not exists(self.output, path):
            return None
        return parse(read(self.output, path), path)

    def append(self, number: int, commit: Commit) -> bool:
        """Create a record unless another writer has; return whether it was created."""
        return create_exclusive(self.output, self.path(number), commit.to_json())

    def head(self) -> int:
        """Return the number of the last record, 0 when there is none, in few looks."""
        step = 1
        while exists(self.output, self.path(step)):
            step *= 2
        low, high = step // 2, step
        while high - low > 1:
            middle = (low + high) // 2
            if exists(self.output, self.path(middle)):
                low = middle
            else:
                high = middle
        return low


def shard_log(output: str, table: str, shard: int, shards: int) -> Log:
    """Return the log of one shard of a table that is written in so many shards."""
    return Log(output, table, f"{shard:05}-of-{shards:05}")


def roll_forward(output: str, commit: Commit) -> None:
    """Publish the files of a commit whose writer did not come to it."""
    for file in commit.added:
        publish_staged(output, file.staged, file.path)


def append_rewrite(output: str, table: str, commit: Commit) -> None:
    """Add a record to the table's log of rewrites, unless it is the last one there already."""
    log = Log(output, table, REWRITES)
    number = log.head()
    while log.get(number) != commit and not log.append(number + 1, commit):
        number += 1


def take_out(output: str, table: str, run_id: str, paths: Sequence[str]) -> None:
    """Remove files from a table, with a record that says so."""
    append_rewrite(output, table, Commit(run_id, removed=tuple(paths)))
    remove(output, paths)
