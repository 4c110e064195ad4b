"""One visible date line, read in any of many languages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from transforms.published import clock as clocks
from transforms.published import spans
from transforms.published.lexicon import (
    BYLINE_WORDS,
    OFFSETS,
    ONE_WORDS,
    REFUSED_SIGNS,
    REFUSED_WORDS,
    SMALL_WORDS,
    TODAY,
    YESTERDAY,
    ZONE_NAMES,
    label,
)
from transforms.published.names import HIJRI_MONTHS, ago, months, weekdays
from transforms.published.spans import Span
from transforms.published.tokens import Line, tokenise

_DELIMITERS = frozenset("|•·–—‣●/")
_SENTENCE_WORDS = 4
_BYLINE_LIMIT = 14


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date read from one string.

    ``value`` is ISO 8601 at ``precision`` (year, month, day, minute, second) and never has a time
    without a zone; ``day`` is the day as written; ``clock`` a time of day as written, ``at`` the
    instant in UTC when the zone was written too. ``label`` is ``published`` or ``modified`` when
    the line says so. ``relative`` marks a date counted back from the reference; ``alternative``
    is the day with month and day swapped where the order is open. ``confidence`` is a rank from
    0 to 1, not calibrated.
    """

    value: str
    precision: str
    day: date | None
    raw: str
    confidence: float
    clock: time | None = None
    at: datetime | None = None
    label: str = ""
    relative: bool = False
    alternative: date | None = None


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
    stripped = text.strip()
    parsed = read(stripped, language=language, reference=reference)
    if parsed is None or (parsed.alternative is not None and not language):
        return None
    return parsed


def read(
    text: str, *, language: str | None = None, reference: datetime | None = None
) -> ParsedDate | None:
    """Like ``parse_date_line``, but keeps an open order of day and month as the alternative."""
    line = tokenise(text)
    if line is None or not len(line):
        return None
    seen = reference.date() if reference else None
    found = spans.find(line, language, seen)
    if not found:
        return _relative(line, text, reference) if reference else None
    if any(span.is_range for span in found) or _joined_range(line, found):
        return None
    taken = {index for span in found for index in range(span.start, span.end)}
    times = clocks.find(line, taken)
    if not _is_date_line(line, taken, times):
        return None
    span, said = _choose(line, found)
    completed = _with_year(line, span, language, seen)
    if completed is None:
        return None
    return _result(line, text, completed, _time_for(completed, found, times), said)


def _choose(line: Line, found: list[Span]) -> tuple[Span, str]:
    """Return the date of publication among a line's dates, and the label before it."""
    labels = [_label(line, span) for span in found]
    for wanted in ("published", "", "modified"):
        for span, said in zip(found, labels, strict=True):
            if said == wanted:
                return span, said
    return found[0], labels[0]


def _label(line: Line, span: Span) -> str:
    """Return what the words before a date, back to the last other number, say about it."""
    index = span.start - 1
    while index >= 0 and line.kinds[index] != "n":
        said = label(line.texts[index]) if line.kinds[index] == "w" else ""
        if said:
            return said
        index -= 1
    return ""


def _with_year(line: Line, span: Span, language: str | None, seen: date | None) -> Span | None:
    """Give a yearless date the last year before ``seen`` and hold it against a written weekday."""
    weekday = _weekday(line, span, language)
    if span.year is None:
        if seen is None or span.day is None:
            return None
        day = _last(span.month, span.day, seen)
        if day is None or (weekday is not None and day.weekday() != weekday):
            return None
        return Span(span.start, span.end, day.year, span.month, span.day)
    if weekday is None or span.day is None:
        return span
    if date(span.year, span.month, span.day).weekday() == weekday:
        return Span(span.start, span.end, span.year, span.month, span.day)
    other = span.alternative
    if other is not None and other.weekday() == weekday:
        return Span(span.start, span.end, other.year, other.month, other.day)
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
    table = weekdays()
    base = (language or "").lower().partition("-")[0]
    near = (*range(span.start - 1, span.start - 5, -1), *range(span.end, span.end + 3))
    for index in near:
        word = line.text(index)
        entry = table.get(word) if line.kind(index) == "w" else None
        if entry is None or word in months():
            continue
        if base in entry:
            return entry[base]
        values = set(entry.values())
        if len(values) == 1 and len(word) > 4:
            return values.pop()
    return None


def _time_for(span: Span, found: list[Span], times: list[clocks.Clock]) -> clocks.Clock | None:
    """Return the time of day that belongs to a date: the next after it, else the last before it."""
    following = [other.start for other in found if other.start > span.start]
    limit = min(following, default=10_000)
    after = [clock for clock in times if span.end <= clock.start < limit]
    if after:
        return after[0]
    earlier = max((other.end for other in found if other.end <= span.start), default=0)
    before = [clock for clock in times if earlier <= clock.start < span.start]
    return before[-1] if before and len(found) == 1 else None


def _result(
    line: Line, text: str, span: Span, clock: clocks.Clock | None, said: str
) -> ParsedDate | None:
    if span.year is None:
        return None
    if span.day is None:
        if any(kind == "w" for kind in _unknown(line, span)):
            return None
        return ParsedDate(f"{span.year:04}-{span.month:02}", "month", None, text, 0.5, label=said)
    day = date(span.year, span.month, span.day)
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
        0.6 if span.alternative else 0.9,
        clock.time if clock else None,
        at,
        said,
        alternative=span.alternative,
    )


def _unknown(line: Line, span: Span) -> list[str]:
    """Return the kinds of the tokens outside a date that are not small words around dates."""
    return [
        line.kinds[index]
        for index in range(len(line))
        if not span.start <= index < span.end
        and line.kinds[index] != "p"
        and not _is_known(line.texts[index])
    ]


@lru_cache(maxsize=8192)
def _is_known(word: str) -> bool:
    return (
        word in SMALL_WORDS
        or word in BYLINE_WORDS
        or word in OFFSETS
        or word in ZONE_NAMES
        or word in HIJRI_MONTHS
        or word in weekdays()
        or label(word) != ""
    )


def _joined_range(line: Line, found: list[Span]) -> bool:
    """Say whether two dates are the ends of a span of time: ``1 May – 3 June 2024``."""
    return any(
        second.start - first.end == 1
        and line.texts[first.end] in ("-", "–", "—", "to", "bis", "al", "au", "до", "do", "a")
        for first, second in pairwise(found)
    )


def _is_date_line(line: Line, taken: set[int], times: list[clocks.Clock]) -> bool:
    """Say whether the words around the dates are those of a byline or date line, not of prose."""
    timed = {index for clock in times for index in range(clock.start, clock.end)}
    free = [i for i in range(len(line)) if i not in taken and i not in timed]
    if any(line.texts[i] in REFUSED_WORDS or line.texts[i] in REFUSED_SIGNS for i in free):
        return False
    others = [i for i in free if line.kinds[i] != "p" and not _is_known(line.texts[i])]
    numbers = sum(line.kinds[i] == "n" for i in others)
    hijri = any(line.texts[i] in HIJRI_MONTHS for i in free)
    unknown = len(others) - numbers
    delimited = any(line.texts[i] in _DELIMITERS for i in free if line.kinds[i] == "p")
    labelled = any(line.kinds[i] == "w" and label(line.texts[i]) for i in free)
    byline = line.texts[free[0]] in BYLINE_WORDS if free else False
    if numbers > (3 if delimited or hijri else 1):
        return False
    if unknown > (_BYLINE_LIMIT if delimited or labelled or byline else _SENTENCE_WORDS):
        return False
    return not (unknown >= 3 and not labelled and line.texts[-1] in ".!?" and len(line) - 1 in free)


def _relative(line: Line, text: str, reference: datetime) -> ParsedDate | None:
    """Read "2 hours ago", "vor einer Stunde", "gestern" counted back from ``reference``."""
    aware = reference if reference.tzinfo else reference.replace(tzinfo=UTC)
    for i in range(len(line)):
        value = line.number(i, 3) if line.kinds[i] == "n" else None
        if value is None and line.texts[i] in ONE_WORDS:
            value = 1
        unit = _ago_unit(line, i) if value is not None else None
        if unit is None or value is None:
            continue
        if sum(not _is_known(word) for word in line.texts) > _SENTENCE_WORDS + 6:
            return None
        return _counted_back(text, aware, value, unit)
    if len(line) <= 12:
        for words, days in ((TODAY, 0), (YESTERDAY, 1)):
            if any(word in words for word in line.texts[:6]) or " ".join(line.texts[:3]) in words:
                if sum(not _is_known(w) for w in line.texts if w.isalpha()) > 4:
                    return None
                return _counted_back(text, aware, days, "day")
    return None


def _ago_unit(line: Line, i: int) -> str | None:
    """Return the unit of the longest "ago" phrase around the number at token ``i``."""
    table = ago()
    words = [text for text, kind in zip(line.texts, line.kinds, strict=True) if kind != "p"]
    at = sum(kind != "p" for kind in line.kinds[:i])
    for before in (3, 2, 1, 0):
        for after in (4, 3, 2, 1, 0):
            if before + after and at >= before:
                phrase = " ".join((*words[at - before : at], "#", *words[at + 1 : at + 1 + after]))
                if phrase in table:
                    return table[phrase]
    return None


def _counted_back(text: str, seen: datetime, value: int, unit: str) -> ParsedDate | None:
    if unit in ("second", "minute"):
        seconds = value * (60 if unit == "minute" else 1)
        at = (seen - timedelta(seconds=seconds)).replace(second=0, microsecond=0)
        day = at.date()
        shown = at.isoformat(timespec="minutes")
        return ParsedDate(
            shown, "minute", day, text, 0.7, None, at.astimezone(UTC), "", relative=True
        )
    if unit in ("week", "month"):
        return None
    hours = value * (24 if unit == "day" else 1)
    if hours > 24 * 400:
        return None
    day = (seen - timedelta(hours=hours)).date()
    return ParsedDate(day.isoformat(), "day", day, text, 0.6, relative=True)
