"""Brokers in memory, behind the part of confluent_kafka's Consumer that is used."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import TIMESTAMP_CREATE_TIME, KafkaError, KafkaException, TopicPartition

from pipeline.sources.kafka import consumers


@dataclass
class FakeMessage:
    """A record, or with ``code`` an event of the client."""

    at: int
    content: bytes | None = b""
    names: list[tuple[str, bytes]] = field(default_factory=list)
    time: int = 0
    name: bytes | None = None
    code: int | None = None

    def error(self) -> KafkaError | None:
        """Return the event."""
        return None if self.code is None else KafkaError(self.code)

    def offset(self) -> int:
        """Return the offset."""
        return self.at

    def value(self) -> bytes | None:
        """Return the value."""
        return self.content

    def key(self) -> bytes | None:
        """Return the key."""
        return self.name

    def headers(self) -> list[tuple[str, bytes]] | None:
        """Return the headers."""
        return self.names or None

    def timestamp(self) -> tuple[int, int]:
        """Return the time."""
        return TIMESTAMP_CREATE_TIME, self.time

    def __len__(self) -> int:
        return len(self.content or b"")


@dataclass
class Log:
    """A partition: records by offset, the first offset that is left, and the next.

    ``ends`` are the offsets at which it ended when the client fetched, before more came.
    """

    low: int = 0
    high: int = 0
    records: dict[int, FakeMessage] = field(default_factory=dict)
    ends: set[int] = field(default_factory=set)

    def add(self, content: bytes | None, **fields: Any) -> int:
        """Append a record and return its offset."""
        self.records[self.high] = FakeMessage(self.high, content, **fields)
        self.high += 1
        return self.high - 1


class FakeBrokers:
    """One topic; ``down`` takes all away. Counts consumers ``opened`` and offsets ``sought``."""

    def __init__(self, partitions: int) -> None:
        self.logs = [Log() for _ in range(partitions)]
        self.down = False
        self.missing = False
        self.opened = 0
        self.sought = 0

    def consumer(self, settings: dict[str, object], logger: object = None) -> "FakeConsumer":
        """Return a consumer, as the client's class does."""
        self.opened += 1
        assert settings["enable.auto.commit"] is False
        assert settings["isolation.level"] == "read_committed"
        return FakeConsumer(self)


class FakeConsumer:
    """Reads the partition it is assigned."""

    def __init__(self, brokers: FakeBrokers) -> None:
        self.brokers = brokers
        self.number = 0
        self.next = 0
        self.told_end = False
        self.broken = False
        self.closed = False

    def assign(self, places: list[TopicPartition]) -> None:
        """Go to an offset."""
        (place,) = places
        self.brokers.sought += 1
        self.number, self.next = place.partition, place.offset
        self.told_end = self.broken = False

    def poll(self, timeout: float) -> FakeMessage | None:
        """Return the next record or event."""
        assert not self.closed
        log = self.brokers.logs[self.number]
        if self.brokers.down or self.broken:
            return None
        if not log.low <= self.next <= log.high:
            self.broken = True
            return FakeMessage(self.next, code=KafkaError._AUTO_OFFSET_RESET)
        if self.next in log.ends:
            log.ends.remove(self.next)
            return FakeMessage(self.next, code=KafkaError._PARTITION_EOF)
        while self.next < log.high:
            self.next += 1
            self.told_end = False
            if (message := log.records.get(self.next - 1)) is not None:
                return message
        if not self.told_end:
            self.told_end = True
            return FakeMessage(log.high, code=KafkaError._PARTITION_EOF)
        return None

    def get_watermark_offsets(
        self, place: TopicPartition, timeout: float | None = None, cached: bool = False
    ) -> tuple[int, int] | None:
        """Return the bounds of a partition."""
        log = self.brokers.logs[place.partition]
        if self.brokers.down and not cached:
            raise KafkaException(KafkaError(KafkaError._ALL_BROKERS_DOWN))
        return log.low, log.high

    def list_topics(self, topic: str, timeout: float) -> Any:
        """Return what the brokers know."""
        if self.brokers.down:
            raise KafkaException(KafkaError(KafkaError._TRANSPORT))
        error = KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART) if self.brokers.missing else None
        known = SimpleNamespace(error=error, partitions=dict(enumerate(self.brokers.logs)))
        return SimpleNamespace(topics={topic: known})

    def close(self) -> None:
        """Disconnect."""
        self.closed = True


def install(monkeypatch: pytest.MonkeyPatch, partitions: int = 1) -> FakeBrokers:
    """Put brokers in memory in the place of real ones."""
    brokers = FakeBrokers(partitions)
    monkeypatch.setattr(consumers, "Consumer", brokers.consumer)
    monkeypatch.setattr(consumers, "_readers", {})
    monkeypatch.setattr(consumers, "_listers", {})
    return brokers
