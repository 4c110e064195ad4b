"""Pub/Sub as a source: Beam's own reading of it, and what we make of a message."""

from datetime import UTC, datetime

import apache_beam as beam
import pytest
from apache_beam.io.gcp.pubsub import PubsubMessage, ReadFromPubSub, _PubSubSource
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.pvalue import PCollection
from apache_beam.testing import test_pipeline, test_stream
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Timestamp

from pipeline.errors import UsageError
from pipeline.sources.pubsub import ReadPubSub, parse_address
from pipeline.sources.streams import ReadStreams, check
from transforms.model import RawDocument, Rejected

NAME = "projects/my-project/subscriptions/news"
PUBLISHED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_addresses() -> None:
    """The long and the short form name the same subscription; a topic is none."""
    assert parse_address(f"pubsub://{NAME}") == NAME
    assert parse_address("pubsub://my-project/news") == NAME
    for wrong in ("pubsub://news", "pubsub://projects/p/topics/t", "pubsub://my-project/a/b"):
        with pytest.raises(UsageError):
            parse_address(wrong)


def test_the_subscription_is_read_with_attributes() -> None:
    """Beam is asked for the attributes, and takes the publish time as the time of a message."""
    pipeline = beam.Pipeline(options=PipelineOptions(["--streaming"]))
    records = pipeline | ReadStreams([f"pubsub://{NAME}"])
    assert not records.is_bounded
    sources: list[ReadFromPubSub] = []

    class Find(beam.pipeline.PipelineVisitor):
        def enter_composite_transform(self, transform_node: object) -> None:
            transform = getattr(transform_node, "transform", None)
            if isinstance(transform, ReadFromPubSub):
                sources.append(transform)

    pipeline.visit(Find())
    (read,) = sources
    source = read._source
    assert isinstance(source, _PubSubSource)
    assert source.full_subscription == NAME
    assert source.with_attributes
    assert source.timestamp_attribute is None


def test_messages_become_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attributes are headers, the message id is the occurrence, poison is a dead letter."""
    messages = [
        PubsubMessage(
            b"<p>Text</p>",
            {"id": "a", "url": "https://n.example/a", "media_type": "text/html"},
            "42",
            PUBLISHED,
        ),
        PubsubMessage(b"{", {"media_type": "application/json"}, "43", PUBLISHED),
    ]
    stream = test_stream.TestStream().add_elements(
        [TimestampedValue(each, Timestamp.of(PUBLISHED.timestamp())) for each in messages]
    )
    received = stream.advance_watermark_to_infinity()

    class Receive(beam.PTransform[beam.Pipeline, PCollection[PubsubMessage]]):
        def __init__(self, subscription: str, *, with_attributes: bool) -> None:
            super().__init__()
            assert (subscription, with_attributes) == (NAME, True)

        def expand(self, pipeline: beam.Pipeline) -> PCollection[PubsubMessage]:
            return pipeline | received

    monkeypatch.setattr("apache_beam.io.gcp.pubsub.ReadFromPubSub", Receive)
    with test_pipeline.TestPipeline(options=PipelineOptions(["--streaming"])) as pipeline:
        found = pipeline | ReadPubSub(NAME) | beam.Map(_facts)
        facts = [
            ("a", "https://n.example/a", "", f"pubsub://{NAME}", 42, 1767323045.0),
            (f"pubsub://{NAME}", None, "malformed_record", f"pubsub://{NAME}", 43, 1767323045.0),
        ]
        assert_that(found, equal_to(facts))


def _facts(
    record: RawDocument | Rejected, time: object = beam.DoFn.TimestampParam
) -> tuple[str, str | None, str, str | None, int | None, float]:
    raw = record.raw if isinstance(record, Rejected) else record
    reason = str(record.reason) if isinstance(record, Rejected) else ""
    at = time.micros / 1e6  # type: ignore[attr-defined]
    return raw.source_id, raw.url, reason, raw.source_file, raw.source_offset, at


def test_streams_are_checked_before_the_start() -> None:
    """A stream given twice would be read twice."""
    check([f"pubsub://{NAME}"], on_dataflow=True)
    with pytest.raises(UsageError, match="twice"):
        check([f"pubsub://{NAME}"] * 2, on_dataflow=True)
    with pytest.raises(UsageError, match="only Dataflow"):
        check([f"pubsub://{NAME}"], on_dataflow=False)
