"""``copydesk replay``: feed the dead letters of an output folder through the pipeline again."""

import argparse
from collections.abc import Sequence

from pipeline.commands.run import add_processing_arguments


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.usage = "copydesk replay [@FLAGS_FILE] DIR [flags]"
    parser.epilog = (
        "What becomes an article joins the table articles; what is rejected again stays in the"
        " table rejected. The dead letters replayed are removed once the ledger adds up."
    )
    parser.add_argument("output", metavar="DIR", help="an output folder of copydesk run")
    add_processing_arguments(parser)


def run(args: argparse.Namespace, beam_flags: Sequence[str]) -> int:
    """Replay, print the summary, and return the exit code."""
    from pipeline.launch import replay

    summary = replay(args, beam_flags)
    if not args.quiet:
        print(summary.text())
    return summary.exit_code
