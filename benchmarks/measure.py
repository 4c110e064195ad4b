"""What a command costs: CPU with all its children, wall time, peak memory of each process."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Cost:
    """``cpu`` and ``wall`` are in seconds; ``peaks`` are MB of resident memory, a process each.

    The first of ``peaks`` is the command's own process, the others are its workers.
    """

    cpu: float
    wall: float
    peaks: tuple[float, ...]
    output: str


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end and return its cost.

    Children count once they have been waited for, as Beam waits for its workers. Raises
    ``RuntimeError`` with what the command printed when it fails.
    """
    started = time.monotonic()
    peaks: dict[int, float] = {}
    done = threading.Event()
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=subprocess.STDOUT, text=True) as process:
        watch = threading.Thread(target=_watch, args=(process.pid, peaks, done))
        watch.start()
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        watch.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{output}")
    own = peaks.pop(process.pid, 0.0)
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(cpu, time.monotonic() - started, (own, *peaks.values()), output)


def _watch(root: int, peaks: dict[int, float], done: threading.Event) -> None:
    """Note the peak memory of every process under ``root`` until told to stop."""
    while not done.wait(POLL_SECONDS):
        for process in _tree(root):
            peak = _peak(process)
            if peak is not None:
                peaks[process] = peak


def _tree(root: int) -> list[int]:
    found = [root]
    for process in found:
        try:
            for task in Path(f"/proc/{process}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def _peak(process: int) -> float | None:
    """Return a process's peak memory in MB; None for one that is gone, or a mere shell."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    if "VmHWM" not in fields or fields["Name"].strip() in ("sh", "dash", "bash"):
        return None
    return int(fields["VmHWM"].split()[0]) / 1024
