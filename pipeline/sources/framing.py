"""WARC framing: records out of bytes, each whole or said to be damaged.

It is done here rather than by a library, because what readers do with a damaged file is to stop
without a word, or to hand out a record that is cut short as if it were whole. Behind every damage
reading goes on at the next record that can be told: the next gzip member or ``WARC/`` line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.sources.http import parse_headers
from pipeline.sources.segments import Segments
from transforms.limits import MAX_PAYLOAD_BYTES, MAX_RECORD_BYTES, MAX_RECORD_HEADER_BYTES
from transforms.model import Reason

MARKER = b"WARC/"
_LINE = rb"[Ww][Aa][Rr][Cc]/\d{1,3}\.\d{1,3}[ \t]{0,9}\r?\n"
_VERSION = re.compile(_LINE)
_NEXT = re.compile(_LINE + rb"(?=[Ww][Aa][Rr][Cc]-|[Cc]ontent-)")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LOOKAHEAD = 64  # more than any of these match
_LENGTH = re.compile(r"\d{1,20}")
_BLANK = b"\r\n \t"
_MAX_INFLATION = 1032  # what DEFLATE can reach


@dataclass(frozen=True, slots=True)
class Record:
    """A record, or a damaged part of the file.

    ``fields`` are the header's, with names in lower case, and ``block`` what follows it; of a
    damaged record the block is what there is of it, cut at the bound for payloads, and
    ``size`` is that before the cut. ``offset`` is the record's in the file or, in a gzip file,
    that of the member it starts in. ``reason`` and ``error`` say what the damage is.
    """

    fields: dict[str, str]
    block: bytes
    offset: int
    size: int
    reason: Reason | None = None
    error: str = ""


class _Buffer:
    """The bytes of one segment from the position on."""

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self.data = bytearray()
        self.position = 0
        self._members = [(0, 0)]  # where in the segment, and where in the file

    @property
    def offset(self) -> int:
        """The offset in the file of the member that the position is in."""
        while len(self._members) > 1 and self._members[1][0] <= self.position:
            del self._members[0]
        return self._members[0][1]

    def fill(self, count: int) -> bool:
        """Have ``count`` bytes at hand if the segment does; return whether it does."""
        while len(self.data) < count:
            chunk = self._segments.read()
            if not chunk:
                return False
            if self._segments.offset != self._members[-1][1]:
                self._members.append((self.position + len(self.data), self._segments.offset))
            self.data += chunk
        return True

    def take(self, count: int) -> bytes:
        """Remove and return up to ``count`` bytes that are at hand."""
        taken = bytes(self.data[:count])
        del self.data[:count]
        self.position += len(taken)
        return taken

    def skip_blank(self) -> bool:
        """Skip blank lines; return whether anything follows."""
        while self.fill(1):
            self.take(len(self.data) - len(self.data.lstrip(_BLANK)))
            if self.data:
                return True
        return False

    def take_until_next(self) -> tuple[bytes, int]:
        """Remove what is before the next record's start, a record at the position left aside.

        Return it, cut at the bound for payloads, and its size.
        """
        kept = bytearray()
        size = 0
        more = True
        while more:
            match = _NEXT.search(self.data, 0 if size else 1)
            piece = self.take(match.start() if match else max(len(self.data) - _LOOKAHEAD, 0))
            more = match is None and self.fill(len(self.data) + 1)
            if not match and not more:
                piece += self.take(len(self.data))
            size += len(piece)
            kept += piece[: MAX_PAYLOAD_BYTES - len(kept)]
        return bytes(kept), size

    def find_head(self) -> int | None:
        """Return the size of the header at the position, or ``None`` if it does not end."""
        searched = 0
        while not (match := _HEAD_END.search(self.data, searched)):
            searched = max(len(self.data) - 3, 0)
            if searched > MAX_RECORD_HEADER_BYTES or not self.fill(len(self.data) + 1):
                return None
        return match.end() if match.end() <= MAX_RECORD_HEADER_BYTES else None


class Framer:
    """The records of a WARC file; ``size`` is that of the file in bytes, 0 if it is not known."""

    def __init__(self, segments: Segments, size: int, *, compressed: bool) -> None:
        self._segments = segments
        self._compressed = compressed
        self._bound = size * (_MAX_INFLATION if compressed else 1) or None
        self._buffer = _Buffer(segments)
        self._fault_told = False

    def records(self) -> Iterator[Record]:
        """Yield every record and every damaged part, in the order of the file."""
        while self._segments.next_segment():
            self._buffer = _Buffer(self._segments)
            self._fault_told = False
            while self._buffer.skip_blank():
                yield self._next()
            fault = self._segments.fault
            if fault and not self._fault_told:
                junk, size = fault.junk, len(fault.junk)
                yield Record({}, junk, fault.offset, size, fault.reason, fault.message)

    def _next(self) -> Record:
        """Return what is at the position, where there is something."""
        buffer = self._buffer
        offset = buffer.offset if self._compressed else buffer.position
        buffer.fill(_LOOKAHEAD)
        if not _VERSION.match(buffer.data):
            return self._until({}, offset, "no WARC record")
        size = buffer.find_head()
        if size is None:
            return self._until({}, offset, "the record's header does not end")
        lines = bytes(buffer.data[:size]).decode("utf-8", "replace").split("\n")[1:]
        fields: dict[str, str] = {}
        for name, value in parse_headers(lines):
            fields.setdefault(name, value)
        length = fields.get("content-length", "")
        if not _LENGTH.fullmatch(length):
            message = "the record has no valid Content-Length"
            return self._until(fields, offset, message)
        buffer.take(size)
        return self._block(fields, int(length), offset)

    def _block(self, fields: dict[str, str], length: int, offset: int) -> Record:
        buffer = self._buffer
        if self._bound is None or length <= self._bound - (offset if not self._compressed else 0):
            if length > MAX_RECORD_BYTES:
                return self._skip(fields, length, offset)
            if buffer.fill(length):
                return self._whole(fields, length, offset)
        message = f"the record ends before the {length} bytes it announces"
        return self._until(fields, offset, message, Reason.TRUNCATED)

    def _whole(self, fields: dict[str, str], length: int, offset: int) -> Record:
        """Return a record that is there at full length, unless what follows proves that wrong."""
        buffer = self._buffer
        more = buffer.fill(length + _LOOKAHEAD)
        rest = bytes(buffer.data[length : length + _LOOKAHEAD]).lstrip(_BLANK)
        if rest and not _VERSION.match(rest):
            early = _NEXT.search(buffer.data, 0, length + _LOOKAHEAD)
            if early and early.start() < length:
                message = "another record starts within the bytes that the record announces"
                return self._until(fields, offset, message, Reason.TRUNCATED)
        fault = self._segments.fault
        if fault and not more and not rest:
            self._fault_told = True
            block = buffer.take(length)
            return Record(fields, block, offset, length, fault.reason, fault.message)
        return Record(fields, buffer.take(length), offset, length)

    def _skip(self, fields: dict[str, str], length: int, offset: int) -> Record:
        """Pass over a record that is too large, in bounded memory."""
        kept = bytearray()
        left = length
        while left and self._buffer.fill(1):
            piece = self._buffer.take(left)
            left -= len(piece)
            kept += piece[: MAX_PAYLOAD_BYTES - len(kept)]
        block = bytes(kept)
        if left:
            message = f"the record ends before the {length} bytes it announces"
            return self._damaged(fields, block, length - left, offset, Reason.TRUNCATED, message)
        message = f"a record of {length} bytes; {MAX_RECORD_BYTES} are allowed"
        return Record(fields, block, offset, length, Reason.TOO_LARGE, message)

    def _until(
        self,
        fields: dict[str, str],
        offset: int,
        message: str,
        reason: Reason = Reason.MALFORMED_RECORD,
    ) -> Record:
        """Pass over a damaged part, up to where reading can go on."""
        block, size = self._buffer.take_until_next()
        return self._damaged(fields, block, size, offset, reason, message)

    def _damaged(
        self,
        fields: dict[str, str],
        block: bytes,
        size: int,
        offset: int,
        reason: Reason,
        message: str,
    ) -> Record:
        """Return a damaged part; if the file's own damage is behind it, that is the reason."""
        fault = self._segments.fault
        if fault and not self._buffer.data:
            self._fault_told = True
            reason, message = fault.reason, fault.message
        return Record(fields, block, offset, size, reason, message)
