"""A run over streams while it lasts: how it is watched, and how it is brought to its end."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from apache_beam.runners.runner import PipelineResult

from pipeline import draining
from pipeline.sources import drain


@dataclass(frozen=True)
class Control:
    """How this process steers the run: ``marker`` is the file that tells sources to stop."""

    marker: str

    def wait(self, result: PipelineResult) -> None:
        """Wait until the run is over, which a signal brings about."""
        with draining.on_signal(lambda: drain.request(self.marker)):
            result.wait_until_finish()


@contextmanager
def stream_control() -> Iterator[Control]:
    """Give a run over streams its control while it lasts."""
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        yield Control(str(Path(folder) / "drain"))
