"""The files of an output folder, on any Beam filesystem: finding, reading and removing them."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems

from transforms.object_store import literal, matching, store_of


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file under an output folder: its path relative to the folder, its size in bytes.

    ``changed`` is when it was last written, in Unix seconds.
    """

    path: str
    size: int
    changed: float = 0.0


def join(output: str, path: str) -> str:
    """Return the filesystem path of a file relative to ``output``."""
    return f"{output.rstrip('/')}/{path}"


def find(output: str, pattern: str) -> list[OutputFile]:
    """Return the files that match ``output/pattern``, by path; ``output`` itself is no pattern.

    ``*`` stands for any part of a name, ``**`` before a suffix for names at any depth. Raises
    ``OSError`` when the filesystem does not answer or is not known.
    """
    if is_local(output):
        listed = _local_files(output, pattern.split("/"), "")
        return sorted(listed, key=lambda file: file.path)
    root = output.rstrip("/") + "/"
    found = [
        OutputFile(file.path[len(root) :], file.size, file.changed)
        for file in matching(store_of(root), literal(root) + pattern)
        if file.path.startswith(root)
    ]
    return sorted(found, key=lambda file: file.path)


def remove(output: str, paths: Iterable[str]) -> None:
    """Remove files, given by their paths relative to ``output``; one that is gone is no error."""
    if is_local(output):
        # Beam would take a local path for a pattern.
        for path in paths:
            (Path(output) / path).unlink(missing_ok=True)
    else:
        store_of(output).remove([join(output, path) for path in paths])


def exists(output: str, path: str) -> bool:
    """Return whether there is a file at ``output/path``. Raises ``OSError`` when nobody answers."""
    if is_local(output):
        return (Path(output) / path).exists()
    return store_of(output).stat(join(output, path)) is not None


def read(output: str, path: str) -> bytes:
    """Return the content of ``output/path``. Raises ``OSError`` when it cannot be read."""
    if is_local(output):
        return (Path(output) / path).read_bytes()
    return store_of(output).read(join(output, path))


def open_parquet(path: str) -> pq.ParquetFile:
    """Open a Parquet file on any Beam filesystem, one on an object store by loading it.

    Pages are checked against their checksums as they are read.
    Arrow is never handed a Python file: its threads would call back into an interpreter that may
    be on its way out, which aborts the process.
    """
    if is_local(path):
        return pq.ParquetFile(path, page_checksum_verification=True)
    data = pa.BufferReader(store_of(path).read(path))
    return pq.ParquetFile(data, page_checksum_verification=True)


def is_local(path: str) -> bool:
    """Return whether ``path`` is on the local filesystem."""
    return FileSystems.get_scheme(path) is None


def _local_files(folder: str, pattern: Sequence[str], above: str) -> Iterator[OutputFile]:
    """Yield the files that match; unlike Beam's own, this neither hides errors nor walks it all.

    A file that is gone before it is looked at is left out: writers move theirs at any time.
    """
    name, *rest = pattern
    entries: list[os.DirEntry[str]] = []
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as listed:
        entries = list(listed)
    for entry in entries:
        path = f"{above}{entry.name}"
        if name.startswith("**") and entry.is_dir():
            yield from _local_files(entry.path, pattern, f"{path}/")
        elif fnmatchcase(entry.name, name) and rest:
            yield from _local_files(entry.path, rest, f"{path}/")
        elif fnmatchcase(entry.name, name) and entry.is_file():
            with suppress(FileNotFoundError):
                status = entry.stat()
                yield OutputFile(path, status.st_size, status.st_mtime)
