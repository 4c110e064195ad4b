"""The ledger: how many records came in, what became of them, and whether that adds up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import apache_beam as beam
import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.pvalue import AsList, PCollection

from transforms.schema import LEDGER, pipeline_version
from transforms.storage import join, open_parquet, publish

Key = tuple[str, str | None, str | None]
"""Outcome (in, article, duplicate, rejected), stage and reason."""
Count = tuple[int, int]
"""Records, and the sum of their ids' first 63 bits modulo 2**63."""
Entry = tuple[Key, Count]

MODULUS = 2**63


def tally(outcome: str, row_id: str, stage: str | None = None, reason: str | None = None) -> Entry:
    """Return the ledger entry of one record, whose id is hexadecimal."""
    return (outcome, stage, reason), (1, int(row_id[:16], 16) % MODULUS)


def add(counts: Iterable[Count]) -> Count:
    """Return the sum of counts."""
    records = checksum = 0
    for one, id_checksum in counts:
        records += one
        checksum = (checksum + id_checksum) % MODULUS
    return records, checksum


class LedgerError(Exception):
    """The ledger does not add up; the message says by how much."""


def reconcile(entries: Iterable[Entry]) -> None:
    """Check that every record that came in left as article, duplicate or rejected.

    Raises ``LedgerError`` when the numbers differ, or when they agree but the ids do not.
    """
    listed = list(entries)
    came_in = add(count for key, count in listed if key[0] == "in")
    went_out = add(count for key, count in listed if key[0] != "in")
    if came_in[0] != went_out[0]:
        missing = came_in[0] - went_out[0]
        raise LedgerError(
            f"{came_in[0]} records came in but {went_out[0]} are accounted for: "
            f"{abs(missing)} {'lost' if missing > 0 else 'too many'}"
        )
    if came_in[1] != went_out[1]:
        raise LedgerError(
            f"{came_in[0]} records came in and as many went out, but they are not the same records"
        )


@dataclass(eq=False)
class WriteLedger(beam.PTransform[PCollection[Entry], PCollection[None]]):
    """Sums ledger entries and writes them to ``output/ledger/RUN_ID.parquet``, one file a run."""

    output: str
    run_id: str
    ingested_at: datetime

    def expand(self, entries: PCollection[Entry]) -> PCollection[None]:
        """Sum per key, gather, write once."""
        sums = entries | "SumPerOutcome" >> beam.CombinePerKey(add)
        return (
            entries.pipeline
            | "Once" >> beam.Create([self.run_id])
            | "WriteFile" >> beam.Map(write_ledger, self.output, self.ingested_at, AsList(sums))
        )


def write_ledger(run_id: str, output: str, ingested_at: datetime, entries: Iterable[Entry]) -> None:
    """Publish the ledger file of a run."""
    publish(output, ledger_path(run_id), _parquet(run_id, ingested_at, entries))


def ledger_path(run_id: str) -> str:
    """Return the path of a run's ledger relative to the output folder."""
    return f"{LEDGER.name}/{run_id}.parquet"


def read_ledger(output: str, run_id: str) -> list[Entry]:
    """Return the entries a run has written. Raises ``OSError`` when it wrote none."""
    table = open_parquet(join(output, ledger_path(run_id))).read()
    return [
        ((row["outcome"], row["stage"], row["reason"]), (row["records"], row["id_checksum"]))
        for row in table.to_pylist()
    ]


def _parquet(run_id: str, ingested_at: datetime, entries: Iterable[Entry]) -> bytes:
    rows = [
        {
            "run_id": run_id,
            "outcome": outcome,
            "stage": stage,
            "reason": reason,
            "records": records,
            "id_checksum": checksum,
            "ingested_at": ingested_at,
            "pipeline_version": pipeline_version(),
        }
        for (outcome, stage, reason), (records, checksum) in sorted(entries, key=str)
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, LEDGER.schema), sink, compression="zstd")
    return sink.getvalue().to_pybytes()
