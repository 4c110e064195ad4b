"""A whole cluster: Kafka broker, Flink JobManager and TaskManager, Beam's job server."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import CopydeskError
from runners.cluster import flink, kafka, processes, software

WORKER = "copydesk-worker"
"""The command that ``runners/flink.args`` names to start a worker; a TaskManager has it on PATH."""

BROKER = "broker"
JOBMANAGER = "jobmanager"
TASKMANAGER = "taskmanager"
JOB_SERVER = "jobserver"
ROLES = (BROKER, JOBMANAGER, TASKMANAGER, JOB_SERVER)

KAFKA_PORT, REST_PORT, JOB_PORT = 9092, 8081, 8099
"""What a developer's cluster uses: the usual ports of Kafka, Flink and Beam's job server."""

START_SECONDS = 300.0
"""A machine with every core taken still starts a JVM in this time."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the parts of a cluster answer; 127.0.0.1 is the only interface they have."""

    kafka: int = KAFKA_PORT
    rest: int = REST_PORT
    job: int = JOB_PORT
    controller: int = field(default_factory=processes.free_port)
    rpc: int = field(default_factory=processes.free_port)

    @classmethod
    def free(cls) -> "Ports":
        """Return ports that nobody listens at now."""
        return cls(*(processes.free_port() for _ in range(5)))


@dataclass
class Cluster:
    """A cluster whose data, settings and logs are in ``folder``.

    ``started`` holds the processes that this object has started, by role.
    """

    folder: Path
    ports: Ports
    started: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict, repr=False)

    def start(self) -> None:
        """Get what is needed, start every part and wait until each answers.

        Raises ``CopydeskError`` when something runs in the folder already, a port is taken, a tool
        is missing or a part does not answer; then nothing is left running.
        """
        if running := processes.find(self.folder):
            raise CopydeskError(f"a cluster runs in {self.folder} (process {running[0].pid})")
        software.require("java", "Java 17")
        for port in (self.ports.kafka, self.ports.rest, self.ports.job):
            if processes.listens(port):
                raise CopydeskError(f"port {port} is taken by another program")
        parts = (software.KAFKA, software.FLINK, software.JOB_SERVER)
        for part in parts:
            software.ensure(part)
        self._configure()
        try:
            for roles in ((BROKER, JOBMANAGER), (TASKMANAGER, JOB_SERVER)):
                for role in roles:
                    self.launch(role)
                for role in roles:
                    self.wait(role)
        except BaseException:
            self.stop()
            raise

    def launch(self, role: str) -> None:
        """Start one part, which may take a while to answer; its predecessor must have ended."""
        if before := self.started.get(role):
            before.wait()
        command, environment = self._command(role), self._environment()
        self.started[role] = processes.start(role, command, self.folder, environment)

    def wait(self, role: str) -> None:
        """Wait until a part answers. Raises ``CopydeskError`` with the end of its log if not."""
        log = self.folder / "logs" / f"{role}.log"
        process = self.started[role]
        answers = self._answers(role)
        processes.await_answer(role, answers, START_SECONDS, log, lambda: process.poll() is None)

    def stop(self) -> int:
        """End every process of the cluster and return how many there were."""
        ended = processes.stop(self.folder)
        for process in self.started.values():
            process.wait()
        self.started.clear()
        return ended

    @property
    def flags(self) -> list[str]:
        """Flags that send a job to this cluster, after those of runners/flink.args."""
        return [
            f"--job_endpoint=localhost:{self.ports.job}",
            f"--flink_master=localhost:{self.ports.rest}",
        ]

    @property
    def brokers(self) -> str:
        """The address of the broker."""
        return f"localhost:{self.ports.kafka}"

    def _configure(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        flink.configure(self.folder, self.ports.rest, self.ports.rpc)
        kafka.configure(self.folder, self.ports.kafka, self.ports.controller)
        formatting = kafka.formatting(self.folder, software.KAFKA.folder / "lib")
        done = subprocess.run(formatting, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise CopydeskError(f"the broker's storage could not be made:\n{done.stderr[-2000:]}")
        worker = self.folder / "bin" / WORKER
        worker.parent.mkdir(exist_ok=True)
        python = shlex.quote(sys.executable)
        log = shlex.quote(str(self.folder / "logs" / "worker.log"))
        worker.write_text(f'#!/bin/sh\nexec {python} -m pipeline.boot "$@" >>{log} 2>&1\n')
        worker.chmod(0o755)

    def _command(self, role: str) -> list[str]:
        jars = software.FLINK.folder / "lib"
        commands: dict[str, Callable[[], list[str]]] = {
            BROKER: lambda: kafka.broker(self.folder, software.KAFKA.folder / "lib"),
            JOBMANAGER: lambda: flink.jobmanager(self.folder, jars),
            TASKMANAGER: lambda: flink.taskmanager(self.folder, jars),
            JOB_SERVER: lambda: flink.job_server(
                self.folder,
                software.JOB_SERVER.folder / "flink-job-server.jar",
                self.ports.job,
                self.ports.rest,
            ),
        }
        return commands[role]()

    def _environment(self) -> dict[str, str]:
        # Workers import the code that started the cluster, installed or not.
        code = [str(Path(__file__).parents[2]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        return {
            "FLINK_CONF_DIR": str(self.folder / "conf"),
            "PYTHONPATH": os.pathsep.join(filter(None, code)),
            # Without byte code a worker, and with it every recovery, starts three times slower.
            "PYTHONDONTWRITEBYTECODE": "",
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        }

    def _answers(self, role: str) -> Callable[[], bool]:
        return {
            BROKER: lambda: processes.listens(self.ports.kafka),
            JOBMANAGER: lambda: flink.answers(self.ports.rest),
            TASKMANAGER: lambda: flink.slots(self.ports.rest) >= flink.SLOTS,
            JOB_SERVER: lambda: processes.listens(self.ports.job),
        }[role]
