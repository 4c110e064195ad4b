"""How a job on Flink is doing, from Flink's REST interface: Beam's tells nothing before its end."""

import re
from collections import Counter
from urllib.parse import quote

from pipeline.flink import Job
from pipeline.status import Figures, Times
from transforms.metrics import NAMESPACE

_OURS = re.compile(rf"\d+\..*\.{NAMESPACE}_(.+)")
_DISTRIBUTION = re.compile(r"DistributionResult\{sum=(\d+), count=(\d+), min=\d+, max=(\d+)\}")


def flink_figures(job: Job) -> Figures:
    """Return what a job has counted since it was last started.

    Counters of its tasks are added up; of gauges, which a task keeps when a partition has gone to
    another, the highest counts.

    Raises ``CopydeskError`` when Flink does not answer or has no such job.
    """
    path = job.path()
    counters: Counter[str] = Counter()
    gauges: Counter[str] = Counter()
    times: list[tuple[str, Times]] = []
    for vertex in job.ask(path)["vertices"]:
        metrics = f"{path}/vertices/{vertex['id']}/metrics"
        ids = [each["id"] for each in job.ask(metrics)]
        wanted = {key: found[1] for key in ids if (found := _OURS.fullmatch(key))}
        if not wanted:
            continue
        for each in job.ask(f"{metrics}?get={quote(','.join(wanted))}"):
            name, value = wanted[each["id"]], each["value"]
            if found := _DISTRIBUTION.fullmatch(value):
                total, count, longest = map(int, found.groups())
                times.append((name, Times(total, count, longest)))
            elif value.isdecimal():
                counters[name] += int(value)
                gauges[name] = max(gauges[name], int(value))
    return Figures(counters, gauges, times, _trouble(job, path))


def _trouble(job: Job, path: str) -> str | None:
    """Return how often a job was restarted and why last; None when it was not."""
    (restarts,) = job.ask(f"{path}/metrics?get=numRestarts") or ({"value": "0"},)
    if restarts["value"] == "0":
        return None
    last = job.ask(f"{path}/exceptions?maxExceptions=1")["exceptionHistory"]["entries"]
    causes = [
        line.removeprefix("Caused by: ")
        for line in (last[0]["stacktrace"].splitlines() if last else ())
        if not line.startswith(("\t", " "))
    ]
    return f"restarts {restarts['value']}" + (f": {causes[-1]}" if causes else "")
