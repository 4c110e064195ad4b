"""How a stream is doing: one line, on a terminal always the same one."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
from apache_beam.metrics.metric import MetricsFilter
from apache_beam.runners.runner import PipelineResult

from pipeline.errors import CopydeskError
from transforms import metrics

TERMINAL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Times:
    """A distribution of milliseconds: their sum, how many there are, and the longest."""

    total: int
    count: int
    longest: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run has counted, by the names of the metrics with underscores for dots.

    ``trouble`` says what goes wrong again and again; None is nothing.
    """

    counters: Mapping[str, int]
    gauges: Mapping[str, int]
    times: Sequence[tuple[str, Times]]
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """What a run's metrics say: records in, those rejected by reason, and how far behind it is.

    ``lag`` counts records that wait in the broker; ``watermark`` is the age of the oldest one, in
    seconds; ``visible`` the seconds from arrival to visible, mean and maximum. None is unknown.
    ``trouble`` says what goes wrong again and again.
    """

    records: int
    rejected: Counter[str]
    lag: int | None
    watermark: int | None
    visible: tuple[float, int] | None
    trouble: str | None = None

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
        if self.trouble is not None:
            parts.append(self.trouble)
        return " · ".join(parts)


def read_status(figures: Figures) -> Status:
    """Return what the figures come to."""
    counters, gauges = figures.counters, figures.gauges
    lags = [value for name, value in gauges.items() if name.startswith(_LAG)]
    ages = [value for name, value in gauges.items() if name.startswith(_WATERMARK_AGE)]
    return Status(
        records=sum(count for name, count in counters.items() if name.startswith(_READ)),
        rejected=_rejected(counters),
        lag=sum(lags) if lags else None,
        watermark=max(ages) if ages else None,
        visible=_visible([each for name, each in figures.times if name.endswith(_VISIBLE)]),
        trouble=figures.trouble,
    )


def beam_figures(result: PipelineResult) -> Figures:
    """Return what the runner says of the run now. Raises ``grpc.RpcError`` when it is too busy."""
    # A result of the portable runners keeps the first answer it gets.
    result._metrics = None  # type: ignore[attr-defined]
    found = result.metrics().query(MetricsFilter().with_namespace(metrics.NAMESPACE))
    counters: Counter[str] = Counter()
    for each in found["counters"]:
        counters[_plain(each.key.metric.name)] += each.result or 0
    return Figures(
        counters,
        {
            _plain(each.key.metric.name): each.result.value
            for each in found["gauges"]
            if each.result
        },
        [
            (
                _plain(each.key.metric.name),
                Times(each.result.sum, each.result.count, each.result.max),
            )
            for each in found["distributions"]
            if each.result
        ],
    )


def _plain(name: str) -> str:
    """Return a name as Flink has it."""
    return name.replace(".", "_")


_LAG, _WATERMARK_AGE, _VISIBLE = map(_plain, (metrics.LAG, metrics.WATERMARK_AGE, metrics.VISIBLE))
_READ = _plain(metrics.accepted("Read")), "Read_rejected_"


def _rejected(counters: Mapping[str, int]) -> Counter[str]:
    rejected: Counter[str] = Counter()
    for name, count in counters.items():
        # The table of the dead letters has figures of its own.
        stage, middle, reason = name.partition("_rejected_")
        if middle and count and stage != metrics.SINK:
            rejected[reason] += count
    return rejected


def _visible(times: Sequence[Times]) -> tuple[float, int] | None:
    count = sum(each.count for each in times)
    if not count:
        return None
    longest = max(each.longest for each in times if each.count)
    return sum(each.total for each in times) / count / 1000, round(longest / 1000)


@contextmanager
def shown(read: Callable[[], Figures], interval: float | None) -> Iterator[None]:
    """Tell on standard error how a run is doing, each ``interval`` seconds; None for never.

    On a terminal it is one line that changes, more often than that.
    """
    if interval is None:
        yield
        return
    stop = threading.Event()
    terminal = sys.stderr.isatty()
    pause = min(TERMINAL_SECONDS, interval) if terminal else interval
    thread = threading.Thread(target=_show, args=(read, pause, terminal, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _show(read: Callable[[], Figures], pause: float, terminal: bool, stop: threading.Event) -> None:
    before, then = 0, time.monotonic()
    while not stop.wait(pause):
        try:
            status = read_status(read())
        except (grpc.RpcError, CopydeskError):
            # The runner is on its way out, or too busy to say.
            continue
        if not status.records and status.lag is None and status.trouble is None:
            continue
        now = time.monotonic()
        # Flink counts anew when it starts a job again.
        rate = max(status.records - before, 0) / (now - then)
        line = f"copydesk: {status.line(rate)}"
        before, then = status.records, now
        sys.stderr.write(f"\r\x1b[2K{line}" if terminal else f"{line}\n")
        sys.stderr.flush()
    if terminal:
        sys.stderr.write("\r\x1b[2K")
