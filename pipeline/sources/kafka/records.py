"""What is read from a partition, as documents and dead letters."""

from dataclasses import replace
from typing import cast

from confluent_kafka import Message

from pipeline.sources.kafka.address import Partition
from pipeline.sources.kafka.consumers import offset_of
from pipeline.sources.messages import Message as Plain
from pipeline.sources.messages import read_message
from pipeline.sources.records import reject
from transforms.decode import article_id
from transforms.model import RawDocument, Reason, Rejected

SOURCE_TYPE = "kafka"


def read_record(partition: Partition, message: Message) -> RawDocument | Rejected:
    """Return the document in a record, or why there is none."""
    return read_message(
        Plain(
            value=message.value(),
            headers=_headers(message),
            key=message.key(),
            source_type=SOURCE_TYPE,
            source_file=partition.name,
            source_offset=offset_of(message),
        )
    )


def _headers(message: Message) -> tuple[tuple[str, bytes | None], ...]:
    # The client's types allow for what only a producer may give.
    return tuple(cast("list[tuple[str, bytes | None]]", message.headers() or []))


def lost_records(partition: Partition, first: int, end: int) -> Rejected:
    """Return the dead letter that stands for the records ``[first, end)``, which are gone."""
    rejected = reject(
        b"",
        Reason.UNREADABLE,
        f"{end - first} records, offsets {first} to {end - 1}, were deleted from the topic before"
        " they were read: its retention is too short",
        source_id=f"{partition.name}#{first}-{end - 1}",
        source_type=SOURCE_TYPE,
        source_file=partition.name,
        source_offset=first,
    )
    return replace(rejected, raw=replace(rejected.raw, record_id=article_id(rejected.raw)))
