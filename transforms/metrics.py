"""Every counter and distribution of the pipeline, named once.

Beam reports them under ``NAMESPACE`` on every runner; docs/operations.md says how they are read.
A name is an interface: dashboards and alerts hang on it.
"""

from collections.abc import Iterable

from apache_beam.metrics.metric import Metrics

from transforms.model import Article, RawDocument, Reason

NAMESPACE = "copydesk"

DOCUMENT_BYTES = "document.bytes"
TEXT_CHARACTERS = "text.characters"
EXTRACTION_PERCENT = "extraction.percent"
UNDATED = "article.undated"
MIXED = "article.mixed"
LANGUAGE = "language."
LAG = "kafka.lag."
KAFKA_LOST = "kafka.lost_to_retention"
WATERMARK_AGE = "watermark.seconds."
SINK = "sink"
VISIBLE = "visible.milliseconds"

_document_bytes = Metrics.distribution(NAMESPACE, DOCUMENT_BYTES)
_text_characters = Metrics.distribution(NAMESPACE, TEXT_CHARACTERS)
_extraction_percent = Metrics.distribution(NAMESPACE, EXTRACTION_PERCENT)
_undated = Metrics.counter(NAMESPACE, UNDATED)
_mixed = Metrics.counter(NAMESPACE, MIXED)


def accepted(stage: str) -> str:
    """Return the name of the counter of what a stage passed on."""
    return f"{stage}.accepted"


def rejected(stage: str, reason: Reason) -> str:
    """Return the name of the counter of a stage's dead letters for one reason."""
    return f"{stage}.rejected.{reason}"


def microseconds(stage: str) -> str:
    """Return the name of the distribution of a stage's time per record, in wall microseconds."""
    return f"{stage}.microseconds"


def sink(table: str, what: str) -> str:
    """Return the name of a figure of a table's sink.

    ``rows``, ``files``, ``bytes`` and ``duplicates`` are counters, ``VISIBLE`` is a distribution.
    """
    return f"{SINK}.{table}.{what}"


def count_file(table: str, rows: int, size: int) -> None:
    """Count a file that is published, its rows and its bytes."""
    for what, number in (("files", 1), ("rows", rows), ("bytes", size)):
        Metrics.counter(NAMESPACE, sink(table, what)).inc(number)


def count_duplicates(table: str, records: int) -> None:
    """Count records that were not written, because the table holds their id."""
    Metrics.counter(NAMESPACE, sink(table, "duplicates")).inc(records)


def count_visible(table: str, seconds: Iterable[float]) -> None:
    """Count the time from the arrival of each of several rows until now, when all are visible."""
    distribution = Metrics.distribution(NAMESPACE, sink(table, VISIBLE))
    for one in seconds:
        distribution.update(round(1000 * one))


def report_partition(name: str, lag: int, watermark_seconds: int | None) -> None:
    """Report how many records wait in a partition, and how far its watermark is behind the clock.

    ``name`` is ``TOPIC/PARTITION``; ``watermark_seconds`` is None before the first record.
    """
    Metrics.gauge(NAMESPACE, f"{LAG}{name}").set(lag)
    if watermark_seconds is not None:
        Metrics.gauge(NAMESPACE, f"{WATERMARK_AGE}{name}").set(watermark_seconds)


def count_lost(records: int) -> None:
    """Count records that a topic's retention deleted before they were read."""
    Metrics.counter(NAMESPACE, KAFKA_LOST).inc(records)


def count_document(raw: RawDocument) -> None:
    """Count a record that came in: its size in bytes."""
    _document_bytes.update(len(raw.content))


def count_article(article: Article) -> None:
    """Count a finished article: language, length in code points, and what it lacks."""
    Metrics.counter(NAMESPACE, f"{LANGUAGE}{article.language or 'unknown'}").inc()
    _text_characters.update(len(article.text))
    if article.extraction_confidence is not None:
        _extraction_percent.update(round(100 * article.extraction_confidence))
    if article.publication.published is None:
        _undated.inc()
    if article.is_mixed:
        _mixed.inc()
