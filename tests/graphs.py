"""The pipeline's graphs as Beam's portable form, and what of them running jobs depend on."""

import base64
import bz2
import pickletools
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2 as api

from pipeline.graph import ReadRecords, Source, build
from pipeline.options import RunOptions
from pipeline.sources.files import expand
from pipeline.sources.streams import ReadStreams
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden" / "graph"

RUN = RunOptions(
    inputs=("sample_input",),
    output="out",
    ingested_at=datetime(2026, 1, 2, tzinfo=UTC),
    extractor="copydesk",
    language_backend="ensemble",
    not_article_below=0.1,
    remove_recurring=False,
    shards=1,
    progress=None,
)


def samples() -> Source:
    """Return the source of a batch run."""
    return ReadRecords(expand([str(ROOT / "sample_input")]))


def portable(source: Source, run: RunOptions, *flags: str) -> api.Pipeline:
    """Return the graph as any runner gets it."""
    pipeline = beam.Pipeline(options=PipelineOptions(list(flags)))
    build(pipeline, source, run)
    return pipeline.to_runner_api()


def holds_state(step: api.PTransform) -> bool:
    """Return whether a runner keeps something between bundles for this step."""
    if step.spec.urn == common_urns.primitives.GROUP_BY_KEY.urn:
        return True
    if step.spec.urn != common_urns.primitives.PAR_DO.urn:
        return False
    payload = api.ParDoPayload.FromString(step.spec.payload)
    return bool(payload.state_specs or payload.timer_family_specs or payload.restriction_coder_id)


def interface(graph: api.Pipeline) -> Iterator[str]:
    """Yield lines for each step that holds state: coders of what it is given and what it keeps.

    A running job is updated, and a savepoint restored, by these and by the step's name.
    """
    for step in graph.components.transforms.values():
        if holds_state(step):
            for collection in step.inputs.values():
                coder = graph.components.pcollections[collection].coder_id
                yield f"{step.unique_name}  {describe(coder, graph)}"
            for state, coder in kept(step):
                yield f"{step.unique_name}.{state}  {describe(coder, graph)}"


def kept(step: api.PTransform) -> Iterator[tuple[str, str]]:
    """Yield the states and timers of a step, each with the id of its coder."""
    if step.spec.urn == common_urns.primitives.PAR_DO.urn:
        payload = api.ParDoPayload.FromString(step.spec.payload)
        for name, spec in payload.state_specs.items():
            kind = getattr(spec, spec.WhichOneof("spec"))
            for field, coder in kind.ListFields():
                if field.name.endswith("coder_id"):
                    yield f"{name}.{field.name.removesuffix('_coder_id')}", coder
        for name, timer in payload.timer_family_specs.items():
            yield name, timer.timer_family_coder_id
        if payload.restriction_coder_id:
            yield "restriction", payload.restriction_coder_id


def names(graph: api.Pipeline) -> Iterator[str]:
    """Yield the names of the steps that we, not Beam, have named."""
    for step in graph.components.transforms.values():
        if step.unique_name.count("/") < 2 and not step.unique_name.startswith("ref_"):
            yield step.unique_name


def describe(coder_id: str, graph: api.Pipeline) -> str:
    """Return a coder and those inside it, as a formula."""
    coder = graph.components.coders[coder_id]
    name = coder.spec.urn.removeprefix("beam:coder:").removesuffix(":v1")
    if name == "pickled_python":
        # The class of the coder comes before the pickle.
        name = coder.spec.payload.split(b"$")[0].rpartition(b"\x01")[2].decode("ascii", "ignore")
        name = "".join(filter(str.isalnum, name))
    inner = ", ".join(describe(part, graph) for part in coder.component_coder_ids)
    return f"{name}({inner})" if inner else name


def code_by_value(graph: api.Pipeline) -> Iterator[tuple[str, str]]:
    """Yield step and file of every function that travels as byte code instead of by its name.

    Beam pickles lambdas, inner functions and what stands in ``__main__`` so: a worker with
    another release then runs the launcher's code.
    """
    for step in graph.components.transforms.values():
        if step.spec.urn == common_urns.primitives.PAR_DO.urn:
            payload = api.ParDoPayload.FromString(step.spec.payload).do_fn.payload
            for opcode, argument, _ in pickletools.genops(unpacked(payload)):
                if "UNICODE" in opcode.name and str(argument).endswith(".py"):
                    yield step.unique_name, str(argument)


def unpacked(payload: bytes) -> bytes:
    """Return the pickle inside a payload as Beam packs it: with zlib or bzip2."""
    packed = base64.b64decode(payload)
    return bz2.decompress(packed) if packed.startswith(b"BZh") else zlib.decompress(packed)


def stream(*inputs: str, **changed: Any) -> api.Pipeline:
    """Return the graph of a run over streams."""
    run = replace(RUN, inputs=inputs, streaming=True, **changed)
    return portable(ReadStreams(inputs), run, "--streaming")


GRAPHS = {
    "batch": lambda: portable(samples(), RUN),
    "batch-recurring": lambda: portable(samples(), replace(RUN, remove_recurring=True)),
    "kafka": lambda: stream("kafka://localhost:9092/pages"),
    "pubsub": lambda: stream("pubsub://projects/sample/subscriptions/pages"),
    "watch": lambda: stream(f"watch:{ROOT / 'sample_input'}"),
    "watch-recurring": lambda: stream(f"watch:{ROOT / 'sample_input'}", remove_recurring=True),
}
"""The graphs whose steps are golden files, by name."""


def golden(graph: api.Pipeline) -> str:
    """Return the golden file of a graph."""
    return "\n".join([*sorted(names(graph)), "", *sorted(interface(graph)), ""])


if __name__ == "__main__":
    for name, graph in GRAPHS.items():
        (GOLDEN / f"{name}.txt").write_text(golden(graph()), encoding="utf-8")
