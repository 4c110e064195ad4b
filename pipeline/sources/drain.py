"""A graceful end: a file that, once it is there, tells sources to stop reading.

Local runs use it. Flink stops a job with a savepoint, Dataflow drains by itself.
"""

import os


def requested(marker: str | None) -> bool:
    """Return whether the run is to end; None stands for a run that is ended by its runner."""
    return marker is not None and os.path.exists(marker)


def request(marker: str) -> None:
    """Tell all sources of the run to stop."""
    os.close(os.open(marker, os.O_CREAT | os.O_WRONLY))
