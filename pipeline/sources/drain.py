"""A graceful end: a file that, once it is there, tells sources to stop reading.

It stands in the output folder, which every worker sees. Dataflow drains by itself.
"""

import os
import time

from apache_beam.io.filesystems import FileSystems

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
        found = FileSystems.exists(marker)
        _asked[marker] = now, found
    return found


def request(marker: str) -> None:
    """Tell all sources of the run to stop."""
    FileSystems.create(marker).close()


def withdraw(marker: str) -> None:
    """Take the file away once the run is over."""
    if FileSystems.exists(marker):
        FileSystems.delete([marker])
