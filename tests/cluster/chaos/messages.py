"""The messages of a chaos run, and what the broker holds of them."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from pipeline.sources.kafka import Partition, Topic
from pipeline.sources.kafka.consumers import offset_of
from pipeline.sources.kafka.records import read_record
from tests.generated import text
from transforms.model import Rejected

PARTITIONS = 2
LATE_MILLISECONDS = 600_000
"""How far back the timestamp of a late message lies: ten windows of a minute."""

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Planned:
    """A message to be sent: its key, headers and value, and how late its timestamp says it is."""

    key: str
    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None
    late: bool = False


def planned(number: int, seed: int) -> Iterator[Planned]:
    """Yield message ``number``: most are articles, some come twice, some late, some are poison."""
    chance = random.Random(f"{seed}:{number}")
    key = f"story-{seed}-{number:06}"
    headers = (("id", key.encode()), ("url", f"https://news.example/{number}".encode()))
    plain = (*headers, ("media_type", b"text/plain"))
    kind = chance.random()
    if kind < 0.03:
        yield Planned(key, (*headers, ("media_type", b"application/json")), b'{"id": "cut sho')
    elif kind < 0.05:
        yield Planned(key, plain, None)
    elif kind < 0.07:
        yield Planned(key, (*headers, ("media_type", b"text/html")), b"\x89PNG\r\n\x1a\n" * 9)
    else:
        late = kind < 0.12
        marks = (*plain, ("late", b"yes")) if late else plain
        message = Planned(key, marks, text(number, seed).encode(), late)
        yield message
        if kind > 0.92:
            yield message


def make_topic(brokers: str, name: str) -> None:
    """Make a topic and wait until it is there."""
    admin = AdminClient({"bootstrap.servers": brokers, "log_level": 0})
    for future in admin.create_topics([NewTopic(name, PARTITIONS, 1)]).values():
        future.result(SECONDS)


class Sender:
    """Sends messages, each stored exactly once, however often the broker dies meanwhile."""

    def __init__(self, brokers: str, topic: str) -> None:
        self._topic = topic
        self._producer = Producer(
            {
                "bootstrap.servers": brokers,
                "enable.idempotence": True,
                "linger.ms": 20,
                "message.timeout.ms": 600_000,
                "reconnect.backoff.max.ms": 1_000,
                "log_level": 0,
            }
        )

    def send(self, message: Planned) -> None:
        """Hand over a message; its timestamp is the moment, or before it if it is late."""
        now = int(time.time() * 1000)
        self._producer.produce(
            self._topic,
            key=message.key,
            value=message.value,
            headers=list(message.headers),
            timestamp=now - LATE_MILLISECONDS if message.late else now,
        )
        self._producer.poll(0)

    def close(self) -> None:
        """Wait until the broker has stored everything."""
        assert self._producer.flush(600) == 0


@dataclass(frozen=True, slots=True)
class Held:
    """A record as the broker holds it: its id, its time of arrival in Unix milliseconds.

    ``late`` tells a time that was made up by the sender.
    """

    record_id: str
    arrived: int
    late: bool


def held(brokers: str, topic: str) -> list[Held]:
    """Return everything the broker holds, up to its high watermarks: the truth."""
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "truth", "log_level": 0})
    place = Topic(brokers, topic)
    found = []
    for number in range(PARTITIONS):
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=SECONDS)
        consumer.assign([TopicPartition(topic, number, low)])
        position = low
        while position < high:
            message = consumer.poll(SECONDS)
            assert message is not None, "the broker does not hand out what it says it holds"
            assert message.error() is None, message.error()
            position = offset_of(message) + 1
            record = read_record(Partition(place, number, 0), message)
            raw = record.raw if isinstance(record, Rejected) else record
            late = "late" in dict(message.headers() or ())
            found.append(Held(raw.record_id, message.timestamp()[1], late))
    consumer.close()
    return found
