"""What a page's candidates say, read into days and instants, within plausible bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from transforms.model import DateCandidate
from transforms.published.dateline import read
from transforms.published.locale import KIND
from transforms.published.machine import parse_machine_date
from transforms.published.parsed import ParsedDate

WEB_STARTS: dict[str, int] = {
    "ar": 1996, "az": 1998, "be": 1998, "bg": 1996, "bn": 1999, "fa": 1998, "gu": 1999,
    "hi": 1998, "hy": 1998, "ka": 1998, "kk": 1998, "km": 2000, "kn": 1999, "lo": 2000,
    "mk": 1997, "ml": 1998, "mn": 1999, "mr": 1999, "my": 2000, "ne": 1999, "pa": 1999,
    "si": 1999, "ta": 1997, "te": 1999, "th": 1996, "uk": 1997, "ur": 1999, "uz": 1999,
    "vi": 1998,
}  # fmt: skip
"""The first year in which newspapers of a language were on the web; others: ``FIRST_YEAR``.

Online editions of newspapers began in 1994 (The Telegraph, Der Spiegel, both in that year); for
languages of other scripts the year is that of usable encodings and fonts in browsers.
"""
FIRST_YEAR = 1994
SLACK = timedelta(days=1)
"""How far a local day may run ahead of the UTC instant of the fetch."""

_LINE_SOURCES = frozenset(("line", "time:text", "header", "text", "scan"))


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last day on which the page can have been published."""

    earliest: date
    latest: date | None

    def admit(self, day: date) -> bool:
        """Say whether a day lies within the bounds."""
        return self.earliest <= day and (self.latest is None or day <= self.latest)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate with the date it states."""

    candidate: DateCandidate
    parsed: ParsedDate

    @property
    def family(self) -> str:
        """The kind of place, such as ``json-ld``, ``meta``, ``time``, ``line`` or ``url``."""
        return self.candidate.source.partition(":")[0]


def bounds(
    language: str | None, fetched_at: datetime | None, last_modified: datetime | None
) -> Bounds:
    """Return the bounds that the page's language, its fetch and its last change put on its date."""
    base = (language or "").lower().partition("-")[0]
    limits = [moment for moment in (fetched_at, last_modified) if moment is not None]
    latest = min((_utc(moment) for moment in limits), default=None)
    return Bounds(
        date(WEB_STARTS.get(base, FIRST_YEAR), 1, 1),
        (latest + SLACK).date() if latest else None,
    )


def read_all(
    candidates: Sequence[DateCandidate],
    language: str | None,
    reference: datetime | None,
    limits: Bounds,
) -> list[Evidence]:
    """Return the candidates that state a date within the bounds, in their order."""
    found = []
    for candidate in candidates:
        if candidate.kind == KIND:
            continue
        parse = read if candidate.source in _LINE_SOURCES else parse_machine_date
        parsed = parse(candidate.raw, language=language, reference=reference)
        parsed = _within(parsed, limits) if parsed else None
        if parsed is not None:
            found.append(Evidence(candidate, parsed))
    return found


def _within(parsed: ParsedDate, limits: Bounds) -> ParsedDate | None:
    """Return the reading within the bounds: as it is, with month and day swapped, or none."""
    if parsed.day is None:
        return parsed
    if limits.admit(parsed.day):
        other = parsed.alternative
        if other is None or limits.admit(other):
            return parsed
        return _on(parsed, parsed.day)
    if parsed.alternative is not None and limits.admit(parsed.alternative):
        return _on(parsed, parsed.alternative)
    return None


def _on(parsed: ParsedDate, day: date) -> ParsedDate:
    """Return the date settled on one of its two readings; a time with a zone is dropped."""
    return ParsedDate(
        day.isoformat(), "day", day, parsed.raw, parsed.confidence, parsed.clock, None, parsed.label
    )


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
