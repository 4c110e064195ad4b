"""``copydesk inspect``: what is kept and what is taken out of one document, and why."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.commands.run import add_engine_arguments
from pipeline.errors import EXIT_FAILED

if TYPE_CHECKING:
    from transforms.model import Article, Rejected


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.epilog = (
        "In colour on a terminal (NO_COLOR is respected), plain in a pipe."
        " Exit code 1 when the document is rejected."
    )
    parser.add_argument(
        "file", metavar="FILE", help="a local .txt, .html, .jsonl, .warc file, each also .gz"
    )
    parser.add_argument("--json", action="store_true", help="print the row as one JSON object")
    parser.add_argument(
        "--record",
        metavar="N|ID",
        help="which record of a file that holds several: its position, or its id (default: 1)",
    )
    add_engine_arguments(parser)


def run(args: argparse.Namespace, _: Sequence[str]) -> int:
    """Print what became of the document; return 0 for an article and 1 for a dead letter."""
    from pipeline.inspection.process import choose, process
    from transforms.model import Rejected

    chosen = choose(args.file, args.record)
    outcome = process(chosen.record, args.extractor, args.language_backend)
    if args.json:
        _print_json(outcome)
    else:
        _show(outcome)
        if chosen.more and args.record is None:
            print("the first of several records: --record N|ID shows another", file=sys.stderr)
    return EXIT_FAILED if isinstance(outcome, Rejected) else 0


def _print_json(outcome: "Article | Rejected") -> None:
    from pipeline.inspection.as_json import as_json

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(as_json(outcome, datetime.now(UTC)))


def _show(outcome: "Article | Rejected") -> None:
    from rich.console import Console

    from pipeline.inspection.view import article_lines, rejection_lines, show
    from transforms.model import Rejected

    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    console = Console(highlight=False)
    if isinstance(outcome, Rejected):
        show(rejection_lines(outcome), console)
    else:
        show(article_lines(outcome, inline=console.is_terminal), console)
