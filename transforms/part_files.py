"""Rows on their way to a table, and the Parquet files they become."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq

from transforms import rows
from transforms.parquet_file import write_options
from transforms.schema import Table
from transforms.spill import Spilled

MAX_FILE_BYTES = 32 * 2**20
"""Rows of one file, as ``rows.encode`` packs them; ..."""

ROW_GROUP_BYTES = 2 * 2**20
"""... and of one row group, which is what is unpacked at a time."""


MICROS = 1e6


@dataclass(frozen=True, slots=True)
class EncodedRow:
    """A row as ``rows.encode`` packed it, with what the sink must know without unpacking it.

    ``source_file`` and ``source_offset`` are the occurrence: the same again is a replay, another
    one with the same id a duplicate. ``stage`` and ``reason`` are those of a dead letter.
    ``arrived`` is the element's time in Unix microseconds, None in batch; the sink fills it in.
    ``data`` may stand on disk meanwhile.
    """

    row_id: str
    source_file: str | None
    source_offset: int | None
    data: bytes | Spilled
    stage: str | None = None
    reason: str | None = None
    arrived: int | None = None

    def packed(self) -> bytes:
        """Return the row as it was packed. Raises ``OSError`` when it is no longer on its disk."""
        return self.data.read() if isinstance(self.data, Spilled) else self.data


def order(row: EncodedRow) -> tuple[str, int, str, int]:
    """Return what rows are sorted by: the id, then the earliest occurrence."""
    offset = -1 if row.source_offset is None else row.source_offset
    return row.row_id, row.arrived or 0, row.source_file or "", offset


def chunks(encoded: Sequence[EncodedRow], limit: int) -> Iterator[Sequence[EncodedRow]]:
    """Cut rows into runs of at most ``limit`` bytes (one row at least), in order."""
    start = size = 0
    for position, row in enumerate(encoded):
        size += len(row.data)
        if size > limit and position > start:
            yield encoded[start:position]
            start, size = position, len(row.data)
    if start < len(encoded):
        yield encoded[start:]


def parquet_bytes(encoded: Sequence[EncodedRow], table: Table, ingested_at: datetime) -> bytes:
    """Return the Parquet file of ``encoded``, all taken in at one time."""
    groups = list(chunks(encoded, ROW_GROUP_BYTES))
    place = table.schema.get_field_index("ingested_at")
    field = table.schema.field(place)
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink, table.schema, **write_options(table, max(map(len, groups)))
    ) as writer:
        for group in groups:
            batches = [rows.decode(row.packed(), table) for row in group]
            whole = pa.Table.from_batches(batches, table.schema).combine_chunks()
            taken_in = pa.array([ingested_at] * len(group), field.type)
            writer.write_table(whole.set_column(place, field, taken_in))
    return sink.getvalue().to_pybytes()
