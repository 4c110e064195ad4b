"""The processes of a cluster: started apart from their starter, found again by a mark they bear."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import CopydeskError

MARK = "COPYDESK_CLUSTER"
"""Environment variable, passed on to every descendant, that holds the folder of the cluster."""
ROLE = "COPYDESK_ROLE"

STOP_SECONDS = 10.0
POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Process:
    """A running process of a cluster: its id, the role it was started in, its command line."""

    pid: int
    role: str
    command: tuple[str, ...]


def start(
    role: str, command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """Start a process of the cluster in ``folder``, its output at the end of ``logs/ROLE.log``."""
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{role}.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603
            [str(word) for word in command],
            cwd=folder,
            env={**os.environ, **environment, MARK: str(folder), ROLE: role},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def find(folder: Path) -> list[Process]:
    """Return the processes of the cluster in ``folder`` and their descendants, oldest first."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
            command = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:  # gone, or somebody else's
            continue
        if f"{MARK}={folder}".encode() in variables:
            prefix = f"{ROLE}=".encode()
            roles = [word[len(prefix) :] for word in variables if word.startswith(prefix)]
            found.append(Process(int(entry.name), roles[0].decode(), tuple(command)))
    return sorted(found, key=lambda process: process.pid)


def stop(folder: Path) -> int:
    """End every process of the cluster, those that do not listen by force; return how many."""
    listed = find(folder)
    for process in listed:
        send(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while (left := find(folder)) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    for process in left:
        send(process.pid, signal.SIGKILL)
    return len(listed)


def send(pid: int, number: int) -> None:
    """Send a signal to a process that may be gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def await_answer(
    what: str, answers: Callable[[], bool], seconds: float, log: Path, alive: Callable[[], bool]
) -> None:
    """Wait until ``answers`` says so. Raises ``CopydeskError`` with the end of ``log`` if not."""
    deadline = time.monotonic() + seconds
    while not answers():
        if time.monotonic() > deadline or not alive():
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            state = "does not answer" if alive() else "has ended"
            raise CopydeskError(f"the {what} {state}; the end of {log}:\n{tail}")
        time.sleep(POLL_SECONDS)


def listens(port: int) -> bool:
    """Return whether anything answers at a port of the loopback interface."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens at now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
