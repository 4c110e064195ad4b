"""The files of an output folder, on any Beam filesystem.

They are published in one step, so that no reader ever sees half of one.
"""

import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

STAGING = ".staging"
"""Folder beside the tables, on their filesystem, where local files are written first."""


_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file under an output folder: its path relative to the folder, and its size in bytes."""

    path: str
    size: int


def join(output: str, path: str) -> str:
    """Return the filesystem path of a file relative to ``output``."""
    return FileSystems.join(output, *path.split("/"))


def find(output: str, pattern: str) -> list[OutputFile]:
    """Return the files that match ``output/pattern``, by path; ``output`` itself is no pattern.

    Raises ``BeamIOError`` or ``ValueError`` when the filesystem does not answer or is not known.
    """
    root = output.rstrip("/") + "/"
    (matched,) = FileSystems.match([_GLOB.sub("?", root) + pattern])
    found = [
        OutputFile(file.path[len(root) :], file.size_in_bytes)
        for file in matched.metadata_list
        if file.path.startswith(root)
    ]
    return sorted(found, key=lambda file: file.path)


def remove(output: str, paths: Iterable[str]) -> None:
    """Remove files, given by their paths relative to ``output``; one that is gone is no error."""
    if is_local(output):
        # Beam would take a local path for a pattern.
        for path in paths:
            (Path(output) / path).unlink(missing_ok=True)
    elif there := [file for path in paths if FileSystems.exists(file := join(output, path))]:
        FileSystems.delete(there)


def publish(output: str, path: str, data: bytes) -> None:
    """Make ``data`` appear at ``output/path``, whole or not at all; an existing file stays.

    Names come from content, so a file that exists already holds the same rows: a retry ends
    here. Locally the file is written under ``output/.staging``, synced, and renamed; on an object
    store a put is atomic by itself. Raises ``OSError`` when it cannot be written.
    """
    target = join(output, path)
    if is_local(output):
        _publish_local(Path(output), Path(target), data)
    elif not FileSystems.exists(target):
        with FileSystems.create(target, compression_type=CompressionTypes.UNCOMPRESSED) as handle:
            handle.write(data)


def open_parquet(path: str) -> pq.ParquetFile:
    """Open a Parquet file on any Beam filesystem, one on an object store by loading it.

    Pages are checked against their checksums as they are read.
    Arrow is never handed a Python file: its threads would call back into an interpreter that may
    be on its way out, which aborts the process.
    """
    if is_local(path):
        return pq.ParquetFile(path, page_checksum_verification=True)
    with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as handle:
        data = pa.BufferReader(handle.read())
    return pq.ParquetFile(data, page_checksum_verification=True)


def is_local(path: str) -> bool:
    """Return whether ``path`` is on the local filesystem."""
    return FileSystems.get_scheme(path) is None


def _publish_local(output: Path, target: Path, data: bytes) -> None:
    if target.exists():
        return
    staging = output / STAGING
    staging.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = staging / f"{target.name}.{os.getpid()}"
    try:
        with staged.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        staged.rename(target)
    except OSError:
        staged.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check_writable(output: str) -> None:
    """Raise ``OSError`` when a local output folder cannot be made or written to."""
    if is_local(output):
        probe = Path(output) / STAGING
        probe.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=probe):
            pass
