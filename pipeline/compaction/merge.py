"""The rows of several files as one sorted file, in memory bounded by one file.

The rows are written to a temporary Arrow file that is mapped into memory; what is held are their
keys, one row group at a time, and the compressed result.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.compaction.replace import SCRATCH
from pipeline.tables import one_line, opened
from transforms.parquet_file import write_options
from transforms.schema import Table
from transforms.storage import OutputFile

BATCH_BYTES = 8 * 2**20
"""Rows read at a time, roughly and uncompressed."""

ROW_GROUP_BYTES = 64 * 2**20
"""Rows of one row group, roughly and uncompressed."""

DAY = "published_date"
INGESTED = "ingested_at"


@dataclass(frozen=True, slots=True)
class Merged:
    """A Parquet file in memory: its ids in order of id, and what became of the sources.

    ``damaged`` maps each file that broke off while it was read to why; none of its rows is here.
    """

    ids: Sequence[str]
    data: pa.Buffer
    sources: Sequence[OutputFile]
    duplicates: int
    damaged: dict[str, str]


def merge(output: str, files: Sequence[OutputFile], table: Table, scratch: str | None) -> Merged:
    """Merge files of one schema; of rows with one id the first ingested stays.

    Rows are sorted by publication date, unknown ones last, then by id. ``scratch`` is the local
    folder for the temporary file, None the system's.
    """
    with _scratch_file(scratch) as path:
        keys, sizes, damaged = _spill(output, files, table, path)
        order = _order(keys, table)
        data = _write(path, order, sizes, table)
    return Merged(
        ids=sorted(order[table.id_column].to_pylist()),
        data=data,
        sources=[file for file in files if file.path not in damaged],
        duplicates=keys.num_rows - order.num_rows,
        damaged=damaged,
    )


@contextmanager
def _scratch_file(folder: str | None) -> Iterator[str]:
    handle, path = tempfile.mkstemp(suffix=".arrow", prefix=SCRATCH, dir=folder)
    os.close(handle)
    try:
        yield path
    finally:
        os.unlink(path)


def _spill(
    output: str, files: Sequence[OutputFile], table: Table, path: str
) -> tuple[pa.Table, list[float], dict[str, str]]:
    """Write all rows to ``path``; return their keys, mean row sizes by batch, and damaged files."""
    columns = [table.id_column, INGESTED, *([DAY] if DAY in table.schema.names else [])]
    keys = [_keys(table.schema.remove_metadata().empty_table().select(columns), 0)]
    sizes: list[float] = []
    damaged: dict[str, str] = {}
    with pa.OSFile(path, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        for file in files:
            found: list[pa.Table] = []
            try:
                for batch in _batches(output, file, table):
                    writer.write_batch(batch)
                    keyed = pa.Table.from_batches([batch.select(columns)]).replace_schema_metadata()
                    found.append(_keys(keyed, len(sizes)))
                    sizes.append(batch.nbytes / batch.num_rows)
            except (OSError, pa.ArrowException) as error:
                damaged[file.path] = one_line(error)
            else:
                keys += found
    return pa.concat_tables(keys).combine_chunks(), sizes, damaged


def _batches(output: str, file: OutputFile, table: Table) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file; its footer's metadata give way to the table's."""
    with opened(output, file.path) as parquet:
        metadata = parquet.metadata
        size = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
        rows = max(metadata.num_rows * BATCH_BYTES // max(size, 1), 1)
        for batch in parquet.iter_batches(batch_size=min(rows, 2**16)):
            if batch.num_rows:
                yield pa.RecordBatch.from_arrays(batch.columns, schema=table.schema)


def _keys(rows: pa.Table, batch: int) -> pa.Table:
    """Return the rows with two columns more: where they stand in the temporary file."""
    count = rows.num_rows
    return rows.append_column("batch", pa.array(np.full(count, batch, np.int64))).append_column(
        "row", pa.array(np.arange(count, dtype=np.int64))
    )


def _order(keys: pa.Table, table: Table) -> pa.Table:
    """Return the keys of the rows that stay, as they are written."""
    ascending = "ascending"
    place = [("batch", ascending), ("row", ascending)]
    keys = keys.sort_by([(table.id_column, ascending), (INGESTED, ascending), *place])
    ids = keys[table.id_column].combine_chunks()
    first = np.ones(len(ids), bool)
    first[1:] = pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
    kept = keys.filter(pa.array(first))
    by = [(DAY, ascending)] if DAY in kept.column_names else []
    return kept.sort_by([*by, (table.id_column, ascending)])


def _write(path: str, order: pa.Table, sizes: Sequence[float], table: Table) -> pa.Buffer:
    """Return the Parquet file of the rows in ``order``, one row group at a time."""
    batch = order["batch"].to_numpy()
    row = order["row"].to_numpy()
    group = (np.cumsum(np.asarray(sizes)[batch]) // ROW_GROUP_BYTES).astype(np.int64)
    cuts = [0, *(np.flatnonzero(np.diff(group)) + 1).tolist(), len(batch)]
    options = write_options(table, max(np.diff(cuts).tolist()))
    sink = pa.BufferOutputStream()
    with (
        pa.memory_map(path) as mapped,
        pa.ipc.open_file(mapped) as spilled,
        pq.ParquetWriter(sink, table.schema, **options) as writer,
    ):
        for start, end in pairwise(cuts):
            rows = _gather(spilled, batch[start:end], row[start:end])
            writer.write_table(rows, row_group_size=max(end - start, 1))
    return sink.getvalue()


def _gather(spilled: Any, batch: npt.NDArray[np.int64], row: npt.NDArray[np.int64]) -> pa.Table:
    """Return rows of the temporary file in the order asked for."""
    by_batch = np.argsort(batch, kind="stable")
    numbers, starts = np.unique(batch[by_batch], return_index=True)
    ends = [*starts[1:].tolist(), len(batch)]
    parts = [
        spilled.get_batch(number).take(pa.array(row[by_batch[start:end]]))
        for number, start, end in zip(numbers.tolist(), starts.tolist(), ends, strict=True)
    ]
    gathered = pa.Table.from_batches(parts, spilled.schema).combine_chunks()
    back = np.empty(len(batch), np.int64)
    back[by_batch] = np.arange(len(batch))
    return gathered.take(pa.array(back))
