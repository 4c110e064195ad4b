"""Names of authors out of the strings that carry them."""

import re
from collections.abc import Iterable, Sequence

from transforms.extract.titles import squash

MAX_AUTHORS = 24
MAX_NAME = 80
MAX_BYLINE = 120
_PREFIX = re.compile(
    r"^(?:by|von|par|por|di|da|af|av|door|przez|oleh|yazan|tekst|text|autorin|autor|author|autore|"
    r"auteur|written by|words by|posted by|published by|reported by|story by|kommentar von|"
    r"ein kommentar von|eine analyse von|analysis by|opinion by|ditulis oleh|tác giả|автор|текст|"
    r"文|記者|기자)(?:\s*[::]\s*|\s+)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*[;|•·]\s*|\s*[,、]\s+|\s+(?:and|und|&|with)\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{0,60}[)\]]")
_MAIL = re.compile(r"\s*\S{1,64}@\S{1,255}")
_ROLE = re.compile(r"\s+(?:기자|특파원|記者)$")
_BROKEN = re.compile(r"https?://|www\.|[<>{}=\\]|\d{3}")

_NUMBER = re.compile(r"\s*\d")


def _like_a_person(name: str) -> bool:
    if name.upper() == name.lower():
        return True
    return len(name.split()) > 1 and name != name.lower()


def is_byline(text: str) -> bool:
    """Say whether a short text opens like a byline: "By", "Von", "Par" and a name."""
    found = _PREFIX.match(text) if len(text) <= MAX_BYLINE else None
    return found is not None and text[found.end() :][:1].isupper()


def split_names(text: str) -> list[str]:
    """Return the names in one author string, without "by", roles, brackets and addresses."""
    text = _BRACKETS.sub("", _MAIL.sub("", " ".join(text[:2000].split())))
    names = []
    for part in _SPLIT.split(text)[:MAX_AUTHORS]:
        name = _ROLE.sub("", _PREFIX.sub("", part)).strip(" ,.:-–—/")
        if 1 < len(name) <= MAX_NAME and not _BROKEN.search(name) and len(name.split()) <= 7:
            names.append(name)
    return names


def byline_names(text: str) -> list[str]:
    """Return the names in a byline as it stands on a page, before any date or number.

    Only what looks like a person's name counts: two words or more with a capital, or a name in a
    script without capitals.
    """
    names = split_names(_NUMBER.split(text, maxsplit=1)[0])
    return [name for name in names if ":" not in name and _like_a_person(name)]


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in order, each once however it is written."""
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(squash(name), name)
    return tuple(list(seen.values())[:MAX_AUTHORS])


def names_owner(name: str, owners: Sequence[str]) -> bool:
    """Say whether ``name`` is the publisher's rather than a writer's."""
    mine = squash(name)
    if mine in ("admin", "editor", "redaktion", "redaction", "redaccion", "staff", "online"):
        return True
    for owner in map(squash, owners):
        if owner and (mine in owner or (len(owner) > 2 and owner in mine)):
            return True
    return False
