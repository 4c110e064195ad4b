"""Files, folders and globs on any Beam filesystem: which there are, and the records in them."""

import logging
import os.path
import posixpath
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from pipeline.sources.records import reject
from pipeline.sources.share import WHOLE, Share
from pipeline.sources.stream import SOURCE_TYPES, read_stream, source_type
from transforms.model import RawDocument, Reason, Rejected
from transforms.object_store import GLOB, StoredObject, literal, matching, open_object, store_of
from transforms.storage import is_local

logger = logging.getLogger(__name__)


class InputError(Exception):
    """An input that cannot be read at all; the message is one line for a person."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read: ``name`` is its path relative to the input, the same on any filesystem.

    ``path`` is a Beam filesystem path, ``size`` is in bytes as the filesystem tells it.
    """

    path: str
    name: str
    size: int


def expand(inputs: Sequence[str]) -> list[InputFile]:
    """Return the files of all inputs, each once, sorted by name and path.

    A folder stands for the files in it, at any depth, that have a known extension and no leading
    dot; so does a glob for those it matches. How many others were passed over is logged.

    Raises ``InputError`` for an input that does not exist, holds nothing that can be read, or has
    an extension or a filesystem that is not known.
    """
    files: dict[str, InputFile] = {}
    for pattern in inputs:
        for file in _expand_one(pattern):
            files.setdefault(file.path, file)
    return sorted(files.values(), key=lambda file: (file.name, file.path))


def _expand_one(pattern: str) -> list[InputFile]:
    if "://" in pattern:
        found = _stored(pattern)
        if found is not None:
            return found
    else:
        path = os.path.abspath(pattern)
        if os.path.exists(path):
            return _folder(path, pattern) if os.path.isdir(path) else [_single(path, pattern)]
        pattern = path
    if glob := GLOB.search(pattern):
        matched = _match(pattern)
        if not matched:
            raise InputError(f"{pattern}: matches no file")
        return _readable(matched, posixpath.dirname(pattern[: glob.start()]), pattern)
    raise InputError(f"{pattern}: does not exist")


def _stored(pattern: str) -> list[InputFile] | None:
    """Return the files of a folder or a file that is not local; None when there is neither."""
    path = pattern.rstrip("/")
    if any(file.path.startswith(path + "/") for file in _match(literal(path) + "/**")):
        return _folder(path, pattern)
    named = [file for file in _match(literal(path)) if file.path == path]
    return [_single(path, pattern)] if named else None


def _single(path: str, pattern: str) -> InputFile:
    if source_type(path) is None:
        raise InputError(f"{pattern}: not one of {_known()}")
    for file in _match(literal(path)):
        if file.path == path:
            return InputFile(path, posixpath.basename(path), file.size)
    raise InputError(f"{pattern}: does not exist")


def _folder(path: str, pattern: str) -> list[InputFile]:
    return _readable(_match(literal(path) + "/**"), path, pattern)


def _readable(matched: Sequence[StoredObject], prefix: str, pattern: str) -> list[InputFile]:
    """Return those of the matched files that can be read; ``prefix`` is left out of their names."""
    inside = [file for file in matched if file.path.startswith(prefix)]
    files = []
    for file in inside:
        name = file.path[len(prefix) :].lstrip("/")
        if source_type(name) is not None and not posixpath.basename(name).startswith("."):
            files.append(InputFile(file.path, name, file.size))
    if not files:
        raise InputError(f"{pattern}: holds no file that can be read ({_known()})")
    if len(files) < len(inside):
        logger.warning("%s: %d other files passed over", pattern, len(inside) - len(files))
    return files


def _match(pattern: str) -> list[StoredObject]:
    try:
        return list(matching(store_of(pattern), pattern))
    except OSError as error:
        message = error.strerror or str(error).splitlines()[0]
        raise InputError(f"{pattern}: cannot be listed: {message}") from error


def _known() -> str:
    return f"{' '.join(SOURCE_TYPES)}, each also with .gz"


def open_file(file: InputFile) -> BinaryIO:
    """Open a file as it stands, compressed or not. Raises ``OSError``."""
    if is_local(file.path):
        return FileSystems.open(file.path, compression_type=CompressionTypes.UNCOMPRESSED)
    return open_object(store_of(file.path), file.path)


def read_records(
    file: InputFile,
    start: int = 0,
    end: int | None = None,
    line: int = 1,
    share: Share = WHOLE,
) -> Iterator[RawDocument | Rejected]:
    """Yield each record of a file once, or its rejection; bad content never raises.

    A file that cannot be opened, or breaks off while it is read, is one rejection. With ``start``
    and ``end`` the records of these bytes alone are read; ``line`` is the number of the first. Of
    these only those of ``share`` are yielded.
    """
    try:
        with open_file(file) as stream:
            stretch = Stretch(stream, start, end) if start or end else stream
            yield from read_stream(stretch, file.name, file.size, start, line, share)
    except OSError as error:
        yield reject(
            b"",
            Reason.UNREADABLE,
            str(error),
            source_id=f"{file.name}@{start}" if start else file.name,
            source_type=source_type(file.name) or "file",
            source_file=file.name,
            source_offset=start,
            size=file.size,
        )


class Stretch:
    """The bytes ``[start, end)`` of a file that can seek; without ``end``, to the file's own."""

    def __init__(self, file: BinaryIO, start: int, end: int | None) -> None:
        file.seek(start)
        self._file = file
        self._left = sys.maxsize if end is None else end - start

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data
