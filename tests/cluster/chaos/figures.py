"""What a chaos run's times come to."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median, quantiles

from tests.cluster.chaos.kill import VICTIMS, Kill

CALM_SECONDS = 120.0
"""A record that arrived so long before a kill, or later, is not delayed by it."""


def recovery(kills: Sequence[Kill]) -> dict[str, dict[str, list[float]]]:
    """Return for each kind of victim the median and greatest seconds of each step.

    ``back`` counts from the kill; ``tasks`` (all running) and ``rows`` (new ones visible) from
    being back. A step that the next kill cut short is left out.
    """
    found: dict[str, dict[str, list[float]]] = {}
    for victim in VICTIMS:
        listed = [kill for kill in kills if kill.victim == victim and kill.back is not None]
        steps = {
            "back": [k.back - k.at for k in listed if k.back],
            "tasks": [k.tasks - k.back for k in listed if k.tasks and k.back],
            "rows": [k.rows - k.back for k in listed if k.rows and k.back],
        }
        found[victim] = {step: _spread(seconds) for step, seconds in steps.items() if seconds}
    return found


def latency(
    arrived: Mapping[str, float], visible: Mapping[str, float], kills: Iterable[Kill]
) -> dict[str, list[float]]:
    """Return median, 95th centile and maximum of seconds from arrival to visible.

    ``calm`` are the records that came when rows were there already and no kill was near. Those
    sent late are left out: their time of arrival is made up.
    """
    moments = [kill.at for kill in kills]
    first = min(visible.values(), default=0.0)
    delays = {row_id: visible[row_id] - at for row_id, at in arrived.items() if row_id in visible}
    calm = [
        delay
        for row_id, delay in delays.items()
        if arrived[row_id] > first
        and not any(-CALM_SECONDS < arrived[row_id] - at < CALM_SECONDS for at in moments)
    ]
    named = {"all": list(delays.values()), "calm": calm}
    return {
        name: [*_spread(values), round(quantiles(values, n=20)[-1], 1)]
        for name, values in named.items()
        if len(values) > 1
    }


def _spread(seconds: Sequence[float]) -> list[float]:
    return [round(median(seconds), 1), round(max(seconds), 1)]
