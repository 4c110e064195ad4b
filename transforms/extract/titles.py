"""The article's title, agreed upon by the places that state it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_SEPARATOR = re.compile(r"\s+[|\-–—·•:»«<>/]{1,2}\s+|\s*[|｜»：]\s*")
_WORD = re.compile(r"\w+")
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)$")
MAX_TITLE = 400
CUT_FROM = 90
"""A title this long that another one goes on from was cut to a length some reader prescribes."""
MAX_OWNER_WORDS = 4
OWNER_SHARE = 4
"""A part with more than so many times the letters of the owner's name says more than the name."""

Place = tuple[str, str]
"""A source and the text it states."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that some place states as the title; ``trust`` is that place's vote for its own."""

    source: str
    text: str
    trust: float


def squash(text: str) -> str:
    """Return the letters and digits of ``text`` alone, folded, to compare names."""
    return "".join(_WORD.findall(text.casefold()))


def like_a_headline(text: str) -> bool:
    """Say whether a text has a headline's length: four words, or as much without spaces."""
    bare = text.upper() == text.lower()
    return len(_WORD.findall(text)) >= 4 or (bare and len(text) >= 12)


def choose_title(candidates: Sequence[Candidate], owners: Sequence[str]) -> Candidate | None:
    """Return the best of ``candidates``, without the site's name.

    Each place votes for those of the other places by the share of words they have in common, and
    by its trust for its own. Before that, a part at either end that names one of ``owners`` (site
    name, domain) is cut, as is a suffix that another candidate lacks; a candidate that another
    one shows to be cut short is left out, and so is a heading that is an owner's name.
    """
    names = {squash(owner) for owner in owners} - {""}
    texts = [" ".join(given.text[: MAX_TITLE * 2].split()) for given in candidates]
    places = [(given.source, text) for given, text in zip(candidates, texts, strict=True)]
    cleaned: list[tuple[Candidate, str, frozenset[str]]] = []
    for given, text in zip(candidates, texts, strict=True):
        rest = [place for place in places if place[0] != given.source]
        title = _without_owner(text, rest, names)
        if title and len(title) <= MAX_TITLE and not _cut_short(given.source, text, rest):
            spelt = _WORD.findall(title.casefold())
            name = "".join(spelt)
            if given.source != "h1" or not rest or not any(name in owner for owner in names):
                cleaned.append((given, title, frozenset(spelt)))
    best: tuple[float, Candidate, str] | None = None
    for given, title, words in cleaned:
        votes: dict[str, float] = {}
        for other, _, others_words in cleaned:
            if other.source != given.source:
                share = 1.0 if words == others_words else _overlap(words, others_words)
                votes[other.source] = max(votes.get(other.source, 0.0), share)
        score = sum(votes.values()) / max(len(votes), 1) + given.trust
        if best is None or score > best[0]:
            best = (score, given, title)
    return Candidate(best[1].source, best[2], best[1].trust) if best else None


def _without_owner(title: str, others: Sequence[Place], owners: Collection[str]) -> str:
    """Cut parts at the ends while they name the owner, and last ones that another title lacks."""
    cuts = list(_SEPARATOR.finditer(title))
    if not cuts:
        return title
    folded = {other.casefold() for _, other in others}
    stated = (cut.start() for cut in cuts if title[: cut.start()].casefold() in folded)
    agreed = next(stated, len(title))
    end = len(title)
    while cuts and cuts[-1].start():
        last = cuts[-1]
        if last.start() < agreed and not _names_owner(title[last.end() : end], owners):
            break
        end = last.start()
        cuts.pop()
    first = cuts[0] if cuts else None
    if first and squash(title[: first.start()]) in owners:
        return title[first.end() : end]
    return title[:end]


def _names_owner(part: str, owners: Collection[str]) -> bool:
    """Say whether a part of a title is a name of the site: its own, a longer one or a shorter."""
    words = _WORD.findall(part.casefold())
    name = "".join(words)
    initials = "".join(word[0] for word in words) if len(words) > 2 else name
    for owner in owners:
        if owner in (name, initials) or (len(name) > 2 and name in owner):
            return True
        if len(owner) > 3 and owner in name and len(name) <= OWNER_SHARE * len(owner):
            return True
        if owner in words and len(words) <= MAX_OWNER_WORDS:
            return True
    return False


def _cut_short(source: str, title: str, others: Sequence[Place]) -> bool:
    """Say whether another title goes on where this one ends, by an ellipsis or by its length."""
    stem = _ELLIPSIS.sub("", title) if title.endswith(("…", "...")) else title
    if stem == title and (source == "h1" or len(title) < CUT_FROM):
        return False
    start, size = stem.casefold(), len(stem)
    longer = [
        other[size:]
        for _, other in others
        if len(other) > len(title) and other.casefold().startswith(start)
    ]
    if stem != title:
        return bool(longer)
    shown = any(place == "h1" and other == title for place, other in others)
    return not shown and any(not _SEPARATOR.match(rest) for rest in longer)


def _overlap(first: frozenset[str], second: frozenset[str]) -> float:
    return 2 * len(first & second) / max(len(first) + len(second), 1)
