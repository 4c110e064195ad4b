"""What several tests need: the repository's root, and one run of the main job."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from tests.object_stores import (
    S3_ACCOUNT,
    Faults,
    address_variable,
    free_port,
    gcs_server,
    make_bucket,
    s3_server,
)
from transforms import object_store

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's root folder."""
    return ROOT


@pytest.fixture
def quick_path() -> Iterator[Path]:
    """Return a temporary folder in memory where there is such, for tests that sync often."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def copydesk(*words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, from the repository's root."""
    command = [sys.executable, "-m", "pipeline.cli", *words]
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=300
    )


def rows_of(output: Path, table: str = "articles") -> list[dict[str, Any]]:
    """Return a table's rows sorted by source id, without the column a clock decides."""
    found = ds.dataset(output / table, partitioning=None).to_table().to_pylist()
    for row in found:
        del row["ingested_at"]
    return sorted(found, key=lambda row: (row["source_id"], str(row)))


@pytest.fixture(scope="session")
def main_job(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the README's job on sample_input/ once and return its output folder."""
    output = tmp_path_factory.mktemp("main") / "out"
    done = copydesk("run", "--input", "sample_input", "--output", str(output))
    assert done.returncode == 0, done.stderr
    return output


_buckets = (f"bucket-{number}" for number in count())


@pytest.fixture(scope="session", params=["s3", "gs"])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Run a store; return its scheme and address."""
    run = {"s3": s3_server, "gs": gcs_server}[request.param]
    with run(free_port()) as address:
        yield request.param, address


@pytest.fixture
def bucket(served: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the path of a new bucket."""
    scheme, address = served
    for name, value in S3_ACCOUNT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(address_variable(scheme), address)
    object_store.forget_clients()
    return make_bucket(scheme, next(_buckets))


@pytest.fixture
def faults(root: str, served: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """Put faults between the store and its client, for what is asked from now on."""
    scheme, address = served
    faults = Faults(address)
    monkeypatch.setenv(address_variable(scheme), faults.address)
    object_store.forget_clients()
    yield faults
    faults.stop()
    object_store.forget_clients()
