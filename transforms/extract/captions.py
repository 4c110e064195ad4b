"""Captions and the credits inside them: where the credit begins, and whom it names."""

import re

from transforms.boilerplate.phrases import after_phrase, ends_on_phrase

MAX_CREDIT = 100
"""A credit has no more characters than this, its label included."""

MAX_NAMES = 10
MAX_LABEL = 3
MIN_CAPTION = 8
_OPEN, _CLOSE = "([（［", ")]）］"
_EDGES = f" \t|•·–—-,;:{_OPEN}{_CLOSE}"
_DANGLING = f" \t|•·–—-{_OPEN}"
_WORD = re.compile(r"[^\W\d_]+")
_SIGNS = re.compile(r"\s*(?:©|\(c\))\s*", re.IGNORECASE)
_MARKS = re.compile(r"\s*[:=：]\s*(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…。！？][»”\"’]?\s*(?=[^\s)\]）］])")
_NAMES_APART = re.compile(r"[^\W_][ .]?/ ?[^\W_]|\bvia [A-Z]|©")


def credit_start(text: str) -> int:
    """Return where the credit at the end of a caption begins.

    That is the length of the text where it has none, and 0 where it is nothing but a credit. A
    credit stands in brackets at the end, behind a label ("Photo: …", "Foto von …"), or as a last
    sentence of its own that is made of names and an agency's.
    """
    begin = max(len(text) - MAX_CREDIT, 0)
    tail = text[begin:]
    for found in (_bracket, _labelled, _last_sentence):
        at = found(tail)
        if at >= 0:
            return begin + at
    return len(text)


def credited(text: str) -> str:
    """Return whom a credit names, without its label, brackets and copyright sign."""
    rest = _SIGNS.sub(" ", text).strip(_EDGES)
    mark = _MARKS.search(rest)
    if mark is not None and len(rest[: mark.start()].split()) <= MAX_LABEL:
        rest = rest[mark.end() :]
    else:
        named = after_phrase(rest[:MAX_CREDIT], "caption", opening=True)
        if named == "":
            return ""
        if named and _label_ends(rest, len(rest[:MAX_CREDIT]) - len(named)):
            rest = named + rest[MAX_CREDIT:]
    return rest.strip(_EDGES).removesuffix(".").strip()


def without_credit(text: str) -> str:
    """Return a caption's own words; an empty string where too little of it is left."""
    rest = text.lstrip(_EDGES).rstrip(_DANGLING)
    return rest if len(rest) >= MIN_CAPTION and (" " in rest or not rest.isascii()) else ""


def _bracket(tail: str) -> int:
    """Return where a bracket that closes the text and holds a credit opens, else -1."""
    rest = tail.rstrip(" .")
    if not rest or rest[-1] not in _CLOSE:
        return -1
    at = max(map(rest.rfind, _OPEN))
    inner = rest[at + 1 : -1].strip()
    labelled = after_phrase(inner, "caption", opening=True) is not None
    return at if at >= 0 and inner and (labelled or _is_credit(inner)) else -1


def _labelled(tail: str) -> int:
    """Return where the first label that names are credited by begins, else -1."""
    for word in _WORD.finditer(tail):
        for at in dict.fromkeys((word.start(), _inner_capital(word))):
            if tail[at].islower():
                continue
            rest = after_phrase(tail[at:], "caption", opening=True)
            agency = rest is None
            if rest is None:
                rest = after_phrase(tail[at:], "credit", opening=True)
            ends = rest and _label_ends(tail, len(tail) - len(rest), agency)
            if rest and ends and _is_names(rest):
                return at
    return -1


def _inner_capital(word: re.Match[str]) -> int:
    """Return where a second word begins in a word that lost its space: "homes" + "Photo"."""
    text = word.group()
    for at in range(len(text) - 1, 0, -1):
        if text[at].isupper() and text[at - 1].islower():
            return word.start() + at
    return word.start()


def _label_ends(text: str, at: int, agency: bool = False) -> bool:
    """Say whether a label that ends at ``at`` is followed by what it names."""
    if agency:
        return text[at : at + 1] in ("/", ":")
    return _MARKS.match(text, at) is not None or text[:at].endswith((" by", " von", " di", " de"))


def _last_sentence(tail: str) -> int:
    """Return where a last sentence of names with an agency's among them begins, else -1."""
    ends = [match.end() for match in _SENTENCE_END.finditer(tail.rstrip(" ."))]
    at = ends[-1] if ends else 0
    return at if _is_credit(tail[at:]) else -1


def _is_credit(text: str) -> bool:
    said = ends_on_phrase(text, "credit") or _NAMES_APART.search(text) is not None
    return said and _is_names(text)


def _is_names(text: str) -> bool:
    """Say whether a text is made of few words, most of them capitalised or of no case."""
    words = [word.group() for word in _WORD.finditer(text)]
    if not words or len(words) > MAX_NAMES or len(text) > MAX_CREDIT:
        return False
    return 2 * sum(not word[0].islower() for word in words) > len(words)
