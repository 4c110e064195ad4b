"""What speaks for and against each day that a page may have been published on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from transforms.published.evidence import Evidence
from transforms.published.tables import word_set

GENERIC_META = word_set(
    "date dc.date dc:date dcterms.date dcdate time timestamp created article_date gentime "
    "dcterms.created dc.created dc.date.created date_created date-created datecreated "
    "dcterms.issued creation_date article.created article:created article:create release_date "
    "releasedate"
)
ONE_DAY = timedelta(days=1)

NAMES: tuple[str, ...] = (
    "json-ld",
    "json-ld:created",
    "json-ld:page",
    "meta",
    "meta:generic",
    "microdata",
    "microdata:noise",
    "time",
    "time:published",
    "time:noise",
    "time:first",
    "line",
    "line:near",
    "line:labelled",
    "line:noise",
    "line:modified",
    "line:relative",
    "header",
    "text",
    "url",
    "url:month",
    "script",
    "modified",
    "families",
    "rivals",
    "rivals:strong",
    "rivals:line",
    "earliest",
    "next-day",
    "url-against",
    "clock",
    "sole",
)
"""Names of the features, in the order of their vector."""

_STRONG = ("json-ld", "json-ld:page", "meta", "microdata", "time:published")


def hypotheses(evidence: Sequence[Evidence]) -> dict[date, dict[str, float]]:
    """Return each day stated by the evidence with its features by name (absent ones are 0)."""
    days: dict[date, dict[str, float]] = {}
    firsts: set[str] = set()
    for item in evidence:
        for name in _names(item, firsts):
            for day, weight in _days(item):
                features = days.setdefault(day, {})
                features[name] = max(features.get(name, 0.0), weight)
    _months(evidence, days)
    published = {day: features for day, features in days.items() if set(features) - {"url:month"}}
    for day, features in published.items():
        features.update(_relations(day, features, published))
    return published


def _days(item: Evidence) -> list[tuple[date, float]]:
    day = item.parsed.day
    if day is None:
        return []
    if item.parsed.alternative is not None:
        return [(day, 0.6), (item.parsed.alternative, 0.4)]
    return [(day, 1.0)]


def _names(item: Evidence, firsts: set[str]) -> list[str]:
    """Return the features that one statement gives to its day."""
    candidate, parsed = item.candidate, item.parsed
    family, hints = item.family, candidate.hints
    if candidate.kind == "modified" or parsed.label == "modified":
        return ["line:modified"] if family in ("line", "text") else ["modified"]
    noise = "noise" in hints or "a" in hints or "li" in hints
    if family == "json-ld":
        if candidate.source == "json-ld:page":
            return ["json-ld:page"]
        return ["json-ld" if candidate.place == "datePublished" else "json-ld:created"]
    if family == "meta":
        return ["meta:generic" if candidate.source[5:] in GENERIC_META else "meta"]
    if family in ("microdata", "time"):
        names = [f"{family}:noise" if noise else family]
        if candidate.source == "time:published":
            names.append("time:published")
        if not noise and "time:first" not in firsts:
            firsts.add("time:first")
            names.append("time:first")
        return names
    if family in ("line", "abbr"):
        return _line_names(item, noise)
    return [family]


def _line_names(item: Evidence, noise: bool) -> list[str]:
    names = ["line:noise" if noise else "line"]
    hints = item.candidate.hints
    if not noise and ("near" in hints or any(f"up{height}" in hints for height in (1, 2, 3))):
        names.append("line:near")
    if item.parsed.label == "published" and not noise:
        names.append("line:labelled")
    if item.parsed.relative:
        names.append("line:relative")
    if item.parsed.clock is not None and not noise:
        names.append("clock")
    return names


def _months(evidence: Sequence[Evidence], days: Mapping[date, dict[str, float]]) -> None:
    """Let a month in the URL speak for the days within it."""
    for item in evidence:
        if item.family == "url" and item.parsed.precision == "month":
            for day, features in days.items():
                if f"{day:%Y-%m}" == item.parsed.value:
                    features["url:month"] = 1.0


def _relations(
    day: date, own: Mapping[str, float], days: Mapping[date, Mapping[str, float]]
) -> dict[str, float]:
    """Return the features of a day that come from the other days."""
    families = len({name.partition(":")[0] for name in own if name != "modified"})
    others = {
        other: features for other, features in days.items() if other != day and not _mere(features)
    }
    strong = sum(any(name in features for name in _STRONG) for features in others.values())
    lines = sum("line" in features or "time" in features for features in others.values())
    shifted = others.get(day + ONE_DAY, others.get(day - ONE_DAY))
    url_against = any("url" in features for features in others.values())
    return {
        "families": float(min(families, 4)),
        "rivals": min(len(others), 6) / 2,
        "rivals:strong": float(min(strong, 2)),
        "rivals:line": float(min(lines, 3)),
        "earliest": float(bool(others) and day < min(others)),
        "next-day": float(shifted is not None),
        "url-against": float(url_against and "url" not in own),
        "sole": float(not others),
    }


def _mere(features: Mapping[str, float]) -> bool:
    """Say whether a day is only one of modification or of a place among other articles."""
    return not set(features) - {"modified", "line:modified", "line:noise", "time:noise"}


def vector(features: Mapping[str, float]) -> list[float]:
    """Return the features in the order of ``NAMES``."""
    return [features.get(name, 0.0) for name in NAMES]
