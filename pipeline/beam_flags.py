"""Beam's flags on copydesk's command line: which there are, and those that filesystems need."""

import argparse
from collections.abc import Sequence
from typing import Any

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.errors import UsageError


def refuse_unknown(flags: Sequence[str]) -> None:
    """Raise ``UsageError`` for a flag no part of Beam knows: it is a slip of the pen."""
    known: Any = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for group in PipelineOptions.__subclasses__():
        if "_add_argparse_args" in vars(group):
            group._add_argparse_args(known)
    unknown = known.parse_known_args(list(flags))[1]
    if unknown:
        raise UsageError(f"unknown argument: {unknown[0]}")


def set_filesystems(flags: Sequence[str]) -> None:
    """Let the filesystems of this process know the flags; a pipeline tells its workers itself."""
    FileSystems.set_options(PipelineOptions(list(flags)))
