"""The driver, ``copydesk run``, under a supervisor: when it dies it is started again."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runners.cluster import flink
from runners.cluster.cluster import Cluster
from tests.conftest import ROOT

ENDED = {"FINISHED", "CANCELED", "FAILED"}
CANCEL_SECONDS = 60.0


@dataclass
class Driver:
    """A streaming job on a cluster, started from its latest checkpoint each time but the first."""

    cluster: Cluster
    source: str
    output: Path
    log: Path
    window_seconds: int
    starts: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Start the run; what an earlier driver left running on Flink is cancelled before."""
        cancel_all(self.cluster.ports.rest)
        restored = [f"--savepoint_path={path}"] if (path := self._checkpoint()) else []
        places = ["--input", self.source, "--output", str(self.output)]
        window = f"--window-seconds={self.window_seconds}"
        places.append("--drain")
        flags = ["@runners/flink.args", *self.cluster.flags, window, *restored]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipeline.cli", "run", *flags, *places],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.starts += 1

    def alive(self) -> bool:
        """Return whether the driver runs."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Kill the driver as the kernel would for want of memory."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def drain(self, seconds: float) -> int:
        """End the job with all that it holds written, and return the driver's exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def _checkpoint(self) -> str | None:
        """Return the latest checkpoint that is whole: metadata is written last."""
        found = self.cluster.folder.glob("checkpoints/*/chk-*/_metadata")
        latest = max(found, key=lambda path: path.stat().st_mtime, default=None)
        return f"file://{latest.parent}" if latest and self.starts else None


def jobs(rest_port: int) -> list[dict[str, Any]]:
    """Return the jobs that have not ended; none when the JobManager does not answer."""
    try:
        listed = flink.get(rest_port, "/jobs/overview")["jobs"]
    except (OSError, ValueError):
        return []
    return [job for job in listed if job["state"] not in ENDED]


def cancel_all(rest_port: int) -> None:
    """Cancel every job on the cluster and wait until all have ended."""
    deadline = time.monotonic() + CANCEL_SECONDS
    while (left := jobs(rest_port)) and time.monotonic() < deadline:
        for job in left:
            if job["state"] != "CANCELLING":
                _ask(f"http://localhost:{rest_port}/jobs/{job['jid']}?mode=cancel", "PATCH")
        time.sleep(0.5)
    assert not left, f"{len(left)} jobs cannot be cancelled"


def running(rest_port: int) -> bool:
    """Return whether all tasks of the one job run."""
    listed = jobs(rest_port)
    if len(listed) != 1 or listed[0]["state"] != "RUNNING":
        return False
    tasks = listed[0]["tasks"]
    return bool(tasks["total"] and tasks["running"] + tasks["finished"] == tasks["total"])


def _ask(url: str, method: str, body: dict[str, Any] | None = None) -> None:
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method)
    urllib.request.urlopen(request, timeout=10).close()
