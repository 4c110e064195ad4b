"""Prism, started for one run and never left behind."""

import ctypes
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from apache_beam.options.pipeline_options import (
    PipelineOptions,
    PortableOptions,
    PrismRunnerOptions,
)
from apache_beam.runners.portability.prism_runner import PrismJobServer

from pipeline.errors import CopydeskError, UsageError
from pipeline.prism import prism_path

_STOP_SECONDS = 5
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def locate(options: PipelineOptions) -> None:
    """Set ``--prism_location`` to the Prism that ``make prism`` built, unless it is given.

    Raises ``UsageError`` when there is none: Beam would download one, or take a runner that
    loses data.
    """
    prism = options.view_as(PrismRunnerOptions)
    if prism.prism_location is None:
        built = prism_path()
        if not built.is_file():
            raise UsageError(
                f"Prism, the local streaming runner, is not at {built}: build it with `make prism`"
                " or say where it is with --prism_location=PATH"
            )
        prism.prism_location = str(built)
    elif "://" not in prism.prism_location and not Path(prism.prism_location).is_file():
        raise UsageError(f"--prism_location={prism.prism_location}: there is no such file")


@contextmanager
def serving(options: PipelineOptions) -> Iterator[None]:
    """Run Prism while the context lasts, and point ``options`` at it.

    The kernel kills it with this process, however this one ends; Beam's own way leaves it behind
    after a kill. Raises ``CopydeskError`` when it does not start.
    """
    locate(options)
    portable = options.view_as(PortableOptions)
    command, endpoint = PrismJobServer(options).subprocess_cmd_and_endpoint()
    libc = ctypes.CDLL(None)
    process = subprocess.Popen(  # noqa: S603 - the program the user chose
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Its own group: Ctrl-C is for this process, which drains before it stops Prism.
        start_new_session=True,
        preexec_fn=lambda: libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL),
    )
    try:
        time.sleep(0.1)
        if process.poll() is not None:
            raise CopydeskError(f"Prism ended at once with code {process.returncode}: {command[0]}")
        portable.job_endpoint = endpoint
        yield
    finally:
        portable.job_endpoint = None
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)
        process.kill()
        process.wait()
