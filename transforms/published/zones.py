"""The instant of a publication, when the page gives the minute and the zone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from transforms.published.evidence import Evidence

_WEST, _EAST, _HALF_HOUR = timedelta(hours=-12), timedelta(hours=14), timedelta(minutes=30)
_SHOWN = frozenset(("line", "time:text", "scan"))
_ISO_CODES = {"UK": "GB", "EL": "GR"}
_SEASON = timedelta(days=20)
"""An offset holds for another date this near: a change to summer time between them is unlikely."""


def localise(evidence: Sequence[Evidence], country: str | None = None) -> list[Evidence]:
    """Return the statements with those in UTC moved to the page's zone, where the page shows it.

    A page that states 17:52:31 UTC and shows 19:52 without a zone is two hours east of UTC: the
    shown time must be the instant's to the minute and whole half hours away, and several instants
    must not disagree. A page that shows but another day is in its country's zone, if that puts
    the instant on the day it shows.
    """
    stated = [item for item in evidence if item.candidate.kind == "published" and _is_utc(item)]
    offsets = {
        offset
        for item in stated
        for visible in evidence
        if _is_shown(visible) and (offset := _shift(item, visible)) is not None
    }
    if not offsets and country:
        offsets = _shown_day_offsets(stated, evidence, country)
    if len(offsets) != 1:
        return list(evidence)
    zone = timezone(offsets.pop())
    return [_moved(item, zone) if _is_utc(item) else item for item in evidence]


def _shown_day_offsets(
    stated: Sequence[Evidence], evidence: Sequence[Evidence], country: str
) -> set[timedelta]:
    """Return the country's offset if it moves an instant from a day the page does not show."""
    shown = {item.parsed.day for item in evidence if item.candidate.source in _SHOWN | {"url"}}
    offsets = set()
    for item in stated:
        at = item.parsed.at
        offset = offset_in(country, at) if at is not None else None
        if at is None or offset is None or at.date() in shown:
            continue
        if (at + offset).date() != at.date() and (at + offset).date() in shown:
            offsets.add(offset)
    return offsets


def offset_in(country: str, at: datetime) -> timedelta | None:
    """Return a country's offset from UTC at an instant; ``None`` if its zones differ then."""
    offsets = {at.astimezone(zone).utcoffset() for zone in _zones(country)}
    return offsets.pop() if len(offsets) == 1 else None


@cache
def _zones(country: str) -> tuple[ZoneInfo, ...]:
    """Return a country's zones as CLDR lists them."""
    names = get_global("territory_zones").get(_ISO_CODES.get(country, country), ())
    return tuple(ZoneInfo(name) for name in names)


def _is_shown(item: Evidence) -> bool:
    parsed = item.parsed
    naive = parsed.clock is not None and parsed.at is None and parsed.day is not None
    visible = item.candidate.source in _SHOWN or item.candidate.source == "time"
    return naive and visible and parsed.label != "modified" and item.candidate.kind == "published"


def _is_utc(item: Evidence) -> bool:
    moment = _offset(item)
    return moment is not None and not moment.utcoffset()


def _shift(item: Evidence, visible: Evidence) -> timedelta | None:
    at, day, clock = item.parsed.at, visible.parsed.day, visible.parsed.clock
    if at is None or day is None or clock is None:
        return None
    wall = datetime.combine(day, clock.replace(second=0))
    shift = wall - at.replace(tzinfo=None, second=0, microsecond=0)
    if not shift or shift % _HALF_HOUR or not _WEST <= shift <= _EAST:
        return None
    return shift


def _moved(item: Evidence, zone: timezone) -> Evidence:
    moment = datetime.fromisoformat(item.parsed.value).astimezone(zone)
    unit = "seconds" if item.parsed.precision == "second" else "minutes"
    parsed = replace(
        item.parsed, value=moment.isoformat(timespec=unit), day=moment.date(), clock=moment.time()
    )
    return replace(item, parsed=parsed)


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
