"""A job on Flink, told through Flink's REST interface what Beam's has no words for.

Beam's ``cancel`` leaves jobs running, and it cannot stop one with a savepoint.
https://nightlies.apache.org/flink/flink-docs-stable/docs/ops/rest_api/
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from apache_beam.options.pipeline_options import (
    FlinkRunnerOptions,
    GoogleCloudOptions,
    PipelineOptions,
)

from pipeline.errors import CopydeskError

REQUEST_SECONDS = 10.0
SAVEPOINT_SECONDS = 600.0
POLL_SECONDS = 0.5
_ENDED = frozenset({"FINISHED", "CANCELED", "FAILED"})


@dataclass(frozen=True, slots=True)
class Job:
    """A job by its name; ``rest`` is ``http://HOST:PORT`` of the JobManager."""

    rest: str
    name: str

    def cancel(self) -> None:
        """End the job at once, if it runs. Raises ``CopydeskError`` when Flink does not answer."""
        for job_id in self._running():
            self._ask("PATCH", f"/jobs/{job_id}?mode=cancel")

    def stop(self, *, drain: bool) -> str:
        """End the job in order and return the path of its savepoint.

        With ``drain`` time goes to its end first, so that all that is held is written: nothing can
        go on from there. Raises ``CopydeskError`` when Flink does not answer, has no such job, or
        cannot write the savepoint.
        """
        path = self.path()
        trigger = self._ask("POST", f"{path}/stop", {"drain": drain})["request-id"]
        deadline = time.monotonic() + SAVEPOINT_SECONDS
        while time.monotonic() < deadline:
            answer = self.ask(f"{path}/savepoints/{trigger}")
            if answer["status"]["id"] == "COMPLETED":
                return _location(answer["operation"])
            time.sleep(POLL_SECONDS)
        raise CopydeskError(f"Flink wrote no savepoint in {SAVEPOINT_SECONDS:.0f} s")

    def path(self) -> str:
        """Return where the REST interface has the job that runs.

        Raises ``CopydeskError`` when Flink does not answer or has no such job.
        """
        running = self._running()
        if not running:
            raise CopydeskError(f"Flink at {self.rest} runs no job {self.name}")
        return f"/jobs/{running[0]}"

    def ask(self, path: str) -> Any:
        """Return what Flink says there. Raises ``CopydeskError`` when it does not."""
        return self._ask("GET", path)

    def _running(self) -> list[str]:
        """Return the ids of the jobs of this name that have not ended, the newest first."""
        jobs = self.ask("/jobs/overview")["jobs"]
        ours = [job for job in jobs if job["name"] == self.name and job["state"] not in _ENDED]
        return [job["jid"] for job in sorted(ours, key=lambda job: -job["start-time"])]

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.rest + path, data, headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as answer:  # noqa: S310
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise CopydeskError(f"Flink at {self.rest}: {_reason(error.read())}") from error
        except (OSError, ValueError) as error:
            raise CopydeskError(f"Flink at {self.rest} does not answer: {error}") from error


def job_of(options: PipelineOptions, name: str) -> Job | None:
    """Return the job these options start, and name it; None where Flink has no REST interface.

    The address is that of ``--flink_master``; an embedded Flink ends with its job server.
    """
    master = options.view_as(FlinkRunnerOptions).flink_master or ""
    if not master or master.startswith("["):
        return None
    cloud = options.view_as(GoogleCloudOptions)
    cloud.job_name = cloud.job_name or name
    rest = master if "://" in master else f"http://{master}"
    return Job(rest.rstrip("/"), cloud.job_name)


@contextmanager
def cancelled_on_failure(job: Job | None) -> Iterator[None]:
    """Cancel a job when what watches over it fails or is interrupted."""
    try:
        yield
    except BaseException:
        if job is not None:
            with suppress(CopydeskError):
                job.cancel()
        raise


def _location(operation: dict[str, Any]) -> str:
    if "location" in operation:
        return str(operation["location"])
    cause = operation.get("failure-cause", {}).get("stack-trace", "no reason given")
    raise CopydeskError(f"Flink could not write the savepoint: {cause.splitlines()[0]}")


def _reason(body: bytes) -> str:
    """Return the first line of what Flink says is wrong."""
    try:
        errors = json.loads(body)["errors"]
        return next(line for text in errors for line in str(text).splitlines() if line.strip())
    except (ValueError, KeyError, TypeError, StopIteration):
        return body[:200].decode("utf-8", "replace")
