"""Launching a run: check what can be checked, build the graph, run it, settle the ledger."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import apache_beam as beam
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineResult

from pipeline import flink
from pipeline.errors import CopydeskError, UsageError
from pipeline.graph import ReadRecords, ReplayRecords, Source, build
from pipeline.hand_over import HandedOver, handed_over
from pipeline.options import RunOptions, shards_for
from pipeline.progress import display
from pipeline.runner import beam_options, is_dataflow, is_in_process, running
from pipeline.sources import streams
from pipeline.sources.files import InputError, expand
from pipeline.sources.streams import ReadStreams, is_endless
from pipeline.streaming import Control, stream_control
from pipeline.summary import Summary
from pipeline.tables import find
from pipeline.worker import tune_collector
from transforms.commits import take_out
from transforms.extract import NOT_ARTICLE_THRESHOLD
from transforms.ledger import Entry, read_ledger
from transforms.metrics import LANGUAGE, NAMESPACE
from transforms.publishing import check_writable
from transforms.schema import REJECTED
from transforms.spill import spill_folder


def launch(args: argparse.Namespace, beam_flags: Sequence[str]) -> Summary | HandedOver:
    """Run the pipeline over ``args.input`` and return what became of the records.

    A run over streams ends when it is told to, see ``pipeline.streaming``; one that hands its graph
    over ends at once, see ``pipeline.hand_over``.

    Raises ``UsageError`` when there is nothing to read, the output cannot be written or a flag
    means nothing to Beam, and ``CopydeskError`` when the pipeline fails.
    """
    endless = [address for address in args.input if is_endless(address)]
    if endless and len(endless) < len(args.input):
        raise UsageError(f"{endless[0]} has no end and other inputs have: run them apart")
    if endless:
        interval = None if args.quiet else args.window_seconds
        with stream_control(args.output, drain_flink=args.drain, interval=interval) as control:
            source = ReadStreams(endless, control.marker, args.kafka_config)
            return _run(source, [], args, beam_flags, inputs=endless, control=control)
    try:
        files = expand(args.input)
    except InputError as error:
        raise UsageError(str(error)) from error
    sizes = [file.size for file in files]
    return _run(ReadRecords(files), sizes, args, beam_flags, inputs=args.input)


def replay(args: argparse.Namespace, beam_flags: Sequence[str]) -> Summary | HandedOver:
    """Run the pipeline over the dead letters of ``args.output``, then remove those files.

    Raises as ``launch`` does. Nothing is removed unless the ledger adds up.
    """
    files = find(args.output, f"{REJECTED.name}/*/*.parquet")
    if not files:
        raise UsageError(f"{args.output} holds no rejected records")
    sizes = [file.size for file in files]
    paths = [file.path for file in files]
    source = ReplayRecords(args.output, paths)
    summary = _run(source, sizes, args, beam_flags, inputs=paths, replaces=paths)
    if isinstance(summary, Summary) and summary.imbalance is None:
        take_out(args.output, REJECTED.name, "replay", paths)
    return summary


def _run(
    source: Source,
    sizes: Sequence[int],
    args: argparse.Namespace,
    beam_flags: Sequence[str],
    *,
    inputs: Sequence[str],
    replaces: Sequence[str] = (),
    control: Control | None = None,
) -> Summary | HandedOver:
    options = beam_options(beam_flags, args.workers, sum(sizes), streaming=control is not None)
    if control is not None:
        streams.check(inputs, args.kafka_config, on_dataflow=is_dataflow(options))
    outcome = handed_over(options)
    if outcome and replaces:
        raise UsageError("a replay removes what it has read, so it cannot be handed over")
    # What is handed over runs elsewhere, with rights of its own.
    if not outcome:
        try:
            check_writable(args.output)
        except OSError as error:
            raise UsageError(f"cannot write to {args.output}: {error.strerror or error}") from error
    threshold = args.not_article_below
    shown = sys.stderr.isatty() and not args.quiet and control is None
    local = is_in_process(options)
    with (
        display(shown=shown) as progress,
        spill_folder(args.output) if local else nullcontext() as spill,
    ):
        run = RunOptions(
            inputs=tuple(inputs),
            output=args.output,
            ingested_at=datetime.now(UTC),
            extractor=args.extractor,
            language_backend=args.language_backend,
            not_article_below=NOT_ARTICLE_THRESHOLD if threshold is None else threshold,
            remove_recurring=args.remove_recurring,
            shards=shards_for(sizes),
            progress=progress,
            replaces=tuple(replaces),
            spill=spill,
        )
        if control is not None:
            run = replace(
                run,
                streaming=True,
                window_seconds=args.window_seconds,
                deduplicate_within_seconds=args.deduplicate_within,
            )
        result = run_pipeline(source, run, options, control)
    if outcome:
        return outcome
    savepoint = None if control is None else control.kept
    return Summary(run.output, _entries(run), languages(result), savepoint)


def _entries(run: RunOptions) -> list[Entry]:
    try:
        return read_ledger(run.output, run.run_id)
    except FileNotFoundError:
        # A stream that ends before a first record has none.
        if run.streaming:
            return []
        raise


def run_pipeline(
    source: Source, run: RunOptions, options: PipelineOptions, control: Control | None = None
) -> PipelineResult:
    """Build the graph, run it to its end, and return Beam's result."""
    job = flink.job_of(options, f"copydesk-{run.run_id}-{run.ingested_at:%H%M%S%f}")
    with running(options) as runner, flink.cancelled_on_failure(job):
        pipeline = beam.Pipeline(runner=runner, options=options)
        build(pipeline, source, run)
        tune_collector()
        try:
            result = pipeline.run()
            if outcome := handed_over(options):
                outcome.settle(result)
                return result
            if control is None:
                result.wait_until_finish()
            else:
                control.wait(result, job)
            # Kept by the result; the runner may be gone when somebody asks.
            result.metrics()
        except Exception as error:
            reason = str(error).strip().splitlines()[-1] if str(error).strip() else repr(error)
            raise CopydeskError(f"the run failed: {reason}") from error
    return result


def languages(result: PipelineResult) -> dict[str, int]:
    """Return how many articles the run saw per language, the most frequent first."""
    counters = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))["counters"]
    found = {
        counter.key.metric.name.removeprefix(LANGUAGE): counter.result
        for counter in counters
        if counter.key.metric.name.startswith(LANGUAGE)
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
