"""What a page's candidates say, read into days and instants, within plausible bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from transforms.model import DateCandidate
from transforms.published.dateline import read
from transforms.published.locale import KIND, base_language
from transforms.published.machine import parse_machine_date
from transforms.published.parsed import ParsedDate

FIRST_YEAR = 1994
"""The year of the first newspapers on the web (The Daily Telegraph, Der Spiegel, both 1994)."""

WEB_STARTS: dict[str, int] = {
    "am": 1995, "bn": 1999, "bs": 1996, "km": 1996, "lo": 1996, "mn": 1995, "my": 1997,
    "ne": 1995, "ps": 1997, "so": 1997, "uz": 1995,
}  # fmt: skip
"""Languages whose main country got its domain later: that year (IANA's root zone database)."""

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
    base = base_language(language)
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
