"""People's names in bylines, by their form: capitalised words, particles, initials."""

import re

from transforms.boilerplate.lexicons import sections

PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "delle",
        "di",
        "da",
        "das",
        "do",
        "dos",
        "du",
        "van",
        "von",
        "vom",
        "zu",
        "zur",
        "zum",
        "der",
        "den",
        "ter",
        "ten",
        "le",
        "la",
        "las",
        "los",
        "el",
        "al",
        "bin",
        "ibn",
        "ben",
        "bint",
        "abu",
        "y",
        "e",
        "af",
        "av",
        "auf",
        "dem",
    ]
)
JOINERS = re.compile(
    r"\s*(?:[,;/|•·&]|\b(?:and|und|et|y|e|i|og|och|en|ja|en|a|și|és|și|ve|dan|и|та|і|och)\b)\s*"
)
ROLE_SEPARATORS = re.compile(r"\s+[-–—|•·]\s+|\s*[(\[].*|\s+\d.*")
MAX_NAME = 40
_TOKEN = re.compile(r"(?:[^\W\d_][.’'‘-]?)+\.?")
_GLUED = re.compile(r"[a-z][A-Z]{3}")


def is_name(text: str) -> bool:
    """Say whether ``text`` has the form of one person's full name."""
    tokens = text.split()
    if not 2 <= len(tokens) <= 5 or len(text) > MAX_NAME:
        return False
    if not all(_TOKEN.fullmatch(token) for token in tokens):
        return False
    if _GLUED.search(text):
        return False
    capital = [token for token in tokens if token[0].isupper()]
    small = [token for token in tokens if not token[0].isupper()]
    if len(capital) < 2 or any(token.lower() not in PARTICLES for token in small):
        return False
    if not tokens[0][0].isupper() or not tokens[-1][0].isupper():
        return False
    return any(len(token.strip(".")) > 1 and not token.isupper() for token in capital) or (
        len(text) <= 25 and all(token.isupper() for token in tokens) and len(capital) == 2
    )


def split_byline(text: str) -> tuple[str, bool]:
    """Return ``text`` without an opening byline word, and whether it had one."""
    words = text.split()
    for count in (3, 2, 1):
        opening = " ".join(words[:count]).rstrip(":").casefold()
        if len(words) > count and opening in sections()["byline"]:
            return " ".join(words[count:]).lstrip(": "), True
    return text, False


def names_in(text: str) -> tuple[str, ...]:
    """Return the names a byline consists of; empty when anything else is in it.

    What follows a dash, a bar, a bracket or a number is a role, a place or a date.
    """
    rest, marked = split_byline(text)
    head = ROLE_SEPARATORS.split(rest, maxsplit=1)[0].strip(" ,;:")
    parts = [part.strip() for part in JOINERS.split(head) if part.strip()]
    found = [part for part in parts if is_name(part)]
    if not found or (len(found) < len(parts) and not marked):
        return ()
    if marked and not is_name(parts[0]):
        return ()
    return tuple(dict.fromkeys(found))
