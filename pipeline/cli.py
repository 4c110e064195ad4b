"""The command line. Commands are imported when they run, so that ``--help`` answers at once."""

import argparse
import importlib
import logging
import os
import shlex
import sys
from collections.abc import Sequence

from pipeline.errors import EXIT_INTERRUPTED, EXIT_USAGE, CopydeskError

COMMANDS = {
    "run": "clean documents and write them to Parquet",
    "inspect": "show what is kept and what is taken out of one document, and why",
    "report": "make an HTML page about what a run wrote",
    "compact": "merge the small files of a table into large ones",
    "replay": "feed rejected records through the pipeline again",
    "validate": "hold tables, commit logs and ledgers against each other",
    "schema": "print the columns of the tables",
}


class _Parser(argparse.ArgumentParser):
    """Reads ``@FILE`` as flags, several a line, with ``#`` comments."""

    def convert_arg_line_to_args(self, arg_line: str) -> list[str]:
        return shlex.split(arg_line, comments=True)


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """Return the parser; with ``command`` given, that command's arguments are in it."""
    root = _Parser(
        prog="copydesk",
        description="Takes scraped news and makes it fit to analyse.",
        epilog="`copydesk COMMAND --help` says more. Exit codes: 0 done, 1 the run failed or its"
        " ledger does not add up, 2 wrong usage, input or output, 130 interrupted.",
    )
    root.add_argument("--version", action="store_true", help="print the version and stop")
    choices = root.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for name, summary in COMMANDS.items():
        sub = choices.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            fromfile_prefix_chars="@",
        )
        if name == command:
            _module(name).add_arguments(sub)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    command = next((word for word in words if word in COMMANDS), None)
    root = parser(command)
    args, beam_flags = root.parse_known_args(words)
    if args.version:
        from transforms.schema import pipeline_version

        print(f"copydesk {pipeline_version()}")
        return 0
    if args.command is None:
        root.print_help()
        return EXIT_USAGE
    if beam_flags and args.command in ("inspect", "schema"):
        root.error(f"unrecognized arguments: {' '.join(beam_flags)}")
    # Beam warns on import about clients that nobody asked for.
    logging.getLogger().setLevel(logging.ERROR)
    try:
        if args.command not in ("inspect", "schema"):
            _set_filesystems(args.command, beam_flags)
        code = int(_module(args.command).run(args, beam_flags))
        sys.stdout.flush()
    except CopydeskError as error:
        print(f"copydesk: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("copydesk: interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # What is left in the buffer goes nowhere, or the interpreter would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _set_filesystems(command: str, beam_flags: Sequence[str]) -> None:
    from pipeline.beam_flags import refuse_unknown, set_filesystems

    # A runner of Beam's may know flags that Beam's Python does not.
    if command not in ("run", "replay"):
        refuse_unknown(beam_flags)
    set_filesystems(beam_flags)


def _module(command: str):  # type: ignore[no-untyped-def]
    return importlib.import_module(f"pipeline.commands.{command}")


if __name__ == "__main__":
    sys.exit(main())
