"""``copydesk report``: one HTML page about what runs wrote to a folder."""

import argparse
import sys
from collections.abc import Sequence

from pipeline.errors import EXIT_FAILED, UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.epilog = (
        "The page is one file: no scripts, nothing from the network."
        " Exit code 1 when a table holds a file that could not be read; the page names it."
    )
    parser.add_argument("folder", metavar="DIR", help="the output folder of a run")
    parser.add_argument(
        "--output", metavar="FILE", help="where the page goes (default: DIR/report.html)"
    )


def run(args: argparse.Namespace, _: Sequence[str]) -> int:
    """Read the tables, write the page, and say where it is."""
    from pipeline.report.collect import collect
    from pipeline.report.page import page
    from pipeline.tables import require_output, write_text
    from transforms.storage import join

    require_output(args.folder)
    findings = collect(args.folder)
    target = args.output or join(args.folder, "report.html")
    try:
        write_text(target, "".join(page(args.folder, findings)))
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror or error}") from error
    print(target)
    for path, reason in sorted(findings.problems.items()):
        print(f"copydesk: {path}: {reason}", file=sys.stderr)
    return EXIT_FAILED if findings.problems else 0
