"""Whether the files of a table are those that were committed, and hold what they should."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pyarrow as pa

from pipeline.tables import find, one_line, opened, other_schema
from pipeline.validation.logs import Logs, read_logs
from transforms.commits import AddedFile
from transforms.known_ids import words
from transforms.part_names import content_digest, digest, span_of
from transforms.schema import Table
from transforms.storage import OutputFile, exists, read

BATCH_BYTES = 16 * 2**20
"""Rows read at a time, roughly and uncompressed."""


class Ids:
    """The ids of a table with the file of each, to find those that stand in it twice."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def add(self, path: str, ids: list[str]) -> None:
        """Take in the ids of one file."""
        files = np.full(len(ids), len(self.paths), np.int64)
        self.paths.append(path)
        self.parts.append((*words(ids), files))

    def twice(self) -> Iterator[tuple[str, str]]:
        """Yield the two files for each id that comes again, one of them twice if need be."""
        if not self.parts:
            return
        high, low, files = (np.concatenate(column) for column in zip(*self.parts, strict=True))
        order = np.lexsort((files, low, high))
        high, low, files = high[order], low[order], files[order]
        for place in np.flatnonzero((high[1:] == high[:-1]) & (low[1:] == low[:-1])).tolist():
            yield self.paths[files[place]], self.paths[files[place + 1]]


def check_files(output: str, table: Table, logs: Logs) -> Iterator[str]:
    """Yield what is wrong with the files of a table, given what its logs say."""
    present = {file.path: file for file in find(output, f"{table.name}/*/*.parquet")}
    expected = logs.expected
    if present.keys() - expected.keys():
        # A writer may be at work: what is there now was committed before.
        logs = read_logs(output, table)
    yield from _missing(output, expected, present)
    ids = Ids()
    for path, file in sorted(present.items()):
        if path in logs.expected:
            yield from _contents(output, table, file, logs.expected[path], ids.add)
        elif path in logs.removed:
            yield f"{path}: was replaced, but is still there"
        else:
            yield f"{path}: no commit names it"
    yield from _repeated(ids, logs)


def _missing(
    output: str, expected: Mapping[str, AddedFile], present: Mapping[str, OutputFile]
) -> Iterator[str]:
    for path in sorted(expected.keys() - present.keys()):
        if exists(output, path):
            continue
        rows = f"{expected[path].rows:,} rows"
        if expected[path].staged and exists(output, expected[path].staged):
            yield f"{path}: {rows} are committed, but not published; the next run does that"
        else:
            yield f"{path}: is missing, with {rows}"


def _contents(
    output: str,
    table: Table,
    file: OutputFile,
    said: AddedFile,
    add: Callable[[str, list[str]], None],
) -> Iterator[str]:
    try:
        data = read(output, file.path)
        if len(data) != said.size:
            yield f"{file.path}: has {len(data):,} bytes, was committed with {said.size:,}"
        elif content_digest(data) != said.content:
            yield f"{file.path}: is not, byte for byte, what was committed"
        difference = other_schema(output, file.path, table)
        ids = _ids(output, file.path, table)
    except (OSError, pa.ArrowException) as error:
        yield f"{file.path}: is damaged: {one_line(error)}"
        return
    add(file.path, ids)
    if difference:
        yield f"{file.path}: {difference}"
    if len(ids) != said.rows:
        yield f"{file.path}: has {len(ids):,} rows, was committed with {said.rows:,}"
    elif digest(sorted(ids)) != said.ids:
        yield f"{file.path}: has other records than were committed"


def _ids(output: str, path: str, table: Table) -> list[str]:
    """Return the ids of a file, every page of which is read and checked against its checksum."""
    ids: list[str] = []
    with opened(output, path) as parquet:
        metadata = parquet.metadata
        size = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
        rows = max(metadata.num_rows * BATCH_BYTES // max(size, 1), 1)
        for batch in parquet.iter_batches(min(rows, 2**16)):
            ids += batch[table.id_column].to_pylist()
    return ids


def _repeated(ids: Ids, logs: Logs) -> Iterator[str]:
    """Yield the pairs of files that share ids, unless those may have come so far apart."""
    pairs: dict[tuple[str, str], int] = {}
    for pair in ids.twice():
        pairs[pair] = pairs.get(pair, 0) + 1
    for (one, other), count in sorted(pairs.items()):
        horizons = [logs.horizons.get(path) for path in (one, other)]
        known = [horizon for horizon in horizons if horizon is not None]
        (first, last), (begin, end) = span_of(one), span_of(other)
        if not known or max(last, end) - min(first, begin) <= min(known):
            yield f"{count:,} ids stand twice: in {one} and in {other}"
