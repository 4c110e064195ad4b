"""Calendar units as TIMEX3 writes them: a moment is a century, a decade, a quarter … or a day."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

SEASONS = ("SP", "SU", "FA", "WI")
# Counted in days for "nearest"; also orders units from coarse to fine.
DAYS = {
    "CE": 36525,
    "DE": 3652,
    "Y": 365,
    "HY": 182,
    "Q": 91,
    "SE": 91,
    "M": 30,
    "W": 7,
    "WE": 2,
    "D": 1,
}
FIRST_YEAR, LAST_YEAR = 1, 9999
LARGEST_SHIFT = 9_999


@dataclass(frozen=True, slots=True)
class Moment:
    """A calendar unit: ``unit`` is a key of ``DAYS``, ``parts`` its numbers from coarse to fine.

    CE (19,) is the years 1900 to 1999, DE (199,) the nineties, W (1998, 43) an ISO week, WE its
    weekend, SE (1998, 3) the winter of 1998.
    """

    unit: str
    parts: tuple[int, ...]

    @property
    def year(self) -> int:
        """The year it is in (for weeks, the ISO year); a decade's or century's first."""
        return self.parts[0] * {"CE": 100, "DE": 10}.get(self.unit, 1)

    def value(self) -> str:
        """Write it as TIMEX3 does."""
        first, *rest = self.parts
        match self.unit:
            case "CE":
                return f"{first:02}"
            case "DE":
                return f"{first:03}"
            case "Y":
                return f"{first:04}"
            case "HY":
                return f"{first:04}-H{rest[0]}"
            case "Q":
                return f"{first:04}-Q{rest[0]}"
            case "SE":
                return f"{first:04}-{SEASONS[rest[0]]}"
            case "W":
                return f"{first:04}-W{rest[0]:02}"
            case "WE":
                return f"{first:04}-W{rest[0]:02}-WE"
            case _:
                return "-".join((f"{first:04}", *(f"{part:02}" for part in rest)))

    def first_day(self) -> date | None:
        """Return its first day; None when it is out of the calendar's range."""
        year, *rest = self.parts
        try:
            match self.unit:
                case "CE" | "DE" | "Y":
                    return date(max(self.year, 1), 1, 1)
                case "HY":
                    return date(year, rest[0] * 6 - 5, 1)
                case "Q":
                    return date(year, rest[0] * 3 - 2, 1)
                case "SE":
                    return date(year, rest[0] * 3 + 3, 1)
                case "W":
                    return date.fromisocalendar(year, rest[0], 1)
                case "WE":
                    return date.fromisocalendar(year, rest[0], 6)
                case "M":
                    return date(year, rest[0], 1)
                case _:
                    return date(year, rest[0], rest[1])
        except ValueError:
            return None


def containing(day: date, unit: str) -> Moment:
    """Return the unit a day is in."""
    match unit:
        case "CE":
            return Moment(unit, (day.year // 100,))
        case "DE":
            return Moment(unit, (day.year // 10,))
        case "HY":
            return Moment(unit, (day.year, (day.month + 5) // 6))
        case "Q":
            return Moment(unit, (day.year, (day.month + 2) // 3))
        case "SE":
            return Moment(unit, (day.year - (day.month < 3), (day.month // 3 - 1) % 4))
        case "M":
            return Moment(unit, (day.year, day.month))
        case "W" | "WE":
            return Moment(unit, day.isocalendar()[:2])
        case "D":
            return Moment(unit, (day.year, day.month, day.day))
        case _:
            return Moment("Y", (day.year,))


def shift_day(day: date, count: int, unit: str) -> date | None:
    """Move a day by whole units, to the month's last day where it has no such day."""
    if abs(count) > LARGEST_SHIFT:
        return None
    months = {"CE": 1200, "DE": 120, "Y": 12, "HY": 6, "Q": 3, "SE": 3, "M": 1}.get(unit)
    try:
        if months is None:
            return day + timedelta(days=count * {"W": 7, "WE": 7}.get(unit, 1))
        index = day.year * 12 + day.month - 1 + count * months
        year, month = index // 12, index % 12 + 1
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    except (ValueError, OverflowError):
        return None


def shift(day: date, count: int, unit: str) -> Moment | None:
    """Return the unit that is ``count`` units from the one ``day`` is in."""
    moved = shift_day(day, count, unit)
    return None if moved is None else containing(moved, unit)
