"""``copydesk validate``: is an output folder what was committed, row by row."""

import argparse
from collections.abc import Sequence

from pipeline.errors import EXIT_FAILED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.epilog = (
        "Files against the commit log: missing, unknown, changed, damaged, or with other rows than"
        " were committed; ids that stand in a table twice; ledgers against tables; leftovers of"
        " interrupted writers. Reads every page of every file. While a stream is running, what it"
        " has just taken in is not in its ledger yet. Exit code 1 when something is wrong."
    )
    parser.add_argument("output", metavar="DIR", help="the output folder of runs or of a stream")


def run(args: argparse.Namespace, _: Sequence[str]) -> int:
    """Check, say what is wrong and what was looked at, and return the exit code."""
    from pipeline.validation.validate import validate

    findings = validate(args.output)
    for problem in findings.problems:
        print(f"wrong: {problem}")
    for line in findings.looked_at:
        print(line)
    print(f"{len(findings.problems):,} problems" if findings.problems else "all is as committed")
    return EXIT_FAILED if findings.problems else 0
