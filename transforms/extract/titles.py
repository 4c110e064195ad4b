"""The article's title, agreed upon by the places that state it."""

import re
from collections.abc import Sequence

_SEPARATOR = re.compile(r"\s+[|\-–—·•:»«<>/]{1,2}\s+|\s*[|»]\s*")
_WORD = re.compile(r"\w+")
MAX_TITLE = 400
PRIOR = {
    "json-ld": 1.2,
    "h1": 1.0,
    "microdata": 1.0,
    "og:title": 0.9,
    "twitter:title": 0.1,
    "title": 0.0,
}
SHOWN_PRIOR = PRIOR | {"h1": 1.2}


def squash(text: str) -> str:
    """Return the letters and digits of ``text`` alone, folded, to compare names."""
    return "".join(_WORD.findall(text.casefold()))


def choose_title(
    candidates: Sequence[tuple[str, str]], owners: Sequence[str]
) -> tuple[str, str] | None:
    """Return (title, source) of the best of (source, text) ``candidates``.

    Each place votes for those of the other places by the share of words they have in common; a
    suffix that names one of ``owners`` (site name, domain), or that another candidate lacks, is cut
    first. A heading that is an owner's name is no title, and one that is shown counts for more
    where no JSON-LD names the headline, for then the rest are written for search engines.
    """
    names = [squash(owner) for owner in owners if owner]
    prior = PRIOR if any(source == "json-ld" for source, _ in candidates) else SHOWN_PRIOR
    cleaned: list[tuple[str, str, list[str]]] = []
    for source, text in candidates:
        title = " ".join(text[: MAX_TITLE * 2].split())
        rest = [
            " ".join(other[: MAX_TITLE * 2].split()) for name, other in candidates if name != source
        ]
        title = _without_owner(title, rest, names)
        named = source == "h1" and rest and any(squash(title) in name for name in names)
        if title and len(title) <= MAX_TITLE and not named:
            cleaned.append((source, title, _WORD.findall(title.casefold())))
    best: tuple[float, str, str] | None = None
    for source, title, words in cleaned:
        votes: dict[str, float] = {}
        for place, _, other in cleaned:
            if place != source:
                votes[place] = max(votes.get(place, 0.0), _overlap(words, other))
        score = sum(votes.values()) / max(len(votes), 1) + prior[source]
        if best is None or score > best[0]:
            best = (score, title, source)
    return (best[1], best[2]) if best else None


def _without_owner(title: str, others: Sequence[str], owners: Sequence[str]) -> str:
    """Cut parts after the last separators while they name the owner or another title lacks them."""
    folded = {other.casefold() for other in others}
    while True:
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title
        cut = cuts[-1]
        head, tail = title[: cut.start()], squash(title[cut.end() :])
        owned = any(
            tail and (tail in owner or (len(owner) > 3 and owner in tail)) for owner in owners
        )
        agreed = any(title[: other.start()].casefold() in folded for other in cuts)
        if not head or not (owned or agreed):
            return title
        title = head


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    first, second = set(one), set(other)
    return 2 * len(first & second) / max(len(first) + len(second), 1)
