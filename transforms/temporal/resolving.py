"""From the fields of an expression to its TIMEX3 type and value."""

from datetime import date

from transforms.temporal.anchor import UNKNOWN, Discourse
from transforms.temporal.clock import time_suffix
from transforms.temporal.feasts import holiday
from transforms.temporal.lengths import duration_value, recurring
from transforms.temporal.moments import DAYS, Moment, containing, shift, shift_day
from transforms.temporal.operations import Frame
from transforms.temporal.years import FROM_TEXT, STEP, absolute, checked, pick, within_year

# Hours and less are too fine to count from a day: "two hours later" stays a length.
CLOCK_UNITS = frozenset({"TH", "TM", "TS"})
TIME_FIELDS = {"hour", "minute", "second", "zone", "part"}


def resolve(
    category: str, frame: Frame, thread: Discourse, sentence: int, tense: int
) -> tuple[str, str] | None:
    """Return type and value of an expression; None when it means no possible date.

    ``tense`` is -1 for past, 1 for future, 0 when the sentence does not say.
    """
    if "value" in frame:
        return str(frame.get("type", category)), str(frame["value"])
    if category == "SET" and not {"weekday", "part"}.isdisjoint(frame):
        return category, recurring(frame)
    if category in ("DURATION", "SET"):
        return category, duration_value(frame)
    if "sign" in frame and frame.get("unit") in CLOCK_UNITS:
        return "DURATION", duration_value(frame)
    found = locate(frame, thread, sentence, tense)
    if isinstance(found, Moment):
        found = adjusted(found, frame)
    if found is None:
        return None
    if isinstance(found, Moment):
        if names_day(frame) and not compares(frame):
            thread.mention(found, sentence)
        if "year" in frame and found.unit != "Y":
            thread.tell(found.year, sentence)
        elif counts_from_anchor(frame):
            thread.return_to_anchor()
        found_day, value = found.first_day() if found.unit == "D" else None, found.value()
    else:
        found_day, value = None, found
    suffix = time_suffix(frame, found_day)
    if suffix and isinstance(found, Moment) and found.unit != "D":
        suffix = ""
    if suffix is None:
        return None
    return ("TIME", value + suffix) if suffix else ("DATE", value)


def names_day(frame: Frame) -> bool:
    """Say whether an expression is more than a time of day."""
    return not (set(frame) <= TIME_FIELDS)


def compares(frame: Frame) -> bool:
    """Say whether it is "a year ago" and the like, which a report looks back to only in passing."""
    return frame.get("unit") == "Y" and frame.get("sign") == -1 and frame.get("n", 1) == 1


def counts_from_anchor(frame: Frame) -> bool:
    """Say whether an expression such as "today" or "Friday" brings a text back to its own time."""
    from_text = frame.get("base") == "text" or frame.get("rel") in FROM_TEXT
    return not from_text and not {"rel", "weekday", "sign"}.isdisjoint(frame)


def adjusted(moment: Moment, frame: Frame) -> Moment | None:
    """Move by ``days`` (the day before Christmas) or widen to ``within`` (the week of March 6)."""
    day = moment.first_day()
    if "days" in frame:
        return None if day is None else shift(day, int(frame["days"]), "D")
    if "within" in frame:
        return None if day is None else containing(day, str(frame["within"]))
    return moment


def locate(frame: Frame, thread: Discourse, sentence: int, tense: int) -> Moment | str | None:
    """Find the moment a date expression means, or its unresolved form."""
    if "then" in frame:
        return thread.last or "PAST_REF"
    if "sign" in frame:
        return offset(frame, thread)
    if "holiday" in frame:
        return feast(frame, thread, tense)
    if "weekday" in frame and "day" not in frame:
        return weekday(frame, thread, tense)
    if "rel" in frame and "unit" in frame:
        return related(frame, thread, tense)
    return absolute(frame, thread, sentence, tense)


def offset(frame: Frame, thread: Discourse) -> Moment | str | None:
    """Count units on or back: three weeks ago, two days later, yesterday."""
    unit, sign = str(frame["unit"]), int(frame["sign"])
    count = frame.get("n", 1)
    if not isinstance(count, int):
        return "PAST_REF" if sign < 0 else "FUTURE_REF"
    if compares(frame) and (same := same_a_year_before(frame, thread.last)):
        return same
    start = reference(frame, thread, unit)
    return UNKNOWN[unit] if start is None else shift(start, sign * count, unit)


def same_a_year_before(frame: Frame, last: Moment | None) -> Moment | None:
    """Return the quarter or month that a report's "a year earlier" compares the last one with."""
    if last is None or last.unit not in ("Q", "M"):
        return None
    if last.unit == "M" and frame.get("base") != "text":
        return None
    return Moment(last.unit, (last.parts[0] - 1, *last.parts[1:]))


def reference(frame: Frame, thread: Discourse, unit: str) -> date | None:
    """Return the day an expression counts from: the text's last one, or the anchor's."""
    if frame.get("base") == "text" or frame.get("rel") in FROM_TEXT:
        if unit in ("D", "W", "WE") and thread.day is not None:
            return thread.day[0]
        if unit not in ("D", "W", "WE") and thread.last is not None:
            return thread.last.first_day()
    if thread.anchor is None or not thread.anchor.knows(unit):
        return None
    return thread.anchor.day


def related(frame: Frame, thread: Discourse, tense: int) -> Moment | str | None:
    """Resolve this, last, next, the previous, the same, the following unit."""
    unit, rel = str(frame["unit"]), str(frame["rel"])
    if unit not in DAYS:
        return None
    if rel == "report":
        if thread.last is not None and thread.last.unit == unit:
            return thread.last
        rel = "last"
    if rel == "near":
        rel = (
            "last" if tense < 0 and thread.anchor and thread.anchor.day.isoweekday() < 6 else "this"
        )
    start = reference(frame, thread, unit)
    if start is None:
        return UNKNOWN[unit]
    moment = shift(start, STEP[rel], unit)
    inner, parts = within_year(frame)
    if moment is None or unit != "Y" or inner == "Y":
        return moment
    return checked(Moment(inner, (moment.year, *parts)))


def weekday(frame: Frame, thread: Discourse, tense: int) -> Moment | str | None:
    """Resolve a weekday: the nearest past one, the anchor's day included, unless told otherwise."""
    wanted, rel = int(frame["weekday"]), str(frame.get("rel", ""))
    start = reference(frame, thread, "D")
    if start is None:
        return f"XXXX-WXX-{wanted}"
    within = wanted - start.isoweekday()
    back, ahead = -within % 7, within % 7
    if "week" in frame:
        days = within + 7 * STEP[str(frame["week"])]
    elif rel == "same":
        days = within
    elif rel in ("last", "previous"):
        days = -(back or 7)
    elif rel in ("next", "following"):
        days = ahead or 7
    elif tense > 0 or (rel == "this" and not tense):
        days = ahead
    else:
        days = -back
    moved = shift_day(start, days, "D")
    return None if moved is None else containing(moved, "D")


def unresolved_feast(rule: str) -> str:
    """Write a feast without a year: its month and day, if it has such."""
    month, _, day = rule.partition("-")
    return f"XXXX-{month:>02}-{day:>02}" if month.isdecimal() and day.isdecimal() else UNKNOWN["D"]


def feast(frame: Frame, thread: Discourse, tense: int) -> Moment | str | None:
    """Resolve a holiday: of its year, or the nearest one."""
    rule = str(frame["holiday"])
    year = frame.get("year")
    if isinstance(year, int):
        day = holiday(rule, year)
        return None if day is None else containing(day, "D")
    if thread.anchor is None:
        return unresolved_feast(rule)
    if thread.anchor.unit == "Y":
        return feast({**frame, "year": thread.anchor.day.year}, thread, tense)
    start = thread.anchor.day
    days = [day for near in (-1, 0, 1) if (day := holiday(rule, start.year + near)) is not None]
    chosen = pick(days, start, str(frame.get("rel", "")), tense)
    return None if chosen is None else containing(chosen, "D")
