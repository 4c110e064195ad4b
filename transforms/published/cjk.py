"""Dates written with the East Asian signs for year, month and day."""

from datetime import date

from transforms.published.calendars import era_year
from transforms.published.span import Span, valid_day
from transforms.published.tokens import Line

_UNITS = {"年": "y", "년": "y", "月": "m", "월": "m", "日": "d", "일": "d", "号": "d", "號": "d"}


def read_cjk(line: Line, i: int, reference: date | None) -> Span | None:
    """Read ``2024年12月30日`` and its Korean, era and yearless forms, starting at number ``i``."""
    parts: dict[str, int] = {}
    index, start = i, i
    while line.kind(index) == "n" and line.kind(index + 1) == "w":
        unit = _UNITS.get(line.text(index + 1)[:1])
        if unit is None or unit in parts or (unit != "y" and len(line.text(index)) > 2):
            break
        parts[unit] = int(line.text(index)[:4])
        index += 2
        if len(line.text(index - 1)) > 1 or unit == "d":
            break
    if "m" not in parts:
        return None
    year: int | None = parts.get("y")
    if year is not None:
        year, start = era_year(year, line.text(i - 1), reference), i
        if year is None:
            return None
    day = parts.get("d")
    if not valid_day(year, parts["m"], day or 1) or (day is None and year is None):
        return None
    return Span(start, index, year, parts["m"], day)
