"""The HTTP response in a WARC record: its head, and its body without transfer and content codings.

Many crawlers store a body decoded and keep the headers that say how it was coded. So a coding
whose signature the body lacks is passed over.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli
import zstandard

from transforms.limits import (
    MAX_DECOMPRESSED_BYTES,
    MAX_DECOMPRESSION_RATIO,
    MAX_FIELD_CHARS,
    MAX_HEADERS,
    MAX_RECORD_HEADER_BYTES,
    RATIO_FREE_BYTES,
)
from transforms.model import Reason, RejectionError

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})(?:[ \r\n]|$)")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_CUT_SHORT = "the HTTP body ends within compressed data"
_MAX_CODINGS = 3
_INPUT = 2**14
_PIECE = 2**16
_ZSTD_INPUT = 2**8  # four bytes may give 128 kB, and there is no bound to ask for
_ZSTD_WINDOW = 2**23  # what RFC 8878 asks decoders to support; browsers allow no more


@dataclass(frozen=True, slots=True)
class Response:
    """A response as it came: header names in lower case, ``body`` with its codings."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header of this name, empty if there is none."""
        return next((value for key, value in self.headers if key == name), "")


def parse_response(block: bytes) -> Response:
    """Return the response that a record's block holds.

    Raises ``RejectionError`` if there is none, or its head does not end.
    """
    status = _STATUS.match(block)
    if not status:
        raise RejectionError(Reason.MALFORMED_RECORD, "no HTTP response in the record")
    end = _HEAD_END.search(block, 0, MAX_RECORD_HEADER_BYTES)
    if not end:
        raise RejectionError(Reason.MALFORMED_RECORD, "the HTTP header does not end")
    lines = block[: end.start()].decode("latin-1").split("\n")[1:]
    return Response(int(status[1]), tuple(parse_headers(lines))[:MAX_HEADERS], block[end.end() :])


def parse_headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield name, in lower case, and value of each header line; folded lines are joined."""
    name, value = "", ""
    for line in lines:
        if line[:1] in (" ", "\t") and name:
            value = f"{value} {line.strip()}"[:MAX_FIELD_CHARS]
            continue
        if name:
            yield name, value
        name, colon, value = line.partition(":")
        name = name.strip().lower()[:MAX_FIELD_CHARS] if colon else ""
        value = value.strip()[:MAX_FIELD_CHARS]
    if name:
        yield name, value


def decode_body(response: Response) -> bytes:
    """Return the body without its codings.

    Raises ``RejectionError`` if it is cut short or damaged, grows beyond the bounds, or is in a
    coding that is not known.
    """
    body = response.body
    if "chunked" in response.header("transfer-encoding").lower():
        body = _dechunk(body)
    codings = [coding.strip() for coding in response.header("content-encoding").lower().split(",")]
    if len(codings) > _MAX_CODINGS:
        raise RejectionError(Reason.DECOMPRESSION_LIMIT, f"{len(codings)} content codings")
    for coding in reversed(codings):
        if coding and coding not in ("identity", "none"):
            body = _decompress(body, coding)
    return body


def _dechunk(body: bytes) -> bytes:
    if not _CHUNK_SIZE.match(body):
        return body
    pieces = []
    position = 0
    while position < len(body):
        match = _CHUNK_SIZE.match(body, position)
        if not match:
            raise RejectionError(Reason.MALFORMED_RECORD, "a damaged chunk in the HTTP body")
        size = int(match[1], 16)
        if size == 0:
            break
        start = match.end()
        if start + size > len(body):
            raise RejectionError(Reason.TRUNCATED, "the HTTP body ends within a chunk")
        pieces.append(body[start : start + size])
        position = start + size
        position += 2 if body.startswith(b"\r\n", position) else body.startswith(b"\n", position)
    return b"".join(pieces)


def _decompress(body: bytes, coding: str) -> bytes:
    pieces = _DECODERS.get(coding)
    if pieces is None:
        message = f"the content coding is {coding[:40]}"
        raise RejectionError(Reason.UNSUPPORTED_MEDIA_TYPE, message)
    limit = min(MAX_DECOMPRESSED_BYTES, max(RATIO_FREE_BYTES, MAX_DECOMPRESSION_RATIO * len(body)))
    result = bytearray()
    try:
        for piece in pieces(body):
            result += piece
            if len(result) > limit:
                message = f"the body of {len(body)} bytes grows to more than {limit}"
                raise RejectionError(Reason.DECOMPRESSION_LIMIT, message)
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        if not result and body.lstrip()[:1] == b"<":
            return body
        message = f"damaged {coding} data: {error}"
        raise RejectionError(Reason.MALFORMED_RECORD, message) from None
    return bytes(result)


def _gunzip(body: bytes) -> Iterator[bytes]:
    if body[:2] != b"\x1f\x8b":
        return iter((body,))
    return _inflate(body, zlib.MAX_WBITS | 16)


def _deflate(body: bytes) -> Iterator[bytes]:
    """Inflate with or without zlib's header: servers send both."""
    with_header = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _inflate(body, zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS)


def _inflate(body: bytes, bits: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(bits)
    for start in range(0, len(body), _INPUT):
        data = body[start : start + _INPUT]
        while data and not inflater.eof:
            yield inflater.decompress(data, _PIECE)
            data = inflater.unconsumed_tail
    while piece := inflater.decompress(b"", _PIECE):
        yield piece
    if not inflater.eof:
        raise RejectionError(Reason.TRUNCATED, _CUT_SHORT)


def _unbrotli(body: bytes) -> Iterator[bytes]:
    decompressor = brotli.Decompressor()
    data = body
    while not decompressor.is_finished():
        piece = decompressor.process(data, output_buffer_limit=_PIECE)
        data = b""
        if not piece and decompressor.can_accept_more_data():
            raise RejectionError(Reason.TRUNCATED, _CUT_SHORT)
        yield piece


def _unzstd(body: bytes) -> Iterator[bytes]:
    if body[:4] != b"\x28\xb5\x2f\xfd":
        yield body
        return
    decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
    for start in range(0, len(body), _ZSTD_INPUT):
        yield decompressor.decompress(body[start : start + _ZSTD_INPUT])
        if decompressor.eof:
            return
    raise RejectionError(Reason.TRUNCATED, _CUT_SHORT)


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
