"""What surrounds a stream: its runner, its status line, its end."""

import logging
import os
import signal
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from apache_beam.options.pipeline_options import (
    DebugOptions,
    PipelineOptions,
    PrismRunnerOptions,
    StandardOptions,
)
from apache_beam.runners.runner import PipelineResult

from pipeline import cli, draining, prism_process, runner, status, streaming
from pipeline.errors import UsageError
from pipeline.prism import prism_path
from pipeline.sources import drain
from transforms import metrics


@pytest.mark.parametrize(
    "name",
    ["DirectRunner", "FnApiRunner", "BundleBasedDirectRunner", "InteractiveRunner", "SparkRunner"],
)
def test_runners_that_lose_records_are_refused(name: str) -> None:
    """A stream starts on no runner but those that were seen to keep it."""
    with pytest.raises(UsageError, match=f"{name} loses records"):
        runner.beam_options([f"--runner={name}"], None, 0, streaming=True)


def test_a_stream_runs_on_prism_without_being_told() -> None:
    """Prism is the default for streams, splits switched off; batch runs stay in process."""
    options = runner.beam_options([], None, 0, streaming=True)
    assert options.view_as(StandardOptions).runner == "PrismRunner"
    assert options.view_as(StandardOptions).streaming
    assert options.view_as(DebugOptions).lookup_experiment(runner.NO_SPLITS)
    assert runner.is_in_process(runner.beam_options([], None, 0))


def test_prism_is_looked_for_where_it_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one, the message says how to get it; nothing is downloaded."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    options = PipelineOptions([])
    with pytest.raises(UsageError, match="make prism"):
        prism_process.locate(options)
    built = prism_path()
    built.parent.mkdir(parents=True)
    built.touch()
    prism_process.locate(options)
    assert options.view_as(PrismRunnerOptions).prism_location == str(built)
    with pytest.raises(UsageError, match="no such file"):
        prism_process.locate(PipelineOptions(["--prism_location=/nowhere/prism"]))


def test_prism_dies_with_its_context_and_its_parent(tmp_path: Path) -> None:
    """Neither the end of a run nor a kill of its process leaves a Prism behind."""
    fake = tmp_path / "prism"
    fake.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    fake.chmod(0o755)
    options = PipelineOptions([f"--prism_location={fake}"])
    with prism_process.serving(options):
        time.sleep(0.2)
        pid = int((tmp_path / "pid").read_text())
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    child = os.fork()
    if child == 0:
        with prism_process.serving(PipelineOptions([f"--prism_location={fake}"])):
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
        if "Z" in (state := Path(f"/proc/{pid}/stat")).read_text().split()[2:3]:
            break
    assert not Path(f"/proc/{pid}").exists() or "Z" in state.read_text().split()[2:3]


def test_usage_errors_come_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mixed inputs, wrong windows and wrong addresses end with code 2 and one line."""
    # The command line quiets the root logger, which other tests listen to.
    monkeypatch.setattr(logging.getLogger(), "level", logging.getLogger().level)
    output = str(tmp_path / "out")
    for words, message in (
        (["--input", f"watch:{tmp_path}", "--input", "sample_input"], "has no end"),
        (["--input", "kafka://nowhere"], "not kafka://HOST:PORT"),
        (["--input", f"watch:{tmp_path}/missing"], "no such folder"),
        (["--input", f"watch:{tmp_path}", "--runner=DirectRunner"], "loses records"),
    ):
        assert cli.main(["run", *words, "--output", output]) == 2
        assert message in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        cli.main(["run", "--input", "watch:.", "--output", output, "--window-seconds", "5"])
    assert "not 10 to 3600" in capsys.readouterr().err


class _Result(PipelineResult):
    """A result whose wait ends as it is told, and whose metrics are these."""

    def __init__(self, wait: Any = None) -> None:
        super().__init__("RUNNING")
        self.wait = wait

    def wait_until_finish(self, duration: int | None = None) -> None:
        self.wait()

    def metrics(self) -> "_Result":
        return self

    def query(self, _: object) -> dict[str, list[Any]]:
        def entry(name: str, result: object) -> Any:
            return SimpleNamespace(
                key=SimpleNamespace(metric=SimpleNamespace(name=name)), result=result
            )

        times = SimpleNamespace(count=4, sum=100_000, max=41_300)
        return {
            "counters": [
                entry("Read.accepted", 1200),
                entry("Read.accepted", 30),
                entry("Read.rejected.empty", 4),
                entry("Decode.rejected.empty", 1),
                entry("Extract.rejected.not_article", 2),
                entry("Extract.accepted", 1227),
                entry(metrics.sink("rejected", "rows"), 7),
            ],
            "gauges": [
                entry(f"{metrics.LAG}news/0", SimpleNamespace(value=5)),
                entry(f"{metrics.LAG}news/1", SimpleNamespace(value=7)),
                entry(f"{metrics.WATERMARK_AGE}news/0", SimpleNamespace(value=9)),
                entry(f"{metrics.WATERMARK_AGE}news/1", SimpleNamespace(value=3)),
            ],
            "distributions": [entry(metrics.sink("articles", metrics.VISIBLE), times)],
        }


def test_the_status_is_read_off_the_metrics() -> None:
    """Steps and partitions add up; the oldest watermark counts."""
    found = status.read_status(status.beam_figures(_Result()))
    assert found == status.Status(1234, Counter(empty=5, not_article=2), 12, 9, (25.0, 41))
    assert found.line(50.04) == (
        "1,234 in · 50.0/s · lag 12 · watermark 9 s ago · rejected 7: empty 5, not_article 2"
        " · visible after 25 s, at most 41 s"
    )
    assert status.Status(0, Counter(), None, None, None).line(0) == "0 in · 0.0/s"


def test_the_status_is_a_line_each_window(capsys: pytest.CaptureFixture[str]) -> None:
    """Where standard error is no terminal it is a log, and nothing where nobody asked."""
    with status.shown(lambda: status.beam_figures(_Result()), 0.05):
        time.sleep(0.3)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("copydesk: 1,234 in · ") for line in lines)
    with status.shown(lambda: status.beam_figures(_Result()), None):
        time.sleep(0.1)
    assert capsys.readouterr().err == ""


def test_a_signal_drains(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SIGTERM sets the marker, which is gone once the run is over."""
    with streaming.stream_control(str(tmp_path), drain_flink=False, interval=None) as control:

        def wait() -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            deadline = time.monotonic() + 10
            while not drain.requested(control.marker) and time.monotonic() < deadline:
                time.sleep(0.01)

        control.wait(_Result(wait), None)
        assert drain.requested(control.marker)
        assert control.kept is None
    assert not drain.requested(control.marker)
    assert "SIGTERM: draining" in capsys.readouterr().err
    assert list((tmp_path / ".staging").iterdir()) == []


def test_a_second_signal_stops_at_once() -> None:
    """Whoever asks twice does not want to wait; afterwards signals are what they were."""
    before = signal.getsignal(signal.SIGINT)

    def ask_twice() -> None:
        with draining.on_signal(lambda: None):
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        ask_twice()
    assert signal.getsignal(signal.SIGINT) is before


class _Job:
    """A job on Flink that notes how it is stopped."""

    def __init__(self) -> None:
        self.stopped: list[bool] = []

    def stop(self, *, drain: bool) -> str:
        """Note it."""
        self.stopped.append(drain)
        return "file:/sp/7"


@pytest.mark.parametrize("drains", [False, True])
def test_on_flink_a_signal_asks_for_a_savepoint(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    drains: bool,
) -> None:
    """The savepoint holds what is not written; with --drain sources end, and all is."""
    monkeypatch.setattr(streaming, "SOURCES_SECONDS", 0.0)
    job: Any = _Job()

    def wait() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        raise RuntimeError("a stopped job is not done")

    with streaming.stream_control(str(tmp_path), drain_flink=drains, interval=None) as control:
        control.wait(_Result(wait), job)
        assert job.stopped == [drains]
        assert drain.requested(control.marker) is drains
        assert control.kept == (None if drains else "file:/sp/7")
    told = "--savepoint_path=file:/sp/7" in capsys.readouterr().err
    assert told is not drains


def test_a_run_that_fails_fails(tmp_path: Path) -> None:
    """Without a savepoint a failure is one."""

    def wait() -> None:
        raise RuntimeError("broken")

    with (
        streaming.stream_control(str(tmp_path), drain_flink=False, interval=None) as control,
        pytest.raises(RuntimeError, match="broken"),
    ):
        control.wait(_Result(wait), None)
