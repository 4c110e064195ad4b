"""Times of day and time zones written in a line."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from transforms.published.folding import folded_words
from transforms.published.lexicon import (
    AM_WORDS,
    OFFSETS,
    PM_WORDS,
    ZONE_NAMES,
)
from transforms.published.tokens import Line

_HAWAII, _EASTERN = timedelta(hours=-10), timedelta(hours=-4)
_HOUR_WORDS = folded_words("h u uhr uur klo kl ore heures horas ч час 時 时 点 點 시 giờ gio น")
_MINUTE_WORDS = ("分", "분", "min", "m")
_DOT_CLOCK_AFTER = folded_words("uhr uur h wib wita wit น")
_DOT_CLOCK_BEFORE = folded_words("kl klo klokken alle ore às as om pukul jam at ob 'ob")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day at tokens ``[start, end)``.

    ``seconds`` says whether they were written, ``halved`` whether it was told from noon (2 pm).
    """

    start: int
    end: int
    time: time
    seconds: bool
    zone: tzinfo | None = None
    halved: bool = False


def find(line: Line, taken: set[int]) -> list[Clock]:
    """Return the times of day of the line outside the tokens already taken."""
    found: list[Clock] = []
    index = 0
    while index < len(line):
        clock = None
        if line.kinds[index] == "n" and index not in taken and len(line.texts[index]) <= 2:
            clock = _read(line, index, after_date=_follows(line, index, taken))
        if clock is None:
            index += 1
        else:
            found.append(clock)
            index = max(clock.end, index + 1)
    return found


def instant(day: date, clock: Clock) -> datetime | None:
    """Return the instant of a time on a day, or ``None`` when its zone is unknown."""
    if clock.zone is None:
        return None
    return datetime.combine(day, clock.time, clock.zone).astimezone(UTC)


def _follows(line: Line, i: int, taken: set[int]) -> bool:
    """Say whether a token comes right after a date, perhaps with one sign between."""
    return i - 1 in taken or (line.kind(i - 1) == "p" and i - 2 in taken)


def _read(line: Line, i: int, *, after_date: bool) -> Clock | None:
    hour = int(line.texts[i])
    minute, second, end = _minutes(line, i, after_date=after_date)
    if end == i:
        return None
    plain_end = end
    start, end, hour = _half_of_day(line, i, end, hour)
    halved = (start, end) != (i, plain_end)
    if not (hour < 24 and minute < 60 and (second or 0) < 60):
        return None
    zone, end = _zone(line, end)
    return Clock(start, end, time(hour, minute, second or 0), second is not None, zone, halved)


def _minutes(line: Line, i: int, *, after_date: bool) -> tuple[int, int | None, int]:
    """Return minute, second and the token after the time; that token is ``i`` if there is none."""
    mark, two = line.text(i + 1), line.number(i + 2, 2)
    full = two is not None and len(line.text(i + 2)) == 2
    if mark == ":" and full and two is not None:
        seconds = line.number(i + 4, 2) if line.text(i + 3) == ":" else None
        if seconds is None:
            return two, None, i + 3
        end = i + 5
        if line.text(end) in (".", ",") and line.glued(end) and line.glued(end + 1):
            end += 2 if line.kind(end + 1) == "n" else 0
        return two, seconds, end
    if mark == "." and full and two is not None and line.glued(i + 2):
        if not (after_date or _dot_clock(line, i)):
            return 0, None, i
        return two, None, i + 3
    if mark in _HOUR_WORDS:
        if two is not None and (line.glued(i + 2) or line.text(i + 3) in _MINUTE_WORDS):
            after = line.text(i + 3)
            return two, None, i + 4 if after in _MINUTE_WORDS and after != "m" else i + 3
        return 0, None, i + 2
    if mark in ("am", "pm") or (mark in ("a", "p") and line.text(i + 3) == "m"):
        return 0, None, i + 1
    return 0, None, i


def _dot_clock(line: Line, i: int) -> bool:
    before = line.text(i - 1) if line.text(i - 1) != "." else line.text(i - 2)
    return (
        before in _DOT_CLOCK_BEFORE
        or line.text(i + 3) in _DOT_CLOCK_AFTER
        or (line.text(i + 3) in ("am", "pm", "a", "p"))
    )


def _half_of_day(line: Line, start: int, end: int, hour: int) -> tuple[int, int, int]:
    """Apply the words for before and after noon around a time; returns start, end and hour."""
    word = line.text(end)
    length = 1
    if word in ("a", "p", "π", "μ", "ق", "ب") and line.text(end + 1) == ".":
        word += {"a": "m", "p": "m"}.get(word, "μ" if word in "πμ" else "")
        length = 4 if line.text(end + 3) == "." else 3
    before = line.text(start - 1)
    if word in PM_WORDS or before in PM_WORDS:
        hour = hour + 12 if hour < 12 else hour
    elif word in AM_WORDS or before in AM_WORDS:
        hour = 0 if hour == 12 else hour
    if word in PM_WORDS or word in AM_WORDS:
        return start, end + length, hour
    if before in PM_WORDS or before in AM_WORDS:
        return start - 1, end, hour
    return start, end, hour


def _zone(line: Line, i: int) -> tuple[tzinfo | None, int]:
    """Return the zone written at token ``i``, if any, and the token after it."""
    while line.text(i) in ("(", ",", "uhr", "hrs", "น") or line.text(i) in _HOUR_WORDS:
        i += 1
    word = line.text(i)
    if word in ("+", "-", "−") and line.kind(i + 1) == "n":
        return _offset(line, i, 0)
    if word in ("gmt", "utc"):
        if line.text(i + 1) in ("+", "-", "−"):
            return _offset(line, i + 1, 1)
        return UTC, i + 1
    if word == "z" and line.glued(i):
        return UTC, i + 1
    if word in ZONE_NAMES:
        return ZONE_NAMES[word], i + 1
    if word in OFFSETS:
        return timezone(timedelta(minutes=OFFSETS[word])), i + 1
    return None, i


def _offset(line: Line, i: int, named: int) -> tuple[tzinfo | None, int]:
    """Read ``+01:00``, ``+0100`` or, after GMT, ``+7`` at the sign ``i``."""
    digits = line.text(i + 1)
    minutes = line.number(i + 3, 2) if line.text(i + 2) == ":" else None
    if len(digits) == 4:
        hours, minutes, end = int(digits[:2]), int(digits[2:]), i + 2
    elif len(digits) <= 2 and minutes is not None:
        hours, end = int(digits), i + 4
    elif len(digits) <= 2 and (named or len(digits) == 2):
        hours, minutes, end = int(digits), 0, i + 2
    else:
        return None, i
    if hours > 14 or minutes > 59:
        return None, i
    total = timedelta(hours=hours, minutes=minutes)
    return timezone(total if line.text(i) == "+" else -total), end


def tells_american(clock: Clock, day: date) -> bool | None:
    """Say whether a time is told as in the United States: in its zones, or from noon; else None.

    A zone decides. Without one, an afternoon hour above twelve speaks for elsewhere.
    """
    if clock.zone is not None:
        offset = datetime.combine(day, clock.time, clock.zone).utcoffset()
        return offset is not None and _HAWAII <= offset <= _EASTERN
    return False if clock.time.hour > 12 and not clock.halved else None
