"""Gzip files member by member, in bounded memory and time, past whatever is damaged.

Only ``read(n)`` is asked of the file, so any filesystem will do.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from transforms.limits import (
    MAX_DECOMPRESSION_RATIO,
    MAX_EMPTY_GZIP_MEMBERS,
    RATIO_FREE_BYTES,
)
from transforms.model import Reason

CHUNK = 2**16
_INPUT = 2**14
_RETAINED = 2**20
_PROBE = 2**12
_HEAD = 16
_MAGIC = b"\x1f\x8b\x08"
_GZIP = zlib.MAX_WBITS | 16


class Readable(Protocol):
    """What is asked of a file."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class Member:
    """The start of a gzip member (or of a plain file), at ``offset`` in the file."""

    offset: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of the file that cannot be read: ``junk`` is it or its beginning, as it stands.

    ``trailing`` is true when it is no gzip data at all, after a complete member.
    """

    reason: Reason
    message: str
    offset: int
    junk: bytes
    trailing: bool = False


Event = Member | bytes | Fault


class _DamageError(Exception):
    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class _Window:
    """The file's bytes from the position on, and up to ``_RETAINED`` bytes before it.

    ``start`` is the offset of what ``file`` yields first.
    """

    def __init__(self, file: Readable, start: int) -> None:
        self._file = file
        self._buffer = bytearray()
        self._start = self._base = start
        self._index = 0
        self._rewound = 0

    @property
    def offset(self) -> int:
        return self._base + self._index

    def peek(self, count: int) -> bytes:
        """Return the next ``count`` bytes, fewer at the end of the file."""
        self._fill(count)
        return bytes(self._buffer[self._index : self._index + count])

    def advance(self, count: int) -> None:
        self._index += count

    def since(self, offset: int, limit: int) -> bytes:
        """Return what is still held from ``offset`` up to the position, at most ``limit`` bytes."""
        start = max(offset - self._base, 0)
        return bytes(self._buffer[start : min(self._index, start + limit)])

    def rewind(self, offset: int) -> None:
        """Go back to ``offset``, or as far as memory and the budget for re-reading allow."""
        start = max(offset - self._base, 0)
        distance = self._index - start
        budget = 2 * (self.offset - self._start) + _RETAINED - self._rewound
        if 0 < distance <= budget:
            self._rewound += distance
            self._index = start

    def find(self, needle: bytes) -> bool:
        """Advance to the next ``needle``; at the end of the file return false."""
        while True:
            self._fill(len(needle))
            found = self._buffer.find(needle, self._index)
            if found >= 0:
                self._index = found
                return True
            self._index = max(self._index, len(self._buffer) - len(needle) + 1)
            if not self._fill(len(needle)):
                self._index = len(self._buffer)
                return False

    def _fill(self, count: int) -> bool:
        """Have ``count`` bytes ahead if the file does; return whether it does."""
        while len(self._buffer) - self._index < count:
            chunk = self._file.read(CHUNK)
            if not chunk:
                return False
            surplus = self._index - _RETAINED
            if surplus > 0:
                del self._buffer[:surplus]
                self._base += surplus
                self._index -= surplus
            self._buffer += chunk
        return True


def gzip_events(file: Readable, marker: bytes = b"", first: int = 0) -> Iterator[Event]:
    """Yield each member's start and then its bytes, and a fault for each part that is damaged.

    After a fault reading goes on at the next member that can be inflated and, with a ``marker``,
    whose content starts with it in any case. The first bytes of a member come at least 16 at a
    time. A member that grows beyond ``MAX_DECOMPRESSION_RATIO`` is given up as damaged. ``first``
    is the offset in the file of what is read first.
    """
    window = _Window(file, first)
    empty = complete = 0
    while window.peek(1):
        start = window.offset
        yield Member(start)
        given = 0
        try:
            for piece in _joined_head(_inflate(window)):
                given += len(piece)
                yield piece
        except _DamageError as damage:
            if damage.reason is not Reason.DECOMPRESSION_LIMIT:
                window.rewind(start)
            window.advance(1 if window.offset == start else 0)
            found = _find_member(window, marker)
            junk = window.since(start, CHUNK)
            trailing = complete > 0 and not junk.startswith(_MAGIC)
            yield Fault(damage.reason, str(damage), start, junk, trailing)
            if not found:
                return
            continue
        complete += 1
        empty = 0 if given else empty + 1
        if empty > MAX_EMPTY_GZIP_MEMBERS:
            message = f"more than {MAX_EMPTY_GZIP_MEMBERS} gzip members in a row are empty"
            yield Fault(Reason.DECOMPRESSION_LIMIT, message, start, b"")
            return


def plain_events(file: Readable) -> Iterator[Event]:
    """Yield the file's start and its bytes, as ``gzip_events`` does for a compressed file."""
    yield Member(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _inflate(window: _Window) -> Iterator[bytes]:
    """Yield the content of the member at the window's position, and leave the window behind it."""
    magic = window.peek(len(_MAGIC))
    if magic != _MAGIC:
        if _MAGIC.startswith(magic):
            raise _DamageError(Reason.TRUNCATED, "the file ends within a gzip header")
        raise _DamageError(Reason.MALFORMED_RECORD, "not gzip data")
    inflater = zlib.decompressobj(_GZIP)
    taken = given = 0
    while not inflater.eof:
        data = window.peek(_INPUT)
        try:
            piece = inflater.decompress(data, CHUNK)
        except zlib.error as error:
            raise _DamageError(Reason.MALFORMED_RECORD, f"damaged gzip data: {error}") from None
        rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        used = len(data) - len(rest)
        window.advance(used)
        if not data and not piece and not inflater.eof:
            raise _DamageError(Reason.TRUNCATED, "the file ends within gzip data")
        taken += used
        given += len(piece)
        if given > max(RATIO_FREE_BYTES, MAX_DECOMPRESSION_RATIO * taken):
            message = f"gzip data grows to more than {MAX_DECOMPRESSION_RATIO} times its size"
            raise _DamageError(Reason.DECOMPRESSION_LIMIT, message)
        if piece:
            yield piece


def _joined_head(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the pieces with the first ones joined up to ``_HEAD`` bytes; damage comes last."""
    head = b""
    try:
        for piece in pieces:
            head += piece
            if len(head) >= _HEAD:
                break
    except _DamageError:
        if head:
            yield head
        raise
    if head:
        yield head
    yield from pieces


def next_member(file: Readable, first: int, marker: bytes) -> int | None:
    """Return the offset of the next member whose content starts with ``marker``.

    ``first`` is the offset in the file of what is read first.
    """
    window = _Window(file, first)
    return window.offset if _find_member(window, marker) else None


def _find_member(window: _Window, marker: bytes) -> bool:
    """Advance to the next member that opens; false when the file holds none."""
    while window.find(_MAGIC):
        try:
            head = zlib.decompressobj(_GZIP).decompress(window.peek(_PROBE), _PROBE)
        except zlib.error:
            head = b""
        if head and head[: len(marker)].upper() == marker:
            return True
        window.advance(1)
    return False
