"""Jobs on Flink through its REST interface, which is played here: name, cancel, savepoint."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import quote

import pytest
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions

from pipeline import flink
from pipeline.errors import CopydeskError
from pipeline.flink_status import flink_figures
from pipeline.status import Status, read_status


class JobManager(HTTPServer):
    """Knows three jobs of two names; ``savepoint`` is what a stop ends with."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[tuple[str, str, Any]] = []
        self.polls = 0
        self.savepoint: dict[str, Any] = {"location": "file:/sp/1"}
        self.figures: dict[str, Any] = {}

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
        if path in self.figures:
            return 200, self.figures[path]
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


def test_a_job_is_watched_through_its_tasks(manager: JobManager) -> None:
    """Counters add up, of gauges the highest counts, and a restart is told with its cause."""
    values = {
        "0.[18]{ReadRecords__Read}.copydesk_Read_accepted": "30",
        "1.[18]{ReadRecords__Read}.copydesk_Read_accepted": "12",
        "1.[18]{ReadRecords__Read}.copydesk_Decode_rejected_empty": "2",
        "0.[18]{ReadRecords__Read}.copydesk_kafka_lag_news.de/0": "7",
        "1.[18]{ReadRecords__Read}.copydesk_kafka_lag_news.de/0": "3",
        "0.[3]{Write}.copydesk_sink_articles_visible_milliseconds": (
            "DistributionResult{sum=50000, count=2, min=10, max=41300}"
        ),
        "0.[18]{ReadRecords__Read}.numRecordsIn": "99",
    }
    ours = [key for key in values if "copydesk" in key]
    metrics = "/jobs/b/vertices/v/metrics"
    manager.figures = {
        "/jobs/b": {"vertices": [{"id": "v"}, {"id": "w"}]},
        "/jobs/b/vertices/w/metrics": [{"id": "0.numRecordsIn"}],
        metrics: [{"id": key} for key in values],
        f"{metrics}?get={quote(','.join(ours))}": [
            {"id": key, "value": values[key]} for key in ours
        ],
        "/jobs/b/metrics?get=numRestarts": [{"id": "numRestarts", "value": "0"}],
    }
    job = flink.Job(f"http://{manager.address}", "ours")
    found = read_status(flink_figures(job))
    assert found == Status(42, Counter(empty=2), 7, None, (25.0, 41))
    manager.figures["/jobs/b/metrics?get=numRestarts"][0]["value"] = "3"
    trace = (
        "java.lang.Exception: failed\n\tat x\nCaused by: No receiver found\n\tat y\n\t... 9 more"
    )
    manager.figures["/jobs/b/exceptions?maxExceptions=1"] = {
        "exceptionHistory": {"entries": [{"stacktrace": trace}]}
    }
    line = read_status(flink_figures(job)).line(1)
    assert line.endswith(" · restarts 3: No receiver found")
