"""Dead letters: the one way a record leaves the pipeline without becoming an article."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection, TaggedOutput
from apache_beam.transforms.error_handling import ErrorHandler

from transforms.limits import MAX_PAYLOAD_BYTES
from transforms.model import Article, RawDocument, Reason, Rejected, RejectionError

NAMESPACE = "copydesk"
ACCEPTED = "accepted"
REJECTED = "rejected"

logger = logging.getLogger(NAMESPACE)


def reject(raw: RawDocument, stage: str, reason: Reason, error: str) -> Rejected:
    """Return the dead letter of ``raw``, its payload cut at ``MAX_PAYLOAD_BYTES``."""
    size = len(raw.content)
    if size > MAX_PAYLOAD_BYTES:
        raw = replace(raw, content=raw.content[:MAX_PAYLOAD_BYTES])
    return Rejected(raw, stage, reason, error, size)


def attempt(
    stage: str, function: Callable[[Any], Any], element: RawDocument | Article
) -> Any | Rejected:
    """Return ``function(element)``, or the dead letter that says why there is none.

    A stage says what it cannot handle by raising ``RejectionError``; any other exception is a
    fault of ours and becomes ``internal_error`` with its type and message.
    """
    raw = element.raw if isinstance(element, Article) else element
    try:
        return function(element)
    except RejectionError as error:
        return reject(raw, stage, error.reason, str(error))
    except Exception as error:
        logger.debug("%s failed on %s", stage, raw.record_id, exc_info=True)
        return reject(raw, stage, Reason.INTERNAL_ERROR, f"{type(error).__name__}: {error}"[:1000])


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
