"""Where a topic is."""

import re
from dataclasses import dataclass

from pipeline.errors import UsageError

SCHEME = "kafka://"
_ADDRESS = re.compile(
    r"kafka://(?P<brokers>[^/,:\s]+:\d{1,5}(?:,[^/,:\s]+:\d{1,5})*)/(?P<topic>[\w.-]{1,249})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, and the brokers to ask first: ``HOST:PORT``, separated by commas."""

    brokers: str
    name: str


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition of a topic, and the offset its reading starts at."""

    topic: Topic
    number: int
    start: int

    @property
    def name(self) -> str:
        """What rows call it: the brokers may change, the topic and the number do not."""
        return f"{SCHEME}{self.topic.name}/{self.number}"


def parse_address(address: str) -> Topic:
    """Return the topic an input names. Raises ``UsageError`` for what names none."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise UsageError(f"{address}: not kafka://HOST:PORT[,HOST:PORT]/TOPIC")
    return Topic(match["brokers"], match["topic"])
