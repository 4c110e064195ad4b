"""The files of an output folder, on any Beam filesystem."""

import pyarrow.parquet as pq

from pipeline.errors import UsageError
from transforms import storage
from transforms.object_store import store_of
from transforms.schema import SCHEMA_VERSION, TABLES, Table
from transforms.storage import OutputFile


def require_output(output: str) -> None:
    """Raise ``UsageError`` when no run has written to ``output``."""
    if not any(find(output, f"{table.name}/**.parquet") for table in TABLES):
        raise UsageError(f"{output}: holds no output of copydesk (no articles, rejected, ledger)")


def find(output: str, pattern: str) -> list[OutputFile]:
    """Return the files that match ``output/pattern``, by path.

    Raises ``UsageError`` when the filesystem is not known or does not answer.
    """
    try:
        return storage.find(output, pattern)
    except OSError as error:
        raise UsageError(f"cannot list {output}: {error.strerror or one_line(error)}") from error


def opened(output: str, path: str) -> pq.ParquetFile:
    """Open a Parquet file of a table."""
    return storage.open_parquet(storage.join(output, path))


def write_text(path: str, text: str) -> None:
    """Write a UTF-8 file in the place of any that is there. Raises ``OSError`` when it cannot."""
    store_of(path).put(path, text.encode("utf-8", "replace"))


def other_schema(output: str, path: str, table: Table) -> str | None:
    """Return in what a file's schema differs from the table's; None when it does not.

    Raises ``OSError`` or ``pyarrow.ArrowException`` when the file is damaged.
    """
    with opened(output, path) as parquet:
        schema = parquet.schema_arrow
    version = (schema.metadata or {}).get(b"copydesk.schema_version", b"none")
    if version != SCHEMA_VERSION.encode():
        found = version.decode("utf-8", "replace")
        return f"its schema version is {found}, not {SCHEMA_VERSION}"
    if not schema.equals(table.schema):
        return f"its columns are not those of {table.name}"
    return None


def one_line(error: Exception) -> str:
    """Return the first line of what an error says, or its type when it says nothing."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
