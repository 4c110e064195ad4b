"""Dates counted back from when the page was seen: "2 hours ago", "vor einer Stunde", "gestern"."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from transforms.published.lexicon import ONE_WORDS, TODAY, YESTERDAY, label
from transforms.published.names import ago
from transforms.published.parsed import ParsedDate
from transforms.published.tokens import Line
from transforms.published.wording import is_known

_MAX_UNKNOWN = 4
_MAX_HOURS = 24 * 400
_LONGEST = 4


def read_relative(line: Line, text: str, reference: datetime) -> ParsedDate | None:
    """Return the moment a line counts back from ``reference``, or ``None``.

    Minutes give a minute; hours and days give a day. Weeks and months are too coarse for one.
    """
    seen = reference if reference.tzinfo else reference.replace(tzinfo=UTC)
    words = [text for text, kind in zip(line.texts, line.kinds, strict=True) if kind != "p"]
    if sum(not (is_known(word) or word.isdigit()) for word in words) > _MAX_UNKNOWN + 2:
        return None
    said = next(filter(None, map(label, words)), "")
    for index, word in enumerate(words):
        value = 1 if word in ONE_WORDS else int(word) if word.isdigit() and len(word) < 4 else None
        unit = _unit(words, index) if value is not None else None
        if unit is not None and value is not None:
            return _counted_back(text, seen, value, unit, said)
    unknown = sum(not is_known(word) for word in words if not word.isdigit())
    if unknown > _MAX_UNKNOWN:
        return None
    for names, days in ((TODAY, 0), (YESTERDAY, 1)):
        pairs = map("_".join, pairwise(words))
        if not names.isdisjoint(words) or not names.isdisjoint(pairs):
            return _counted_back(text, seen, days, "day", said)
    return None


def _unit(words: list[str], index: int) -> str | None:
    """Return the unit of the longest "ago" phrase around the number at ``index``."""
    table = ago()
    for before in range(min(_LONGEST - 1, index), -1, -1):
        for after in range(min(_LONGEST, len(words) - index - 1), -1, -1):
            phrase = [*words[index - before : index], "#", *words[index + 1 : index + 1 + after]]
            unit = table.get(" ".join(phrase))
            if unit:
                return unit
    return None


def _counted_back(text: str, seen: datetime, value: int, unit: str, said: str) -> ParsedDate | None:
    if unit in ("second", "minute"):
        at = seen - timedelta(seconds=value * (60 if unit == "minute" else 1))
        at = at.replace(second=0, microsecond=0)
        shown = at.isoformat(timespec="minutes")
        return ParsedDate(
            shown, "minute", at.date(), text, 0.9, None, at.astimezone(UTC), said, relative=True
        )
    hours = value * (24 if unit == "day" else 1)
    if unit in ("week", "month") or hours > _MAX_HOURS:
        return None
    day = (seen - timedelta(hours=hours)).date()
    return ParsedDate(day.isoformat(), "day", day, text, 0.9, label=said, relative=True)
