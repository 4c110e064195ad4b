"""``pubsub://projects/P/subscriptions/S``: a Pub/Sub subscription, read by Beam's own source."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipeline.errors import UsageError
from pipeline.sources.messages import Message, read_message
from transforms.model import RawDocument, Rejected

SCHEME = "pubsub://"
SOURCE_TYPE = "pubsub"

_ADDRESS = re.compile(
    r"pubsub://(?:projects/)?(?P<project>[a-z][a-z0-9.:-]{4,})/(?:subscriptions/)?"
    r"(?P<subscription>[A-Za-z][\w.~+%-]{2,254})",
    re.ASCII,
)


def parse_address(address: str) -> str:
    """Return the subscription an input names, ``projects/P/subscriptions/S``.

    ``pubsub://P/S`` is short for it. Raises ``UsageError`` for what names none.
    """
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise UsageError(f"{address}: not pubsub://projects/PROJECT/subscriptions/SUBSCRIPTION")
    return f"projects/{match['project']}/subscriptions/{match['subscription']}"


@dataclass(eq=False)
class ReadPubSub(beam.PTransform[beam.Pipeline, PCollection[RawDocument | Rejected]]):
    """Yields the messages of a subscription, each with its publish time as its time."""

    subscription: str

    def expand(self, pipeline: beam.Pipeline) -> PCollection[RawDocument | Rejected]:
        """Read with attributes, which say what the message is."""
        # Imports Google's clients, which only those who need them have.
        from apache_beam.io.gcp.pubsub import ReadFromPubSub

        return (
            pipeline
            | "Receive" >> ReadFromPubSub(subscription=self.subscription, with_attributes=True)
            | "ReadMessage" >> beam.Map(read_received, self.subscription)
        )


def read_received(message: Any, subscription: str) -> RawDocument | Rejected:
    """Return the document in a ``PubsubMessage``, or why there is none."""
    attributes: Sequence[tuple[str, str]] = sorted((message.attributes or {}).items())
    return read_message(
        Message(
            value=message.data or b"",
            headers=tuple((name, value.encode()) for name, value in attributes),
            key=None,
            source_type=SOURCE_TYPE,
            source_file=f"{SCHEME}{subscription}",
            source_offset=occurrence(message.message_id or ""),
        )
    )


def occurrence(message_id: str) -> int:
    """Return a message's id, which is a string of digits, as a number of 63 bits."""
    if message_id.isascii() and message_id.isdecimal() and len(message_id) < 19:
        return int(message_id)
    digest = hashlib.blake2b(message_id.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
