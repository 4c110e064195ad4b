"""A splittable DoFn called as a runner calls it, bundle by bundle, without the runner."""

from typing import Any

from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker
from apache_beam.utils.timestamp import MIN_TIMESTAMP, Timestamp

from pipeline.sources.endless import END, EndlessTracker


class Reading:
    """One element of a splittable DoFn over an endless range, from its start to its end.

    ``position`` is what a checkpoint holds; ``pause`` is how long the DoFn asked to be left alone,
    in seconds; ``done`` says that nothing is left.
    """

    def __init__(self, dofn: Any, element: Any, position: int = 0) -> None:
        self.dofn = dofn
        self.element = element
        self.position = position
        self.watermark: Timestamp = MIN_TIMESTAMP
        self.pause = 0.0
        self.done = False

    def bundle(self, take: int | None = None) -> list[Any]:
        """Return what one call yields, as values with their times.

        With ``take`` the runner asks for a checkpoint behind so many of them.
        """
        from apache_beam.io.restriction_trackers import OffsetRange

        tracker = ThreadsafeRestrictionTracker(EndlessTracker(OffsetRange(self.position, END)))
        estimator = ManualWatermarkEstimator(self.watermark)
        values = []
        residual = None
        for value in self.dofn.process(self.element, RestrictionTrackerView(tracker), estimator):
            values.append(value)
            if len(values) == take:
                _, residual = tracker.try_split(0)
        tracker.check_done()
        self.watermark = estimator.current_watermark()
        if deferred := tracker.deferred_status():
            residual, pause = deferred
            self.pause = pause.micros / 1e6
        self.done = residual is None
        if residual is not None:
            self.position = residual.start
        return values

    def until_idle(self, bundles: int = 100) -> list[Any]:
        """Return what calls yield until the DoFn asks for a pause."""
        values: list[Any] = []
        for _ in range(bundles):
            values += self.bundle()
            if self.done or self.pause > 0.5:
                return values
        raise AssertionError("never idle")
