"""A date read from one string."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date read from one string.

    ``value`` is ISO 8601 at ``precision`` (year, month, day, minute, second) and never has a time
    without a zone; ``day`` is the day as written; ``clock`` a time of day as written, ``at`` the
    instant in UTC when the zone was written too. ``label`` is ``published`` or ``modified`` when
    the line says so. ``relative`` marks a date counted back from the reference, ``yearless`` one
    whose year is the reference's; ``alternative`` is the day with month and day swapped where
    their order is open. ``confidence`` is a rank from 0 to 1, not calibrated.
    """

    value: str
    precision: str
    day: date | None
    raw: str
    confidence: float
    clock: time | None = None
    at: datetime | None = None
    label: str = ""
    relative: bool = False
    yearless: bool = False
    alternative: date | None = None
