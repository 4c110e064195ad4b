"""What a rule can do with the fields it has gathered, beyond merging them."""

from collections.abc import Callable, Mapping, Sequence

Value = int | str
Frame = Mapping[str, Value]
Operation = Callable[[Sequence[Frame], dict[str, Value]], dict[str, Value] | None]

# Two digits of a year up to here are of this century, as in POSIX's strptime.
PIVOT = 68
LARGEST_COUNT = 9_999
FROM_COARSE = ("CE", "DE", "Y", "HY", "Q", "M", "W", "WE", "D", "TH", "TM", "TS")


def _counts(frames: Sequence[Frame]) -> list[int]:
    return [int(frame["n"]) for frame in frames if isinstance(frame.get("n"), int)]


def add(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Add the counts: twenty four, two hundred and fifty."""
    return {**merged, "n": sum(_counts(frames))}


def multiply(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Multiply the counts: two hundred."""
    product = 1
    for count in _counts(frames):
        product *= count
    return {**merged, "n": product} if product <= LARGEST_COUNT else None


def spoken_year(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Make a year of a century's count and the rest: nineteen ninety-four."""
    century, *rest = _counts(frames)
    year = century * 100 + sum(rest)
    return {"year": year} if 10 <= century <= 21 and 9 < sum(rest) < 100 else None


def thousand_year(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Make a year of a count: two thousand and five."""
    year = sum(_counts(frames))
    return {"year": year} if 1000 <= year < 2100 else None


def short_year(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Read a two-digit year."""
    short = int(merged.pop("yy"))
    return {**merged, "year": short + (2000 if short <= PIVOT else 1900)}


def short_decade(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Read a decade of two digits: the 90s."""
    short = int(merged.pop("yy"))
    return {**merged, "decade": (short + (1900 if short >= 20 else 2000)) // 10}


def join(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Make one duration of two: three years and two months."""
    first, second = (frame for frame in frames if "unit" in frame)
    counted = isinstance(first.get("n"), int) and isinstance(second.get("n"), int)
    if not counted or "unit2" in {**first, **second} or not finer(second, first):
        return None
    return {"n": first["n"], "unit": first["unit"], "n2": second["n"], "unit2": second["unit"]}


def finer(one: Frame, other: Frame) -> bool:
    """Say whether one length counts in smaller units than the other."""
    return FROM_COARSE.index(str(one["unit"])) > FROM_COARSE.index(str(other["unit"]))


def decimal(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Make a decimal count of its two halves: 2.5 hours."""
    whole, fraction = (frame["int"] for frame in frames if "int" in frame)
    return {"n": f"{whole}.{fraction}", "unit": merged["unit"]}


def and_a_half(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Add a half: two and a half years."""
    return {**merged, "n": f"{merged['n']}.5"}


def small(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Refuse a count that rather is a year: "the 2012-2013 year"."""
    return merged if _counts(frames)[0] < 1000 else None


def four_digits(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Read 1430 as a time."""
    hour, minute = divmod(int(merged.pop("n")), 100)
    return {**merged, "hour": hour, "minute": minute} if 0 < hour <= 24 and minute < 60 else None


def afternoon(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Turn an hour of twelve into one of twenty-four."""
    hour = int(merged["hour"])
    if not 0 < hour <= 12:
        return merged if hour <= 24 else None
    return {**merged, "hour": hour % 12 + 12}


def forenoon(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Turn twelve in the morning into zero."""
    hour = int(merged["hour"])
    return {**merged, "hour": hour % 12} if hour <= 12 else None


def half_to(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Half before the hour: German halb neun is 8:30."""
    hour = int(merged["hour"])
    return {**merged, "hour": (hour - 1) % 24, "minute": 30}


def minutes_to(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Minutes before the hour: a quarter to nine."""
    hour, count = int(merged["hour"]), int(merged.pop("n"))
    return {**merged, "hour": (hour - 1) % 24, "minute": 60 - count} if 0 < count < 60 else None


def minutes_past(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Minutes after the hour: ten past nine."""
    count = int(merged.pop("n"))
    return {**merged, "minute": count} if 0 < count < 60 else None


def on_a_day(frames: Sequence[Frame], merged: dict[str, Value]) -> dict[str, Value] | None:
    """Refuse a time of day on what is not a day: a year, a month, "recently"."""
    is_day = merged.get("unit") == "D" or not {"day", "weekday", "holiday", "days"}.isdisjoint(
        merged
    )
    is_part = "part" in merged and {"year", "month", "unit", "value"}.isdisjoint(merged)
    return merged if is_day or is_part else None


OPERATIONS: Mapping[str, Operation] = {
    "add": add,
    "multiply": multiply,
    "spoken_year": spoken_year,
    "thousand_year": thousand_year,
    "short_year": short_year,
    "short_decade": short_decade,
    "join": join,
    "decimal": decimal,
    "and_a_half": and_a_half,
    "small": small,
    "four_digits": four_digits,
    "afternoon": afternoon,
    "forenoon": forenoon,
    "half_to": half_to,
    "minutes_to": minutes_to,
    "minutes_past": minutes_past,
    "on_a_day": on_a_day,
}
