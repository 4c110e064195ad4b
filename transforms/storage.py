"""Publishing a file in one step, so that no reader ever sees half of one."""

import os
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

STAGING = ".staging"
"""Folder beside the tables, on their filesystem, where local files are written first."""


def publish(output: str, path: str, data: bytes) -> None:
    """Make ``data`` appear at ``output/path``, whole or not at all; an existing file stays.

    Names come from content, so a file that exists already holds the same rows: a retry ends
    here. Locally the file is written under ``output/.staging``, synced, and renamed; on an object
    store a put is atomic by itself. Raises ``OSError`` when it cannot be written.
    """
    target = FileSystems.join(output, *path.split("/"))
    if is_local(output):
        _publish_local(Path(output), Path(target), data)
    elif not FileSystems.exists(target):
        with FileSystems.create(target, compression_type=CompressionTypes.UNCOMPRESSED) as handle:
            handle.write(data)


def open_parquet(path: str) -> pq.ParquetFile:
    """Open a Parquet file on any Beam filesystem, one on an object store by loading it.

    Arrow is never handed a Python file: its threads would call back into an interpreter that may
    be on its way out, which aborts the process.
    """
    if is_local(path):
        return pq.ParquetFile(path)
    with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as handle:
        return pq.ParquetFile(pa.BufferReader(handle.read()))


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
