"""Schemas that the manifests are held against, from the projects that define them."""

import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import yaml

from runners.cluster.software import Software, ensure

OPERATOR = "1.10.0"
COMPOSE = "v2.16.2"


def _fetch_operator(folder: Path) -> None:
    artifact = f"org.apache.flink:flink-kubernetes-operator-api:{OPERATOR}"
    goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
    words = [f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"]
    subprocess.run(["mvn", "--quiet", "--batch-mode", goal, *words], check=True)


def _build_compose(folder: Path) -> None:
    module = f"github.com/compose-spec/compose-go/v2/cmd@{COMPOSE}"
    subprocess.run(["go", "install", module], env=os.environ | {"GOBIN": str(folder)}, check=True)


_OPERATOR = Software("flink-operator-api", OPERATOR, {"mvn": "Maven"}, _fetch_operator)
_COMPOSE = Software("compose", COMPOSE, {"go": "Go"}, _build_compose)


def flink_deployment() -> dict[str, Any]:
    """Return the schema of a ``FlinkDeployment``, as the operator's release declares it.

    Unlike Kubernetes, which drops unknown fields in silence, it refuses them.
    """
    with zipfile.ZipFile(next(ensure(_OPERATOR).glob("*.jar"))) as jar:
        text = jar.read("META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml")
    (version,) = yaml.load(text, yaml.CSafeLoader)["spec"]["versions"]
    return strict(version["schema"]["openAPIV3Schema"])


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of Kubernetes' as JSON Schema that refuses fields it does not name."""
    if schema.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"]}
    result = dict(schema)
    if "properties" in schema:
        result["properties"] = {name: strict(part) for name, part in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            result["additionalProperties"] = False
    elif isinstance(schema.get("additionalProperties"), dict):
        result["additionalProperties"] = strict(schema["additionalProperties"])
    if "items" in schema:
        result["items"] = strict(schema["items"])
    return result


def compose_model(file: Path) -> dict[str, Any]:
    """Return a compose file as Compose's own library reads it. Raises when it is not valid."""
    words = [ensure(_COMPOSE) / "cmd", file]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(done.stderr or done.stdout)
    return dict(yaml.safe_load(done.stdout))
