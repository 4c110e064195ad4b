"""How every Parquet file of a table is written, whoever writes it."""

from typing import Any

from transforms.schema import Table


def write_options(table: Table, rows: int) -> dict[str, Any]:
    """Return options of ``pyarrow.parquet.ParquetWriter`` for row groups of up to ``rows`` rows.

    zstd, page checksums, a page index, and a Bloom filter on the id.
    """
    return {
        "compression": "zstd",
        "compression_level": 3,
        "write_page_checksum": True,
        "write_page_index": True,
        "bloom_filter_options": {table.id_column: {"ndv": rows, "fpp": 0.01}},
    }
