"""WriteParquet: rows grouped by id into files whose names come from what is in them."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.pvalue import PCollection

from transforms import rows
from transforms.ledger import Entry, tally
from transforms.parquet_file import write_options
from transforms.schema import Table
from transforms.storage import find, join, open_parquet, publish

EncodedRow = tuple[str, str | None, str | None, bytes]
"""Id, stage and reason (for a dead letter), and the row as ``rows.encode`` wrote it."""

MAX_FILE_BYTES = 96 * 2**20
"""Rows of one file, as ``rows.encode`` packs them; ..."""

ROW_GROUP_BYTES = 8 * 2**20
"""... and of one row group, which is what is unpacked at a time."""


@dataclass(eq=False)
class WriteParquet(beam.PTransform[PCollection[EncodedRow], PCollection[Entry]]):
    """Writes each row once to ``output/TABLE/ingest_date=…/part-DIGEST.parquet``.

    Rows whose id the table holds already, or that come twice, are not written again; ids in the
    files ``replaces`` do not count as held. Yields the ledger entries of what was written and
    what was not.
    """

    output: str
    table: Table
    shards: int
    ingested_at: datetime
    replaces: Sequence[str] = ()

    def expand(self, encoded: PCollection[EncodedRow]) -> PCollection[Entry]:
        """Group new rows with the ids of the table by shard, then write each shard."""
        known = (
            encoded.pipeline
            | "FindFiles" >> beam.Create([self.table.name])
            | "ListFiles" >> beam.FlatMap(list_files, self.output, self.replaces)
            | "SpreadFiles" >> beam.Reshuffle()
            | "ReadIds" >> beam.FlatMap(read_ids, self.output, self.table.id_column)
            | "KeyIds" >> beam.Map(key_by_shard, self.shards)
        )
        new = encoded | "KeyRows" >> beam.Map(key_row_by_shard, self.shards)
        return (
            {"known": known, "new": new}
            | "GroupByShard" >> beam.CoGroupByKey()
            | "WriteShard" >> beam.FlatMap(write_shard, self.output, self.table, self.ingested_at)
        )


def shard_of(row_id: str, shards: int) -> int:
    """Return the shard of an id, which is hexadecimal: the same everywhere and always."""
    return int(row_id[:8], 16) % shards


def key_by_shard(row_id: str, shards: int) -> tuple[int, str]:
    """Return an id behind the number of its shard."""
    return shard_of(row_id, shards), row_id


def key_row_by_shard(row: EncodedRow, shards: int) -> tuple[int, EncodedRow]:
    """Return a row behind the number of its shard."""
    return shard_of(row[0], shards), row


def list_files(table: str, output: str, left_out: Collection[str]) -> list[str]:
    """Return the files of a table that are not left out, relative to ``output``."""
    return [file.path for file in find(output, f"{table}/*/*.parquet") if file.path not in left_out]


def read_ids(path: str, output: str, column: str) -> Iterator[str]:
    """Yield the ids in a Parquet file of ``output``."""
    for batch in open_parquet(join(output, path)).iter_batches(columns=[column]):
        yield from batch.column(0).to_pylist()


def write_shard(
    group: tuple[int, Mapping[str, Iterable[Any]]],
    output: str,
    table: Table,
    ingested_at: datetime,
) -> Iterator[Entry]:
    """Write the new rows of a shard and yield the ledger entries of all of them.

    ``group`` holds under ``known`` the ids that are in the table and under ``new`` the rows.
    """
    _, sides = group
    seen: set[str] = set(sides["known"])
    fresh: list[EncodedRow] = []
    for row in sorted(sides["new"]):
        if row[0] in seen:
            yield tally("duplicate", row[0])
        else:
            seen.add(row[0])
            fresh.append(row)
    for chunk in chunks(fresh, MAX_FILE_BYTES):
        name = part_name((row[0] for row in chunk), ingested_at)
        publish(output, f"{table.name}/{name}", parquet_bytes(chunk, table))
        for row_id, stage, reason, _ in chunk:
            yield tally("rejected" if reason else "article", row_id, stage, reason)


def chunks(encoded: Sequence[EncodedRow], limit: int) -> Iterator[Sequence[EncodedRow]]:
    """Cut rows into runs of at most ``limit`` bytes (one row at least), in order."""
    start = size = 0
    for position, row in enumerate(encoded):
        size += len(row[3])
        if size > limit and position > start:
            yield encoded[start:position]
            start, size = position, len(row[3])
    if start < len(encoded):
        yield encoded[start:]


def part_name(ids: Iterable[str], ingested_at: datetime) -> str:
    """Return where in its table a file of these sorted ids, taken in by this run, goes."""
    name = digest([ingested_at.isoformat(), *ids])
    return f"ingest_date={ingested_at:%Y-%m-%d}/part-{name}.parquet"


def digest(names: Iterable[str]) -> str:
    """Return 32 hexadecimal digits made of ``names`` in their order."""
    return hashlib.blake2b("\n".join(names).encode(), digest_size=16).hexdigest()


def parquet_bytes(encoded: Sequence[EncodedRow], table: Table) -> bytes:
    """Return the Parquet file of ``encoded``: zstd, page checksums, page index, Bloom filter."""
    groups = list(chunks(encoded, ROW_GROUP_BYTES))
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink, table.schema, **write_options(table, max(map(len, groups)))
    ) as writer:
        for group in groups:
            batches = [rows.decode(data, table) for _, _, _, data in group]
            writer.write_table(pa.Table.from_batches(batches, table.schema).combine_chunks())
    return sink.getvalue().to_pybytes()
