"""A file that is one document: plain text or HTML, plain or gzip."""

from pipeline.sources.records import reject
from pipeline.sources.segments import Segments
from transforms.limits import MAX_DECOMPRESSED_BYTES, MAX_DOCUMENT_BYTES
from transforms.model import RawDocument, Reason, Rejected

_MEDIA_TYPES = {"html": "text/html", "text": "text/plain"}


def read_whole(segments: Segments, name: str, source_type: str) -> RawDocument | Rejected:
    """Return the file's content as one document, or why it cannot be had.

    ``source_type`` is ``text`` or ``html``. What is not gzip data behind a complete gzip member
    is ignored, as ``gunzip`` does.
    """
    parts: list[bytes] = []
    size = 0
    while size <= MAX_DECOMPRESSED_BYTES and segments.next_segment():
        while size <= MAX_DECOMPRESSED_BYTES and (data := segments.read()):
            parts.append(data)
            size += len(data)
        if segments.fault:
            break
    content = b"".join(parts)
    fault = segments.fault
    if fault and not fault.trailing:
        return _reject(content or fault.junk, fault.reason, fault.message, name, source_type)
    if size > MAX_DOCUMENT_BYTES:
        error = f"larger than {MAX_DOCUMENT_BYTES} bytes"
        return _reject(content, Reason.TOO_LARGE, error, name, source_type)
    return RawDocument(
        source_id=name,
        content=content,
        media_type=_MEDIA_TYPES[source_type],
        source_type=source_type,
        source_file=name,
        source_offset=0,
    )


def _reject(content: bytes, reason: Reason, error: str, name: str, source_type: str) -> Rejected:
    return reject(
        content,
        reason,
        error,
        source_id=name,
        source_type=source_type,
        source_file=name,
        source_offset=0,
    )
