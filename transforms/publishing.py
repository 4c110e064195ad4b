"""Making files appear under an output folder in one step: whole, and by one writer.

The local filesystem gives all that is needed: a hard link for "unless it is there", a rename for
"all at once", and fsync of file and folder. On an object store a conditional put, a put and a copy
are each one step.
"""

import errno
import os
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path

from transforms.object_store import store_of
from transforms.storage import exists, find, is_local, join, remove

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
        publish_staged(output, stage(output, STAGING, path.rpartition("/")[2], data), path)
    else:
        store_of(output).put(join(output, path), bytes(data))


def create_exclusive(output: str, path: str, data: bytes) -> bool:
    """Make ``data`` appear at ``output/path`` unless something is there; return whether it did.

    Of several writers one wins, whole or not at all: by a hard link locally, by a conditional put
    on an object store (``If-None-Match`` on S3, ``ifGenerationMatch`` on Google's). There a writer
    with the same data has won, too: the answer to its first attempt may have been lost. On other
    filesystems of Beam it is a look before a put, which two writers at the same instant can both
    pass. Raises ``OSError`` when it cannot be written.
    """
    if not is_local(output):
        return store_of(output).create(join(output, path), data)
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
        store_of(output).put(join(output, staged), data)
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


def publish_staged(output: str, staged: str, path: str) -> bool:
    """Move a staged file to ``output/path`` in one step; return False when it is not there.

    Then somebody else has moved it. An object store knows no move: the staged file is copied
    within the store in one request, which fails when it is gone, and then removed. A writer that
    wakes up late can thus bring nothing back that was removed since. Raises ``OSError``.
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
    try:
        store_of(output).copy(join(output, staged), join(output, path))
    except FileNotFoundError:
        return False
    remove(output, [staged])
    return True


def sweep(output: str, folder: str, older_than: float) -> None:
    """Remove the files staged in a folder that are older than so many seconds."""
    limit = time.time() - older_than
    staged = find(output, f"{folder}/*.{'?' * len(uuid.uuid4().hex)}")
    remove(output, [file.path for file in staged if file.changed < limit])


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
    """Raise ``OSError`` when files cannot be published in an output folder.

    A local one is made. An object store must refuse a second conditional write: one that takes
    both would lose commits.
    """
    if is_local(output):
        probe = Path(output) / STAGING
        probe.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=probe):
            pass
        return
    path = f"{STAGING}/probe-{uuid.uuid4().hex}"
    first = create_exclusive(output, path, b"first")
    second = create_exclusive(output, path, b"second")
    remove(output, [path])
    if not first or second:
        raise OSError(errno.ENOTSUP, "the store does not honour conditional writes", output)
