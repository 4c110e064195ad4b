"""ReadKafka: splittable DoFns that find the partitions of topics and read each of them for ever.

Offsets are Beam's own restrictions, so they are in its checkpoints and nowhere else. What is read
goes on through the stages before the next record is fetched, so a slow pipeline reads slowly
and what waits, waits in the broker.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.pvalue import PCollection
from apache_beam.runners.sdf_utils import RestrictionTrackerView
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import MIN_TIMESTAMP, Duration
from confluent_kafka import KafkaException

from pipeline.sources import drain
from pipeline.sources.arrival import NO_TIME, FromTheStart, advance, arrival
from pipeline.sources.endless import END, EndlessRange
from pipeline.sources.kafka import consumers, pauses, settings
from pipeline.sources.kafka.address import Partition, Topic
from pipeline.sources.kafka.records import read_record
from transforms.model import RawDocument, Rejected

logger = logging.getLogger("copydesk.kafka")

Record = RawDocument | Rejected

DISCOVERY_SECONDS = 5
"""How often a topic is asked for new partitions."""

POLL_SECONDS = 0.3
"""How long a fetch is waited for."""

BUNDLE_SECONDS = 1.0
BUNDLE_RECORDS = 500
BUNDLE_BYTES = 16 * 2**20
"""A call reads until one of these is reached: a runner commits, and drains, between calls."""


@dataclass(eq=False)
class ReadKafka(beam.PTransform[beam.Pipeline, PCollection[Record]]):
    """Yields every record of ``topics`` from the earliest offset on, with its arrival as its time.

    ``drain`` is the file that ends the reading, see ``pipeline.sources.drain``; ``config`` one of
    the client's settings, which is read where the work is.
    """

    topics: Sequence[Topic]
    drain: str | None = None
    config: str | None = None

    def expand(self, pipeline: beam.Pipeline) -> PCollection[Record]:
        """Find partitions, spread them over the workers, read each."""
        return (
            pipeline
            | "ListTopics" >> beam.Create(self.topics)
            | "FindPartitions"
            >> beam.ParDo(FindPartitions(self.drain, self.config)).with_output_types(Partition)
            | "SpreadPartitions" >> beam.Reshuffle()
            | "ReadPartition"
            >> beam.ParDo(ReadPartition(self.drain, self.config)).with_output_types(Record)
        )


_NUMBERS = beam.DoFn.RestrictionParam(EndlessRange())
_WATERMARK = beam.DoFn.WatermarkEstimatorParam(FromTheStart())


class _Reading(beam.DoFn):
    """What has to do with brokers, reached as ``config`` says."""

    def __init__(self, marker: str | None, config: str | None = None) -> None:
        self._marker = marker
        self._config = config

    def setup(self) -> None:
        """Take up the client's settings."""
        settings.use(self._config)


class FindPartitions(_Reading):
    """Yields each partition of a topic once, new ones as they appear.

    Partitions are numbered without gaps and never go away, so the numbers are the offsets of an
    endless range: a job that is restored goes on behind the last number it saw.
    """

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        topic: Topic,
        tracker: Any = _NUMBERS,
        watermark: Any = _WATERMARK,
    ) -> Iterator[TimestampedValue[Partition]]:
        """Yield what is new, then come back."""
        first = tracker.current_restriction().start
        if drain.requested(self._marker):
            tracker.try_claim(END)
            return
        now = time.time()
        try:
            found = consumers.partitions(topic, first)
        except KafkaException as error:
            logger.error("%s at %s: %s; trying again", topic.name, topic.brokers, error.args[0])
            tracker.defer_remainder(Duration(pauses.IDLE_SECONDS))
            return
        for partition in found:
            if not tracker.try_claim(partition.number):
                return
            yield TimestampedValue(partition, MIN_TIMESTAMP)
        advance(watermark, now)
        tracker.defer_remainder(Duration(DISCOVERY_SECONDS))


class Offsets(EndlessRange):
    """The offsets of a partition, from where it started when it was found."""

    def initial_restriction(self, element: Partition) -> OffsetRange:
        """Start where the partition does."""
        return OffsetRange(element.start, END)

    def restriction_size(self, element: Partition, restriction: OffsetRange) -> int:
        """Return the records that wait, so that a runner that scales can."""
        high = consumers.known_high(element)
        return 1 if high is None else max(high - restriction.start, 0)


_OFFSETS = beam.DoFn.RestrictionParam(Offsets())


class ReadPartition(_Reading):
    """Yields the records of a partition, each with its arrival as its time."""

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        partition: Partition,
        tracker: Any = _OFFSETS,
        watermark: Any = _WATERMARK,
    ) -> Iterator[TimestampedValue[Record]]:
        """Yield records until a bundle is full or none is there, then let the runner go on."""
        if drain.requested(self._marker):
            tracker.try_claim(END)
            return
        with consumers.reading(partition) as reader:
            try:
                yield from self._read(partition, reader, tracker, watermark)
            except KafkaException as error:
                pauses.retry(partition, reader, tracker, str(error.args[0]))
            else:
                reader.failures = 0
            pauses.report(partition, reader, watermark)

    def _read(
        self,
        partition: Partition,
        reader: consumers.Reader,
        tracker: RestrictionTrackerView,
        watermark: ManualWatermarkEstimator,
    ) -> Iterator[TimestampedValue[Record]]:
        reader.seek(tracker.current_restriction().start)
        deadline = time.monotonic() + BUNDLE_SECONDS
        count = size = 0
        while count < BUNDLE_RECORDS and size < BUNDLE_BYTES and time.monotonic() < deadline:
            try:
                message = reader.poll(POLL_SECONDS)
            except consumers.OutOfRangeError as error:
                yield from pauses.find_again(partition, reader, tracker, error.position)
                return
            if message is None and reader.end is None:
                continue  # no message yet, which is not the partition's end
            if message is None:
                pauses.rest(reader, tracker, watermark)
                return
            position = consumers.offset_of(message)
            if not tracker.try_claim(position):
                reader.put_back(message)
                return
            count += 1
            size += len(message)
            arrived = arrival(message.timestamp()[1])
            yield TimestampedValue(read_record(partition, message), arrived)
            if arrived != NO_TIME:
                advance(watermark, float(arrived))
        if count:
            tracker.defer_remainder()
        else:
            # Nothing at all for so long may mean that nobody is there.
            pauses.rest(reader, tracker, watermark)
