"""A streaming run as a process, a broker's topic, and what both must agree on."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions, NewTopic

from tests.conftest import ROOT
from transforms.storage import find, join, open_parquet

PATIENCE = 600.0
"""A busy machine takes minutes for what a free one does in seconds."""

PARAGRAPH = (
    "The harbour office opened a new quay on Monday after two years of work on the old sea wall."
    " Ferries to the islands will leave from there as soon as the summer timetable begins."
)


def page(number: int) -> bytes:
    """Return a plain text that is an article, the same for the same number."""
    return f"Quay {number} opens\n\n{PARAGRAPH} {number}\n\n{PARAGRAPH.lower()}\n".encode()


class Topic:
    """A topic of a real broker."""

    def __init__(self, broker: str, name: str, partitions: int) -> None:
        self.broker = broker
        self.name = name
        self.admin = AdminClient({"bootstrap.servers": broker, "log_level": 0})
        for done in self.admin.create_topics([NewTopic(name, partitions, 1)]).values():
            done.result()

    @property
    def address(self) -> str:
        """What --input calls it."""
        return f"kafka://{self.broker}/{self.name}"

    def produce(self, numbers: range, partition: int | None = None) -> None:
        """Send an article for each number."""
        self.send([(f"r{n}", page(n)) for n in numbers], partition)

    def send(self, records: list[tuple[str, bytes | None]], partition: int | None = None) -> None:
        """Send records by id, and wait until the broker has them."""
        producer = Producer({"bootstrap.servers": self.broker, "acks": "all", "log_level": 0})
        producer.list_topics(self.name, timeout=30)
        number = -1 if partition is None else partition
        for name, value in records:
            headers = [("id", name), ("media_type", "text/plain")]
            producer.produce(self.name, value, headers=list(headers), partition=number)
        assert producer.flush(60) == 0

    def grow(self, partitions: int) -> None:
        """Add partitions."""
        for done in self.admin.create_partitions([NewPartitions(self.name, partitions)]).values():
            done.result()

    def held(self) -> int:
        """Return how many records the broker holds."""
        consumer = Consumer({"bootstrap.servers": self.broker, "group.id": "test", "log_level": 0})
        total = 0
        for number in consumer.list_topics(self.name).topics[self.name].partitions:
            bounds = consumer.get_watermark_offsets(TopicPartition(self.name, number), timeout=30)
            assert bounds is not None
            total += bounds[1] - bounds[0]
        consumer.close()
        return total


class Run:
    """``copydesk run`` over streams, which ends when it is told to; ``program`` is its module."""

    def __init__(
        self, log: Path, output: Path | str, *words: str, program: str = "pipeline.cli"
    ) -> None:
        self.log = log
        window = "--window-seconds=10"
        command = [sys.executable, "-m", program, "run", window, *words, "--output", str(output)]
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def kill(self) -> None:
        """Kill it as the kernel would for want of memory."""
        self.process.kill()
        self.process.communicate()

    def drain(self) -> str:
        """End it in order and return what it says; it must be content."""
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == 0, f"{said}\n{self.errors()}"
        return said

    def savepoint(self) -> str:
        """Return the flag with which another run goes on from where this one was stopped."""
        words = self.errors().split()
        return [word for word in words if word.startswith("--savepoint_path=")][-1]

    def errors(self) -> str:
        """Return what it wrote to standard error."""
        return self.log.read_text()

    def wait(self, what: Callable[[], bool]) -> None:
        """Wait until something is so, while the run lasts."""
        deadline = time.monotonic() + PATIENCE
        while not what():
            assert self.process.poll() is None, self.errors()
            assert time.monotonic() < deadline, self.errors()
            time.sleep(0.5)

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def ids(output: Path, table: str = "articles") -> list[str]:
    """Return the source ids in a table, repeats included, as a reader sees them now."""
    if not list(output.glob(f"{table}/*/*.parquet")):
        return []
    rows = duckdb.connect().read_parquet(f"{output}/{table}/*/*.parquet")
    return sorted(row[0] for row in rows.select("source_id").fetchall())


def stored(output: str) -> list[str]:
    """Return the source ids of the articles in an object store, repeats included."""
    files = find(output, "articles/*/*.parquet")
    columns = [open_parquet(join(output, file.path)).read(["source_id"])[0] for file in files]
    return sorted(source_id for column in columns for source_id in column.to_pylist())


def ledger(output: Path) -> Counter[str]:
    """Return the records by outcome; every window must be reconciled."""
    rows = duckdb.connect().read_parquet(f"{output}/ledger/*/*.parquet")
    counts: Counter[str] = Counter()
    for outcome, records, reconciled in rows.select("outcome, records, reconciled").fetchall():
        assert reconciled, (outcome, records)
        counts[outcome] += records
    return counts
