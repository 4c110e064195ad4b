"""What several tests need: the repository's root, and one run of the main job."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

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
