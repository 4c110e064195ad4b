"""Date lines in many languages are read right or not at all, in linear time."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.published import parse_date_line
from transforms.published.calendars import jalali_to_gregorian
from transforms.published.tokens import MAX_CHARS

GOLDEN = Path(__file__).parent / "golden" / "published"
SEEN = datetime(2024, 12, 31, 12, tzinfo=UTC)


def rows(name: str) -> list[list[str]]:
    """Return the tab-separated rows of a golden file."""
    lines = (GOLDEN / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("language", "line", "value"), rows("date_lines.tsv"))
def test_date_line(language: str, line: str, value: str) -> None:
    """Every golden line yields its value, or nothing where it states no day."""
    parsed = parse_date_line(line, language=language, reference=SEEN)
    assert (parsed.value if parsed else "-") == value


@pytest.mark.parametrize(("language", "line"), rows("no_date_lines.tsv"))
def test_no_date_line(language: str, line: str) -> None:
    """Prose, ranges, numbers and impossible dates yield nothing."""
    assert parse_date_line(line, language=language, reference=SEEN) is None


def test_golden_lines_cover_thirty_languages() -> None:
    """The golden file holds at least 300 lines in at least 30 languages."""
    golden = rows("date_lines.tsv")
    assert len(golden) >= 300
    assert len({language for language, _, _ in golden}) >= 30


def test_order_of_day_and_month() -> None:
    """Numeric dates follow the language and its region; without either they are open."""
    line = "03/04/2024"
    for language, value in (
        ("de", "2024-04-03"),
        ("en-GB", "2024-04-03"),
        ("en-AU", "2024-04-03"),
        ("en-US", "2024-03-04"),
        ("en", "2024-03-04"),
    ):
        parsed = parse_date_line(line, language=language)
        assert parsed is not None
        assert parsed.value == value
    assert parse_date_line(line) is None
    american = parse_date_line(line, language="en")
    assert american is not None
    assert american.alternative == date(2024, 4, 3)


def test_a_weekday_settles_the_order_and_must_agree() -> None:
    """The third of April 2024 was a Wednesday, the fourth of March a Monday."""
    wednesday = parse_date_line("Wednesday 03/04/2024", language="en")
    assert wednesday is not None
    assert wednesday.value == "2024-04-03"
    assert wednesday.alternative is None
    assert parse_date_line("Friday 03/04/2024", language="en") is None


def test_relative_lines_say_so_and_need_a_reference() -> None:
    """Counting back is marked, at the precision the words have, and never done without a clock."""
    minutes = parse_date_line("20 minutes ago", language="en", reference=SEEN)
    assert minutes is not None
    assert (minutes.value, minutes.precision) == ("2024-12-31T11:40+00:00", "minute")
    assert minutes.relative
    hours = parse_date_line("vor 13 Stunden", language="de", reference=SEEN)
    assert hours is not None
    assert (hours.value, hours.precision) == ("2024-12-30", "day")
    assert parse_date_line("20 minutes ago", language="en") is None
    assert parse_date_line("7 min read", language="en", reference=SEEN) is None


def test_yearless_lines_need_a_reference() -> None:
    """A date without a year is the last before the reference, and marked."""
    parsed = parse_date_line("30 March, 14:05", language="en", reference=SEEN)
    assert parsed is not None
    assert (parsed.value, parsed.yearless) == ("2024-03-30", True)
    assert parse_date_line("30 March, 14:05", language="en") is None


def test_labels() -> None:
    """A line that states both dates yields that of publication; the label is reported."""
    both = parse_date_line("Updated 5 March 2024, published 3 March 2024", language="en")
    assert both is not None
    assert (both.value, both.label) == ("2024-03-03", "published")
    changed = parse_date_line("Aktualisiert am 5. März 2024", language="de")
    assert changed is not None
    assert changed.label == "modified"


def test_a_name_that_differs_between_languages_needs_the_language() -> None:
    """Listopad is October in Croatian and November in Polish and Czech."""
    assert parse_date_line("9 listopad 2016") is None
    croatian = parse_date_line("9. listopada 2016.", language="hr")
    assert croatian is not None
    assert croatian.value == "2016-10-09"


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (1403, 1, 1, date(2024, 3, 20)),
        (1403, 12, 30, date(2025, 3, 20)),
        (1404, 1, 1, date(2025, 3, 21)),
        (1399, 12, 30, date(2021, 3, 20)),
        (1402, 12, 30, None),
        (1403, 7, 31, None),
        (1403, 13, 1, None),
        (1300, 1, 1, None),
    ],
)
def test_jalali(year: int, month: int, day: int, expected: date | None) -> None:
    """Solar Hijri dates around leap years fall on the right day, impossible ones on none."""
    assert jalali_to_gregorian(year, month, day) == expected


@given(st.text(max_size=2 * MAX_CHARS), st.sampled_from([None, "en", "th", "fa", "zh", "x-y"]))
def test_any_text_is_survived(text: str, language: str | None) -> None:
    """No string raises, and whatever is read is a date near the web's time."""
    parsed = parse_date_line(text, language=language, reference=SEEN)
    assert parsed is None or "1990" <= parsed.value[:4] <= "2060"


@given(
    st.lists(
        st.sampled_from(
            [
                "12",
                "/",
                "-",
                ".",
                ":",
                "May",
                "30",
                "2024",
                "24",
                ",",
                "th",
                "de",
                "年",
                "月",
                "Uhr",
                "+",
                "ago",
                "an",
            ]
        )
    )
)
def test_any_mix_of_date_parts_is_survived(parts: list[str]) -> None:
    """Parts of dates in any order neither raise nor give a day that does not exist."""
    parsed = parse_date_line(" ".join(parts), language="de", reference=SEEN)
    assert parsed is None or parsed.day is None or parsed.value.startswith(parsed.day.isoformat())


@pytest.mark.parametrize(
    "text",
    ["12/" * 100_000, "1" * 300_000, "May " * 60_000, "12.12." * 39, "1:1:" * 59, "an " * 79],
)
def test_long_lines_are_cheap(text: str) -> None:
    """Length and repetition do not make a line expensive."""
    parse_date_line("30 May 2024", reference=SEEN)
    parse_date_line("an hour ago", reference=SEEN)
    started = time.process_time()
    parse_date_line(text, language="en", reference=SEEN)
    assert time.process_time() - started < 0.05


def test_a_line_takes_at_most_a_tenth_of_a_millisecond() -> None:
    """The golden lines take 100 µs or less each, on average, once the names are loaded."""
    golden = rows("date_lines.tsv")
    for language, line, _ in golden:
        parse_date_line(line, language=language, reference=SEEN)
    started = time.process_time()
    for language, line, _ in golden:
        parse_date_line(line, language=language, reference=SEEN)
    assert (time.process_time() - started) / len(golden) < 100e-6
