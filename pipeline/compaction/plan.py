"""Which files of a table are merged with which."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.tables import find
from transforms.schema import Table
from transforms.storage import OutputFile


def small_files(output: str, table: Table, target: int) -> list[OutputFile]:
    """Return the files of a table that are less than half of ``target`` bytes."""
    files = find(output, f"{table.name}/ingest_date=*/*.parquet")
    return [file for file in files if 2 * file.size < target]


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
