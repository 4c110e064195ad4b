"""Launching a run: check what can be checked, build the graph, run it, settle the ledger."""

import argparse
import os
import shlex
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files as package_files

import apache_beam as beam
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.options.pipeline_options import (
    DirectOptions,
    PipelineOptions,
    PortableOptions,
    StandardOptions,
)
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.runners.runner import PipelineResult, PipelineRunner
from apache_beam.transforms import environments

from pipeline.beam_flags import refuse_unknown
from pipeline.errors import CopydeskError, UsageError
from pipeline.graph import ReadRecords, ReplayRecords, Source, build
from pipeline.options import RunOptions, shards_for
from pipeline.progress import display
from pipeline.sources.files import InputError, expand
from pipeline.summary import Summary
from pipeline.tables import find
from pipeline.worker import tune_collector
from transforms.extract import NOT_ARTICLE_THRESHOLD
from transforms.ledger import read_ledger
from transforms.metrics import LANGUAGE, NAMESPACE
from transforms.publishing import check_writable
from transforms.schema import REJECTED
from transforms.storage import remove

SMALL_RUN_BYTES = 16 * 2**20
"""Below this, starting a worker process takes longer than the work itself."""

JOB_SERVER_SECONDS = 10.0


def launch(args: argparse.Namespace, beam_flags: Sequence[str]) -> Summary:
    """Run the pipeline over ``args.input`` and return what became of the records.

    Raises ``UsageError`` when there is nothing to read, the output cannot be written or a flag
    means nothing to Beam, and ``CopydeskError`` when the pipeline fails.
    """
    try:
        files = expand(args.input)
    except InputError as error:
        raise UsageError(str(error)) from error
    sizes = [file.size for file in files]
    return _run(ReadRecords(files), sizes, args, beam_flags, inputs=args.input)


def replay(args: argparse.Namespace, beam_flags: Sequence[str]) -> Summary:
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
    if summary.imbalance is None:
        remove(args.output, paths)
    return summary


def _run(
    source: Source,
    sizes: Sequence[int],
    args: argparse.Namespace,
    beam_flags: Sequence[str],
    *,
    inputs: Sequence[str],
    replaces: Sequence[str] = (),
) -> Summary:
    options = beam_options(beam_flags, args.workers, sum(sizes))
    _require_job_server(options)
    try:
        check_writable(args.output)
    except OSError as error:
        raise UsageError(f"cannot write to {args.output}: {error.strerror or error}") from error
    threshold = args.not_article_below
    with display(shown=sys.stderr.isatty() and not args.quiet) as progress:
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
        )
        result = run_pipeline(source, run, options)
    return Summary(run.output, read_ledger(run.output, run.run_id), languages(result))


def run_pipeline(source: Source, run: RunOptions, options: PipelineOptions) -> PipelineResult:
    """Build the graph, run it to its end, and return Beam's result."""
    pipeline = beam.Pipeline(runner=_runner(options), options=options)
    build(pipeline, source, run)
    tune_collector()
    try:
        result = pipeline.run()
        result.wait_until_finish()
    except Exception as error:
        reason = str(error).strip().splitlines()[-1] if str(error).strip() else repr(error)
        raise CopydeskError(f"the run failed: {reason}") from error
    return result


def _runner(options: PipelineOptions) -> PipelineRunner | None:
    """Return Beam's in-process runner with worker processes of our own; None for any other."""
    direct = options.view_as(DirectOptions)
    if not _in_process(options) or direct.direct_running_mode != "multi_processing":
        return None
    command = f"{shlex.quote(sys.executable)} -m pipeline.worker"
    # The mode would bring Beam's own command back.
    direct.direct_running_mode = "in_memory"
    return FnApiRunner(environments.SubprocessSDKEnvironment.from_command_string(command))


def _in_process(options: PipelineOptions) -> bool:
    return "FnApiRunner" in (options.view_as(StandardOptions).runner or "")


def _require_job_server(options: PipelineOptions) -> None:
    """Raise ``UsageError`` when nobody answers at ``--job_endpoint``: Beam would wait for ever."""
    endpoint = options.view_as(PortableOptions).job_endpoint
    if not endpoint or endpoint == "embed":
        return
    host, _, port = endpoint.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=JOB_SERVER_SECONDS).close()
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Beam job server answers at {endpoint} ({error}); `make cluster` starts one here"
        ) from error


def beam_options(flags: Sequence[str], workers: int | None, size: int) -> PipelineOptions:
    """Return Beam's options; without a ``--runner`` among them, those of runners/direct.args."""
    chosen = any(flag.split("=")[0] == "--runner" for flag in flags)
    defaults = package_files("runners").joinpath("direct.args").read_text(encoding="utf-8")
    options = PipelineOptions(
        [*flags] if chosen else [*shlex.split(defaults, comments=True), *flags]
    )
    direct = options.view_as(DirectOptions)
    if _in_process(options):
        refuse_unknown(flags)
        if workers is not None:
            direct.direct_num_workers = workers
        elif not chosen and size < SMALL_RUN_BYTES:
            direct.direct_num_workers = 1
        if direct.direct_num_workers == 1 or os.cpu_count() == 1:
            direct.direct_num_workers = 1
            direct.direct_running_mode = "in_memory"
    return options


def languages(result: PipelineResult) -> dict[str, int]:
    """Return how many articles the run saw per language, the most frequent first."""
    counters = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))["counters"]
    found = {
        counter.key.metric.name.removeprefix(LANGUAGE): counter.result
        for counter in counters
        if counter.key.metric.name.startswith(LANGUAGE)
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
