"""Dead letters: the one way a record leaves the pipeline without becoming an article."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.error_handling import ErrorHandler

from transforms import metrics
from transforms.dead_letter import attempt
from transforms.events import log_record
from transforms.metrics import NAMESPACE
from transforms.model import Rejected

ACCEPTED = "accepted"
REJECTED = "rejected"


class Route(beam.DoFn):
    """Sends results onward and dead letters to their own output, counting both."""

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self.accepted = Metrics.counter(NAMESPACE, metrics.accepted(stage))

    def counted(self, result: Any, output: Any) -> Any:
        """Return ``output``, which holds ``result``, for where it belongs."""
        if isinstance(result, Rejected):
            self._count(result)
            return TaggedOutput(REJECTED, output)
        self.accepted.inc()
        return output

    def _count(self, rejected: Rejected) -> None:
        Metrics.counter(NAMESPACE, metrics.rejected(self.stage, rejected.reason)).inc()
        reason = str(rejected.reason)
        log_record(logging.DEBUG, "rejected", rejected.raw, stage=self.stage, reason=reason)


class _RouteEach(Route):
    def __init__(self, stage: str, function: Callable[[Any], Any]) -> None:
        super().__init__(stage)
        self.function = function

    def process(self, element: Any) -> Iterator[Any]:
        for result in self.function(element):
            yield self.counted(result, result)


def routed(elements: PCollection[Any], route: Route, errors: ErrorHandler) -> PCollection[Any]:
    """Apply ``route``, and hand its dead letters to ``errors``."""
    results = elements | "Route" >> beam.ParDo(route).with_outputs(REJECTED, main=ACCEPTED)
    errors.add_error_pcollection(results[REJECTED])
    return results[ACCEPTED]


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
        return routed(elements, _RouteEach(self.stage, function), self.errors)


@dataclass(frozen=True)
class _Once:
    stage: str
    function: Callable[[Any], Any]

    def __call__(self, element: Any) -> tuple[Any]:
        started = time.perf_counter_ns()
        result = attempt(self.stage, self.function, element)
        spent = Metrics.distribution(NAMESPACE, metrics.microseconds(self.stage))
        spent.update((time.perf_counter_ns() - started) // 1000)
        return (result,)
