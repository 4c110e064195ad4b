"""One file in the place of several, so that a crash at any point loses nothing.

An intent record says what replaces what before anything is published. Until the new file is
there the old ones are all there; from then on whoever finds the record removes them.
"""

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from apache_beam.io.filesystems import FileSystems

from pipeline.errors import UsageError
from pipeline.tables import find
from transforms.publishing import STAGING, publish
from transforms.storage import is_local, join, remove

SCRATCH = "compact-scratch-"
"""How the names of temporary files in the staging folder start, ..."""

MERGED = "merged-"
"""... and those of the files that replace others."""


@dataclass(frozen=True, slots=True)
class Intent:
    """``target`` replaces ``sources``; all are paths relative to the output folder."""

    target: str
    sources: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where the record stands: its name comes from what it says."""
        name = hashlib.blake2b(self.to_json(), digest_size=16).hexdigest()
        return f"{STAGING}/compact-{name}.json"

    def to_json(self) -> bytes:
        """Return the record's content."""
        return json.dumps({"target": self.target, "sources": self.sources}, indent=1).encode()


def replace_files(output: str, intent: Intent, data: pa.Buffer) -> None:
    """Publish ``data`` as the intent's target, then remove its sources."""
    publish(output, intent.path, intent.to_json())
    publish(output, intent.target, data)
    finish(output, intent, intent.path)


def finish(output: str, intent: Intent, path: str) -> None:
    """Remove the sources if the target is there, then the record, which stands at ``path``.

    A target that is one of the sources holds the same ids, so it stays.
    """
    if FileSystems.exists(join(output, intent.target)):
        remove(output, [source for source in intent.sources if source != intent.target])
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
        with FileSystems.open(join(output, file.path)) as handle:
            intent = _parse(handle.read(), join(output, file.path))
        finish(output, intent, file.path)
    return len(found)


def _parse(data: bytes, path: str) -> Intent:
    try:
        record = json.loads(data)
        intent = Intent(str(record["target"]), tuple(map(str, record["sources"])))
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: not a record of copydesk compact") from error
    folder = intent.target.rpartition("/")[0]
    if any(source.rpartition("/")[0] != folder for source in intent.sources):
        raise UsageError(f"{path}: names files of several folders; look at it, then remove it")
    return intent


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
