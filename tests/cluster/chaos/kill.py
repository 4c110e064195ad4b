"""Who is killed when, and who starts it again."""

import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from runners.cluster import flink, processes
from runners.cluster.cluster import BROKER, TASKMANAGER, Cluster
from tests.cluster.chaos.drive import Driver, running
from tests.cluster.chaos.watch import Watch

WORKER = "worker"
DRIVER = "driver"
VICTIMS = (WORKER, TASKMANAGER, BROKER, DRIVER)


@dataclass
class Kill:
    """A kill: whom, when, and in Unix seconds when it was back, tasks ran, and rows came again."""

    victim: str
    at: float
    back: float | None = None
    tasks: float | None = None
    rows: float | None = None


@dataclass
class Killer:
    """Kills parts of a run at random and starts them again, as a supervisor would."""

    cluster: Cluster
    driver: Driver
    watch: Watch
    chance: random.Random
    victims: Sequence[str] = VICTIMS
    kills: list[Kill] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    known: frozenset[str] = frozenset()

    def kill(self) -> None:
        """Kill one part; all kinds have had their turn before one has another.

        A worker is one of the processes that Flink has started.
        """
        if not self.waiting:
            self.waiting = self.chance.sample(self.victims, len(self.victims))
        victim = self.waiting[-1]
        kill = Kill(victim, time.time())
        self.known = flink.taskmanagers(self.cluster.ports.rest)
        if victim == DRIVER:
            self.driver.kill()
        else:
            pids = self._pids(victim)
            if not pids:
                return
            os.kill(self.chance.choice(pids), signal.SIGKILL)
        self.waiting.pop()
        self.kills.append(kill)
        sys.stderr.write(f"{kill.at:.0f} kill {len(self.kills)}: {victim}\n")

    def revive(self) -> None:
        """Start again what is not there, and note what has come back."""
        for role in (BROKER, TASKMANAGER):
            if self.cluster.started[role].poll() is not None:
                self.cluster.launch(role)
        if not self.driver.alive():
            self.driver.start()
        self._note()

    def _note(self) -> None:
        """Fill in what can be seen by now of the recovery from the latest kill."""
        if not self.kills:
            return
        kill, now = self.kills[-1], time.time()
        rest = self.cluster.ports.rest
        back: dict[str, Callable[[], bool]] = {
            WORKER: lambda: True,
            TASKMANAGER: lambda: bool(flink.taskmanagers(rest) - self.known),
            BROKER: lambda: processes.listens(self.cluster.ports.kafka),
            DRIVER: self.driver.alive,
        }
        if kill.back is None and now > kill.at + 1 and back[kill.victim]():
            kill.back = now
        if kill.back is not None and kill.tasks is None and running(rest):
            kill.tasks = now
        if kill.back is not None and kill.rows is None:
            kill.rows = next((at for at, _ in self.watch.growth if at > kill.back), None)

    def _pids(self, victim: str) -> list[int]:
        role = TASKMANAGER if victim == WORKER else victim
        return [
            process.pid
            for process in processes.find(self.cluster.folder)
            if process.role == role and ("pipeline.boot" in process.command) == (victim == WORKER)
        ]
