"""Calendar arithmetic: units, feasts, clocks and the anchor."""

from datetime import date

import pytest

from transforms.temporal.anchor import parse_anchor
from transforms.temporal.clock import time_suffix
from transforms.temporal.feasts import easter, holiday, orthodox_easter
from transforms.temporal.moments import Moment, containing, shift, shift_day


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("CE", "20"),
        ("DE", "202"),
        ("Y", "2024"),
        ("HY", "2024-H2"),
        ("Q", "2024-Q4"),
        ("SE", "2024-WI"),
        ("M", "2024-12"),
        ("W", "2025-W01"),
        ("WE", "2025-W01-WE"),
        ("D", "2024-12-30"),
    ],
)
def test_a_day_is_in_its_units(unit: str, value: str) -> None:
    """The ISO week of 30 December 2024 is the first of 2025; the year is not."""
    assert containing(date(2024, 12, 30), unit).value() == value


@pytest.mark.parametrize(
    ("day", "count", "unit", "value"),
    [
        (date(2024, 12, 30), -1, "W", "2024-W52"),
        (date(2021, 1, 3), 0, "W", "2020-W53"),
        (date(2020, 12, 28), 1, "W", "2021-W01"),
        (date(2024, 3, 31), -1, "M", "2024-02"),
        (date(2024, 2, 29), 1, "Y", "2025"),
        (date(2024, 1, 15), -1, "Q", "2023-Q4"),
        (date(2000, 1, 1), -1, "CE", "19"),
    ],
)
def test_units_shift(day: date, count: int, unit: str, value: str) -> None:
    """Shifts cross the ends of months, years, ISO years and centuries."""
    moment = shift(day, count, unit)
    assert moment is not None
    assert moment.value() == value


def test_shifts_end_at_the_calendar() -> None:
    """Beyond the years 1 to 9999 there is no date."""
    assert shift_day(date(2, 1, 1), -5, "Y") is None
    assert shift_day(date(9999, 12, 31), 1, "D") is None
    assert shift_day(date(2024, 1, 1), 10**9, "CE") is None


def test_an_impossible_moment_has_no_first_day() -> None:
    """The thirty-first of February is not a day, the sixtieth week not a week."""
    assert Moment("D", (2024, 2, 31)).first_day() is None
    assert Moment("W", (2024, 60)).first_day() is None


@pytest.mark.parametrize(
    ("year", "western", "eastern"),
    [
        (1961, date(1961, 4, 2), date(1961, 4, 9)),
        (2000, date(2000, 4, 23), date(2000, 4, 30)),
        (2024, date(2024, 3, 31), date(2024, 5, 5)),
        (2025, date(2025, 4, 20), date(2025, 4, 20)),
        (2038, date(2038, 4, 25), date(2038, 4, 25)),
    ],
)
def test_easter(year: int, western: date, eastern: date) -> None:
    """Known dates of Easter, west and east."""
    assert (easter(year), orthodox_easter(year)) == (western, eastern)


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("12-25", date(2024, 12, 25)),
        ("easter-47", date(2024, 2, 13)),
        ("easter+50", date(2024, 5, 20)),
        ("orthodox+49", date(2024, 6, 23)),
        ("11-4-4", date(2024, 11, 28)),
        ("11-4-4+1", date(2024, 11, 29)),
        ("5-1-5", date(2024, 5, 27)),
        ("9-1-1", date(2024, 9, 2)),
    ],
)
def test_feasts(rule: str, day: date) -> None:
    """Fixed days, days from Easter, and nth weekdays."""
    assert holiday(rule, 2024) == day


def test_zones_know_summer_time() -> None:
    """The offset is that of the day; without a day a zone with summer time gives none."""
    frame: dict[str, int | str] = {"hour": 11, "zone": "America/New_York"}
    assert time_suffix(frame, date(2024, 12, 27)) == "T11:00-05:00"
    assert time_suffix(frame, date(2024, 7, 4)) == "T11:00-04:00"
    assert time_suffix(frame, None) == "T11:00"
    assert time_suffix({"hour": 25}, None) is None
    assert time_suffix({"hour": 24, "minute": 1}, None) is None


@pytest.mark.parametrize(
    ("text", "day", "unit"),
    [
        ("2024", date(2024, 1, 1), "Y"),
        ("2024-12", date(2024, 12, 1), "M"),
        ("2024-12-30", date(2024, 12, 30), "D"),
        ("2024-12-30T23:30-08:00", date(2024, 12, 30), "D"),
    ],
)
def test_an_anchor_keeps_its_precision(text: str, day: date, unit: str) -> None:
    """A month is not its first day."""
    anchor = parse_anchor(text)
    assert anchor is not None
    assert (anchor.day, anchor.unit) == (day, unit)
    assert anchor.knows("Y")
    assert anchor.knows("D") is (unit == "D")
    assert anchor.knows("W") is (unit == "D")
