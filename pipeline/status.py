"""How a stream is doing: one line, on a terminal always the same one."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
from apache_beam.metrics.execution import MetricResult
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.runners.runner import PipelineResult

from transforms import metrics

TERMINAL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Status:
    """What a run's metrics say: records in, those rejected by reason, and how far behind it is.

    ``lag`` counts records that wait in the broker; ``watermark`` is the age of the oldest one, in
    seconds; ``visible`` the seconds from arrival to visible, mean and maximum. None is unknown.
    """

    records: int
    rejected: Counter[str]
    lag: int | None
    watermark: int | None
    visible: tuple[float, int] | None

    def line(self, rate: float) -> str:
        """Return the status as a person reads it; ``rate`` is in records a second."""
        parts = [f"{self.records:,} in", f"{rate:.1f}/s"]
        if self.lag is not None:
            parts.append(f"lag {self.lag:,}")
        if self.watermark is not None:
            parts.append(f"watermark {self.watermark:,} s ago")
        if rejected := sum(self.rejected.values()):
            reasons = ", ".join(
                f"{name} {count:,}" for name, count in sorted(self.rejected.items())
            )
            parts.append(f"rejected {rejected:,}: {reasons}")
        if self.visible is not None:
            mean, longest = self.visible
            parts.append(f"visible after {mean:.0f} s, at most {longest:,} s")
        return " · ".join(parts)


def read_status(result: PipelineResult) -> Status:
    """Return what the runner says of the run now."""
    # A result of the portable runners keeps the first answer it gets.
    result._metrics = None  # type: ignore[attr-defined]
    found = result.metrics().query(MetricsFilter().with_namespace(metrics.NAMESPACE))
    counters: Counter[str] = Counter()
    for each in found["counters"]:
        counters[each.key.metric.name] += each.result or 0
    gauges = {each.key.metric.name: each.result.value for each in found["gauges"] if each.result}
    lags = [value for name, value in gauges.items() if name.startswith(metrics.LAG)]
    ages = [value for name, value in gauges.items() if name.startswith(metrics.WATERMARK_AGE)]
    read = metrics.accepted("Read"), "Read.rejected."
    return Status(
        records=sum(count for name, count in counters.items() if name.startswith(read)),
        rejected=_rejected(counters),
        lag=sum(lags) if lags else None,
        watermark=max(ages) if ages else None,
        visible=_visible(found["distributions"]),
    )


def _rejected(counters: Counter[str]) -> Counter[str]:
    rejected: Counter[str] = Counter()
    for name, count in counters.items():
        # The table of the dead letters has figures of its own.
        stage, middle, reason = name.partition(".rejected.")
        if middle and count and stage != metrics.SINK:
            rejected[reason] += count
    return rejected


def _visible(distributions: Iterable[MetricResult]) -> tuple[float, int] | None:
    times = [
        each.result
        for each in distributions
        if each.key.metric.name.endswith(metrics.VISIBLE) and each.result and each.result.count
    ]
    if not times:
        return None
    mean = sum(each.sum for each in times) / sum(each.count for each in times)
    return mean / 1000, round(max(each.max for each in times) / 1000)


@contextmanager
def shown(result: PipelineResult, interval: float | None) -> Iterator[None]:
    """Tell on standard error how the run is doing, each ``interval`` seconds; None for never.

    On a terminal it is one line that changes, more often than that.
    """
    if interval is None:
        yield
        return
    stop = threading.Event()
    terminal = sys.stderr.isatty()
    pause = min(TERMINAL_SECONDS, interval) if terminal else interval
    thread = threading.Thread(target=_show, args=(result, pause, terminal, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _show(result: PipelineResult, pause: float, terminal: bool, stop: threading.Event) -> None:
    before, then = 0, time.monotonic()
    while not stop.wait(pause):
        try:
            status = read_status(result)
        except grpc.RpcError:
            # The runner is on its way out, or too busy to say.
            continue
        if not status.records and status.lag is None:
            # Nothing yet, or a runner such as Flink that tells its figures at the end.
            continue
        now = time.monotonic()
        line = f"copydesk: {status.line((status.records - before) / (now - then))}"
        before, then = status.records, now
        sys.stderr.write(f"\r\x1b[2K{line}" if terminal else f"{line}\n")
        sys.stderr.flush()
    if terminal:
        sys.stderr.write("\r\x1b[2K")
