"""A graceful end: a file that, once it is there, tells sources to stop reading.

It stands in the output folder, which every worker sees. Dataflow drains by itself.
"""

import os
import time
from pathlib import Path

from transforms.object_store import store_of
from transforms.storage import is_local

REMEMBER_SECONDS = 2.0
"""An object store is asked so often by each process, a local folder each time."""

_asked: dict[str, tuple[float, bool]] = {}


def requested(marker: str | None) -> bool:
    """Return whether the run is to end; None stands for a run that is ended by its runner."""
    if marker is None:
        return False
    if is_local(marker):
        return os.path.exists(marker)
    now = time.monotonic()
    asked, found = _asked.get(marker, (-REMEMBER_SECONDS, False))
    if not found and now - asked >= REMEMBER_SECONDS:
        found = store_of(marker).stat(marker) is not None
        _asked[marker] = now, found
    return found


def request(marker: str) -> None:
    """Tell all sources of the run to stop. Raises ``OSError`` when that cannot be written."""
    if is_local(marker):
        Path(marker).parent.mkdir(parents=True, exist_ok=True)
        Path(marker).touch()
    else:
        store_of(marker).put(marker, b"")


def withdraw(marker: str) -> None:
    """Take the file away once the run is over. Raises ``OSError`` when nobody answers."""
    if is_local(marker):
        Path(marker).unlink(missing_ok=True)
    else:
        store_of(marker).remove([marker])
