"""One visible date line, read in any of many languages."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from transforms.published import clock as clocks
from transforms.published.lexicon import label
from transforms.published.locale import base_language
from transforms.published.named import RANGE_MARKS
from transforms.published.names import months, weekdays
from transforms.published.parsed import ParsedDate
from transforms.published.relative import read_relative
from transforms.published.span import Span
from transforms.published.spans import find
from transforms.published.tokens import Line, tokenise
from transforms.published.wording import Wording, look

_LABEL_REACH = 9
_MIN_WEEKDAY = 5
"""Shorter names of weekdays mean other things in other languages (``mar``, ``sat``)."""


def parse_date_line(
    text: str, *, language: str | None = None, reference: datetime | None = None
) -> ParsedDate | None:
    """Return the date a short line states as its own, or ``None``.

    ``language`` is a BCP 47 tag that settles the order of day and month and names that differ
    between languages; without it ``03/04/2024`` is ``None``. ``reference`` is the instant the line
    was seen: "2 hours ago" counts back from it, a date without a year is the last one before it,
    and both are ``None`` without it. Prose, ranges, copyright lines and numbers that merely look
    like dates are ``None``. Takes time linear in the length of the line.
    """
    parsed = read(text, language=language, reference=reference)
    if parsed is None or (parsed.alternative is not None and not language):
        return None
    return parsed


def read(
    text: str, *, language: str | None = None, reference: datetime | None = None
) -> ParsedDate | None:
    """Like ``parse_date_line``, but keeps an open order of day and month as the alternative."""
    text = text.strip()
    line = tokenise(text)
    if line is None or not len(line):
        return None
    seen = reference.date() if reference else None
    found = find(line, language, seen)
    if not found:
        return read_relative(line, text, reference) if reference else None
    if any(span.is_range for span in found) or _joined(line, found):
        return None
    taken = {index for span in found for index in range(span.start, span.end)}
    times = clocks.find(line, taken)
    taken.update(index for clock in times for index in range(clock.start, clock.end))
    wording = look(line, taken)
    if not wording.is_date_line():
        return None
    span, said = _choose(line, found)
    clock = _clock_of(span, found, times)
    if span.year is None and not (wording.is_bare() or clock or said):
        return None
    weekday = _weekday(line, span, language)
    dated = _settled(_in_order(span, clock), weekday, seen)
    if dated is None:
        return None
    if dated.day is None:
        return _month(text, dated, said) if wording.is_bare() else None
    parsed = _result(text, dated, clock, said, wording)
    return replace(parsed, yearless=span.year is None)


def _choose(line: Line, found: list[Span]) -> tuple[Span, str]:
    """Return the date of publication among a line's dates, and the label before it."""
    labels = [_label(line, span) for span in found]
    for wanted in ("published", "", "modified"):
        for span, said in zip(found, labels, strict=True):
            if said == wanted:
                return span, said
    return found[0], labels[0]


def _label(line: Line, span: Span) -> str:
    """Return what the nearest label before a date, not past another number, says about it."""
    for index in range(span.start - 1, max(-1, span.start - _LABEL_REACH), -1):
        if line.kinds[index] == "n":
            break
        said = label(line.texts[index]) if line.kinds[index] == "w" else ""
        if said:
            return said
    return ""


def _joined(line: Line, found: list[Span]) -> bool:
    """Say whether two dates are the ends of a span of time: ``1 May – 3 June 2024``."""
    return any(
        second.start - first.end == 1 and line.texts[first.end] in RANGE_MARKS
        for first, second in pairwise(found)
    )


def _in_order(span: Span, clock: clocks.Clock | None) -> Span:
    """Return a date whose order of day and month is open in the order that its time of day tells.

    The order is settled by a zone; hours above twelve only make day before month the likelier.
    """
    other = span.alternative
    if other is None or clock is None or span.year is None or span.day is None:
        return span
    american = clocks.tells_american(clock, other)
    if american is None:
        return span
    own = date(span.year, span.month, span.day)
    month_first, day_first = (own, other) if span.month_first else (other, own)
    wanted, rest = (month_first, day_first) if american else (day_first, month_first)
    return replace(
        span, month=wanted.month, day=wanted.day, alternative=rest if clock.zone is None else None
    )


def _settled(span: Span, weekday: int | None, seen: date | None) -> Span | None:
    """Return the date with its year and order of day and month, or ``None`` if it cannot be.

    A date without a year is the last one before ``seen``; a written weekday must agree.
    """
    if span.day is None:
        return span if span.year is not None else None
    if span.year is None:
        readings = [_last(span.month, span.day, seen)] if seen else []
    else:
        readings = [date(span.year, span.month, span.day), span.alternative]
    for day in readings:
        if day is not None and weekday in (None, day.weekday()):
            other = span.alternative if weekday is None else None
            return Span(span.start, span.end, day.year, day.month, day.day, other)
    return None


def _last(month: int, day: int, seen: date) -> date | None:
    for year in (seen.year, seen.year - 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate <= seen + timedelta(days=1):
            return candidate
    return None


def _weekday(line: Line, span: Span, language: str | None) -> int | None:
    """Return the weekday written within a few words of a date, when its name is beyond doubt."""
    base = base_language(language)
    for index in (*range(span.start - 1, span.start - 5, -1), *range(span.end, span.end + 3)):
        word = line.text(index)
        entry = weekdays().get(word) if line.kind(index) == "w" else None
        if entry is None or word in months():
            continue
        if base in entry:
            return entry[base]
        if len(word) >= _MIN_WEEKDAY and len(set(entry.values())) == 1:
            return next(iter(entry.values()))
    return None


def _clock_of(span: Span, found: list[Span], times: list[clocks.Clock]) -> clocks.Clock | None:
    """Return the time of day that belongs to a date: the next after it, else the last before it."""
    limit = min((other.start for other in found if other.start > span.start), default=None)
    for clock in times:
        if clock.start >= span.end and (limit is None or clock.start < limit):
            return clock
    before = [clock for clock in times if clock.start < span.start]
    return before[-1] if before and len(found) == 1 else None


def _month(text: str, span: Span, said: str) -> ParsedDate:
    return ParsedDate(f"{span.year:04}-{span.month:02}", "month", None, text, 0.5, label=said)


def _result(
    text: str,
    span: Span,
    clock: clocks.Clock | None,
    said: str,
    wording: Wording,
) -> ParsedDate:
    day = date(span.year or 0, span.month, span.day or 0)
    at = clocks.instant(day, clock) if clock else None
    value, precision = day.isoformat(), "day"
    if clock and at:
        precision = "second" if clock.seconds else "minute"
        local = datetime.combine(day, clock.time, clock.zone)
        value = local.isoformat(timespec="seconds" if clock.seconds else "minutes")
    return ParsedDate(
        value,
        precision,
        day,
        text,
        max(0.3, 0.9 - 0.05 * wording.unknown),
        clock.time if clock else None,
        at,
        said,
        alternative=span.alternative,
    )
