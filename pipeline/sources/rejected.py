"""The table of dead letters as a source, for ``copydesk replay``."""

from collections.abc import Iterator, Mapping
from typing import Any

from transforms.model import RawDocument, Reason, Rejected
from transforms.storage import join, open_parquet

BATCH_ROWS = 16


def read_rejected(path: str, output: str) -> Iterator[RawDocument | Rejected]:
    """Yield the records of one file of the table in ``output``, ready to be processed again.

    A dead letter of the stage ``Read`` is no document but a broken piece of its source, and a
    payload that was cut is not the document: both stay rejected as they were.
    """
    for batch in open_parquet(join(output, path)).iter_batches(BATCH_ROWS):
        for row in batch.to_pylist():
            yield _record(row)


def _record(row: Mapping[str, Any]) -> RawDocument | Rejected:
    raw = RawDocument(
        source_id=row["source_id"],
        content=row["payload"],
        url=row["url"],
        media_type=row["media_type"],
        charset=row["charset"],
        fetched_at=row["fetched_at"],
        headers=tuple(row["headers"]),
        source_type=row["source_type"],
        source_file=row["source_file"],
        source_offset=row["source_offset"],
        record_id=row["record_id"],
    )
    if row["stage"] == "Read" or row["payload_size"] > len(raw.content):
        reason = Reason(row["reason"])
        return Rejected(raw, row["stage"], reason, row["error"], row["payload_size"])
    return raw
