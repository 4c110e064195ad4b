"""Inputs without an end: which there are, and the one source that reads them all."""

from collections.abc import Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam.pvalue import PCollection

from pipeline.errors import UsageError
from pipeline.sources import kafka
from transforms.model import RawDocument, Rejected

SCHEMES = ("kafka://",)


def is_endless(address: str) -> bool:
    """Return whether an input is a stream."""
    return address.startswith(SCHEMES)


def check(inputs: Sequence[str]) -> None:
    """Raise ``UsageError`` for a stream that cannot be read now, or that is given twice."""
    for address in inputs:
        if inputs.count(address) > 1:
            raise UsageError(f"{address}: given twice")
        kafka.check_topic(kafka.parse_address(address))


@dataclass(eq=False)
class ReadStreams(beam.PTransform[beam.Pipeline, PCollection[RawDocument | Rejected]]):
    """Yields the records of all streams, each with its arrival as its time.

    ``drain`` is the file that ends the reading, see ``pipeline.sources.drain``.
    """

    inputs: Sequence[str]
    drain: str | None = None

    def expand(self, pipeline: beam.Pipeline) -> PCollection[RawDocument | Rejected]:
        """Read each kind by its own transform."""
        topics = [kafka.parse_address(address) for address in self.inputs]
        return pipeline | "ReadKafka" >> kafka.ReadKafka(topics, self.drain)
