"""What the statements of a page together say for or against a day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from transforms.published.evidence import Evidence
from transforms.published.statements import offset_of

_WEST, _EAST = timedelta(hours=12), timedelta(hours=14)
_CLOSE = timedelta(days=1)
_FIRM = 4
_MAX_FAMILIES = 4

_RANKS: dict[str, int] = {
    "json-ld": 5,
    "meta": 5,
    "microdata": 4,
    "time:published": 3,
    "line:published": 3,
    "json-ld:page": 4,
    "json-ld:created": 4,
    "url": 4,
    "meta:generic": 3,
    "header": 3,
    "line:near": 2,
    "line:first": 2,
    "line:labelled": 2,
    "text:labelled": 2,
    "text:kind": 2,
    "text:near": 2,
    "text:after": 1,
    "text:dateline": 2,
    "script": 2,
    "scan:labelled": 2,
    "noise:labelled": 1,
    "scan:first": 1,
    "line": 1,
    "time": 1,
    "text": 1,
}
"""How good the places are that name a day; a day has the rank of its best."""

Days = Mapping[date, dict[str, float]]


def relate(evidence: Sequence[Evidence], days: Days) -> None:
    """Add to each day the features that come from the page's other statements and days."""
    _places(evidence, days)
    _months(evidence, days)
    _local_days(evidence, days)
    _against_url(evidence, days)
    ranks = {day: _rank(features) for day, features in days.items()}
    for day, features in days.items():
        features.update(_relations(day, features, ranks))


def _places(evidence: Sequence[Evidence], days: Days) -> None:
    """Mark the only day of its sort of element, and the first day of a sort that repeats.

    The dates of teasers and comments stand in elements of one class, the article's own does not.
    """
    places: dict[str, list[date]] = {}
    for item in evidence:
        if (
            item.family in ("line", "time")
            and item.parsed.day
            and "near" not in item.candidate.hints
        ):
            own = places.setdefault(item.candidate.place, [])
            if item.parsed.day not in own:
                own.append(item.parsed.day)
    firsts = {own[0]: len(own) == 1 for own in places.values()}
    for day in {day for own in places.values() for day in own}:
        alone = firsts.get(day)
        name = "later" if alone is None else "own" if alone else "first"
        days[day][f"place:{name}"] = 1.0


def _months(evidence: Sequence[Evidence], days: Days) -> None:
    """Let a month in the URL speak for the days within it."""
    for item in evidence:
        if item.family == "url" and item.parsed.precision == "month":
            for day, features in days.items():
                if f"{day:%Y-%m}" == item.parsed.value:
                    features["url:month"] = 1.0


def _against_url(evidence: Sequence[Evidence], days: Days) -> None:
    """Let a day or month in the URL speak against the days apart from it."""
    for item in evidence:
        if item.family == "url":
            for day, features in days.items():
                near = item.parsed.day is not None and abs(item.parsed.day - day) <= _CLOSE
                if not near and "url" not in features and "url:month" not in features:
                    features["url-against"] = 1.0


def _local_days(evidence: Sequence[Evidence], days: Days) -> None:
    """Mark a visible day that is the local day of an instant given in UTC.

    A page that states 23:15 UTC in its metadata and shows the next day means the next day.
    """
    visible = {
        day
        for day, own in days.items()
        if {"line", "time", "url"} & own.keys() and not {"modified", "line:modified"} & own.keys()
    }
    for item in evidence:
        at = item.parsed.at
        if at is None or item.candidate.kind != "published" or offset_of(item):
            continue
        around = {(at - _WEST).date(), (at + _EAST).date()} - {at.date()}
        for day in around & visible:
            if at.date() not in visible:
                days[day]["local-day"] = 1.0
                days.get(at.date(), {})["utc-day"] = 1.0


def _rank(features: Mapping[str, float]) -> int:
    """Return how good the best place is that names a day."""
    return max((_RANKS.get(name, 0) for name in features), default=0)


def _relations(day: date, own: Mapping[str, float], ranks: Mapping[date, int]) -> dict[str, float]:
    """Return the features of a day that come from the other days."""
    rank = ranks[day]
    better = any(other > rank for other in ranks.values())
    firm = [other for other, value in ranks.items() if value >= max(1, rank - 1)]
    families = {name.partition(":")[0] for name in own if name in _RANKS and name != "meta:generic"}
    return {
        "families": float(min(len(families), _MAX_FAMILIES)),
        "outranked": float(better),
        "modified:later": float(
            "modified" in own
            and any(other < day and value >= _FIRM for other, value in ranks.items())
        ),
        "noise:sole": float("noise" in own and len(ranks) == 1),
        "tied": float(sum(other == rank for other in ranks.values()) > 1),
        "earliest": float(len(firm) > 1 and day == min(firm)),
    }
