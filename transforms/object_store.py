"""Object stores: the few operations that copydesk needs of S3, Google Cloud Storage and others.

Beam's filesystems are used only where there is nothing better: for S3 they make a client for every
call, which costs more CPU than a page does, and take a missing bucket for an empty one; none of
them knows a conditional write.
"""

import errno
import io
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from apache_beam.io.filesystem import FileSystem
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

READ_BYTES = 2**20
"""What a reader asks for at a time."""

GLOB = re.compile(r"[*?\[]")
"""A character that makes a path a pattern."""

_PATH = re.compile(r"(?s)(?:s3|gs)://([^/]+)/?(.*)")
_CLIENTS = {"s3": ("object_store_s3", "aws"), "gs": ("object_store_gcs", "gcp")}
_threads = threading.local()


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object: its whole path, its size in bytes, and the version of its content.

    ``changed`` is when it was written, in Unix seconds.
    """

    path: str
    size: int
    version: str
    changed: float


class ObjectStore(Protocol):
    """A store of whole objects, which are visible at once and to all when they are written.

    Paths are whole, with scheme and bucket. Every method raises ``OSError`` when the store cannot
    be reached or refuses, after the client's own retries; what is missing (a bucket, too) is a
    ``FileNotFoundError``, what is forbidden a ``PermissionError``.
    """

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose path starts with ``prefix``, by path."""

    def stat(self, path: str) -> StoredObject | None:
        """Return what is known of an object; None when there is none."""

    def read(self, path: str) -> bytes:
        """Return the content of an object."""

    def read_range(self, found: StoredObject, start: int, end: int) -> bytes:
        """Return the bytes ``[start, end)`` of an object, of this version of it only."""

    def put(self, path: str, data: bytes) -> None:
        """Write an object in one request, in the place of any that is there."""

    def create(self, path: str, data: bytes) -> bool:
        """Write an object unless there is one; return whether it now holds ``data``.

        Of several writers with different data one alone hears True. That it compares is for
        retries: the answer to a write that succeeded may be lost.
        """

    def copy(self, source: str, target: str) -> None:
        """Copy an object within the store, in the place of any that is there."""

    def remove(self, paths: Iterable[str]) -> None:
        """Remove objects; one that is gone is no error."""


def store_of(path: str) -> ObjectStore:
    """Return the store that ``path`` is in; the local filesystem is one like any other.

    Settings are Beam's flags, then those of the environment, as the vendor's client reads them.
    Raises ``OSError`` when there is no client or its settings are wrong.
    """
    scheme = str(FileSystems.get_scheme(path))
    options = FileSystems._pipeline_options
    stores = _threads.__dict__
    if scheme not in stores or stores[scheme][0] is not options:
        # A client is dear to make, and not every vendor's may be shared by threads.
        stores[scheme] = (options, _connect(scheme, options or PipelineOptions([])))
    return cast(ObjectStore, stores[scheme][1])


def forget_clients() -> None:
    """Connect anew: the environment's settings have changed."""
    _threads.__dict__.clear()


def _connect(scheme: str, options: PipelineOptions) -> ObjectStore:
    module, extra = _CLIENTS.get(scheme, ("object_store_beam", ""))
    try:
        vendor = import_module(f"transforms.{module}")
    except ImportError as error:
        message = f'{scheme}:// needs a client: pip install "copydesk[{extra}]"'
        raise OSError(errno.ENOPKG, message) from error
    return cast(ObjectStore, vendor.connect(options))


def bucket_and_name(path: str) -> tuple[str, str]:
    """Return the bucket and the name in it. Raises ``OSError`` for a path without a bucket."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise OSError(errno.EINVAL, "names no bucket", path)
    return match[1], match[2]


def literal(path: str) -> str:
    """Return a pattern that matches ``path``, and by ``?`` some others: Beam knows no escape."""
    return GLOB.sub("?", path)


def matching(store: ObjectStore, pattern: str) -> Iterator[StoredObject]:
    """Yield the objects that match a pattern, ``*`` within a folder, ``**`` over all below."""
    if not GLOB.search(pattern):
        if found := store.stat(pattern):
            yield found
        return
    whole = re.compile(FileSystem.translate_pattern(pattern))
    for found in store.listed(GLOB.split(pattern)[0]):
        if whole.match(found.path):
            yield found


class _Ranges(io.RawIOBase):
    """The bytes of one version of an object, asked for as they are read."""

    def __init__(self, store: ObjectStore, found: StoredObject) -> None:
        self._store = store
        self._found = found
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._found.size}
        self._position = max(start[whence] + offset, 0)
        return self._position

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        end = min(self._position + len(view), self._found.size)
        if self._position >= end:
            return 0
        data = self._store.read_range(self._found, self._position, end)
        view[: len(data)] = data
        self._position += len(data)
        return len(data)


def open_object(store: ObjectStore, path: str) -> io.BufferedReader:
    """Open an object to read and seek in; raises ``OSError`` when it changes meanwhile."""
    found = store.stat(path)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, "does not exist", path)
    return io.BufferedReader(_Ranges(store, found), READ_BYTES)
