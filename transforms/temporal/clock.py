"""Times of day as TIMEX3 writes them."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from transforms.temporal.operations import Frame


@cache
def zone(name: str) -> ZoneInfo:
    """Return a zone of the IANA database, once per process."""
    return ZoneInfo(name)


def time_suffix(frame: Frame, day: date | None) -> str | None:
    """Return ``T11:00-05:00``, ``TMO`` or nothing; None when the clock has no such time.

    A zone's offset is that of the day when the zone keeps summer time; without a day such a zone
    adds nothing.
    """
    if "hour" not in frame:
        part = frame.get("part")
        return "" if part is None else f"T{part}"
    hour, minute = int(frame["hour"]), int(frame.get("minute", 0))
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    text = f"T{hour:02}:{minute:02}"
    if "second" in frame:
        text += f":{int(frame['second']):02}"
    name = frame.get("zone")
    return text if name is None else text + offset_at(str(name), day, hour, minute)


def offset_at(name: str, day: date | None, hour: int, minute: int) -> str:
    """Return the offset from UTC of a zone, or of a fixed one such as ``+02:00``."""
    if name == "Z" or name[0] in "+-":
        return name
    if day is None:
        return ""
    moment = datetime(day.year, day.month, day.day, hour % 24, minute, tzinfo=zone(name))
    shift = moment.strftime("%z")
    return f"{shift[:3]}:{shift[3:5]}"
