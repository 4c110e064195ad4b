"""The files of an output folder, on any Beam filesystem."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq
from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems

from pipeline.errors import UsageError
from transforms.schema import TABLES

_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file under an output folder: its path relative to the folder, and its size in bytes."""

    path: str
    size: int


def require_output(output: str) -> None:
    """Raise ``UsageError`` when no run has written to ``output``."""
    if not any(find(output, f"{table.name}/**.parquet") for table in TABLES):
        raise UsageError(f"{output}: holds no output of copydesk (no articles, rejected, ledger)")


def find(output: str, pattern: str) -> list[OutputFile]:
    """Return the files that match ``output/pattern``, by path.

    Raises ``UsageError`` when the filesystem is not known or does not answer.
    """
    root = output.rstrip("/") + "/"
    try:
        matched = FileSystems.match([_GLOB.sub("?", root) + pattern])[0].metadata_list
    except (BeamIOError, ValueError) as error:
        raise UsageError(f"cannot list {output}: {one_line(error)}") from error
    return sorted(
        (
            OutputFile(found.path[len(root) :], found.size_in_bytes)
            for found in matched
            if found.path.startswith(root)
        ),
        key=lambda file: file.path,
    )


def join(output: str, path: str) -> str:
    """Return the filesystem path of a file relative to ``output``."""
    return FileSystems.join(output, *path.split("/"))


@contextmanager
def opened(output: str, path: str) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file of a table; pages are checked against their checksums."""
    handle: Any = FileSystems.open(
        join(output, path), compression_type=CompressionTypes.UNCOMPRESSED
    )
    with handle, pq.ParquetFile(handle, page_checksum_verification=True) as file:
        yield file


def one_line(error: Exception) -> str:
    """Return the first line of what an error says, or its type when it says nothing."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
