"""Inputs without an end: which there are, and the one source that reads them all."""

from collections.abc import Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipeline.errors import UsageError
from pipeline.sources import kafka, pubsub, watch
from transforms.model import RawDocument, Rejected

SCHEMES = (kafka.SCHEME, watch.SCHEME, pubsub.SCHEME)


def is_endless(address: str) -> bool:
    """Return whether an input is a stream."""
    return address.startswith(SCHEMES)


def check(inputs: Sequence[str], kafka_config: str | None = None, *, on_dataflow: bool) -> None:
    """Raise ``UsageError`` for a stream that cannot be read now, or that is given twice."""
    kafka.use(kafka_config)
    for address in inputs:
        if address.startswith(pubsub.SCHEME) and not on_dataflow:
            raise UsageError(f"{address}: only Dataflow reads Pub/Sub, see runners/dataflow.args")
        if inputs.count(address) > 1:
            raise UsageError(f"{address}: given twice")
        if address.startswith(kafka.SCHEME):
            kafka.check_topic(kafka.parse_address(address))
        elif address.startswith(watch.SCHEME):
            watch.parse_address(address)
        else:
            pubsub.parse_address(address)


@dataclass(eq=False)
class ReadStreams(beam.PTransform[beam.Pipeline, PCollection[RawDocument | Rejected]]):
    """Yields the records of all streams, each with its arrival as its time.

    ``drain`` is the file that ends the reading, see ``pipeline.sources.drain``; ``kafka_config``
    one of the Kafka client's settings.
    """

    inputs: Sequence[str]
    drain: str | None = None
    kafka_config: str | None = None

    def expand(self, pipeline: beam.Pipeline) -> PCollection[RawDocument | Rejected]:
        """Read each kind by its own transform."""
        topics = [kafka.parse_address(each) for each in self._of(kafka.SCHEME)]
        folders = [watch.parse_address(each) for each in self._of(watch.SCHEME)]
        read = [
            pipeline | f"ReadPubSub {name}" >> pubsub.ReadPubSub(name)
            for name in map(pubsub.parse_address, self._of(pubsub.SCHEME))
        ]
        if topics:
            read.append(
                pipeline | "ReadKafka" >> kafka.ReadKafka(topics, self.drain, self.kafka_config)
            )
        if folders:
            read.append(pipeline | "ReadWatched" >> watch.ReadWatched(folders, self.drain))
        return read | "FlattenStreams" >> beam.Flatten()

    def _of(self, scheme: str) -> list[str]:
        return [address for address in self.inputs if address.startswith(scheme)]
