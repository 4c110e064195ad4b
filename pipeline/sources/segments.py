"""A file's bytes for a reader that pulls: gapless segments, and what is wrong between them."""

from collections.abc import Iterator
from typing import TypeGuard

from pipeline.sources.gunzip import Event, Fault, Member


class Segments:
    """The events of a file as a row of gapless byte streams, for a reader that pulls.

    A segment ends at a fault, which is then in ``fault``. With a ``marker`` it also ends before a
    member whose content starts with it, or cannot be read: records that stand one to a member stay
    apart even when one of them is damaged. ``offset`` is that of the member last opened.
    """

    def __init__(self, events: Iterator[Event], marker: bytes = b"") -> None:
        self.fault: Fault | None = None
        self.offset = 0
        self._events = events
        self._marker = marker
        self._held: list[Event] = []
        self._open = False

    def next_segment(self) -> bool:
        """Go to the next segment; false at the end of the file."""
        while self.read():
            pass
        if not self._held:
            event = next(self._events, None)
            if event is None:
                return False
            self._held.append(event)
        self.fault = None
        self._open = self._fresh = True
        return True

    def read(self) -> bytes:
        """Return the segment's next bytes; none at its end."""
        boundary = False
        while self._open:
            event = self._held.pop(0) if self._held else next(self._events, None)
            if isinstance(event, Member):
                self.offset = event.offset
                boundary = True
            elif boundary and self._starts_segment(event):
                self._held = [Member(self.offset), event]
                break
            elif isinstance(event, bytes):
                self._fresh = False
                return event
            else:
                self.fault = event
                break
        self._open = False
        return b""

    def _starts_segment(self, event: bytes | Fault | None) -> TypeGuard[bytes | Fault]:
        marker = self._marker
        if not marker or self._fresh or event is None:
            return False
        return isinstance(event, Fault) or event[: len(marker)].upper() == marker
