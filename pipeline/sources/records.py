"""What every source shares: the rejection of a record, and the hygiene of its short fields."""

from datetime import UTC, datetime

from transforms.limits import MAX_FIELD_CHARS, MAX_PAYLOAD_BYTES
from transforms.model import RawDocument, Reason, Rejected

STAGE = "Read"


def reject(
    payload: bytes,
    reason: Reason,
    error: str,
    *,
    source_id: str,
    source_type: str,
    source_file: str,
    source_offset: int,
    url: str | None = None,
    size: int | None = None,
) -> Rejected:
    """Return the rejection of a record that could not be read.

    ``size`` is the record's size in bytes where that is more than the payload at hand.
    """
    raw = RawDocument(
        source_id=source_id,
        content=payload[:MAX_PAYLOAD_BYTES],
        url=url,
        source_type=source_type,
        source_file=source_file,
        source_offset=source_offset,
    )
    return Rejected(raw, STAGE, reason, error, len(payload) if size is None else size)


def clean_field(value: str) -> str:
    """Cut a short field to its bound and replace lone surrogates, which no file can hold."""
    return (
        value[:MAX_FIELD_CHARS].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    )


def parse_instant(value: str) -> datetime | None:
    """Return the instant an ISO 8601 string names, in UTC (no zone means UTC), or ``None``."""
    if len(value) > 64:
        return None
    try:
        instant = datetime.fromisoformat(value.strip())
        if instant.tzinfo is None:
            return instant.replace(tzinfo=UTC)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
