"""A stage that takes some articles at once answers for each of them alone."""

from collections.abc import Sequence
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.error_handling import ErrorHandler
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from transforms import stages
from transforms.batches import MAX_ARTICLES, BatchStage
from transforms.boilerplate import split_blocks
from transforms.limits import MAX_BATCH_CHARS
from transforms.metrics import NAMESPACE
from transforms.model import Article, RawDocument, Reason, RejectionError

BODY = "It rained for a week, and nobody in the village could say when it would stop again."


def article(number: int, source: str) -> Article:
    """Return a plain-text article that has been cut into blocks."""
    raw = RawDocument(str(number), source.encode())
    return Article(raw, media_type="text/plain", source=source, blocks=split_blocks(source))


def together(articles: Sequence[Article]) -> list[int]:
    """Return how many there are, for each; fail on all when one is faulty."""
    if any(article.source == "faulty" for article in articles):
        raise ValueError("one of them")
    return [len(articles)] * len(articles)


def describe(article: Article, count: int) -> Article:
    """Say how many came together, and refuse one of the articles."""
    if article.source == "refused":
        raise RejectionError(Reason.NO_TEXT, "refused")
    return Article(article.raw, text=f"{article.source[:9]} of {count}")


def at(
    result: Any, time: Any = beam.DoFn.TimestampParam, window: Any = beam.DoFn.WindowParam
) -> Any:
    """Return what came out, with its time and the start of its window."""
    return result, int(time), int(window.start)


def run(articles: Sequence[Article], accepted: list[Any], rejected: list[Any]) -> dict[str, int]:
    """Hold what comes out for articles seven seconds apart against what is expected."""
    with beam.Pipeline(FnApiRunner(), PipelineOptions([])) as pipeline:
        errors = ErrorHandler(
            beam.Map(lambda letter: f"{letter.raw.source_id} {letter.reason}") | beam.Map(at)
        )
        good = (
            pipeline
            | beam.Create([[*enumerate(articles)]])
            | beam.FlatMap(lambda pairs: [TimestampedValue(item, 7 * n) for n, item in pairs])
            | beam.WindowInto(FixedWindows(10))
            | "Count" >> BatchStage("Count", together, describe, errors)
        )
        errors.close()
        texts = good | beam.Map(lambda found: found.text) | "At" >> beam.Map(at)
        assert_that(texts, equal_to(accepted), label="good")
        assert_that(errors.output(), equal_to(rejected), label="bad")
    counters = pipeline.result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))
    return {counter.key.metric.name: counter.committed for counter in counters["counters"]}


def place(number: int) -> tuple[int, int]:
    """Return the time of an article and the start of its window."""
    return 7 * number, 7 * number // 10 * 10


def test_all_of_a_bundle_come_out_in_their_own_time_and_window() -> None:
    """Articles wait for one another, but only so many, and keep their times and windows."""
    count = 2 * MAX_ARTICLES + 3
    sizes = [MAX_ARTICLES] * 2 * MAX_ARTICLES + [3] * 3
    expected = [(f"text of {size}", *place(number)) for number, size in enumerate(sizes)]
    counters = run([article(number, "text") for number in range(count)], expected, [])
    assert counters == {"Count.accepted": count}


def test_one_bad_article_of_a_batch_is_rejected_alone() -> None:
    """What fails all together is done one by one; what refuses an article refuses no other."""
    sources = ["first", "faulty", "refused", "last"]
    counters = run(
        [article(number, source) for number, source in enumerate(sources)],
        [("first of 1", *place(0)), ("last of 1", *place(3))],
        [("1 internal_error", *place(1)), ("2 no_text", *place(2))],
    )
    assert counters == {
        "Count.accepted": 2,
        "Count.rejected.internal_error": 1,
        "Count.rejected.no_text": 1,
    }


def test_long_articles_do_not_wait() -> None:
    """What is held in memory is bounded by characters as well."""
    half = "long text" + "." * (MAX_BATCH_CHARS // 2)
    expected = [(f"long text of {size}", *place(n)) for n, size in enumerate([2, 2, 1])]
    run([Article(RawDocument(str(n), b""), source=half) for n in range(3)], expected, [])


def test_articles_are_stripped_together_as_alone() -> None:
    """Plain texts and pages in one batch become what each becomes alone."""
    page = Article(RawDocument("p", b""), media_type="text/html", blocks=split_blocks(BODY))
    texts = [article(number, f"Harbour news {number}\n\n{BODY}") for number in range(3)]
    mixed = [texts[0], page, *texts[1:]]
    found = [
        stages.keep_text(*pair) for pair in zip(mixed, stages.label_blocks(mixed), strict=True)
    ]
    assert found == [stages.strip_boilerplate(item) for item in mixed]
    assert all(BODY in item.text for item in found)
    with pytest.raises(RejectionError, match="no block"):
        stages.strip_boilerplate(article(9, "Share this:"))
