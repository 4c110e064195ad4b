"""What tests on real runners need: Prism, and one cluster for all of them."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.prism import prism_path
from runners.cluster import software
from runners.cluster.cluster import Cluster, Ports
from runners.cluster.processes import listens
from tests.cluster import savepoint


def built(part: software.Software) -> Path:
    """Return the folder of a program, built if need be; skip the test that cannot have it."""
    lacking = [command for command in part.needs if shutil.which(command) is None]
    if lacking and not part.folder.is_dir():
        pytest.skip(f"{part.name} is not built here and needs {', '.join(lacking)}")
    return software.ensure(part)


@pytest.fixture(scope="session")
def prism() -> Path:
    """Return the path of Prism."""
    built(software.PRISM)
    return prism_path()


@pytest.fixture(scope="session")
def job_server_jar() -> Path:
    """Return the path of Beam's Flink job server, which holds an embedded Flink, too."""
    if shutil.which("java") is None:
        pytest.skip("Flink needs java")
    return built(software.JOB_SERVER) / "flink-job-server.jar"


@pytest.fixture(scope="session")
def cluster(job_server_jar: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a running cluster on free ports; its broker has the golden savepoint's, if it can."""
    for part in (software.FLINK, software.KAFKA):
        built(part)
    ports = Ports.free()
    if not listens(savepoint.KAFKA_PORT):
        ports = replace(ports, kafka=savepoint.KAFKA_PORT)
    running = Cluster(tmp_path_factory.mktemp("cluster"), ports)
    running.start()
    yield running
    running.stop()
