"""``copydesk run``: the main job, from inputs to Parquet."""

import argparse
import os
from collections.abc import Sequence

from pipeline.options import (
    DEDUPLICATE_SECONDS,
    EXTRACTORS,
    LANGUAGE_BACKENDS,
    MAX_WINDOW_SECONDS,
    MIN_WINDOW_SECONDS,
    WINDOW_SECONDS,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.usage = "copydesk run [@FLAGS_FILE] --input PATH [--input PATH …] --output DIR [flags]"
    parser.epilog = (
        "Runner settings come as files of Beam flags: copydesk run @runners/direct.args …;"
        " flags that are not listed here go to Beam."
    )
    parser.add_argument(
        "--input",
        action="append",
        required=True,
        metavar="PATH",
        help="a file, folder or glob of .txt, .html, .jsonl, .jsonl.gz, .warc, .warc.gz, on any"
        " filesystem Beam reads, or a stream, kafka://HOST:PORT/TOPIC; may be given several times",
    )
    parser.add_argument("--output", required=True, metavar="DIR", help="where the tables go")
    add_stream_arguments(parser)
    add_processing_arguments(parser)


def add_stream_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that only streams need."""
    parser.add_argument(
        "--window-seconds",
        type=_window,
        default=WINDOW_SECONDS,
        metavar="S",
        help="streams: how long rows are gathered for a file, and the length of a line of the"
        f" ledger, {MIN_WINDOW_SECONDS} to {MAX_WINDOW_SECONDS} (default: %(default)s)",
    )
    parser.add_argument(
        "--deduplicate-within",
        type=_seconds,
        default=DEDUPLICATE_SECONDS,
        metavar="S",
        help="streams: a record that comes again within so many seconds is a duplicate"
        " (default: %(default)s, a day)",
    )
    parser.add_argument(
        "--kafka-config",
        type=os.path.abspath,
        metavar="FILE",
        help="streams: how brokers are reached, a NAME=VALUE line for each of librdkafka's"
        " properties, such as security.protocol=SASL_SSL; each worker reads the file",
    )
    parser.add_argument(
        "--drain",
        action="store_true",
        help="streams on Flink: SIGTERM writes all that the job holds and ends it for good, instead"
        " of keeping it in a savepoint to go on from",
    )


def _window(word: str) -> int:
    seconds = _seconds(word)
    if not MIN_WINDOW_SECONDS <= seconds <= MAX_WINDOW_SECONDS:
        raise argparse.ArgumentTypeError(f"not {MIN_WINDOW_SECONDS} to {MAX_WINDOW_SECONDS}")
    return seconds


def _seconds(word: str) -> int:
    if not word.isascii() or not word.isdecimal():
        raise argparse.ArgumentTypeError("not a number of seconds")
    return int(word)


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that choose between engines."""
    parser.add_argument(
        "--extractor",
        choices=EXTRACTORS,
        default=EXTRACTORS[0],
        help="engine that finds the article in a page (default: %(default)s)",
    )
    parser.add_argument(
        "--language-backend",
        choices=LANGUAGE_BACKENDS,
        default=LANGUAGE_BACKENDS[0],
        help="engine that tells languages (default: %(default)s)",
    )


def add_processing_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say how documents are processed."""
    add_engine_arguments(parser)
    parser.add_argument(
        "--not-article-below",
        type=float,
        metavar="P",
        help="reject a page whose probability of being an article is below P, 0 to 1",
    )
    parser.add_argument(
        "--remove-recurring",
        action="store_true",
        help="also take out blocks that recur in several stories of a site, such as bios and"
        " footers; sees all articles of a site before it changes one",
    )
    parser.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes of a local run (default: one per core when there is enough to do)",
    )
    parser.add_argument(
        "--quiet", action="store_true", help="print errors only: no progress, no summary"
    )


def run(args: argparse.Namespace, beam_flags: Sequence[str]) -> int:
    """Run the pipeline, print the summary, and return the exit code."""
    from pipeline.launch import launch

    summary = launch(args, beam_flags)
    if not args.quiet:
        print(summary.text())
    return summary.exit_code
