"""A reader of the tables that looks each second, as an analyst with DuckDB or pyarrow would."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow.dataset as ds

from transforms.schema import ARTICLES, REJECTED, Table

POLL_SECONDS = 1.0


@dataclass
class Watch:
    """What a reader has seen: faults, when each id was first visible, how the table grew.

    ``growth`` holds a moment and the number of rows then, for each time it grew. Times are Unix
    seconds.
    """

    output: Path
    faults: list[str] = field(default_factory=list)
    visible: dict[str, float] = field(default_factory=dict)
    growth: list[tuple[float, int]] = field(default_factory=list)
    polls: int = 0

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            self.look()

    def look(self) -> None:
        """Read ids with both libraries; note a failure, a repeated id, a row that has gone."""
        readers = {"duckdb": self._duckdb, "pyarrow": self._pyarrow}
        for name, reader in readers.items():
            try:
                ids = reader()
            except Exception as error:  # noqa: BLE001  (whatever a reader meets is the finding)
                self.faults.append(f"{time.time():.1f} {name}: {error!r}")
                continue
            self._note(name, ids)
        self.polls += 1

    def _note(self, name: str, ids: list[str]) -> None:
        now = time.time()
        repeated = [row_id for row_id, count in Counter(ids).items() if count > 1]
        gone = self.visible.keys() - set(ids)
        if repeated:
            self.faults.append(f"{now:.1f} {name}: {len(repeated)} ids twice, {repeated[0]}")
        if gone:
            self.faults.append(f"{now:.1f} {name}: {len(gone)} rows gone, {sorted(gone)[0]}")
        before = len(self.visible)
        for row_id in ids:
            self.visible.setdefault(row_id, now)
        if len(self.visible) > before:
            self.growth.append((now, len(self.visible)))

    def _duckdb(self) -> list[str]:
        ids: list[str] = []
        with duckdb.connect() as connection:
            for table in self._tables():
                files = self.output / table.name / "*" / "*.parquet"
                query = f"SELECT {table.id_column} FROM '{files}'"  # noqa: S608
                ids += [row[0] for row in connection.execute(query).fetchall()]
        return ids

    def _pyarrow(self) -> list[str]:
        ids: list[str] = []
        for table in self._tables():
            rows = ds.dataset(self.output / table.name).to_table([table.id_column])
            ids += rows.column(0).to_pylist()
        return ids

    def _tables(self) -> list[Table]:
        """Return the tables that hold files by now."""
        tables = (ARTICLES, REJECTED)
        return [table for table in tables if any((self.output / table.name).glob("*/*.parquet"))]
