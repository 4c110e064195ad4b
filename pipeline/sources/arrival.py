"""When a record arrived, which is an element's time, and how far time has come: the watermark.

The arrival is what the broker or the filesystem says, never this process's clock, so that a
record read twice falls into the same window twice. The clock only bounds what is believed.
"""

import time

from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import WatermarkEstimatorProvider
from apache_beam.utils.timestamp import MIN_TIMESTAMP, Timestamp

MAX_AHEAD_SECONDS = 86_400
"""A record that claims to come from so far ahead of the clock has no time, ..."""

NO_TIME = Timestamp(0)
"""... which is this one."""

DISORDER_SECONDS = 5
"""Records of one source come in the order of their times, give or take this."""


def arrival(milliseconds: int) -> Timestamp:
    """Return the element time of a record: its Unix time in milliseconds where that can be true.

    A producer may say anything. A time before 1970 or more than a day ahead becomes 1970, not
    the clock's: read again later, the record must fall into the same window.
    """
    if 0 <= milliseconds <= (time.time() + MAX_AHEAD_SECONDS) * 1000:
        return Timestamp(micros=milliseconds * 1000)
    return NO_TIME


class FromTheStart(WatermarkEstimatorProvider):
    """Watermarks that start before all time and are moved by hand."""

    def initial_estimator_state(self, element: object, restriction: object) -> Timestamp:
        """Promise nothing at first."""
        return MIN_TIMESTAMP

    def create_watermark_estimator(self, estimator_state: Timestamp) -> ManualWatermarkEstimator:
        """Go on from the watermark of the checkpoint."""
        return ManualWatermarkEstimator(estimator_state)


def advance(watermark: ManualWatermarkEstimator, reached: float) -> None:
    """Move a watermark to a Unix time less the disorder allowed for, never back or into the future.

    ``reached`` is the time of a record just read, or of the clock when all has been read.
    """
    target = Timestamp(min(reached, time.time()) - DISORDER_SECONDS)
    if target > watermark.current_watermark():
        watermark.set_watermark(target)
