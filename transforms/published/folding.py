"""One spelling for texts that differ in case, accents, digits or compatibility forms."""

import re
import unicodedata

_DIGITS: dict[int, str] = {
    code: str(unicodedata.digit(chr(code)))
    for code in range(0x660, 0x1E95A)
    if chr(code).isdecimal()
}
_SIMPLE: dict[int, str] = {
    **_DIGITS,
    ord("ı"): "i",
    ord("ş"): "s",
    ord("ي"): "ی",
    ord("ى"): "ی",
    ord("ك"): "ک",
    ord("ـ"): "",
    0x200C: "",
    0x200D: "",
    0x200E: "",
    0x200F: "",
    0x202A: "",
    0x202B: "",
    0x202C: "",
    0x2010: "-",
    0x2011: "-",
    0x2019: "'",
}

_MARKS = re.compile("[\u0300-\u036f\u064b-\u0655\u0670]")


def fold(text: str) -> str:
    """Return ``text`` in one spelling: compatibility forms, ASCII digits, no case, no accents.

    Diacritics of the Latin, Greek and Cyrillic scripts go; the vowel signs of other scripts stay.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLE)
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare)


def folded_words(text: str) -> frozenset[str]:
    """Return the folded words of a table written as text."""
    return frozenset(map(fold, text.split()))
