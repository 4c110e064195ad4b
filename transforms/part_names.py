"""The shards of a table, and the names of its files: when rows arrived, a digest of the ids."""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

Span = tuple[float, float]
"""First and last moment, in Unix seconds."""

_STAMP = "%Y%m%dT%H%M%SZ"
_SPAN = re.compile(r"-(\d{8}T\d{6}Z)-(\d{8}T\d{6}Z)-[0-9a-f]{32}\.parquet$")
_DAY = re.compile(r"/ingest_date=(\d{4}-\d{2}-\d{2})/")
EVER: Span = (float("-inf"), float("inf"))


def part_path(table: str, ids: Iterable[str], ingested_at: datetime, span: Span | None) -> str:
    """Return the path of a file with these sorted ids, taken in at that moment, in its table.

    A stream's file says in its name when its first and last row arrived, to the second.
    """
    name = digest([ingested_at.isoformat(), *ids])
    return f"{table}/ingest_date={ingested_at:%Y-%m-%d}/part-{stamps(span)}{name}.parquet"


def stamps(span: Span | None) -> str:
    """Return a span as it stands in a file's name; nothing for None."""
    if span is None:
        return ""
    first, last = (datetime.fromtimestamp(moment, UTC) for moment in span)
    return f"{first:{_STAMP}}-{last:{_STAMP}}-"


def stream_span(path: str) -> Span | None:
    """Return when the rows of a stream's file arrived; None for a file of batch runs alone."""
    found = _SPAN.search(path)
    if found is None:
        return None
    first, last = (
        datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC).timestamp() for stamp in found.groups()
    )
    return first, last + 1


def span_of(path: str) -> Span:
    """Return when the rows of a file arrived at the earliest and latest, by its path.

    For a file of batch runs that is the day of its folder, for a file of others any time.
    """
    if span := stream_span(path):
        return span
    found = _DAY.search(path)
    if found is None:
        return EVER
    day = datetime.strptime(found[1], "%Y-%m-%d").replace(tzinfo=UTC)
    return day.timestamp(), (day + timedelta(days=1)).timestamp()


def content_digest(data: bytes | memoryview) -> str:
    """Return 32 hexadecimal digits made of a file's content."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def digest(names: Iterable[str]) -> str:
    """Return 32 hexadecimal digits made of ``names`` in their order."""
    return content_digest("\n".join(names).encode())


def shard_of(row_id: str, shards: int) -> int:
    """Return the shard of an id, which is hexadecimal: the same everywhere and always."""
    return int(row_id[:8], 16) % shards
