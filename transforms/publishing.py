"""Making files appear under an output folder in one step: whole, and by one writer.

The local filesystem gives all that is needed: a hard link for "unless it is there", a rename for
"all at once", and fsync of file and folder. Everything else goes through Beam's filesystems.
"""

import os
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from transforms.storage import exists, find, is_local, join, read, remove

STAGING = ".staging"
"""Folder beside the tables, on their filesystem, where files are written first."""


def publish(output: str, path: str, data: bytes) -> None:
    """Make ``data`` appear at ``output/path``, whole or not at all; an existing file stays.

    For names that come from content: a file that exists already holds the same, so a retry ends
    here. Raises ``OSError`` when it cannot be written.
    """
    if not exists(output, path):
        replace(output, path, data)


def replace(output: str, path: str, data: bytes) -> None:
    """Make ``data`` appear at ``output/path`` in one step, in the place of what is there.

    Locally the file is staged, synced and renamed; on an object store a put is atomic by itself.
    Raises ``OSError`` when it cannot be written.
    """
    if is_local(output):
        publish_staged(output, stage(output, STAGING, path.rpartition("/")[2], data), path, data)
    else:
        _put(output, path, data)


def create_exclusive(output: str, path: str, data: bytes) -> bool:
    """Make ``data`` appear at ``output/path`` unless something is there; return whether it did.

    Of several writers one wins, whole or not at all. Locally that is a hard link. On any other
    filesystem it is a look before a put, which two writers at the same instant can both pass.
    Raises ``OSError`` when it cannot be written.
    """
    if not is_local(output):
        if exists(output, path):
            return False
        _put(output, path, data)
        return True
    staged = stage(output, STAGING, path.rpartition("/")[2], data)
    target = Path(output) / path
    try:
        _make_folder(target.parent)
        os.link(Path(output) / staged, target)
    except FileExistsError:
        return False
    finally:
        remove(output, [staged])
    _sync_folder(target.parent)
    return True


def stage(output: str, folder: str, name: str, data: bytes) -> str:
    """Write ``data`` where no reader looks and return its path relative to ``output``.

    ``folder`` is the staging folder or one in it. The path is new on each call. Locally the file
    is synced. Raises ``OSError`` when it cannot be written; then nothing is left of it.
    """
    staged = f"{folder}/{name}.{uuid.uuid4().hex}"
    if not is_local(output):
        _put(output, staged, data)
        return staged
    target = Path(output) / staged
    _make_folder(target.parent)
    try:
        with target.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return staged


def publish_staged(output: str, staged: str, path: str, data: bytes | None = None) -> bool:
    """Move a staged file to ``output/path`` in one step; return False when it is not there.

    Then somebody else has moved it. An object store knows no move: ``data``, or the staged file's
    content without it, is put at the path in one step. Raises ``OSError``.
    """
    if is_local(output):
        target = Path(output) / path
        _make_folder(target.parent)
        try:
            os.rename(Path(output) / staged, target)
        except FileNotFoundError:
            return False
        _sync_folder(target.parent)
        return True
    if not exists(output, staged):
        return False
    _put(output, path, read(output, staged) if data is None else data)
    remove(output, [staged])
    return True


def sweep(output: str, folder: str, older_than: float) -> None:
    """Remove the files staged in a folder that are older than so many seconds."""
    limit = time.time() - older_than
    staged = find(output, f"{folder}/*.{'?' * len(uuid.uuid4().hex)}")
    remove(output, [file.path for file in staged if file.changed < limit])


def _put(output: str, path: str, data: bytes) -> None:
    with FileSystems.create(
        join(output, path), compression_type=CompressionTypes.UNCOMPRESSED
    ) as handle:
        handle.write(data)


def _make_folder(folder: Path) -> None:
    """Make a folder that outlives a power cut, and those above it."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir()
        _sync_folder(folder.parent)


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
