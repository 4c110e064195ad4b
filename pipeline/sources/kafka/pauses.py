"""What a reading does where no record comes: at the end, at a gap, at a loss of the brokers."""

import logging
import time
from collections.abc import Iterator

from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.runners.sdf_utils import RestrictionTrackerView
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import MIN_TIMESTAMP, Duration

from pipeline.sources.arrival import NO_TIME, advance
from pipeline.sources.kafka.address import Partition
from pipeline.sources.kafka.consumers import Reader
from pipeline.sources.kafka.records import lost_records
from transforms import metrics
from transforms.model import RawDocument, Rejected

logger = logging.getLogger("copydesk.kafka")

IDLE_SECONDS = 1
"""How long a partition without new records is left alone."""

MAX_BACKOFF_SECONDS = 10


def rest(
    reader: Reader, tracker: RestrictionTrackerView, watermark: ManualWatermarkEstimator
) -> None:
    """Leave a partition alone for a moment; if all of it is read, time goes on without it.

    That no record came is no proof of that: the broker must say so, now. Raises
    ``KafkaException`` when it does not answer.
    """
    now = time.time()
    _, high = reader.bounds()
    if reader.end is not None and high <= reader.end:
        advance(watermark, now)
    tracker.defer_remainder(Duration(IDLE_SECONDS))


def find_again(
    partition: Partition, reader: Reader, tracker: RestrictionTrackerView, position: int
) -> Iterator[TimestampedValue[RawDocument | Rejected]]:
    """Go on behind records that retention took away before they were read, and say so loudly.

    Such a gap is one dead letter. Raises ``KafkaException`` when the broker does not answer.
    """
    low, high = reader.bounds()
    pause = IDLE_SECONDS
    if position < low:
        if not tracker.try_claim(low - 1):
            return
        lost = low - position
        logger.error("%s: %d records were deleted before they were read", partition.name, lost)
        metrics.count_lost(lost)
        yield TimestampedValue(lost_records(partition, position, low), NO_TIME)
    elif position > high:
        logger.error(
            "%s: ends at %d but was read up to %d: the topic was cut short or made anew, and what"
            " it holds now is not read; start the job again without its savepoint",
            partition.name,
            high,
            position,
        )
        pause = MAX_BACKOFF_SECONDS
    tracker.defer_remainder(Duration(pause))


def retry(
    partition: Partition, reader: Reader, tracker: RestrictionTrackerView, error: str
) -> None:
    """Come back later, each time a little later."""
    reader.failures += 1
    seconds = min(2 ** (reader.failures - 1), MAX_BACKOFF_SECONDS)
    logger.error("%s: %s; trying again in %d s", partition.name, error, seconds)
    tracker.defer_remainder(Duration(seconds))


def report(partition: Partition, reader: Reader, watermark: ManualWatermarkEstimator) -> None:
    """Report how far behind a partition is, in records and in time."""
    high = reader.high()
    if high >= 0 and reader.position >= 0:
        reached = watermark.current_watermark()
        seconds = None if reached == MIN_TIMESTAMP else round(time.time() - float(reached))
        name = f"{partition.topic.name}/{partition.number}"
        metrics.report_partition(name, max(high - (reader.end or reader.position), 0), seconds)
