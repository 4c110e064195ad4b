"""Manifests for Kubernetes and Compose, and what watches them, against who defines their form."""

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pipeline.beam_flags import refuse_unknown
from pipeline.cli import parser
from tests.conftest import ROOT
from tests.manifests import compose_model, flink_deployment
from transforms import metrics
from transforms.model import Reason

FOLDER = ROOT / "runners" / "kubernetes"
COMPOSE_FILE = ROOT / "runners" / "compose" / "compose.yaml"
OBSERVABILITY = ROOT / "runners" / "observability"
STAGES = [
    "Read",
    "Decode",
    "Extract",
    "StripBoilerplate",
    "DetectLanguages",
    "NormaliseDates",
    "WriteParquet",
]


def documents() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield every object of the manifests, and the file it stands in."""
    for file in sorted(FOLDER.glob("*.yaml")):
        for document in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            yield file, document


def of_kind(kind: str) -> list[dict[str, Any]]:
    """Return the objects of a kind."""
    return [document for _, document in documents() if document["kind"] == kind]


@cache
def deployment_schema() -> dict[str, Any]:
    """Return the operator's schema, read once: it is half a megabyte."""
    return flink_deployment()


def check(value: Any, schema: dict[str, Any]) -> None:
    """Raise for a value that its schema does not allow."""
    jsonschema.Draft202012Validator(schema).validate(value)


def test_flink_deployments_are_what_the_operator_takes() -> None:
    """Every field is one the operator's release declares, of its type."""
    found = of_kind("FlinkDeployment")
    assert [document["metadata"]["name"] for document in found] == ["copydesk", "copydesk-session"]
    for document in found:
        check(document["spec"], deployment_schema()["properties"]["spec"])


def test_a_slip_in_a_flink_deployment_is_seen() -> None:
    """The test above can fail: an unknown field and a wrong type are refused."""
    schema = deployment_schema()["properties"]["spec"]
    (session,) = [each for each in of_kind("FlinkDeployment") if "job" not in each["spec"]]
    slips: list[dict[str, Any]] = [{"flinkConfig": {}}, {"flinkVersion": "v1_21"}, {"image": 5}]
    for slip in slips:
        with pytest.raises(jsonschema.ValidationError):
            check(session["spec"] | slip, schema)


def test_pods_of_deployments_and_jobs_are_pods() -> None:
    """Pod templates have one schema, which the operator's carries whole."""
    template = deployment_schema()["properties"]["spec"]["properties"]["podTemplate"]
    pods = [each["spec"]["template"] for kind in ("Deployment", "Job") for each in of_kind(kind)]
    assert len(pods) == 2
    for pod in pods:
        check(pod, template)


def test_services_find_their_pods() -> None:
    """The labels a service selects are those a deployment gives its pods."""
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in of_kind("Deployment")]
    for deployment, given in zip(of_kind("Deployment"), labels, strict=True):
        assert deployment["spec"]["selector"]["matchLabels"] == given
    for service in of_kind("Service"):
        assert service["spec"]["selector"] in labels


def test_flinks_settings_are_given_as_text_and_agree() -> None:
    """Both modes checkpoint, restart and report in the same way."""
    one, other = (each["spec"]["flinkConfiguration"] for each in of_kind("FlinkDeployment"))
    shared = {"execution.", "restart-strategy", "state.", "metrics.", "taskmanager."}
    for name in one.keys() & other.keys() | {
        key for key in one.keys() | other.keys() if any(map(key.startswith, shared))
    }:
        assert one[name] == other[name], name


def test_compose_reads_the_file() -> None:
    """Compose's own library takes it; services, ports and volumes are there."""
    services = compose_model(COMPOSE_FILE)["services"]
    assert {"jobmanager", "taskmanager", "workers", "job-server", "kafka"} <= services.keys()


def test_compose_refuses_a_slip(tmp_path: Path) -> None:
    """The test above can fail."""
    broken = COMPOSE_FILE.read_text(encoding="utf-8").replace("healthcheck:", "health_check:")
    (tmp_path / "compose.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(ValueError, match="health_check"):
        compose_model(tmp_path / "compose.yaml")


def test_jobs_call_copydesk_with_flags_it_knows() -> None:
    """The command lines inside manifests are parsed as the command would."""
    (job,) = of_kind("Job")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    service = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))["services"]["copydesk"]
    # Flags of Flink's that only its job server knows: those of the arguments file.
    text = (ROOT / "runners" / "flink.args").read_text(encoding="utf-8")
    flinks = {word.partition("=")[0] for word in shlex.split(text, comments=True)}
    for words in (
        [*container["command"], *container["args"]],
        [*service["entrypoint"], *service["command"]],
    ):
        command, at, *flags = words[1:]
        assert (command, Path(at).name) == ("run", "flink.args")
        beams = parser("run").parse_known_args([command, *flags])[1]
        refuse_unknown([flag for flag in beams if flag.partition("=")[0] not in flinks])


def exported() -> set[str]:
    """Return the names under which Flink's Prometheus reporter exports our counters."""
    names = [metrics.accepted(stage) for stage in [*STAGES, "Encode"]]
    names += [metrics.rejected(stage, reason) for stage in STAGES for reason in Reason]
    names += [metrics.UNDATED, metrics.MIXED, metrics.KAFKA_LOST]
    names += [f"{metrics.LANGUAGE}en", f"{metrics.LAG}topic/0"]
    return {
        re.sub(r"\W", "_", f"flink_taskmanager_job_task_operator_{metrics.NAMESPACE}_{name}")
        for name in names
    }


def queries() -> Iterator[str]:
    """Yield every expression of the alerts and the dashboard."""
    alerts = yaml.safe_load((OBSERVABILITY / "alerts.yaml").read_text(encoding="utf-8"))
    yield from (rule["expr"] for group in alerts["groups"] for rule in group["rules"])
    board = json.loads((OBSERVABILITY / "grafana" / "copydesk.json").read_text(encoding="utf-8"))
    yield from (target["expr"] for panel in board["panels"] for target in panel["targets"])


def test_alerts_and_dashboard_ask_for_metrics_that_there_are() -> None:
    """A renamed counter would leave a panel empty and an alert asleep."""
    known = exported()
    asked = {word for text in queries() for word in re.findall(r"flink_\w+_copydesk_[\w.+]+", text)}
    assert asked
    for word in asked:
        assert any(re.fullmatch(word, name) for name in known), word


def test_grafana_and_prometheus_find_their_files() -> None:
    """What the compose file mounts is there, and the dashboard asks the source that is set up."""
    text = COMPOSE_FILE.read_text(encoding="utf-8")
    mounted = re.findall(r"- (\.\./observability/\S+?):", text)
    assert len(mounted) == 5
    assert all((COMPOSE_FILE.parent / path).is_file() for path in mounted)
    source = yaml.safe_load((OBSERVABILITY / "grafana" / "datasource.yaml").read_text("utf-8"))
    board = (OBSERVABILITY / "grafana" / "copydesk.json").read_text(encoding="utf-8")
    assert f'"uid": "{source["datasources"][0]["uid"]}"' in board
