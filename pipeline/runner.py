"""The runner a run is given to: chosen by Beam's flags, checked before anything is started."""

import os
import shlex
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files as package_files

from apache_beam.options.pipeline_options import (
    DebugOptions,
    DirectOptions,
    PipelineOptions,
    PortableOptions,
    StandardOptions,
)
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.job.utils import dict_to_struct
from apache_beam.runners.portability.fn_api_runner.fn_runner import (
    ExtendedProvisionInfo,
    FnApiRunner,
)
from apache_beam.runners.runner import PipelineRunner
from apache_beam.transforms import environments

from pipeline import prism_process
from pipeline.beam_flags import refuse_unknown
from pipeline.errors import UsageError

SMALL_RUN_BYTES = 16 * 2**20
"""Below this, starting a worker process takes longer than the work itself."""

STREAM_RUNNERS = ("PrismRunner", "FlinkRunner", "PortableRunner", "DataflowRunner")
"""Those that lose nothing of a stream."""

NO_SPLITS = "prism_disable_sdf_split"
"""Prism splits any bundle that is slow, also one with state: two bundles then hold the same key,
and what one of them writes is lost (``splitBundle`` in engine/elementmanager.go of 2.77)."""

JOB_SERVER_SECONDS = 10.0


def beam_options(
    flags: Sequence[str], workers: int | None, size: int, *, streaming: bool = False
) -> PipelineOptions:
    """Return Beam's options; without a ``--runner`` among them, those of a file in runners/.

    That is direct.args, for a stream prism.args. Raises ``UsageError`` for a flag that Beam does
    not know, a runner that would lose part of a stream, or one that is not there.
    """
    chosen = any(flag.split("=")[0] == "--runner" for flag in flags)
    name = "prism.args" if streaming else "direct.args"
    defaults = package_files("runners").joinpath(name).read_text(encoding="utf-8")
    options = PipelineOptions(
        [*flags] if chosen else [*shlex.split(defaults, comments=True), *flags]
    )
    if streaming:
        options.view_as(StandardOptions).streaming = True
        _refuse_lossy(options)
    if is_prism(options):
        refuse_unknown(flags)
        options.view_as(DebugOptions).add_experiment(NO_SPLITS)
    direct = options.view_as(DirectOptions)
    if is_in_process(options):
        refuse_unknown(flags)
        if workers is not None:
            direct.direct_num_workers = workers
        elif not chosen and size < SMALL_RUN_BYTES:
            direct.direct_num_workers = 1
        if direct.direct_num_workers == 1 or os.cpu_count() == 1:
            direct.direct_num_workers = 1
            direct.direct_running_mode = "in_memory"
    _require_job_server(options)
    return options


@contextmanager
def running(options: PipelineOptions) -> Iterator[PipelineRunner | None]:
    """Give the runner while the context lasts; None for one that Beam makes by its name."""
    if is_prism(options) and not options.view_as(PortableOptions).job_endpoint:
        with prism_process.serving(options):
            yield None
    else:
        yield _local(options)


def is_in_process(options: PipelineOptions) -> bool:
    """Return whether the run stays within this process and its own workers."""
    return "FnApiRunner" in (options.view_as(StandardOptions).runner or "")


def is_prism(options: PipelineOptions) -> bool:
    """Return whether the run is Prism's."""
    return _name(options) == "PrismRunner"


def is_dataflow(options: PipelineOptions) -> bool:
    """Return whether the run is Dataflow's."""
    return _name(options) == "DataflowRunner"


def _name(options: PipelineOptions) -> str:
    return (options.view_as(StandardOptions).runner or "DirectRunner").rpartition(".")[2]


def _local(options: PipelineOptions) -> PipelineRunner | None:
    """Return Beam's in-process runner with worker processes of our own; None for any other."""
    direct = options.view_as(DirectOptions)
    if not is_in_process(options) or direct.direct_running_mode != "multi_processing":
        return None
    command = f"{shlex.quote(sys.executable)} -m pipeline.worker"
    # The mode would bring Beam's own command back.
    direct.direct_running_mode = "in_memory"
    # Beam tells worker processes none of the options unless they come with the provision.
    flags = {
        f"beam:option:{name}:v1": value
        for name, value in options.get_all_options(drop_default=True).items()
        if isinstance(value, str | bool)  # a number would come back with a decimal point
    }
    provision = beam_provision_api_pb2.ProvisionInfo(pipeline_options=dict_to_struct(flags))
    return FnApiRunner(
        environments.SubprocessSDKEnvironment.from_command_string(command),
        provision_info=ExtendedProvisionInfo(provision),
    )


def _refuse_lossy(options: PipelineOptions) -> None:
    """Raise ``UsageError`` unless the runner is one that was seen to lose nothing of a stream.

    In process, windows never fire, files are passed over, and the job ends as if all were well.
    """
    if _name(options) not in STREAM_RUNNERS:
        raise UsageError(
            f"{_name(options)} loses records of a stream: use one of {', '.join(STREAM_RUNNERS)},"
            " such as @runners/prism.args"
        )


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
