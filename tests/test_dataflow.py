"""Dataflow without an account: the template, its launcher, the flags and the job that is built."""

import argparse
import json
import re
import shlex
from dataclasses import replace
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2 as api
from google.cloud.dataflow_v1beta3.types import TemplateMetadata

from pipeline.beam_flags import refuse_unknown
from pipeline.cli import parser
from pipeline.errors import UsageError
from pipeline.graph import build
from pipeline.hand_over import handed_over
from pipeline.sources.streams import ReadStreams
from runners.dataflow.launch import launch
from tests.conftest import ROOT
from tests.graphs import RUN, interface, names

IMAGE = "europe-docker.pkg.dev/sample/news/copydesk:1"
ACCOUNT = [
    "--project=sample",
    "--region=europe-west1",
    "--temp_location=gs://sample-news/tmp",
    f"--sdk_container_image={IMAGE}",
    "--job_name=copydesk",
]
SUBSCRIPTION = "pubsub://projects/sample/subscriptions/pages"
METADATA = ROOT / "runners" / "dataflow" / "metadata.json"


def flags() -> list[str]:
    """Return the flags of the arguments file."""
    text = (ROOT / "runners" / "dataflow.args").read_text(encoding="utf-8")
    return shlex.split(text, comments=True)


def parameters() -> list[dict[str, Any]]:
    """Return the template's parameters."""
    return list(json.loads(METADATA.read_text(encoding="utf-8"))["parameters"])


@pytest.fixture(scope="module")
def job() -> tuple[api.Pipeline, Any]:
    """Build the streaming job as the launcher does, and return its graph and Dataflow's job."""
    run = replace(RUN, streaming=True, inputs=(SUBSCRIPTION,))
    options = PipelineOptions([*flags(), *ACCOUNT, "--streaming", "--dry_run=True"])
    pipeline = beam.Pipeline(options=options)
    build(pipeline, ReadStreams([SUBSCRIPTION]), run)
    result: Any = pipeline.run()
    return result.job.proto_pipeline, result.job


def test_metadata_is_what_the_service_takes() -> None:
    """Google's own message accepts the file: no field is unknown, no type is wrong."""
    text = METADATA.read_text(encoding="utf-8")
    metadata = TemplateMetadata.from_json(text, ignore_unknown_fields=False)
    assert metadata.streaming
    assert metadata.supports_exactly_once
    assert [parameter.name for parameter in metadata.parameters] == [
        parameter["name"] for parameter in parameters()
    ]


def test_every_parameter_is_a_flag() -> None:
    """The launcher hands parameters over as flags: `copydesk run` or Beam knows each."""
    sub = next(
        action.choices["run"]
        for action in parser("run")._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    ours = {word for action in sub._actions for word in action.option_strings}
    for parameter in parameters():
        flag = f"--{parameter['name']}"
        if flag not in ours:
            refuse_unknown([f"{flag}=x"])


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("input", SUBSCRIPTION, "projects/sample/subscriptions/pages"),
        ("input", "gs://sample-news/crawl/*.warc.gz", "sample-news/crawl"),
        ("output", "gs://sample-news/copydesk", "s3://sample/copydesk"),
        ("window-seconds", "60", "one minute"),
        ("deduplicate-within", "86400", "-1"),
        ("sdk_container_image", IMAGE, "copydesk:1"),
        ("sdk_container_image", f"{IMAGE}@sha256:{'0' * 64}", "docker://copydesk"),
    ],
)
def test_patterns_tell_good_values_from_bad(name: str, good: str, bad: str) -> None:
    """The console refuses a slip before anything is started."""
    (patterns,) = [item["regexes"] for item in parameters() if item["name"] == name]
    assert all(re.fullmatch(pattern, good) for pattern in patterns)
    assert not all(re.fullmatch(pattern, bad) for pattern in patterns)


def test_every_flag_of_the_arguments_file_is_beams() -> None:
    """A flag that Beam does not know would be ignored in silence."""
    refuse_unknown([*flags(), *ACCOUNT])
    with pytest.raises(UsageError):
        refuse_unknown([*flags(), "--max_workers=3"])


def test_the_launcher_does_not_wait(capfd: pytest.CaptureFixture[str]) -> None:
    """A Flex Template starts only once its launcher has ended."""
    words = [*ACCOUNT, "--dry_run=True", f"--input={SUBSCRIPTION}", "--output=gs://sample-news/out"]
    assert launch(words) == 0
    assert "dry run" in capfd.readouterr().out


def test_a_template_is_handed_over_and_a_run_is_not() -> None:
    """The launcher of a Flex Template is told by its template location."""
    template = PipelineOptions(["--template_location=gs://sample-news/template"])
    outcome = handed_over(template)
    assert outcome is not None
    assert not outcome.by_a_job
    assert handed_over(PipelineOptions(flags())) is None


def test_the_job_runs_in_the_image_alone(job: tuple[api.Pipeline, Any]) -> None:
    """One environment: the image, with a memory hint, and nothing that is staged."""
    (environment,) = job[0].components.environments.values()
    payload = api.DockerPayload.FromString(environment.payload)
    assert payload.container_image == IMAGE
    assert list(environment.dependencies) == []
    hints = {urn.rsplit(":", 2)[1]: value for urn, value in environment.resource_hints.items()}
    assert hints == {"min_ram_bytes": b"2000000000"}


def test_the_job_streams_through_the_service(job: tuple[api.Pipeline, Any]) -> None:
    """Streaming, with the service's own Pub/Sub source and its engine."""
    urns = {step.spec.urn for step in job[0].components.transforms.values()}
    assert "beam:transform:pubsub_read:v1" in urns
    assert job[1].proto.type_.name == "JOB_TYPE_STREAMING"
    assert job[1].options.view_as(GoogleCloudOptions).enable_streaming_engine


def test_the_job_has_the_steps_of_the_golden_file(job: tuple[api.Pipeline, Any]) -> None:
    """Dataflow's own rewriting leaves our names and what holds state as they are."""
    text = (ROOT / "tests" / "golden" / "graph" / "pubsub.txt").read_text(encoding="utf-8")
    assert set(text.split("\n\n")[0].splitlines()) <= set(names(job[0]))
    assert set(text.split("\n\n")[1].split("\n")) - {""} <= set(interface(job[0]))
