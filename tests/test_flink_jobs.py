"""Jobs on Flink through its REST interface, which is played here: name, cancel, savepoint."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions

from pipeline import flink
from pipeline.errors import CopydeskError


class JobManager(HTTPServer):
    """Knows three jobs of two names; ``savepoint`` is what a stop ends with."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[tuple[str, str, Any]] = []
        self.polls = 0
        self.savepoint: dict[str, Any] = {"location": "file:/sp/1"}

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"127.0.0.1:{self.server_port}"

    def reply(self, method: str, path: str) -> tuple[int, Any]:
        """Return what Flink would."""
        if path == "/jobs/overview":
            jobs = [("a", "ours", "RUNNING", 1), ("b", "ours", "RESTARTING", 2)]
            jobs += [("c", "ours", "CANCELED", 3), ("d", "theirs", "RUNNING", 4)]
            names = ("jid", "name", "state", "start-time")
            return 200, {"jobs": [dict(zip(names, job, strict=True)) for job in jobs]}
        if method == "POST":
            return 202, {"request-id": "r"}
        if path.endswith("/savepoints/r"):
            self.polls += 1
            done = self.polls > 1
            status = {"status": {"id": "COMPLETED" if done else "IN_PROGRESS"}}
            return 200, status | ({"operation": self.savepoint} if done else {})
        return (202, {}) if method == "PATCH" else (404, {"errors": ["Not found: " + path]})


class Answer(BaseHTTPRequestHandler):
    """Hands requests to the JobManager and its replies back."""

    server: JobManager

    def do(self) -> None:
        """Answer one request."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, json.loads(body) if body else None))
        code, reply = self.server.reply(self.command, self.path)
        self.send_response(code)
        self.end_headers()
        self.wfile.write(json.dumps(reply).encode())

    do_GET = do_POST = do_PATCH = do  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[JobManager]:
    """Return a JobManager that answers."""
    monkeypatch.setattr(flink, "POLL_SECONDS", 0.01)
    server = JobManager()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_job_is_named_before_it_is_started() -> None:
    """The name goes with the options; one that is given stays; an embedded Flink has no job."""
    options = PipelineOptions(["--flink_master=host:8081"])
    assert flink.job_of(options, "ours") == flink.Job("http://host:8081", "ours")
    assert options.view_as(GoogleCloudOptions).job_name == "ours"
    named = PipelineOptions(["--flink_master=https://host/", "--job_name=mine"])
    assert flink.job_of(named, "ours") == flink.Job("https://host", "mine")
    for flags in ([], ["--flink_master=[local]"]):
        assert flink.job_of(PipelineOptions(flags), "ours") is None


@pytest.mark.parametrize("drain", [False, True])
def test_the_newest_job_of_the_name_is_stopped(manager: JobManager, drain: bool) -> None:
    """Flink is asked for a savepoint, and asked again until it is there."""
    assert flink.Job(f"http://{manager.address}", "ours").stop(drain=drain) == "file:/sp/1"
    assert ("POST", "/jobs/b/stop", {"drain": drain}) in manager.asked
    assert manager.polls == 2


def test_a_savepoint_that_fails_is_told(manager: JobManager) -> None:
    """The first line of Flink's reason is what a person needs."""
    manager.savepoint = {"failure-cause": {"stack-trace": "disk full\n\tat org.apache"}}
    with pytest.raises(CopydeskError, match=r"savepoint: disk full$"):
        flink.Job(f"http://{manager.address}", "ours").stop(drain=False)


def test_a_failure_cancels_what_runs(manager: JobManager) -> None:
    """Every running job of the name is cancelled, nobody else's, and the error goes on."""
    job = flink.Job(f"http://{manager.address}", "ours")
    with pytest.raises(KeyboardInterrupt), flink.cancelled_on_failure(job):
        raise KeyboardInterrupt
    patched = {path for method, path, _ in manager.asked if method == "PATCH"}
    assert patched == {"/jobs/a?mode=cancel", "/jobs/b?mode=cancel"}
    manager.asked.clear()
    with flink.cancelled_on_failure(job):
        pass
    assert manager.asked == []


def test_flink_that_is_gone_is_told(manager: JobManager) -> None:
    """No answer, and no such job, are errors with one line."""
    with pytest.raises(CopydeskError, match="does not answer"):
        flink.Job("http://127.0.0.1:1", "ours").cancel()
    with pytest.raises(CopydeskError, match="runs no job"):
        flink.Job(f"http://{manager.address}", "nobody").stop(drain=False)
    with pytest.raises(CopydeskError, match="Not found: /jobs/x"):
        flink.Job(f"http://{manager.address}", "ours")._ask("GET", "/jobs/x")
    with (
        pytest.raises(ValueError, match="first"),
        flink.cancelled_on_failure(flink.Job("http://127.0.0.1:1", "ours")),
    ):
        raise ValueError("first")
