"""The connection to the brokers: one consumer for each partition in hand, kept in the process."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from confluent_kafka import OFFSET_INVALID, Consumer, KafkaError, KafkaException, Message
from confluent_kafka import TopicPartition as Place

from pipeline.errors import UsageError
from pipeline.sources.kafka.address import Partition, Topic
from pipeline.sources.kafka.settings import settings

logger = logging.getLogger("copydesk.kafka")

REQUEST_SECONDS = 10.0
"""How long a broker may take to answer."""

UNUSED_SECONDS = 60.0
"""A consumer whose partition is read elsewhere by now is closed after so long."""

_OUT_OF_RANGE = (KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE)


class OutOfRangeError(Exception):
    """The broker does not hold, or no longer holds, ``position``, the offset to be read next."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class Reader:
    """Reads one partition from an offset on.

    ``position`` is the offset to be read next; ``end`` is the partition's end where that was
    reached, None before and as soon as there is more.
    """

    def __init__(self, partition: Partition) -> None:
        self._consumer = Consumer(settings(partition.topic.brokers), logger=logger)
        self._partition = partition
        self._held: Message | None = None
        self.position = OFFSET_INVALID
        self.end: int | None = None
        self.failures = 0
        self.used = 0.0

    def seek(self, position: int) -> None:
        """Read from ``position`` on, which takes effect only where that is not so already."""
        if position != self.position:
            self._consumer.assign([self._place(position)])
            self._held = None
            self.position = position
            self.end = None

    def poll(self, seconds: float) -> Message | None:
        """Return the next message, or None when there was none for so long or at the end.

        Raises ``OutOfRangeError``, and ``KafkaException`` when the broker says no or is gone.
        """
        # A message without a value has the length 0, so it is false.
        while (message := self._next(seconds)) is not None:
            error = message.error()
            if error is None:
                self.end = None
                self.position = offset_of(message) + 1
                return message
            if error.code() != KafkaError._PARTITION_EOF:
                self._fail(error)
            self.end = message.offset()
            # That was so when it was fetched: what has come since waits behind it.
            seconds = 0.0
        return None

    def _next(self, seconds: float) -> Message | None:
        held, self._held = self._held, None
        return self._consumer.poll(seconds) if held is None else held

    def _fail(self, error: KafkaError) -> NoReturn:
        position, self.position = self.position, OFFSET_INVALID
        if error.code() in _OUT_OF_RANGE:
            raise OutOfRangeError(position)
        raise KafkaException(error)

    def put_back(self, message: Message) -> None:
        """Have the message polled last returned again: to seek it would throw away what waits."""
        self._held = message
        self.position = offset_of(message)

    def bounds(self) -> tuple[int, int]:
        """Ask the broker for the first offset it holds and the one behind the last.

        Raises ``KafkaException``.
        """
        return bounds(self._consumer, self._partition)

    def high(self) -> int:
        """Return the offset behind the last as the last fetch told it, negative when unknown."""
        known = self._consumer.get_watermark_offsets(self._place(0), cached=True)
        return known[1] if known else OFFSET_INVALID

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()

    def _place(self, offset: int) -> Place:
        return Place(self._partition.topic.name, self._partition.number, offset)


def offset_of(message: Message) -> int:
    """Return the offset of a message that was received, and therefore has one."""
    offset = message.offset()
    if offset is None:
        raise ValueError("a message without an offset")
    return offset


def bounds(consumer: Consumer, partition: Partition) -> tuple[int, int]:
    """Return the first offset a partition holds and the one behind its last.

    Raises ``KafkaException``.
    """
    place = Place(partition.topic.name, partition.number)
    found = consumer.get_watermark_offsets(place, timeout=REQUEST_SECONDS, cached=False)
    if found is None:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
    return found


_lock = threading.Lock()
_readers: dict[Partition, Reader] = {}
_listers: dict[str, Consumer] = {}


@contextmanager
def reading(partition: Partition) -> Iterator[Reader]:
    """Lend the reader of a partition; the next one to ask finds it where it was left."""
    with _lock:
        reader = _readers.pop(partition, None)
    reader = reader or Reader(partition)
    try:
        yield reader
    finally:
        reader.used = time.monotonic()
        with _lock:
            other = _readers.get(partition)
            _readers[partition] = reader
            stale = [
                key for key, each in _readers.items() if reader.used - each.used > UNUSED_SECONDS
            ]
            closed = [_readers.pop(key) for key in stale]
        for each in [*closed, other]:
            if each is not None:
                each.close()


def known_high(partition: Partition) -> int | None:
    """Return the offset behind a partition's last, if this process reads it and knows."""
    with _lock:
        reader = _readers.get(partition)
    high = reader.high() if reader else OFFSET_INVALID
    return high if high >= 0 else None


def partitions(topic: Topic, first: int = 0) -> list[Partition]:
    """Return the partitions of a topic from number ``first`` on.

    Raises ``KafkaException`` when the topic is not there or the brokers do not answer.
    """
    consumer = _lister(topic.brokers)
    found = consumer.list_topics(topic.name, timeout=REQUEST_SECONDS).topics[topic.name]
    if found.error:
        raise KafkaException(found.error)
    numbers = range(first, len(found.partitions))
    return [
        Partition(topic, number, bounds(consumer, Partition(topic, number, 0))[0])
        for number in numbers
    ]


def _lister(brokers: str) -> Consumer:
    with _lock:
        if brokers not in _listers:
            _listers[brokers] = Consumer(settings(brokers), logger=logger)
        return _listers[brokers]


def check_topic(topic: Topic) -> None:
    """Raise ``UsageError`` when a topic cannot be read now, before anything is started.

    That is also when the client knows no such setting.
    """
    try:
        partitions(topic)
    except KafkaException as error:
        reason = error.args[0]
        unknown = reason.code() in (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC)
        where = f"kafka://{topic.brokers}/{topic.name}"
        if unknown:
            raise UsageError(f"{where}: there is no such topic") from error
        raise UsageError(f"{where}: {reason.str()}") from error
