"""Real streams on real runners: what the broker or the folder holds is what the table holds."""

import json
import shutil
from pathlib import Path

import pytest

from runners.cluster.cluster import Cluster
from tests.cluster import savepoint
from tests.cluster.streams import Run, Topic, ids, ledger, page, stored
from tests.conftest import copydesk

NEXT_RELEASE = "tests.cluster.next_release"


def names(numbers: range) -> list[str]:
    """Return the ids of the articles of these numbers as a table lists them."""
    return sorted(f"r{number}" for number in numbers)


@pytest.fixture(scope="session")
def kafka_broker(cluster: Cluster) -> str:
    """Return the address of a broker."""
    return cluster.brokers


def test_kafka_on_prism(kafka_broker: str, prism: Path, tmp_path: Path) -> None:
    """New partitions, poison, redelivery and a kill -9: each record once, and the ledger exact."""
    topic = Topic(kafka_broker, f"on-prism-{tmp_path.name}", 2)
    output, log = tmp_path / "out", tmp_path / "log"
    words = ("--input", topic.address, f"--prism_location={prism}")
    topic.produce(range(20))
    with Run(log, output, *words) as run:
        run.wait(lambda: ids(output) == names(range(20)))
        topic.grow(3)
        topic.produce(range(20, 30), partition=2)
        run.wait(lambda: ids(output) == names(range(30)))
        topic.produce(range(30, 50))
        run.kill()
    with Run(log, output, *words) as run:
        topic.produce(range(40, 60))
        topic.send([("tombstone", None), ("binary", b"\x89PNG\r\n\x1a\n" + bytes(99))])
        run.wait(lambda: ids(output) == names(range(60)) and len(ids(output, "rejected")) == 2)
        said = run.drain()
    assert "ledger: adds up" in said
    assert ids(output) == names(range(60))
    assert ids(output, "rejected") == ["binary", "tombstone"]
    counts = ledger(output)
    assert counts == {"in": 72, "article": 60, "rejected": 2, "duplicate": 10}
    assert counts["in"] == topic.held()


def test_a_watched_folder_on_prism(prism: Path, tmp_path: Path) -> None:
    """Files that are there, written slowly, and moved in: each record once, also after a kill."""
    folder, output, log = tmp_path / "in", tmp_path / "out", tmp_path / "log"
    folder.mkdir()
    words = ("--input", f"watch:{folder}", f"--prism_location={prism}")
    (folder / "r0.txt").write_bytes(page(0))
    with Run(log, output, *words) as run:
        run.wait(lambda: ids(output) == ["r0.txt"])
        part = folder / "more.jsonl.part"
        lines = [json.dumps({"id": f"r{n}", "text": page(n).decode()}) for n in range(1, 31)]
        part.write_text("\n".join(lines))
        part.rename(folder / "more.jsonl")
        run.wait(lambda: len(ids(output)) == 31)
        run.kill()
    (folder / "r31.txt").write_bytes(page(31))
    with Run(log, output, *words) as run:
        run.wait(lambda: len(ids(output)) == 32)
        assert "ledger: adds up" in run.drain()
    assert ids(output) == sorted(["r0.txt", "r31.txt", *names(range(1, 31))])
    assert ledger(output) == {"in": 32, "article": 32}


def test_a_watched_folder_into_an_object_store(prism: Path, bucket: str, tmp_path: Path) -> None:
    """Each record is once in a bucket, too, also after a kill, and tables and ledgers agree."""
    folder, output, log = tmp_path / "in", f"{bucket}/out", tmp_path / "log"
    folder.mkdir()
    words = ("--input", f"watch:{folder}", f"--prism_location={prism}")
    for number in range(4):
        (folder / f"r{number}").with_suffix(".txt").write_bytes(page(number))
    with Run(log, output, *words) as run:
        run.wait(lambda: len(stored(output)) == 4)
        (folder / "r4.txt").write_bytes(page(4))
        run.kill()
    with Run(log, output, *words) as run:
        run.wait(lambda: len(stored(output)) == 5)
        assert "ledger: adds up" in run.drain()
    assert stored(output) == [f"r{number}.txt" for number in range(5)]
    assert copydesk("validate", output).returncode == 0


def test_a_job_on_flink_goes_on_from_its_savepoint(cluster: Cluster, tmp_path: Path) -> None:
    """SIGTERM stops with a savepoint; the next release goes on from it, and --drain writes all.

    A checkpoint falls into the first bundle of every step, whose output must not stay behind.
    """
    topic = Topic(cluster.brokers, f"on-flink-{tmp_path.name}", 2)
    output, log = tmp_path / "out", tmp_path / "log"
    early = ("--checkpointing_interval=1000", "--max_bundle_time_mills=3000")
    words = ("@runners/flink.args", *early, *cluster.flags, "--input", topic.address)
    topic.produce(range(20))
    with Run(log, output, *words) as run:
        run.wait(lambda: ids(output) == names(range(20)))
        run.wait(lambda: "copydesk: 20 in · " in run.errors())
        topic.produce(range(20, 30))
        run.drain()
    topic.produce(range(30, 40))
    with Run(log, output, *words, run.savepoint(), "--drain", program=NEXT_RELEASE) as run:
        run.wait(lambda: len(ids(output)) == 40)
        assert "ledger: adds up" in run.drain()
    assert ids(output) == names(range(40))
    assert ledger(output) == {"in": 40, "article": 40}
    assert topic.held() == 40


def test_a_savepoint_of_an_earlier_release_is_restored(cluster: Cluster, tmp_path: Path) -> None:
    """What it holds is written, and reading goes on behind it."""
    if cluster.ports.kafka != savepoint.KAFKA_PORT:
        pytest.skip(f"the savepoint's broker had port {savepoint.KAFKA_PORT}, which is taken here")
    topic = Topic(cluster.brokers, savepoint.TOPIC, 2)
    for partition in range(2):
        topic.send([("read again", b"\x89PNG")] * savepoint.HELD, partition)
    topic.produce(range(20, 30))
    output, log = tmp_path / "out", tmp_path / "log"
    words = ("@runners/flink.args", *cluster.flags, "--input", topic.address, savepoint.WINDOW)
    folder = tmp_path / "savepoint"
    shutil.unpack_archive(savepoint.GOLDEN, folder)
    with Run(log, output, *words, f"--savepoint_path=file://{folder}", "--drain") as run:
        run.wait(lambda: ids(output) == names(range(30)))
        assert "ledger: adds up" in run.drain()
    assert ids(output) == names(range(30))
    assert ledger(output) == {"in": 30, "article": 30}
