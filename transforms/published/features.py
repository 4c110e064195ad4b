"""What speaks for and against each day that a page may have been published on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from transforms.published.evidence import Evidence
from transforms.published.meta_names import GENERIC
from transforms.published.parsed import ParsedDate

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

DOUBTS: frozenset[str] = frozenset(
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
_PLACES = {"before": "before", "li": "listed", "a": "linked", "footer": "footer", "up1": "nearer"}
_WEST, _EAST = timedelta(hours=12), timedelta(hours=14)
_CLOSE = timedelta(days=1)
_WORDY = 0.75
_FIRM = 4


def hypotheses(evidence: Sequence[Evidence]) -> dict[date, dict[str, float]]:
    """Return each day stated by the evidence with its features by name (absent ones are 0)."""
    days: dict[date, dict[str, float]] = {}
    doubts: dict[date, frozenset[str]] = {}
    firsts: set[str] = set()
    for item in evidence:
        names = set(_names(item, firsts))
        for day, weight in _days(item):
            features = days.setdefault(day, {})
            for name in names - DOUBTS:
                features[name] = max(features.get(name, 0.0), weight)
            if names & _VISIBLE:
                doubts[day] = doubts.get(day, DOUBTS) & names
    for day, shared in doubts.items():
        days[day].update(dict.fromkeys(shared, 1.0))
    _places(evidence, days)
    _months(evidence, days)
    _local_days(evidence, days)
    _against_url(evidence, days)
    ranks = {day: _rank(features) for day, features in days.items()}
    for day, features in days.items():
        features.update(_relations(day, features, ranks))
    return days


def vector(features: Mapping[str, float]) -> list[float]:
    """Return the features in the order of ``NAMES``."""
    return [features.get(name, 0.0) for name in NAMES]


def _days(item: Evidence) -> list[tuple[date, float]]:
    day = item.parsed.day
    if day is None:
        return []
    if item.parsed.alternative is not None:
        return [(day, 0.6), (item.parsed.alternative, 0.4)]
    return [(day, 1.0)]


def _names(item: Evidence, firsts: set[str]) -> list[str]:
    """Return the features that one statement gives to its day."""
    candidate, family = item.candidate, item.family
    if candidate.kind == "modified" or item.parsed.label == "modified":
        if family not in ("line", "text", "header", "scan"):
            return ["modified"]
        return ["line:modified"] if item.parsed.confidence >= _WORDY else []
    if family == "json-ld":
        return _json_ld_names(item)
    if family == "meta":
        return ["meta:generic" if candidate.source[5:] in GENERIC else "meta"]
    if family in ("text", "header"):
        return _text_names(item, firsts)
    if family == "scan":
        return _scan_names(item, firsts)
    if family not in ("microdata", "time", "line", "abbr"):
        return [family]
    if "noise" in candidate.hints:
        return _noise_names(item, firsts)
    return _element_names(item, firsts)


def _json_ld_names(item: Evidence) -> list[str]:
    """Return the features of JSON-LD; an offset other than zero says the day is the local one."""
    if item.candidate.source == "json-ld:page":
        return ["json-ld:page"]
    if item.candidate.place != "datePublished":
        return ["json-ld:created"]
    zoned = item.parsed.at is not None and _offset(item.parsed.value)
    return ["json-ld", "json-ld:zoned"] if zoned else ["json-ld"]


def _text_names(item: Evidence, firsts: set[str]) -> list[str]:
    """Return the features of a line of a plain text."""
    hints, parsed = item.candidate.hints, item.parsed
    names = [item.family]
    if "labelled" in hints:
        names.append("text:kind")
    names += [f"text:{hint}" for hint in ("near", "after", "dateline") if hint in hints]
    if parsed.label == "published":
        names.append("text:labelled")
    return names + _wording(parsed) + _first("text:first", firsts, item)


def _wording(parsed: ParsedDate) -> list[str]:
    names = []
    if parsed.relative:
        names.append("line:relative")
    if parsed.yearless:
        names.append("line:yearless")
    if parsed.confidence < _WORDY:
        names.append("line:wordy")
    if parsed.clock is not None:
        names.append("clock")
    return names


def _scan_names(item: Evidence, firsts: set[str]) -> list[str]:
    """Return the features of a date found by searching all of the page's text."""
    if item.parsed.confidence < _WORDY:
        return ["scan:wordy"]
    names = ["scan"]
    if item.parsed.label == "published" or "labelled" in item.candidate.hints:
        names.append("scan:labelled")
    if item.parsed.clock is not None:
        names.append("clock")
    return names + _first("scan:first", firsts, item) if "after" in item.candidate.hints else names


def _noise_names(item: Evidence, firsts: set[str]) -> list[str]:
    """Return the features of a date among what looks like teasers, comments or navigation."""
    names = ["noise"]
    if _near(item):
        names.append("noise:near")
    if item.parsed.label == "published" or "published" in item.candidate.hints:
        names.append("noise:labelled")
    return names + _first("noise:first", firsts, item)


def _element_names(item: Evidence, firsts: set[str]) -> list[str]:
    candidate, parsed, family = item.candidate, item.parsed, item.family
    hints = candidate.hints
    if family == "microdata":
        return ["microdata"]
    machine = family == "time" and candidate.source != "time:text"
    names = ["time" if family == "time" else "line"]
    names += _first("line:first", firsts, item)
    if "published" in hints:
        names.append(f"{names[0]}:published")
    names.append("line:near" if _near(item) else "line:far")
    if parsed.label == "published":
        names.append("line:labelled")
    if not machine:
        names += _wording(parsed)
    names += [f"line:{name}" for hint, name in _PLACES.items() if hint in hints]
    return names


def _near(item: Evidence) -> bool:
    hints = item.candidate.hints
    return "near" in hints or "up1" in hints or "up2" in hints or "up3" in hints


def _first(name: str, firsts: set[str], item: Evidence) -> list[str]:
    """Return ``name`` for the first statement of its sort and for its repetitions."""
    day = f"{name} {item.parsed.day}"
    if name in firsts and day not in firsts:
        return []
    firsts.update((name, day))
    return [name]


def _places(evidence: Sequence[Evidence], days: Mapping[date, dict[str, float]]) -> None:
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


def _months(evidence: Sequence[Evidence], days: Mapping[date, dict[str, float]]) -> None:
    """Let a month in the URL speak for the days within it."""
    for item in evidence:
        if item.family == "url" and item.parsed.precision == "month":
            for day, features in days.items():
                if f"{day:%Y-%m}" == item.parsed.value:
                    features["url:month"] = 1.0


def _against_url(evidence: Sequence[Evidence], days: Mapping[date, dict[str, float]]) -> None:
    """Let a day or month in the URL speak against the days apart from it."""
    for item in evidence:
        if item.family == "url":
            for day, features in days.items():
                near = item.parsed.day is not None and abs(item.parsed.day - day) <= _CLOSE
                if not near and "url" not in features and "url:month" not in features:
                    features["url-against"] = 1.0


def _local_days(evidence: Sequence[Evidence], days: Mapping[date, dict[str, float]]) -> None:
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
        if at is None or item.candidate.kind != "published" or _offset(item.parsed.value):
            continue
        around = {(at - _WEST).date(), (at + _EAST).date()} - {at.date()}
        for day in around & visible:
            if at.date() not in visible:
                days[day]["local-day"] = 1.0
                days.get(at.date(), {})["utc-day"] = 1.0


def _offset(value: str) -> timedelta:
    return datetime.fromisoformat(value).utcoffset() or timedelta(0)


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
        "families": float(min(len(families), 4)),
        "outranked": float(better),
        "modified:later": float(
            "modified" in own
            and any(other < day and value >= _FIRM for other, value in ranks.items())
        ),
        "noise:sole": float("noise" in own and len(ranks) == 1),
        "tied": float(sum(other == rank for other in ranks.values()) > 1),
        "earliest": float(len(firm) > 1 and day == min(firm)),
    }
