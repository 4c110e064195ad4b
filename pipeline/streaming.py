"""A run over streams while it lasts: how it is watched, and how it is brought to its end."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from apache_beam.runners.runner import PipelineResult

from pipeline import draining, flink, status
from pipeline.errors import CopydeskError
from pipeline.flink_status import flink_figures
from pipeline.sources import drain
from transforms.publishing import STAGING
from transforms.storage import join

SOURCES_SECONDS = 6.0
"""In this time sources that do not wait for a broker have seen the marker, ..."""

SAVEPOINT_NOTE = "go on from there with --savepoint_path={}"


@dataclass
class Control:
    """How this process steers a run over streams.

    ``marker`` is the file that tells sources to stop. ``drain`` says that a job on Flink is to
    write all that it holds when it is stopped, rather than keep it in a savepoint. ``interval`` is
    how often, in seconds, a line tells how the run is doing; None for never. ``marked`` says that
    the marker may be there.
    """

    marker: str
    drain: bool
    interval: float | None
    savepoint: str | None = field(default=None, init=False)
    marked: bool = field(default=False, init=False)

    def wait(self, result: PipelineResult, job: flink.Job | None) -> None:
        """Wait until the run is over, which a signal brings about; ``job`` is the run's on Flink.

        Raises ``RuntimeError`` when the run fails.
        """
        failure: RuntimeError | None = None
        ending = draining.on_signal(lambda: self._end(job))
        read = partial(status.beam_figures, result) if job is None else partial(flink_figures, job)
        with status.shown(read, self.interval), ending:
            try:
                result.wait_until_finish()
            except RuntimeError as error:
                failure = error
        # A job that was stopped is not done in Beam's eyes.
        if failure is not None and self.savepoint is None:
            raise failure

    @property
    def kept(self) -> str | None:
        """The savepoint that holds what was read and not written; None where all is written."""
        return None if self.drain else self.savepoint

    def _end(self, job: flink.Job | None) -> None:
        try:
            if job is None or self.drain:
                self.marked = True
                drain.request(self.marker)
            if job is not None:
                self._stop(job)
        except (CopydeskError, OSError) as error:
            _say(f"cannot stop the job: {error}")

    def _stop(self, job: flink.Job) -> None:
        if self.drain:
            time.sleep(SOURCES_SECONDS)
        self.savepoint = job.stop(drain=self.drain)
        if not self.drain:
            _say(f"stopped; {SAVEPOINT_NOTE.format(self.savepoint)}")


@contextmanager
def stream_control(output: str, *, drain_flink: bool, interval: float | None) -> Iterator[Control]:
    """Give a run over streams into ``output`` its control while it lasts."""
    name = f"{STAGING}/drain-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    control = Control(join(output, name), drain_flink, interval)
    try:
        yield control
    finally:
        if control.marked:
            with suppress(OSError):
                drain.withdraw(control.marker)


def _say(line: str) -> None:
    sys.stderr.write(f"copydesk: {line}\n")
    sys.stderr.flush()
