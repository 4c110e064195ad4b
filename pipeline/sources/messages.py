"""A message of a broker as a document: what its headers say, and what its value holds.

Kafka's headers and Pub/Sub's attributes have the same names, in any case, ``-`` for ``_``:
``id``, ``url``, ``media_type`` (or ``content_type``), ``charset`` and ``fetched_at`` (ISO 8601).
All others are kept as the HTTP headers of the page. The value is the page or text itself; with
the media type ``application/json`` it is one JSON line.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.sources.http import CHARSET
from pipeline.sources.jsonl import describe, parse_line
from pipeline.sources.records import clean_field, parse_instant, reject
from transforms.decode import article_id
from transforms.limits import MAX_DOCUMENT_BYTES, MAX_HEADERS, MAX_RECORD_BYTES
from transforms.model import RawDocument, Reason, Rejected, RejectionError

_OWN = frozenset({"id", "url", "media_type", "content_type", "charset", "fetched_at"})
_JSON = re.compile(r"\s*application/(?:json|jsonl|x-ndjson)\s*(?:;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """One message: ``value`` is None for a tombstone; ``key`` names it when no header does.

    ``source_file`` and ``source_offset`` say which occurrence this is: a redelivery has others.
    """

    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    key: bytes | None
    source_type: str
    source_file: str
    source_offset: int


def read_message(message: Message) -> RawDocument | Rejected:
    """Return the document a message holds, or why it holds none, with its id; never raises.

    Without an ``id`` the key names it, without a key its URL, else the place it came from without
    the number, so that a message sent twice is one record.
    """
    own, others = _headers(message.headers)
    url = own.get("url") or None
    key = clean_field((message.key or b"").decode("utf-8", "replace"))
    identifier = own.get("id") or key or url or message.source_file
    media_type = own.get("media_type") or own.get("content_type") or None
    charset = CHARSET.search(media_type or "")
    raw = RawDocument(
        source_id=identifier,
        content=message.value or b"",
        url=url,
        media_type=media_type,
        charset=own.get("charset") or (charset[1] if charset else None),
        fetched_at=parse_instant(own.get("fetched_at", "")),
        headers=others,
        source_type=message.source_type,
        source_file=message.source_file,
        source_offset=message.source_offset,
    )
    try:
        document = _document(message.value, raw)
    except RejectionError as error:
        return _reject(raw, error.reason, str(error))
    except (ValueError, RecursionError) as error:
        return _reject(raw, Reason.MALFORMED_RECORD, describe(error))
    return replace(document, record_id=article_id(document))


def instant(milliseconds: int) -> datetime:
    """Return the instant of a Unix time in milliseconds."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _document(value: bytes | None, raw: RawDocument) -> RawDocument:
    if value is None:
        raise RejectionError(Reason.EMPTY, "a tombstone: the message has no value")
    json = _JSON.match(raw.media_type or "")
    limit = MAX_RECORD_BYTES if json else MAX_DOCUMENT_BYTES
    if len(value) > limit:
        raise RejectionError(Reason.TOO_LARGE, f"a message of {len(value)} bytes")
    if not json:
        return raw
    line = parse_line(value, raw.source_id, raw.source_file or "", raw.source_offset or 0)
    return replace(
        line,
        url=line.url or raw.url,
        fetched_at=line.fetched_at or raw.fetched_at,
        headers=line.headers or raw.headers,
        source_type=raw.source_type,
    )


def _reject(raw: RawDocument, reason: Reason, error: str) -> Rejected:
    rejected = reject(
        raw.content,
        reason,
        error,
        source_id=raw.source_id,
        source_type=raw.source_type,
        source_file=raw.source_file or "",
        source_offset=raw.source_offset or 0,
        url=raw.url,
    )
    # The digest is that of the whole message: of a payload cut short, two could be the same.
    return replace(rejected, raw=replace(rejected.raw, record_id=article_id(raw)))


def _headers(
    headers: Iterable[tuple[str, bytes | None]],
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return our own headers, of those given twice the first, and all others."""
    own: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for name, value in headers:
        text = clean_field((value or b"").decode("utf-8", "replace")).strip()
        lower = clean_field(name).lower()
        if (known := lower.replace("-", "_")) in _OWN:
            own.setdefault(known, text)
        elif len(others) < MAX_HEADERS:
            others.append((lower, text))
    return own, tuple(others)
