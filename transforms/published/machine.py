"""Dates written for machines: ISO 8601, RFC 5322, epochs, and what sites put in their place."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

from transforms.published.calendars import WEB_YEARS
from transforms.published.dateline import read
from transforms.published.parsed import ParsedDate

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d?)(?:-(?P<day>\d\d?)"
    r"(?:(?:T|t| |T | T)(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"\s?(?P<zone>[Zz]|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?)?)?"
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)
_LAST_SECOND = 59
"""A leap second is taken for the one before it."""

_EPOCH = re.compile(r"\d{10}(?:\d{3})?")


def parse_machine_date(
    text: str, *, language: str | None = None, reference: datetime | None = None
) -> ParsedDate | None:
    """Return the date of an attribute or property value, or ``None``.

    A month or a year alone is a date of that precision here. Worded values are read as a date
    line is. A midnight without a zone is a day.
    """
    text = text.strip().removesuffix("[UTC]")
    if not text or len(text) > 120:
        return None
    match = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        return _from_parts(match, text)
    if _EPOCH.fullmatch(text):
        return _from_epoch(text)
    return _rfc_5322(text) or read(text, language=language, reference=reference)


def _from_parts(match: re.Match[str], text: str) -> ParsedDate | None:
    parts = match.groupdict()
    year = int(parts["year"])
    if year not in WEB_YEARS:
        return None
    if parts["month"] is None:
        return ParsedDate(f"{year}", "year", None, text, 0.3)
    try:
        day = date(year, int(parts["month"]), int(parts["day"] or 1))
        if parts["day"] is None:
            return ParsedDate(f"{day:%Y-%m}", "month", None, text, 0.4)
        if parts["hour"] is None:
            return ParsedDate(day.isoformat(), "day", day, text, 0.9)
        second = min(int(parts["second"] or 0), _LAST_SECOND)
        naive = datetime.combine(day, time(int(parts["hour"]), int(parts["minute"]), second))
    except ValueError:
        return None
    return _moment(naive, _zone(parts["zone"]), parts["second"] is not None, text)


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[3:].lstrip(":") or 0)
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def _moment(naive: datetime, zone: timezone | None, seconds: bool, text: str) -> ParsedDate | None:
    day = naive.date()
    if zone is None:
        clock = naive.time() if naive.time() != naive.min.time() else None
        return ParsedDate(day.isoformat(), "day", day, text, 0.9, clock)
    local = naive.replace(tzinfo=zone)
    try:
        at = local.astimezone(UTC)
    except OverflowError:
        return None
    precision = "second" if seconds else "minute"
    shown = local.isoformat(timespec="seconds" if seconds else "minutes")
    return ParsedDate(shown, precision, day, text, 0.95, naive.time(), at)


def _from_epoch(text: str) -> ParsedDate | None:
    at = datetime.fromtimestamp(int(text[:10]), UTC)
    if at.year not in WEB_YEARS:
        return None
    return _moment(at.replace(tzinfo=None), UTC, True, text)


def _rfc_5322(text: str) -> ParsedDate | None:
    """Read ``Mon, 05 Aug 2024 12:47:21 GMT`` and ``Mon Aug 05 2024 12:47:21 GMT+0000``.

    The latter is how JavaScript writes a date.
    """
    words = text.replace(",", " ").split()
    if len(words) < 5 or not text.isascii():
        return None
    if words[3].isdigit() and words[2].isdigit() and words[4].count(":") == 2:
        zone = words[5].replace("GMT", "") or "+0000" if len(words) > 5 else ""
        text = f"{words[2]} {words[1]} {words[3]} {words[4]} {zone}"
    elif not any(len(word) >= 5 and ":" in word for word in words):
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.year not in WEB_YEARS:
        return None
    offset = moment.utcoffset()
    zone_found = timezone(offset) if offset is not None else None
    return _moment(moment.replace(tzinfo=None), zone_found, True, text)
