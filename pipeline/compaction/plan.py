"""Which files of a table are merged with which."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.tables import OutputFile, find, opened
from transforms.schema import SCHEMA_VERSION, Table


def small_files(output: str, table: Table, target: int) -> list[OutputFile]:
    """Return the files of a table that are less than half of ``target`` bytes."""
    files = find(output, f"{table.name}/ingest_date=*/*.parquet")
    return [file for file in files if 2 * file.size < target]


def other_schema(output: str, file: OutputFile, table: Table) -> str | None:
    """Return in what a file's schema differs from the table's; None when it does not.

    Raises ``OSError`` or ``pyarrow.ArrowException`` when the file is damaged.
    """
    with opened(output, file.path) as parquet:
        schema = parquet.schema_arrow
    version = (schema.metadata or {}).get(b"copydesk.schema_version", b"none")
    if version != SCHEMA_VERSION.encode():
        found = version.decode("utf-8", "replace")
        return f"its schema version is {found}, not {SCHEMA_VERSION}"
    if not schema.equals(table.schema):
        return f"its columns are not those of {table.name}"
    return None


def bins(files: Sequence[OutputFile], target: int) -> Iterator[list[OutputFile]]:
    """Yield groups of two or more files of one partition that make at most ``target`` bytes.

    The smallest go first, so that no two groups are left that would fit into one file.
    """
    for _, partition in groupby(sorted(files, key=lambda file: file.path), key=_folder):
        group: list[OutputFile] = []
        size = 0
        for file in sorted(partition, key=lambda file: (file.size, file.path)):
            if group and size + file.size > target:
                if len(group) > 1:
                    yield group
                group, size = [], 0
            group.append(file)
            size += file.size
        if len(group) > 1:
            yield group


def _folder(file: OutputFile) -> str:
    return file.path.rpartition("/")[0]
