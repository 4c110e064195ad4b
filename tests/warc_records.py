"""WARC records for the tests and the samples, byte by byte, so that they can be made wrong."""

import gzip


def response(
    body: bytes,
    *,
    status: str = "200 OK",
    media_type: str = "text/html; charset=utf-8",
    headers: str = "",
) -> bytes:
    """Return an HTTP response; ``headers`` are further lines, each with its line end."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{headers}\r\n"
    return head.encode() + body


def record(
    block: bytes,
    number: int,
    *,
    kind: str = "response",
    url: str | None = None,
    length: object = None,
    headers: str = "",
    media_type: str = "application/http; msgtype=response",
    date: str = "2024-03-05T10:00:00Z",
    end: str = "\r\n",
) -> bytes:
    """Return a record whose id ends in its number.

    ``length`` is what Content-Length says, the truth if it is ``None``; ``headers`` are further
    lines, each with its line end.
    """
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <{record_id(number)}>",
        f"WARC-Date: {date}",
        f"WARC-Target-URI: {url or f'https://example.org/{number}'}",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(block) if length is None else length}",
    ]
    head = "".join(line + end for line in lines) + headers + end
    return head.encode() + block + (end * 2).encode()


def record_id(number: int) -> str:
    """Return the id of the record with this number."""
    return f"urn:uuid:00000000-0000-4000-8000-{number:012}"


def packed(*records: bytes) -> bytes:
    """Return a gzip file with a member for each record."""
    return b"".join(gzip.compress(content, 9, mtime=0) for content in records)
