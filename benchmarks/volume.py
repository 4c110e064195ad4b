"""How many bytes a page makes on its way: as it comes in, in the shuffle, and in the tables."""

import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.measure import run
from transforms import rows
from transforms.schema import ARTICLES, REJECTED


def volume(source: Path, pages: int) -> dict[str, float]:
    """Run the pipeline over a file of so many pages and return kB per page, by where.

    ``volume.input`` is the file as it stands, ``volume.shuffled`` the rows as they cross the
    shuffle, ``volume.article`` and ``volume.rejected`` what a row takes in its table (0 when
    there is none); ``article_share`` is how many of the pages became articles.
    """
    with tempfile.TemporaryDirectory() as folder:
        words = ["run", "--input", str(source), "--output", folder, "--quiet"]
        run([sys.executable, "-m", "pipeline.cli", *words])
        shuffled = 0
        found = {}
        counts = {}
        for table in (ARTICLES, REJECTED):
            files = list((Path(folder) / table.name).rglob("*.parquet"))
            listed = [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]
            shuffled += sum(len(rows.encode(row, table)) for row in listed)
            size = sum(file.stat().st_size for file in files)
            found[table.name] = size / len(listed) / 1000 if listed else 0.0
            counts[table.name] = len(listed)
    return {
        "volume.input": source.stat().st_size / pages / 1000,
        "volume.shuffled": shuffled / sum(counts.values()) / 1000,
        "volume.article": found[ARTICLES.name],
        "volume.rejected": found[REJECTED.name],
        "article_share": counts[ARTICLES.name] / sum(counts.values()),
    }
