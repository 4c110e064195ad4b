"""Rows on disk while a local run lasts: its runner would hold all of them in memory.

A worker appends to a file of its own; what is shuffled says where a row stands.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from transforms.publishing import STAGING
from transforms.storage import is_local

_PREFIX = "rows-"
_ABANDONED_SECONDS = 24 * 3600
"""A run that was killed leaves its folder behind; one that lasts writes to it."""


@dataclass(frozen=True, slots=True)
class Spilled:
    """Where the bytes of a row stand."""

    path: str
    offset: int
    size: int

    def __len__(self) -> int:
        return self.size

    def read(self) -> bytes:
        """Return the bytes. Raises ``OSError``."""
        data = os.pread(_descriptor(self.path), self.size, self.offset)
        if len(data) != self.size:
            raise OSError(f"{self.path} was cut short")
        return data


def spill(folder: str, data: bytes) -> Spilled:
    """Append bytes to this process's file in ``folder``. Raises ``OSError``."""
    return _file(folder).append(data)


@contextmanager
def spill_folder(output: str) -> Iterator[str]:
    """Give a folder for a run's rows while it lasts, on the disk of its output if that is local."""
    parent = Path(output) / STAGING if is_local(output) else None
    if parent is not None:
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.glob(f"{_PREFIX}*"):
            if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent) as folder:
        try:
            yield folder
        finally:
            _close(folder)


class _File:
    """A process's file in a folder, open for its threads to append to and read from."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self._end = 0
        self._lock = Lock()

    def append(self, data: bytes) -> Spilled:
        with self._lock:
            start = self._end
            left = memoryview(data)
            while left:
                left = left[os.pwrite(self.descriptor, left, start + len(data) - len(left)) :]
            self._end += len(data)
        return Spilled(self.path, start, len(data))


_lock = Lock()
_files: dict[str, _File] = {}
_others: dict[str, int] = {}


def _file(folder: str) -> _File:
    path = f"{folder}/{os.getpid()}"
    with _lock:
        if path not in _files:
            _files[path] = _File(path)
        return _files[path]


def _descriptor(path: str) -> int:
    """Return a file to read from, which may be another process's."""
    with _lock:
        if path in _files:
            return _files[path].descriptor
        if path not in _others:
            _others[path] = os.open(path, os.O_RDONLY)
        return _others[path]


def _close(folder: str) -> None:
    with _lock:
        for path in [path for path in _files if path.startswith(f"{folder}/")]:
            os.close(_files.pop(path).descriptor)
        for path in [path for path in _others if path.startswith(f"{folder}/")]:
            os.close(_others.pop(path))
