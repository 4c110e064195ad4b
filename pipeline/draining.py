"""A stream's end: SIGTERM or Ctrl-C once to stop in order, twice to stop at once."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def on_signal(drain: Callable[[], None]) -> Iterator[None]:
    """Call ``drain`` in a thread at the first signal; raise ``KeyboardInterrupt`` at the second.

    The context ends no sooner than the thread does.
    """
    asked: list[threading.Thread] = []

    def handle(number: int, _: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        name = signal.Signals(number).name
        sys.stderr.write(f"copydesk: {name}: draining; once more stops at once\n")
        sys.stderr.flush()
        asked.append(threading.Thread(target=drain, name="drain", daemon=True))
        asked[0].start()

    before = [signal.signal(number, handle) for number in _SIGNALS]
    try:
        yield
        for thread in asked:
            thread.join()
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)
