"""The one date of publication among what a page says, and how sure it is."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files

from transforms.model import DateCandidate, Publication
from transforms.published.evidence import Evidence, bounds, read_all
from transforms.published.features import NAMES, hypotheses, vector
from transforms.published.locale import country_of, locale_of
from transforms.published.zones import localise, settle

FLOOR = 0.47
"""A day of less confidence than this is not given: null is the better answer."""

_ORDER = ("json-ld", "meta", "microdata", "time", "script", "header", "line", "text", "abbr", "url")


def arbitrate(
    candidates: Sequence[DateCandidate],
    *,
    url: str | None,
    fetched_at: datetime | None,
    headers: Sequence[tuple[str, str]],
    language: str | None,
) -> Publication:
    """Return when the article was published, or a ``Publication`` of nulls.

    Every day the candidates name is weighed by what names it and by what speaks against it
    (``features``); the likeliest is taken if the confidence that it is right reaches ``FLOOR``.
    ``fetched_at`` and the ``last-modified`` and ``date`` headers are bounds and the reference for
    relative lines, never an answer.
    """
    seen = fetched_at or _header(headers, "date")
    limits = bounds(language, seen, _header(headers, "last-modified"))
    locale = locale_of(candidates, url, language)
    evidence = localise(read_all(candidates, locale, seen, limits), country_of(locale))
    likelihoods = weigh(hypotheses(evidence))
    modified = _modified(evidence)
    if not likelihoods:
        return Publication(modified_at=modified)
    day = max(likelihoods, key=lambda key: (likelihoods[key], -key.toordinal()))
    confidence = calibrated(likelihoods[day])
    if confidence < FLOOR:
        return Publication(modified_at=modified)
    return _publication(day, confidence, evidence, modified)


def weigh(days: Mapping[date, Mapping[str, float]]) -> dict[date, float]:
    """Return for each day the likelihood, from 0 to 1, that the article was published on it.

    A conditional logit (McFadden, "Conditional logit analysis of qualitative choice behavior",
    1974) over the days and the alternative that the page does not tell: a day's likelihood is
    the exponential of its score over the sum of all, so every rival lowers it.
    """
    weights, bias, _ = _model()
    scores = {
        day: bias + sum(map(float.__mul__, weights, vector(features)))
        for day, features in days.items()
    }
    highest = max(0.0, max(scores.values(), default=0.0))
    shares = {day: math.exp(score - highest) for day, score in scores.items()}
    total = math.exp(-highest) + sum(shares.values())
    return {day: share / total for day, share in shares.items()}


def calibrated(likelihood: float) -> float:
    """Return how often a day of this likelihood was right on sites the weights had not seen.

    Platt's logistic map (Platt, "Probabilistic outputs for support vector machines", 1999),
    fitted to the answers of the cross-validation.
    """
    slope, offset = _model()[2]
    likelihood = min(max(likelihood, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-slope * math.log(likelihood / (1 - likelihood)) - offset))


@cache
def _model() -> tuple[tuple[float, ...], float, tuple[float, float]]:
    model = json.loads(files("transforms.published").joinpath("weights.json").read_text("utf-8"))
    slope, offset = model["calibration"]
    return tuple(float(model["weights"][name]) for name in NAMES), model["bias"], (slope, offset)


def _publication(
    day: date, confidence: float, evidence: Sequence[Evidence], modified: datetime | None
) -> Publication:
    """Write a day out with the best statement of it: the most precise of the best placed."""
    supporting = [
        item
        for item in evidence
        if item.candidate.kind == "published"
        and item.parsed.label != "modified"
        and day in (item.parsed.day, item.parsed.alternative)
    ] or [item for item in evidence if day in (item.parsed.day, item.parsed.alternative)]
    best = min(supporting, key=_rank)
    moment, precision = settle(day, best, supporting, evidence)
    if moment is None:
        published, at, precision = day.isoformat(), None, "day"
    else:
        published = moment.isoformat(timespec=f"{precision}s")
        at = moment.astimezone(UTC)
    if modified is not None and modified.date() < day:
        modified = None
    return Publication(
        published=published,
        precision=precision,
        at=at,
        day=day,
        raw=best.candidate.raw,
        source=best.candidate.source,
        confidence=round(confidence, 3),
        modified_at=modified,
    )


def _rank(item: Evidence) -> tuple[bool, int, bool]:
    """Order statements: those with an instant first, then by the place they stand in."""
    family = item.family
    place = _ORDER.index(family) if family in _ORDER else len(_ORDER)
    noise = "noise" in item.candidate.hints
    return item.parsed.at is None or noise, place, item.candidate.source == "json-ld:page"


def _modified(evidence: Sequence[Evidence]) -> datetime | None:
    """Return the instant of the last change that the best placed statement gives."""
    stated = [item for item in evidence if item.candidate.kind == "modified" and item.parsed.at]
    return min(stated, key=_rank).parsed.at if stated else None


def _header(headers: Sequence[tuple[str, str]], wanted: str) -> datetime | None:
    for name, value in headers:
        if name.lower() == wanted:
            try:
                moment = parsedate_to_datetime(value)
            except (ValueError, TypeError, IndexError, OverflowError):
                return None
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return None
