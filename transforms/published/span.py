"""A date found among a line's tokens."""

from dataclasses import dataclass
from datetime import date

from transforms.published.calendars import (
    JALALI_YEARS,
    WEB_YEARS,
    gregorian_year,
    jalali_to_gregorian,
)
from transforms.published.locale import base_language


@dataclass(frozen=True, slots=True)
class Span:
    """A date found in a line: tokens ``[start, end)``; ``alternative`` swaps month and day.

    ``year`` or ``day`` is ``None`` when the line does not say it; ``month_first`` tells the order
    in which month and day were read.
    """

    start: int
    end: int
    year: int | None
    month: int
    day: int | None
    alternative: date | None = None
    month_first: bool = False
    is_range: bool = False


def valid_day(year: int | None, month: int, day: int) -> date | None:
    """Return the day if there is one in the web's time; without a year, in a leap year."""
    if year is not None and year not in WEB_YEARS:
        return None
    try:
        return date(year or 2000, month, day)
    except ValueError:
        return None


def in_calendar(
    start: int, end: int, year: int, month: int, day: int, language: str | None
) -> Span | None:
    """Return the span of a full numeric date, read in the calendar its language counts years in."""
    base = base_language(language)
    if year in JALALI_YEARS and base in ("fa", "ps", "prs"):
        return from_jalali(start, end, year, month, day)
    year = gregorian_year(year, base)
    return Span(start, end, year, month, day) if valid_day(year, month, day) else None


def from_jalali(start: int, end: int, year: int, month: int, day: int) -> Span | None:
    """Return the span of a Solar Hijri date as a Gregorian one."""
    converted = jalali_to_gregorian(year, month, day)
    if converted is None:
        return None
    return Span(start, end, converted.year, converted.month, converted.day)
