"""One corpus through every runner: equal rows, equal ledgers."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from runners.cluster.cluster import Cluster
from tests.conftest import ROOT, rows_of
from tests.generated import jsonl_records

RECORDS = 300
TIMEOUT = 900.0


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of generated records: some come twice, some are broken."""
    path = tmp_path_factory.mktemp("corpus") / "generated.jsonl"
    path.write_text("\n".join(jsonl_records(RECORDS, seed=7)) + "\n", encoding="utf-8")
    return path


def run(corpus: Path, output: Path, *flags: str) -> Path:
    """Run the pipeline over the samples and the corpus with these flags; return the output."""
    words = ["run", *flags, "--input", "sample_input", "--input", str(corpus)]
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *words, "--output", str(output)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "ledger: adds up" in done.stdout
    return output


def ledger_of(output: Path) -> list[dict[str, Any]]:
    """Return the lines of a ledger without what differs from run to run by design."""
    lines = ds.dataset(output / "ledger").to_table().to_pylist()
    for line in lines:
        del line["run_id"], line["ingested_at"]
    return sorted(lines, key=json.dumps)


@pytest.fixture(scope="session")
def expected(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what one local process writes."""
    return run(corpus, tmp_path_factory.mktemp("expected") / "out", "--workers", "1")


def assert_same(output: Path, expected: Path) -> None:
    """Compare rows and ledgers; every column but ``ingested_at`` counts."""
    for table in ("articles", "rejected"):
        assert rows_of(output, table) == rows_of(expected, table)
    assert ledger_of(output) == ledger_of(expected)


def test_the_corpus_has_every_outcome(expected: Path) -> None:
    """Articles, duplicates and rejected records all occur, or the other tests show little."""
    outcomes = {line["outcome"]: line["records"] for line in ledger_of(expected)}
    assert {"in", "article", "duplicate", "rejected"} <= set(outcomes)
    assert outcomes["article"] > RECORDS / 2


def test_direct_with_two_workers(corpus: Path, expected: Path, tmp_path: Path) -> None:
    """Two local processes write what one writes."""
    assert_same(run(corpus, tmp_path / "out", "--workers", "2"), expected)


def test_prism(corpus: Path, expected: Path, prism: Path, tmp_path: Path) -> None:
    """Prism writes what a local process writes."""
    flags = ("@runners/prism.args", f"--prism_location={prism}")
    assert_same(run(corpus, tmp_path / "out", *flags), expected)


def test_flink_embedded(corpus: Path, expected: Path, job_server_jar: Path, tmp_path: Path) -> None:
    """A Flink inside the job server's process writes what a local process writes."""
    flags = (
        "--runner=FlinkRunner",
        "--flink_master=[local]",
        f"--flink_job_server_jar={job_server_jar}",
        "--parallelism=1",
    )
    assert_same(run(corpus, tmp_path / "out", *flags), expected)


def test_flink_cluster(corpus: Path, expected: Path, cluster: Cluster, tmp_path: Path) -> None:
    """A Flink cluster, with workers in processes of their own, writes what a local process does."""
    assert_same(run(corpus, tmp_path / "out", "@runners/flink.args", *cluster.flags), expected)
