"""A stage that fails on one record loses neither that record nor another."""

import apache_beam as beam
import pytest
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.error_handling import ErrorHandler

from transforms.dead_letter import attempt, reject
from transforms.limits import MAX_PAYLOAD_BYTES
from transforms.metrics import NAMESPACE
from transforms.model import Article, RawDocument, Reason, Rejected, RejectionError
from transforms.rejected import Stage


def shout(raw: RawDocument) -> Article:
    """Stand for a stage: refuse what is empty, fail on what is not ASCII."""
    if not raw.content:
        raise RejectionError(Reason.EMPTY, "nothing in it")
    return Article(raw, text=raw.content.decode("ascii").upper())


def test_each_record_becomes_a_result_or_a_dead_letter() -> None:
    """Dead letters carry the stage, the reason, the error and the payload."""
    records = [RawDocument("a", b"one"), RawDocument("b", b""), RawDocument("c", b"\xff")]
    with beam.Pipeline(FnApiRunner(), PipelineOptions([])) as pipeline:
        errors = ErrorHandler(
            beam.Map(lambda letter: (letter.raw, letter.stage, letter.reason, letter.error[:7]))
        )
        good = pipeline | beam.Create(records) | "Shout" >> Stage("Shout", shout, errors)
        errors.close()
        assert_that(good | beam.Map(lambda article: article.text), equal_to(["ONE"]), label="good")
        assert_that(
            errors.output(),
            equal_to(
                [
                    (records[1], "Shout", Reason.EMPTY, "nothing"),
                    (records[2], "Shout", Reason.INTERNAL_ERROR, "Unicode"),
                ]
            ),
            label="bad",
        )
    counters = pipeline.result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))
    assert {counter.key.metric.name: counter.committed for counter in counters["counters"]} == {
        "Shout.accepted": 1,
        "Shout.rejected.empty": 1,
        "Shout.rejected.internal_error": 1,
    }


def test_dead_letters_that_go_nowhere_fail_the_build() -> None:
    """A graph that forgets its dead letters is refused before it runs."""
    pipeline = beam.Pipeline(FnApiRunner(), PipelineOptions([]))
    errors = ErrorHandler(beam.Map(str))
    pipeline | beam.Create([RawDocument("a", b"one")]) | Stage("Shout", shout, errors)
    with pytest.raises(RuntimeError, match="Unclosed error handler"):
        pipeline.run()


def test_a_huge_payload_is_cut_and_its_size_kept() -> None:
    """The table of dead letters stays readable whatever comes in."""
    letter = reject(
        RawDocument("a", b"x" * (MAX_PAYLOAD_BYTES + 5)), "Decode", Reason.TOO_LARGE, ""
    )
    assert len(letter.raw.content) == MAX_PAYLOAD_BYTES
    assert letter.payload_size == MAX_PAYLOAD_BYTES + 5


def test_recursion_and_memory_errors_are_dead_letters_too() -> None:
    """What hostile input makes Python raise is caught like any other fault."""

    def burst(_: RawDocument) -> Article:
        raise MemoryError

    letter = attempt("Burst", burst, RawDocument("a", b""))
    assert isinstance(letter, Rejected)
    assert letter.reason is Reason.INTERNAL_ERROR
