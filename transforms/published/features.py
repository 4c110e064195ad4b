"""What speaks for and against each day that a page may have been published on."""

from collections.abc import Mapping, Sequence
from datetime import date

from transforms.published.evidence import Evidence
from transforms.published.relations import relate
from transforms.published.statements import features_of

NAMES: tuple[str, ...] = (
    "json-ld",
    "json-ld:zoned",
    "json-ld:created",
    "json-ld:page",
    "meta",
    "meta:generic",
    "microdata",
    "time",
    "time:published",
    "line:published",
    "line",
    "line:near",
    "line:nearer",
    "line:first",
    "line:labelled",
    "line:wordy",
    "line:far",
    "line:relative",
    "line:yearless",
    "line:before",
    "line:listed",
    "line:linked",
    "line:footer",
    "place:own",
    "place:first",
    "place:later",
    "noise",
    "noise:near",
    "noise:labelled",
    "noise:first",
    "noise:sole",
    "clock",
    "modified",
    "line:modified",
    "header",
    "text",
    "text:near",
    "text:after",
    "text:kind",
    "text:first",
    "text:labelled",
    "text:dateline",
    "modified:later",
    "scan",
    "scan:first",
    "scan:labelled",
    "scan:wordy",
    "url",
    "url:month",
    "url-against",
    "script",
    "families",
    "outranked",
    "tied",
    "earliest",
    "local-day",
    "utc-day",
)
"""Names of the features, in the order of their vector."""

_DOUBTS: frozenset[str] = frozenset(
    (
        "line:wordy",
        "line:far",
        "line:relative",
        "line:yearless",
        "line:listed",
        "line:linked",
        "line:footer",
        "noise",
    )
)
"""Features that a day has only if all visible statements of it have them."""

_VISIBLE = frozenset(("line", "time", "noise", "text", "header"))

_OWN_SHARE, _OTHER_SHARE = 0.6, 0.4
"""How a statement counts for its two readings where the order of day and month is open."""


def hypotheses(evidence: Sequence[Evidence]) -> dict[date, dict[str, float]]:
    """Return each day stated by the evidence with its features by name (absent ones are 0)."""
    days: dict[date, dict[str, float]] = {}
    doubts: dict[date, frozenset[str]] = {}
    firsts: set[str] = set()
    for item in evidence:
        names = set(features_of(item, firsts))
        for day, weight in _days(item):
            features = days.setdefault(day, {})
            for name in names - _DOUBTS:
                features[name] = max(features.get(name, 0.0), weight)
            if names & _VISIBLE:
                doubts[day] = doubts.get(day, _DOUBTS) & names
    for day, shared in doubts.items():
        days[day].update(dict.fromkeys(shared, 1.0))
    relate(evidence, days)
    return days


def vector(features: Mapping[str, float]) -> list[float]:
    """Return the features in the order of ``NAMES``."""
    return [features.get(name, 0.0) for name in NAMES]


def _days(item: Evidence) -> list[tuple[date, float]]:
    day = item.parsed.day
    if day is None:
        return []
    if item.parsed.alternative is not None:
        return [(day, _OWN_SHARE), (item.parsed.alternative, _OTHER_SHARE)]
    return [(day, 1.0)]
