"""A stage that does for some documents of a bundle at once what is dear for each alone."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.metrics.metric import Metrics
from apache_beam.pvalue import PCollection
from apache_beam.transforms.error_handling import ErrorHandler
from apache_beam.utils.windowed_value import WindowedValue

from transforms import metrics
from transforms.dead_letter import attempt
from transforms.limits import MAX_BATCH_CHARS
from transforms.metrics import NAMESPACE
from transforms.model import Article
from transforms.rejected import Route, routed

MAX_ARTICLES = 16
"""More together are hardly faster, and each is held in memory."""

Prepare = Callable[[Sequence[Article]], Sequence[Any]]


@dataclass(eq=False)
class BatchStage(beam.PTransform[PCollection[Article], PCollection[Article]]):
    """Applies ``function`` to each article and to what ``prepare`` has found out about it.

    ``prepare`` gets some articles of a bundle at once and returns something for each of them. When
    it raises, it gets them one by one, so that only the article it cannot handle goes to
    ``errors``, as one does that ``function`` cannot.
    """

    stage: str
    prepare: Prepare
    function: Callable[[Article, Any], Article]
    errors: ErrorHandler

    def expand(self, articles: PCollection[Article]) -> PCollection[Article]:
        """Wire the stage and hand its dead letters to the error handler."""
        return routed(articles, _RouteBatches(self.stage, self.prepare, self.function), self.errors)


class _RouteBatches(Route):
    """Holds articles until they are enough or the bundle ends; each keeps its time and window."""

    def __init__(
        self, stage: str, prepare: Prepare, function: Callable[[Article, Any], Article]
    ) -> None:
        super().__init__(stage)
        self.prepare = prepare
        self.function = function

    def start_bundle(self) -> None:
        self.held: list[WindowedValue] = []
        self.chars = 0

    def process(
        self,
        element: Article,
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
        pane: Any = beam.DoFn.PaneInfoParam,
    ) -> Iterator[Any]:
        self.held.append(WindowedValue(element, timestamp, (window,), pane))
        self.chars += len(element.source)
        if len(self.held) == MAX_ARTICLES or self.chars >= MAX_BATCH_CHARS:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[Any]:
        yield from self._flush()

    def _flush(self) -> Iterator[Any]:
        held, self.held, self.chars = self.held, [], 0
        spent = Metrics.distribution(NAMESPACE, metrics.microseconds(self.stage))
        started = time.perf_counter_ns()
        finish = self._prepared([value.value for value in held])
        shared = (time.perf_counter_ns() - started) // max(len(held), 1)
        for value, function in zip(held, finish, strict=True):
            started = time.perf_counter_ns()
            result = attempt(self.stage, function, value.value)
            spent.update((time.perf_counter_ns() - started + shared) // 1000)
            yield self.counted(result, value.with_value(result))

    def _prepared(self, articles: list[Article]) -> list[Callable[[Article], Article]]:
        """Return what makes an article of each: with what was found out, or still to find it."""
        try:
            found = self.prepare(articles)
        except Exception:  # noqa: BLE001 - which of them it was shows when each is done alone
            return [self._alone] * len(articles)
        return [partial(_finish, self.function, about) for about in found]

    def _alone(self, article: Article) -> Article:
        (about,) = self.prepare([article])
        return self.function(article, about)


def _finish(function: Callable[[Article, Any], Article], about: Any, article: Article) -> Article:
    return function(article, about)
