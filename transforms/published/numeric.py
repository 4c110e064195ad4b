"""Dates written with numbers alone, in the order of their locale."""

from datetime import date

from transforms.published.calendars import full_year
from transforms.published.locale import base_language
from transforms.published.span import Span, in_calendar, valid_day
from transforms.published.tables import word_set
from transforms.published.tokens import Line

_YEAR_FIRST = word_set("hu lt sv ja ko zh fa mn eu si")
_MONTH_FIRST_REGIONS = word_set("us ph pr gu as mp")
_UNSETTLED = frozenset(("", "und", "en"))
_SEPARATORS = frozenset("-/.–|")


def read_numeric(line: Line, i: int, language: str | None, reference: date | None) -> Span | None:
    """Read three numbers with equal signs between them, starting at token ``i``."""
    separator = line.text(i + 1)
    if separator not in _SEPARATORS or line.text(i + 3) != separator:
        return None
    if line.kind(i + 2) != "n" or line.kind(i + 4) != "n" or not _stands_alone(line, i, separator):
        return None
    lengths = tuple(len(line.texts[i + step]) for step in (0, 2, 4))
    if max(lengths) > 4 or lengths[1] > 2:
        return None
    a, b, c = (int(line.texts[i + step]) for step in (0, 2, 4))
    base = base_language(language)
    if lengths[0] == 4 and lengths[2] <= 2:
        return in_calendar(i, i + 5, a, b, c, language)
    if lengths[2] == 4 and lengths[0] <= 2:
        return _day_and_month(i, c, (a, b), separator, language)
    if lengths[2] != 2 or lengths[0] > 2 or _is_vague(base, separator, lengths):
        return None
    if base in _YEAR_FIRST or a > 31:
        year = full_year(a, reference, language)
        return in_calendar(i, i + 5, year, b, c, language) if year else None
    year = full_year(c, reference, language)
    return _day_and_month(i, year, (a, b), separator, language) if year else None


def _is_vague(base: str, separator: str, lengths: tuple[int, ...]) -> bool:
    """Say whether three short numbers may be anything: a version, a date in any of three orders."""
    if base not in _UNSETTLED:
        return False
    if separator == ".":
        return max(lengths[:2]) == 1
    return separator == "-" or base != "en"


def _stands_alone(line: Line, i: int, separator: str) -> bool:
    """Say whether three numbers are not part of a longer chain (an address, a phone number)."""
    before = line.text(i - 1) if line.glued(i) and line.kind(i - 1) == "p" else ""
    if before and before in "./-+:":
        prefix = line.text(i - 2) if line.kind(i - 2) == "w" else ""
        if before == "-" and len(prefix) == 1 and not prefix.isascii():
            return True
        if before != ":" or line.kind(i - 2) == "n":
            return False
    if line.glued(i) and line.kind(i - 1) == "w" and line.text(i - 1).isascii():
        return False
    after = i + 5
    chained = line.kind(after) == "p" and line.text(after) in "./-" and line.glued(after)
    if chained and line.glued(after + 1) and line.kind(after + 1) == "n":
        return False
    return separator == "." or all(
        line.glued(i + step) == line.glued(i + 1) for step in range(2, 5)
    )


def month_first(language: str | None) -> bool:
    """Say whether the locale's numeric dates start with the month, as in the United States."""
    base, _, rest = (language or "").lower().replace("_", "-").partition("-")
    region = rest.rpartition("-")[2]
    if len(region) == 2:
        return region in _MONTH_FIRST_REGIONS and base in ("en", "es", "fil", "tl", "und")
    return base in ("en", "fil", "tl")


def order_is_open(language: str | None) -> bool:
    """Say whether numeric dates of the locale come in both orders: English without a region."""
    base, _, rest = (language or "").lower().replace("_", "-").partition("-")
    return not base or (base in ("en", "und", "fil", "tl") and len(rest.rpartition("-")[2]) != 2)


def _day_and_month(
    i: int, year: int, pair: tuple[int, int], separator: str, language: str | None
) -> Span | None:
    first, second = pair
    us_order = separator != "." and (month_first(language) or second > 12)
    day, month = (second, first) if us_order else (first, second)
    span = in_calendar(i, i + 5, year, month, day, language)
    if span is None or first == second or max(pair) > 12:
        return span
    settled = separator == "." or not order_is_open(language)
    other = None if settled else valid_day(span.year, day, month)
    return Span(span.start, span.end, span.year, span.month, span.day, other, us_order)
