"""``copydesk compact``: the small files of a table merged into large ones."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.errors import EXIT_FAILED, CopydeskError

if TYPE_CHECKING:
    from pipeline.compaction.compact import Step

MIB = 2**20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.epilog = (
        "Merges within a day's folder; rows are sorted by publication date. A crash loses"
        " nothing: the next compact finishes what was begun. While a merge is being put in place"
        " a reader may see its rows twice, so run it when no batch run writes to DIR. Exit code 1"
        " when a file is damaged."
    )
    parser.add_argument("output", metavar="DIR", help="the output folder of a run")
    parser.add_argument(
        "--table",
        choices=("articles", "rejected"),
        default="articles",
        help="which table (default: %(default)s)",
    )
    parser.add_argument(
        "--target-mb",
        type=_positive,
        default=256,
        metavar="MB",
        help="size of the files to make, in MiB; files from half of it on stay as they are;"
        " memory needed: about twice of it and 512 MiB (default: %(default)s)",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive whole number")
    return int(text)


def run(args: argparse.Namespace, _: Sequence[str]) -> int:
    """Merge, say what was done, and return the exit code."""
    from pipeline.compaction.compact import compact
    from transforms.schema import TABLES

    table = next(table for table in TABLES if table.name == args.table)
    try:
        outcome = compact(args.output, table, args.target_mb * MIB, _print_step)
    except OSError as error:
        reason = error.strerror or error
        raise CopydeskError(f"cannot compact {args.output}: {reason}") from error
    if outcome.recovered:
        print(f"finished {outcome.recovered} merges that had been interrupted")
    if not outcome.steps:
        print("nothing to merge")
    for path, difference in sorted(outcome.other_schema.items()):
        print(f"copydesk: {path} is left alone: {difference}", file=sys.stderr)
    for path, damage in sorted(outcome.damaged.items()):
        print(f"copydesk: {path} is damaged and left alone: {damage}", file=sys.stderr)
    return EXIT_FAILED if outcome.damaged else 0


def _print_step(step: "Step") -> None:
    dropped = f", {step.duplicates:,} duplicates dropped" if step.duplicates else ""
    print(
        f"{step.target.path}: {step.files:,} files of {step.size / MIB:,.1f} MiB became one of"
        f" {step.target.size / MIB:,.1f} MiB with {step.rows:,} rows{dropped}"
    )
