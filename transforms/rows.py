"""From an article, a dead letter or a ledger entry to one row of its table."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from transforms.model import Article, LanguageSpan, RawDocument, Rejected, TemporalExpression
from transforms.schema import Table, pipeline_version

SURROGATE = re.compile("[\ud800-\udfff]")
_SIZE_BYTES = 8


def article_row(article: Article, ingested_at: datetime) -> dict[str, object]:
    """Return the row of ``schema.ARTICLES`` for a finished article."""
    raw, page, publication = article.raw, article.page, article.publication
    return {
        "article_id": raw.record_id,
        "source_id": raw.source_id,
        "url": raw.url,
        "canonical_url": page.canonical_url,
        "domain": domain(raw.url or page.canonical_url),
        "content_hash": hashlib.blake2b(article.text.encode(), digest_size=16).hexdigest(),
        "title": page.title,
        "section": page.section,
        "kicker": page.kicker,
        "authors": page.authors,
        "text": article.text,
        "captions": page.captions,
        "image_credits": page.image_credits,
        "syndicated_from": page.syndicated_from,
        "wire_credit": page.wire_credit,
        "removed_blocks": [
            {
                "text": block.text,
                "kind": block.kind.value,
                "rule": block.rule,
                "score": block.score,
                "source_start": block.source_start,
                "source_end": block.source_end,
            }
            for block in article.blocks
            if not block.keep
        ],
        "published": publication.published,
        "published_at": publication.at,
        "published_date": publication.day,
        "published_precision": publication.precision,
        "published_raw": publication.raw,
        "published_source": publication.source,
        "published_confidence": publication.confidence,
        "modified_at": publication.modified_at,
        "temporal_expressions": [_fields(item) for item in article.temporal_expressions],
        "language": article.language,
        "language_score": article.language_score,
        "is_mixed": article.is_mixed,
        "language_spans": [_fields(span) for span in article.language_spans],
        "quality": quality(article),
        **_provenance(raw, ingested_at),
        "extractor": article.extractor,
        "pipeline_version": pipeline_version(),
    }


def rejected_row(rejected: Rejected, ingested_at: datetime) -> dict[str, object]:
    """Return the row of ``schema.REJECTED`` for a dead letter."""
    raw = rejected.raw
    return {
        "record_id": raw.record_id,
        "source_id": raw.source_id,
        "url": raw.url,
        "stage": rejected.stage,
        "reason": str(rejected.reason),
        "error": rejected.error,
        "payload": raw.content,
        "payload_size": rejected.payload_size,
        "media_type": raw.media_type,
        "charset": raw.charset,
        "headers": list(raw.headers),
        **_provenance(raw, ingested_at),
        "pipeline_version": pipeline_version(),
    }


def _fields(item: TemporalExpression | LanguageSpan) -> dict[str, object]:
    """Return the fields of a flat value; ``dataclasses.asdict`` would copy each in depth."""
    return {name: getattr(item, name) for name in item.__slots__}


def _provenance(raw: RawDocument, ingested_at: datetime) -> dict[str, object]:
    return {
        "fetched_at": raw.fetched_at,
        "ingested_at": ingested_at,
        "source_type": raw.source_type,
        "source_file": raw.source_file,
        "source_offset": raw.source_offset,
    }


def domain(url: str | None) -> str | None:
    """Return the host of ``url`` in lower case without a leading ``www.``, or None."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def quality(article: Article) -> dict[str, float | None]:
    """Return how far the extraction can be trusted, as shares from 0 to 1.

    ``removed_share`` is the share of the blocks' characters that was taken out,
    ``replacement_share`` the share of the source's characters that could not be decoded.
    """
    total = sum(len(block.text) for block in article.blocks)
    removed = sum(len(block.text) for block in article.blocks if not block.keep)
    source = article.source
    return {
        "extraction_confidence": article.extraction_confidence,
        "removed_share": removed / total if total else None,
        "replacement_share": source.count("\ufffd") / len(source) if source else None,
    }


def encode(row: Mapping[str, object], table: Table) -> bytes:
    """Return ``row`` as one compressed Arrow record batch message of ``table``'s schema.

    The schema is left out; the first eight bytes say how long the message is. Runners hold all
    rows of a shard until the last one is there, so it is their size that memory goes by. Lone
    surrogates, which no file may hold, become U+FFFD. Raises ``pyarrow.ArrowException`` for a
    value that does not fit its column, so that a bad row is found before it shares a file with
    good ones.
    """
    try:
        array = pa.array([row], type=table.struct)
    except UnicodeEncodeError:
        array = pa.array([_without_surrogates(row)], type=table.struct)
    message = pa.RecordBatch.from_struct_array(array).serialize()
    packed: bytes = _codec().compress(message, asbytes=True)
    return message.size.to_bytes(_SIZE_BYTES, "little") + packed


def decode(data: bytes, table: Table) -> pa.RecordBatch:
    """Return the one-row record batch that ``encode`` wrote."""
    size = int.from_bytes(data[:_SIZE_BYTES], "little")
    message = _codec().decompress(memoryview(data)[_SIZE_BYTES:], decompressed_size=size)
    return pa.ipc.read_record_batch(message, table.schema)


@cache
def _codec() -> pa.Codec:
    return pa.Codec("zstd", 1)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return SURROGATE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {key: _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value
