"""One file in the place of several, so that a crash at any point loses nothing.

An intent record says what replaces what before anything is published. Until the new file is
there the old ones are all there; from then on whoever finds the record removes them.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from pipeline.errors import UsageError
from pipeline.tables import find
from transforms.commits import Commit, CommitError, append_rewrite, parse
from transforms.part_names import content_digest
from transforms.publishing import STAGING, publish
from transforms.storage import exists, is_local, join, read, remove

SCRATCH = "compact-scratch-"
"""How the names of temporary files in the staging folder start, ..."""

MERGED = "merged-"
"""... and those of the files that replace others."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A commit to be: one file of a table takes the place of others in its folder."""

    commit: Commit

    @property
    def target(self) -> str:
        """The file to come; this path and the others are relative to the output folder."""
        return self.commit.added[0].path

    @property
    def path(self) -> str:
        """Where the record stands: its name comes from what it says."""
        name = content_digest(self.commit.to_json())
        return f"{STAGING}/compact-{name}.json"


def replace_files(output: str, intent: Intent, data: pa.Buffer) -> None:
    """Publish ``data`` as the intent's target, then remove its sources."""
    publish(output, intent.path, intent.commit.to_json())
    publish(output, intent.target, data)
    finish(output, intent, intent.path)


def finish(output: str, intent: Intent, path: str) -> None:
    """Commit and remove the sources if the target is there, then the record, which is at ``path``.

    A target that is one of the sources holds the same ids, so it stays.
    """
    if exists(output, intent.target):
        sources = [source for source in intent.commit.removed if source != intent.target]
        commit = replace(intent.commit, removed=tuple(sources))
        append_rewrite(output, intent.target.partition("/")[0], commit)
        remove(output, sources)
    remove(output, [path])


def recover(output: str) -> int:
    """Finish what a crash has interrupted; return the number of intent records found.

    Half-written files of a compact that was killed are removed.

    Raises ``UsageError`` for a record that is not one of ours.
    """
    for leftover in (f"{SCRATCH}*", "compact-*.json.*", f"{MERGED}*.parquet.*"):
        remove(output, [file.path for file in find(output, f"{STAGING}/{leftover}")])
    found = find(output, f"{STAGING}/compact-*.json")
    for file in found:
        intent = _parse(read(output, file.path), join(output, file.path))
        finish(output, intent, file.path)
    return len(found)


def _parse(data: bytes, path: str) -> Intent:
    try:
        commit = parse(data, path)
    except CommitError as error:
        raise UsageError(f"{path}: not a record of copydesk compact") from error
    if len(commit.added) != 1:
        raise UsageError(f"{path}: not a record of copydesk compact")
    folder = commit.added[0].path.rpartition("/")[0]
    if any(source.rpartition("/")[0] != folder for source in commit.removed):
        raise UsageError(f"{path}: names files of several folders; look at it, then remove it")
    return Intent(commit)


@contextmanager
def exclusive(output: str) -> Iterator[None]:
    """Keep a second compact off a local output folder; raise ``UsageError`` in it."""
    if not is_local(output):
        yield
        return
    staging = Path(output) / STAGING
    staging.mkdir(exist_ok=True)
    with (staging / "compact.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(f"another copydesk compact is at work on {output}") from error
        yield
