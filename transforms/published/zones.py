"""The instant of a publication, when the page gives the minute and the zone."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from transforms.published.evidence import Evidence

_SEASON = timedelta(days=20)
"""An offset holds for another date this near: a change to summer time between them is unlikely."""


def settle(
    day: date, best: Evidence, supporting: Sequence[Evidence], evidence: Sequence[Evidence]
) -> tuple[datetime | None, str]:
    """Return the local instant of publication with its precision, or ``None`` and ``day``.

    Statements of the same wall-clock time with different zones are one time written by a system
    that forgot its zone: an offset other than zero is believed over UTC. A time of day without a
    zone gets the offset of another statement of the page made at about that time, never a guess.
    """
    if best.parsed.at is not None and best.parsed.day == day:
        moment = datetime.fromisoformat(best.parsed.value)
        if not moment.utcoffset():
            moment = _same_wall_clock(moment, supporting) or moment
        return moment, best.parsed.precision
    clock = best.parsed.clock or next(
        (item.parsed.clock for item in supporting if item.parsed.clock), None
    )
    if clock is None:
        return None, "day"
    for item in evidence:
        offset = _offset(item)
        near = item.parsed.day is not None and abs(item.parsed.day - day) <= _SEASON
        if offset is not None and offset.utcoffset() and near:
            local = datetime.combine(day, clock, offset.tzinfo)
            return local, "minute" if clock.second == 0 else "second"
    return None, "day"


def _same_wall_clock(moment: datetime, supporting: Sequence[Evidence]) -> datetime | None:
    for item in supporting:
        other = _offset(item)
        if other is None or not other.utcoffset() or item.candidate.kind != "published":
            continue
        if other.replace(tzinfo=None, second=0) == moment.replace(tzinfo=None, second=0):
            return other
    return None


def _offset(item: Evidence) -> datetime | None:
    return datetime.fromisoformat(item.parsed.value) if item.parsed.at is not None else None
