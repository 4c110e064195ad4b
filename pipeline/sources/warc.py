"""WARC files: the pages in their response, resource and conversion records."""

from collections.abc import Iterator

from pipeline.sources.framing import Framer, Record
from pipeline.sources.http import CHARSET, decode_body, parse_response
from pipeline.sources.records import clean_field, parse_instant, reject
from pipeline.sources.segments import Segments
from pipeline.sources.share import WHOLE, Share
from transforms.model import RawDocument, Reason, Rejected, RejectionError

_DOCUMENTS = frozenset({"response", "resource", "conversion"})


def read_warc(
    segments: Segments, name: str, size: int, share: Share = WHOLE, *, compressed: bool
) -> Iterator[RawDocument | Rejected]:
    """Yield the document of each record, or its rejection.

    Documents are the records of type response, resource and conversion. Those that tell of the
    crawl (warcinfo, request, metadata, revisit, continuation, name look-ups) are no documents:
    they are passed over and not counted, unless they are damaged. A damaged part of the file is
    one rejection. ``size`` is the file's in bytes, 0 if it is not known. Records of other shares
    are passed over.
    """
    for number, record in enumerate(Framer(segments, size, compressed=compressed).records()):
        if not share.holds(number):
            continue
        whole = record.reason in (None, Reason.TOO_LARGE)
        if whole and not _is_document(record):
            continue
        try:
            if record.reason:
                raise RejectionError(record.reason, record.error)
            yield _document(record, name)
        except RejectionError as error:
            yield reject(
                record.block,
                error.reason,
                str(error),
                source_id=_source_id(record, name),
                source_type="warc",
                source_file=name,
                source_offset=record.offset,
                url=_url(record),
                size=record.size,
            )


def _is_document(record: Record) -> bool:
    if record.fields.get("content-type", "").lower().startswith("text/dns"):
        return False
    return record.fields.get("warc-type", "").lower() in _DOCUMENTS


def _document(record: Record, name: str) -> RawDocument:
    if "warc-segment-number" in record.fields:
        raise RejectionError(Reason.TRUNCATED, "the record goes on in another one")
    content_type = record.fields.get("content-type", "")
    content = record.block
    headers: tuple[tuple[str, str], ...] = ()
    if record.fields["warc-type"].lower() == "response":
        response = parse_response(record.block)
        if not 200 <= response.status < 300:
            raise RejectionError(Reason.HTTP_ERROR, f"HTTP status {response.status}")
        content_type = response.header("content-type")
        content, headers = decode_body(response), response.headers
    charset = CHARSET.search(content_type)
    return RawDocument(
        source_id=_source_id(record, name),
        content=content,
        url=_url(record),
        media_type=content_type.partition(";")[0].strip().lower() or None,
        charset=charset[1] if charset else None,
        fetched_at=parse_instant(record.fields.get("warc-date", "")),
        headers=headers,
        source_type="warc",
        source_file=name,
        source_offset=record.offset,
    )


def _source_id(record: Record, name: str) -> str:
    identifier = clean_field(record.fields.get("warc-record-id", "").strip("<> "))
    return identifier or f"{name}@{record.offset}"


def _url(record: Record) -> str | None:
    return clean_field(record.fields.get("warc-target-uri", "").strip("<> ")) or None
