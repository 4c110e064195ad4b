"""The days of fixed and movable feasts."""

from datetime import date, timedelta


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def orthodox_easter(year: int) -> date:
    """Return Easter Sunday of the Julian calendar, as a Gregorian date (Meeus)."""
    a = (19 * (year % 19) + 15) % 30
    b = (2 * (year % 4) + 4 * (year % 7) - a + 34) % 7
    month, day = divmod(a + b + 114, 31)
    return date(year, month, day + 1) + timedelta(days=year // 100 - year // 400 - 2)


def holiday(rule: str, year: int) -> date | None:
    """Return a feast's day: ``12-25``, ``easter-2``, ``orthodox+50`` or ``11-4-4``.

    The last form is the fourth (or, for 5, the last) Thursday of November; ``+1`` and the like
    count days on from any of them.
    """
    if not 1583 <= year <= 4099:
        return None
    base, _, days = rule.partition("+") if "+" in rule else (rule, "", "0")
    if base.startswith(("easter-", "orthodox-")):
        base, _, days = base.partition("-")
        days = f"-{days}"
    offset = timedelta(days=int(days))
    if base == "easter":
        return easter(year) + offset
    if base == "orthodox":
        return orthodox_easter(year) + offset
    month, *rest = (int(part) for part in base.split("-"))
    if len(rest) == 1:
        return date(year, month, rest[0]) + offset
    weekday, nth = rest
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
    return (day if day.month == month else day - timedelta(days=7)) + offset
