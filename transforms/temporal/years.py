"""Which year, month or day an expression means that names only a part of it."""

from datetime import date

from transforms.temporal.anchor import UNKNOWN, Discourse
from transforms.temporal.moments import Moment, containing, shift
from transforms.temporal.operations import Frame

A_LEAP_YEAR = 2000
LAST_CENTURY = 30
STEP = {"last": -1, "previous": -1, "this": 0, "same": 0, "next": 1, "following": 1}
FROM_TEXT = frozenset({"previous", "same", "following"})
# A return of a day or month this near is meant whatever the tense, in days by tense: "on Nov. 8"
# three days on is not last year's.
NEAR_DAYS = {-1: 75, 1: 45}
# For how many sentences "at noon" still means the day last spoken of.
SAME_SCENE = 1
# For how many sentences a month without a year belongs to the year told last, in a history.
SAME_STORY = 10


def pick(days: list[date], start: date, rel: str, tense: int) -> date | None:
    """Choose among a date's returns: last, next, the one the tense asks for, the nearest."""
    past = max((day for day in days if day <= start), default=None)
    future = min((day for day in days if day >= start), default=None)
    if rel == "last":
        past = max((day for day in days if day < start), default=None)
    if rel == "next":
        future = min((day for day in days if day > start), default=None)
    if past is None or future is None or rel in ("past", "last", "previous"):
        return past or future
    if rel in ("next", "following"):
        return future
    near = min((past, future), key=lambda day: (abs((day - start).days), day))
    if not tense or abs((near - start).days) <= NEAR_DAYS[tense]:
        return near
    return past if tense < 0 else future


def absolute(frame: Frame, thread: Discourse, sentence: int, tense: int) -> Moment | str | None:
    """Resolve what names its own parts: 1998, March 5, the third quarter, the nineties."""
    if "century" in frame:
        century = int(frame["century"])
        return Moment("CE", (century - 1,)) if 0 < century <= LAST_CENTURY else None
    if "decade" in frame:
        return Moment("DE", (int(frame["decade"]),))
    unit, parts = within_year(frame)
    if "year" in frame:
        if unit == "D" and len(parts) == 1:
            return None
        return checked(Moment(unit, (int(frame["year"]), *parts)))
    if unit == "D" and len(parts) == 1:
        return day_of_month(parts[0], thread)
    if unit == "Y":
        return of_day(frame, thread, sentence)
    return yearless(unit, parts, frame, thread, sentence, tense)


def within_year(frame: Frame) -> tuple[str, tuple[int, ...]]:
    """Return the unit below the year that an expression names, and its parts."""
    if "month" in frame:
        month = int(frame["month"])
        return ("D", (month, int(frame["day"]))) if "day" in frame else ("M", (month,))
    if "day" in frame:
        return "D", (int(frame["day"]),)
    for name, unit in (("quarter", "Q"), ("half", "HY"), ("season", "SE"), ("isoweek", "W")):
        if name in frame:
            return unit, (int(frame[name]),)
    return "Y", ()


def checked(moment: Moment) -> Moment | None:
    """Return the moment if the calendar has it."""
    return None if moment.first_day() is None else moment


def day_of_month(day: int, thread: Discourse) -> Moment | str | None:
    """Resolve a day without a month: of the last mentioned month, or the anchor's."""
    last = thread.last
    if last is not None and last.unit in ("M", "D"):
        return checked(Moment("D", (last.parts[0], last.parts[1], day)))
    if thread.anchor is None or thread.anchor.unit == "Y":
        return f"XXXX-XX-{day:02}"
    return checked(Moment("D", (thread.anchor.day.year, thread.anchor.day.month, day)))


def of_day(frame: Frame, thread: Discourse, sentence: int) -> Moment | str | None:
    """Resolve a time of day without a day: on the day the text speaks of, or the anchor's."""
    anchored = frame.get("rel") in ("this", "last", "next")
    if (
        not anchored
        and thread.day is not None
        and (
            sentence - thread.day[1] <= SAME_SCENE
            or thread.anchor is None
            or frame.get("rel") in FROM_TEXT
        )
    ):
        start: date | None = thread.day[0]
    else:
        start = thread.anchor.day if thread.anchor and thread.anchor.unit == "D" else None
    if start is None:
        return UNKNOWN["D"]
    return shift(start, STEP[str(frame.get("rel", "this"))], "D")


def story_year(
    unit: str, parts: tuple[int, ...], thread: Discourse, sentence: int, tense: int
) -> int | None:
    """Return the year of the story being told, if a date without a year belongs to it."""
    reach = SAME_SCENE if thread.news else SAME_STORY
    if thread.year is None or sentence - thread.year[1] > reach or tense > 0:
        return None
    if thread.anchor is None or thread.is_history():
        return thread.year[0]
    own = thread.anchor.day
    for year in (own.year - 1, own.year, own.year + 1):
        moment = checked(Moment(unit, (year, *parts)))
        day = None if moment is None else moment.first_day()
        if day is not None and abs((day - own).days) <= NEAR_DAYS[1]:
            return None
    return thread.year[0]


def yearless(
    unit: str, parts: tuple[int, ...], frame: Frame, thread: Discourse, sentence: int, tense: int
) -> Moment | str | None:
    """Choose the year of a month, a day, a quarter or a season that does not say it."""
    rel = str(frame.get("rel", ""))
    story = story_year(unit, parts, thread, sentence, tense)
    if not rel and story is not None:
        thread.year = (story, sentence)
        return checked(Moment(unit, (story, *parts)))
    if checked(Moment(unit, (A_LEAP_YEAR, *parts))) is None:
        return None
    if thread.anchor is None:
        return Moment(unit, (0, *parts)).value().replace("0000", "XXXX", 1)
    start = containing(thread.anchor.day, unit) if thread.anchor.knows(unit) else None
    year = thread.anchor.day.year
    if start is None or rel == "this" or unit == "SE":
        step = 0 if start is None or rel not in STEP else STEP[rel]
        if unit == "SE" and step < 0 and parts[0] < start_season(thread.anchor.day):
            step = 0
        return checked(Moment(unit, (year + step, *parts)))
    moments = [m for near in (-1, 0, 1) if (m := checked(Moment(unit, (year + near, *parts))))]
    days = {day: moment for moment in moments if (day := moment.first_day()) is not None}
    if unit in ("Q", "HY"):
        tense = 0
    own = start.first_day()
    chosen = pick(list(days), own, rel, tense) if own is not None else None
    return None if chosen is None else days[chosen]


def start_season(day: date) -> int:
    """Return the season of a day, 0 for spring to 3 for winter; 0 in January and February."""
    return max(day.month // 3 - 1, 0)
