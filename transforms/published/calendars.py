"""Years and days of other calendars as Gregorian ones, and years written with two digits."""

from datetime import date, timedelta

WEB_YEARS = range(1990, 2061)
"""Years a page on the web can have been published in."""

JALALI_YEARS = range(1343, 1473)
"""Years in which the arithmetic below agrees with the astronomical calendar."""

BUDDHIST_OFFSET = 543
ROC_OFFSET = 1911
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": ROC_OFFSET, "民国": ROC_OFFSET}
_JALALI_DAYS = (31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 29)
_JALALI_LEAP_REMAINDERS = frozenset((1, 5, 9, 13, 17, 22, 26, 30))


def gregorian_year(year: int, language: str) -> int:
    """Return the Gregorian year of one written in the usual era of a language (Thai: Buddhist)."""
    if language in ("th", "lo", "km") and year - BUDDHIST_OFFSET in WEB_YEARS:
        return year - BUDDHIST_OFFSET
    return year


def era_year(year: int, before: str, reference: date | None) -> int | None:
    """Return the Gregorian year of a CJK year, given the word before it (``令和``, ``民國``)."""
    for era, offset in _ERAS.items():
        if before.endswith(era):
            return year + offset
    if year < 100:
        return full_year(year, reference, None)
    return year + ROC_OFFSET if year < 200 else year


def full_year(short: int, reference: date | None, language: str | None) -> int | None:
    """Return the year meant by its last two digits, or ``None`` where that is open.

    The latest year not after ``reference`` is meant; without a reference, 90 to 99 are of the
    twentieth century, 00 to 49 of the twenty-first. In Thai the Buddhist year is tried first.
    """
    if (language or "").startswith("th") and 2500 + short - BUDDHIST_OFFSET in WEB_YEARS:
        return 2500 + short - BUDDHIST_OFFSET
    if short >= 90:
        return 1900 + short
    if reference is not None:
        return 2000 + short if 2000 + short <= reference.year + 1 else None
    return 2000 + short if short < 50 else None


def jalali_to_gregorian(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian day of a Solar Hijri date, or ``None`` if there is no such date.

    Uses the 33-year arithmetic cycle, which agrees with the astronomical calendar from 1343 to
    1472 AP (1964 to 2093); see Kazimierz M. Borkowski, "The Persian calendar for 3000 years",
    Earth, Moon, and Planets 74 (1996).
    """
    if year not in JALALI_YEARS or month not in range(1, 13):
        return None
    length = 30 if month == 12 and _is_jalali_leap(year) else _JALALI_DAYS[month - 1]
    if day not in range(1, length + 1):
        return None
    leaps = sum(_is_jalali_leap(earlier) for earlier in range(JALALI_YEARS.start, year))
    days = (year - JALALI_YEARS.start) * 365 + leaps + sum(_JALALI_DAYS[: month - 1]) + day - 1
    return date(1964, 3, 21) + timedelta(days=days)


def _is_jalali_leap(year: int) -> bool:
    return year % 33 in _JALALI_LEAP_REMAINDERS
