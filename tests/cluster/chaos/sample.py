"""Measures a run every ten seconds: memory of its processes, and how far it is behind."""

import contextlib
import csv
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from confluent_kafka import Consumer, KafkaException, TopicPartition

from runners.cluster import processes
from runners.cluster.cluster import TASKMANAGER, Cluster
from tests.cluster.chaos.messages import PARTITIONS
from tests.cluster.chaos.verify import windows

SAMPLE_SECONDS = 10.0
BROKER_SECONDS = 2.0
TAIL = 0.2
"""The first and the last fifth of a run are compared, to see whether memory grows."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A moment (Unix seconds): megabytes of the largest worker and of the TaskManager, and lag.

    ``lag`` counts messages that the broker holds and the ledger does not count yet; None when the
    broker does not answer.
    """

    at: float
    worker: int
    taskmanager: int
    lag: int | None


@dataclass
class Samples:
    """Takes samples in the background and appends them to a CSV file."""

    cluster: Cluster
    topic: str
    output: Path
    file: Path
    taken: list[Sample] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> "Samples":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def summary(self) -> dict[str, object]:
        """Return medians of the run's first and last fifth, and the greatest and last lag."""
        part = max(1, int(len(self.taken) * TAIL))
        lags = [sample.lag for sample in self.taken if sample.lag is not None]
        return {
            "worker_mb": _ends([sample.worker for sample in self.taken if sample.worker], part),
            "taskmanager_mb": _ends([s.taskmanager for s in self.taken if s.taskmanager], part),
            "lag_median": median(lags) if lags else None,
            "lag_max": max(lags, default=None),
            "lag_last": lags[-1] if lags else None,
        }

    def _sample(self) -> None:
        settings = {"bootstrap.servers": self.cluster.brokers, "group.id": "lag", "log_level": 0}
        consumer = Consumer(settings)
        with self.file.open("a", newline="") as handle, contextlib.closing(consumer):
            writer = csv.writer(handle)
            while not self._stop.wait(SAMPLE_SECONDS):
                worker, taskmanager = self._memory()
                sample = Sample(round(time.time(), 1), worker, taskmanager, self._lag(consumer))
                self.taken.append(sample)
                writer.writerow((sample.at, sample.worker, sample.taskmanager, sample.lag))
                handle.flush()

    def _memory(self) -> tuple[int, int]:
        worker = taskmanager = 0
        for process in processes.find(self.cluster.folder):
            if process.role == TASKMANAGER:
                size = _resident(process.pid)
                if "pipeline.boot" in process.command:
                    worker = max(worker, size)
                else:
                    taskmanager = max(taskmanager, size)
        return worker, taskmanager

    def _lag(self, consumer: Consumer) -> int | None:
        try:
            places = [TopicPartition(self.topic, number) for number in range(PARTITIONS)]
            ends = [consumer.get_watermark_offsets(p, timeout=BROKER_SECONDS) for p in places]
            lines = [line for window in windows(self.output).values() for line in window]
        except (KafkaException, OSError):
            return None
        if None in ends:
            return None
        counted = sum(line["records"] for line in lines if line["outcome"] == "in")
        return sum(end[1] for end in ends if end is not None) - counted


def _resident(pid: int) -> int:
    """Return the megabytes a process holds in memory; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    sizes = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")]
    return sizes[0] // 1024 if sizes else 0


def _ends(values: list[int], part: int) -> list[float]:
    return [median(values[:part]), median(values[-part:])] if values else []
