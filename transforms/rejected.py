"""Dead letters: the one way a record leaves the pipeline without becoming an article."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.error_handling import ErrorHandler

from transforms.dead_letter import attempt
from transforms.model import Rejected

NAMESPACE = "copydesk"
ACCEPTED = "accepted"
REJECTED = "rejected"


class _Route(beam.DoFn):
    """Sends results onward and dead letters to their own output, counting both."""

    def __init__(self, stage: str, function: Callable[[Any], Any]) -> None:
        self.stage = stage
        self.function = function
        self.accepted = Metrics.counter(NAMESPACE, f"{stage}.{ACCEPTED}")

    def process(self, element: Any) -> Iterator[Any]:
        for result in self.function(element):
            if isinstance(result, Rejected):
                Metrics.counter(NAMESPACE, f"{self.stage}.{REJECTED}.{result.reason}").inc()
                yield TaggedOutput(REJECTED, result)
            else:
                self.accepted.inc()
                yield result


@dataclass(eq=False)
class Stage(beam.PTransform[Any, Any]):
    """Applies ``function`` to each element; what it cannot handle goes to ``errors``.

    With ``flat``, ``function`` yields any number of results and dead letters itself.
    """

    stage: str
    function: Callable[[Any], Any]
    errors: ErrorHandler
    flat: bool = False

    def expand(self, elements: PCollection[Any]) -> PCollection[Any]:
        """Wire the stage and hand its dead letters to the error handler."""
        function = self.function if self.flat else _Once(self.stage, self.function)
        results = elements | beam.ParDo(_Route(self.stage, function)).with_outputs(
            REJECTED, main=ACCEPTED
        )
        self.errors.add_error_pcollection(results[REJECTED])
        return results[ACCEPTED]


@dataclass(frozen=True)
class _Once:
    stage: str
    function: Callable[[Any], Any]

    def __call__(self, element: Any) -> tuple[Any]:
        return (attempt(self.stage, self.function, element),)
