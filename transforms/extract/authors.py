"""Names of authors out of the strings that carry them."""

import re
from collections.abc import Iterable, Sequence

from transforms.extract.titles import squash
from transforms.published.folding import fold
from transforms.published.names import months, weekdays

MAX_AUTHORS = 24
MAX_NAME = 80
MAX_BYLINE = 120
MAX_WORDS = 7
MAX_TIME_WORDS = 2
"""A weekday and a month stand before the number of a day."""
_BY = (
    r"by|von|par|por|di|da|af|av|door|przez|oleh|yazan|tekst|text|autorin|autoren|autor(?:es)?|"
    r"authors?|autore|auteurs?|contributors?|written by|words by|posted by|published by|"
    r"reported by|researched by|story by|guide by|kommentar von|ein kommentar von|"
    r"eine analyse von|analysis by|opinion by|ditulis oleh|tác giả|автор|текст|文|記者|기자"
)
_PREFIX = re.compile(rf"^(?:(?:{_BY})(?:\s*[::]\s*|\s+)){{1,2}}", re.IGNORECASE)
_ALONE = re.compile(rf"(?:{_BY})\s*[::]?", re.IGNORECASE)
_DATED = re.compile(r"\d{4}\W{1,3}(?:by|von|par|por|di|door|av|af)\s+", re.IGNORECASE)
_SPLIT = re.compile(r"\s*[;|•·⋅]\s*|\s*[,、]\s+|\s+(?:and|und|&|with)\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{0,60}[)\]]")
_MAIL = re.compile(r"\s*\S{1,64}@\S{1,255}")
_ROLE = re.compile(r"\s+(?:기자|특파원|記者)$")
_BROKEN = re.compile(r"https?://|www\.|[<>{}=\\]|\d{3}")
_LOGIN = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_NUMBER = re.compile(r"\s*\d")
_PARTICLES = frozenset(
    "af al av bin binti da das de del della dem den der des di do dos du e editors el i ibn la le "
    "staff team ten ter the und van vom von y zu zum zur".split()
)
_JOBS = frozenset(
    "analyst chief contributor correspondent director editor expert founder journalist "
    "journaliste korrespondent korrespondentin manager officer producer redakteur redakteurin "
    "redactor reporter specialist writer".split()
)
_NO_NAMES = frozenset(
    "about bio by deputy former junior more profile senior updated written".split()
)


def _like_a_person(name: str) -> bool:
    if name.upper() == name.lower():
        return True
    words = name.split()
    folded = [word.casefold().strip(".,:") for word in words]
    return (
        1 < len(words) <= MAX_WORDS
        and folded[-1] not in _JOBS
        and _NO_NAMES.isdisjoint(folded)
        and all(
            word != word.lower() or word == word.upper() or low in _PARTICLES
            for word, low in zip(words, folded, strict=True)
        )
    )


def _without_job(name: str) -> str:
    words = name.split()
    while len(words) > 2 and words[-1].casefold() in _JOBS:
        words.pop()
    return " ".join(words)


def byline_start(text: str) -> int | None:
    """Return where the names begin in a short text that reads like a byline, else None.

    It opens with "By", "Von" or "Par" and a name, or has these behind a date.
    """
    if len(text) > MAX_BYLINE:
        return None
    found = _PREFIX.match(text) or _DATED.search(text)
    return found.end() if found and text[found.end() :][:1].isupper() else None


def announces_names(text: str) -> bool:
    """Say whether a text is but "By" or "Written by:", so that the next one holds the names."""
    return len(text) <= MAX_NAME and _ALONE.fullmatch(text) is not None


def split_names(text: str) -> list[str]:
    """Return the names in one author string, without "by", roles, brackets and addresses."""
    text = _BRACKETS.sub("", _MAIL.sub("", " ".join(text[:2000].split())))
    names = []
    for part in _SPLIT.split(text)[:MAX_AUTHORS]:
        name = _ROLE.sub("", _PREFIX.sub("", part)).strip(" ,.:-–—/&")
        if (
            1 < len(name) <= MAX_NAME
            and not _BROKEN.search(name)
            and len(name.split()) <= MAX_WORDS
        ):
            names.append(name)
    return names


def byline_names(text: str) -> list[str]:
    """Return the names in a byline as it stands on a page, before any date or number.

    Only what looks like a person's name counts: two words or more with capitals and none that
    names a job, or a name in a script without capitals.
    """
    pieces = _NUMBER.split(text[: MAX_BYLINE * 2], maxsplit=1)
    words = pieces[0].split()
    for _ in range(MAX_TIME_WORDS):
        if len(pieces) > 1 and words and _names_time(words[-1]):
            words.pop()
    names = map(_without_job, split_names(" ".join(words)))
    return [name for name in names if ":" not in name and _like_a_person(name)]


def _names_time(word: str) -> bool:
    key = fold(word).strip(".,")
    return key in months() or key in weekdays()


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in order, each once however it is written."""
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(squash(name), name)
    return tuple(list(seen.values())[:MAX_AUTHORS])


def names_owner(name: str, owners: Sequence[str]) -> bool:
    """Say whether ``name`` is the publisher's or an account's rather than a writer's."""
    mine = squash(name)
    if name.split()[-1:] in (["Admin"], ["admin"]) or _LOGIN.fullmatch(name):
        return True
    if mine in ("admin", "editor", "redaktion", "redaction", "redaccion", "staff", "online"):
        return True
    for owner in map(squash, owners):
        if owner and (mine in owner or (len(owner) > 2 and owner in mine)):
            return True
    return False
