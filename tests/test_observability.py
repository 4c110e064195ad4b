"""What an operator sees: metrics under stable names, and log lines that hold no content."""

import json
import logging

import apache_beam as beam
import pytest
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from transforms import metrics
from transforms.dead_letter import attempt
from transforms.model import Article, Publication, RawDocument, Reason

BODY = "subscribers only"
RAW = RawDocument(
    BODY, BODY.encode(), url=f"https://{BODY}", source_file="feed.jsonl", source_offset=7
)


def fail(raw: RawDocument) -> Article:
    """Stand for a stage with a fault whose message quotes the document."""
    raise ValueError(f"cannot handle {raw.content!r}")


def test_a_fault_is_logged_with_the_record_and_without_its_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Id, place, stage, type and line of the fault are one JSON object; nothing else leaks."""
    with caplog.at_level(logging.DEBUG):
        attempt("Extract", fail, RAW)
    (line,) = caplog.messages
    logged = json.loads(line)
    assert logged.pop("error").startswith("ValueError at ")
    assert logged == {
        "event": "internal_error",
        "record_id": RAW.record_id,
        "source_file": "feed.jsonl",
        "source_offset": 7,
        "stage": "Extract",
    }
    assert BODY not in caplog.text
    assert "cannot handle" not in caplog.text


def test_metrics_of_an_article_are_reported_under_their_names() -> None:
    """Counters and distributions reach the runner: names are what dashboards hang on."""
    articles = [
        Article(RAW, text="eins zwei", language="de", extraction_confidence=0.5),
        Article(RAW, text="one", is_mixed=True, publication=Publication("2026-01-02")),
    ]
    with beam.Pipeline(FnApiRunner(), PipelineOptions([])) as pipeline:
        pipeline | beam.Create(articles) | beam.Map(metrics.count_article)
    found = pipeline.result.metrics().query(MetricsFilter().with_namespace(metrics.NAMESPACE))
    counters = {counter.key.metric.name: counter.committed for counter in found["counters"]}
    assert counters == {
        "language.de": 1,
        "language.unknown": 1,
        "article.undated": 1,
        "article.mixed": 1,
    }
    sums = {item.key.metric.name: item.committed.sum for item in found["distributions"]}
    assert sums == {"text.characters": 12, "extraction.percent": 50}


def test_names_of_a_stage_are_built_in_one_way() -> None:
    """A dead letter's counter names its stage and reason, the time its stage and unit."""
    assert metrics.rejected("Decode", Reason.EMPTY) == "Decode.rejected.empty"
    assert metrics.accepted("Decode") == "Decode.accepted"
    assert metrics.microseconds("Decode") == "Decode.microseconds"
