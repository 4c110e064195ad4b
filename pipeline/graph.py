"""The graph, to be read as a table of contents."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.error_handling import ErrorHandler

from pipeline import progress
from pipeline.options import RunOptions
from pipeline.sources.files import InputFile
from pipeline.sources.reading import read_files
from pipeline.sources.rejected import read_rejected
from pipeline.step_ids import StepIds
from transforms import metrics, rows, stages
from transforms.batches import BatchStage
from transforms.boilerplate.cross_document import RemoveRecurring
from transforms.decode import decode
from transforms.ledger import Entry, tally, window_start
from transforms.model import Article, RawDocument, Rejected
from transforms.part_files import EncodedRow
from transforms.rejected import Stage
from transforms.schema import ARTICLES, REJECTED, Table
from transforms.shard_writer import Stream, Target
from transforms.write_ledger import WriteLedger
from transforms.write_parquet import WriteParquet

Source = beam.PTransform[beam.Pipeline, PCollection[RawDocument | Rejected]]


def build(pipeline: beam.Pipeline, source: Source, options: RunOptions) -> None:
    """Assemble the pipeline: records in; articles, dead letters and the ledger out."""
    pipeline.component_id_map = StepIds()
    extract = partial(
        stages.extract,
        extractor=options.extractor,
        not_article_below=options.not_article_below,
    )
    detect_languages = partial(stages.detect_languages, backend=options.language_backend)
    encode = partial(encode_article, options=options)
    rejected = ErrorHandler(WriteRejected(options))

    records = pipeline | "ReadRecords" >> source
    articles = (
        records
        | "Read" >> Stage("Read", one, rejected, flat=True)
        | "Decode" >> Stage("Decode", decode, rejected)
        | "Extract" >> Stage("Extract", extract, rejected)
        | "StripBoilerplate"
        >> BatchStage("StripBoilerplate", stages.label_blocks, stages.keep_text, rejected)
    )
    if options.remove_recurring:
        articles = articles | "RemoveRecurring" >> RemoveRecurring()
    written = (
        articles
        | "DetectLanguages" >> Stage("DetectLanguages", detect_languages, rejected)
        | "NormaliseDates" >> Stage("NormaliseDates", stages.normalise_dates, rejected)
        | "Encode" >> Stage("WriteParquet", encode, rejected)
        | "WriteParquet" >> WriteParquet(target(options, ARTICLES))
    )
    rejected.close()
    window = options.window_seconds if options.streaming else None
    (
        (records | "TallyRecords" >> beam.Map(tally_in, window), written, rejected.output())
        | "FlattenLedger" >> beam.Flatten()
        | "WriteLedger" >> WriteLedger(options.output, options.run_id, options.ingested_at, window)
    )


def target(options: RunOptions, table: Table) -> Target:
    """Return where and how a run writes one of its tables."""
    stream = Stream(options.window_seconds, options.deduplicate_within_seconds)
    return Target(
        output=options.output,
        table=table,
        shards=options.shards,
        run_id=options.run_id,
        ingested_at=options.ingested_at,
        replaces=options.replaces if table is REJECTED else (),
        stream=stream if options.streaming else None,
        spill=options.spill,
    )


@dataclass(eq=False)
class ReadRecords(beam.PTransform[beam.Pipeline, PCollection[RawDocument | Rejected]]):
    """Yields every record of ``files``, and a dead letter for each that could not be read."""

    files: Sequence[InputFile]

    def expand(self, pipeline: beam.Pipeline) -> PCollection[RawDocument | Rejected]:
        """Read all of them at once."""
        return read_files(pipeline | "ListFiles" >> beam.Create(self.files))


@dataclass(eq=False)
class ReplayRecords(beam.PTransform[beam.Pipeline, PCollection[RawDocument | Rejected]]):
    """Yields the records of dead-letter files, given by their paths relative to ``output``."""

    output: str
    paths: Sequence[str]

    def expand(self, pipeline: beam.Pipeline) -> PCollection[RawDocument | Rejected]:
        """Spread the files over the workers, then read each."""
        return (
            pipeline
            | "ListFiles" >> beam.Create(self.paths)
            | "SpreadFiles" >> beam.Reshuffle()
            | "ReadFile" >> beam.FlatMap(read_rejected, self.output)
        )


@dataclass(eq=False)
class WriteRejected(beam.PTransform[PCollection[Rejected], PCollection[Entry]]):
    """Writes dead letters to the table ``rejected`` and yields their ledger entries."""

    options: RunOptions

    def expand(self, rejected: PCollection[Rejected]) -> PCollection[Entry]:
        """Encode, then write as articles are written."""
        options = self.options
        return (
            rejected
            | "EncodeRejected" >> beam.Map(encode_rejected, options)
            | "WriteRejectedParquet" >> WriteParquet(target(options, REJECTED))
        )


def one(record: RawDocument | Rejected) -> tuple[RawDocument | Rejected]:
    """Return a record as the only result of reading itself."""
    return (record,)


def tally_in(
    record: RawDocument | Rejected,
    window_seconds: int | None,
    timestamp: Any = beam.DoFn.TimestampParam,
) -> Entry:
    """Return the ledger entry of a record that came in, in a stream with its window."""
    raw = record.raw if isinstance(record, Rejected) else record
    metrics.count_document(raw)
    if window_seconds is None:
        return tally("in", raw.record_id)
    return tally("in", raw.record_id, window=window_start(timestamp.micros / 1e6, window_seconds))


def encode_article(article: Article, options: RunOptions) -> EncodedRow:
    """Return the row of an article as WriteParquet takes it."""
    raw = article.raw
    row = rows.article_row(article, options.ingested_at)
    metrics.count_article(article)
    progress.mark(options.progress, progress.ARTICLES)
    data = rows.encode(row, ARTICLES)
    return EncodedRow(raw.record_id, raw.source_file, raw.source_offset, data)


def encode_rejected(rejected: Rejected, options: RunOptions) -> EncodedRow:
    """Return the row of a dead letter as WriteParquet takes it."""
    raw = rejected.raw
    row = rows.rejected_row(rejected, options.ingested_at)
    progress.mark(options.progress, progress.REJECTED)
    data = rows.encode(row, REJECTED)
    place = raw.record_id, raw.source_file, raw.source_offset
    return EncodedRow(*place, data, rejected.stage, str(rejected.reason))
