"""What a stretch of text is made of: its letters, its words, the script it is written in."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@\S+|<[^<>]{1,200}>|\[email.protected\]")
_CITATION = re.compile(r"\bet al\b")
_WORD = re.compile(r"[^\W\d_]+")
_FIRST_NOT_LATIN = "\u02b0"
_PLAIN_LATIN = b"abcdefghijklmnopqrstuvwxyz"
_SAME_SCRIPT = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}

CASED = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"})
"""Scripts that write names with a capital letter."""

UNSPACED = frozenset({"CJK", "THAI", "LAO", "KHMER", "MYANMAR"})
"""Scripts that put no space between words."""

_LANGUAGES_BY_SCRIPT = {
    "ARABIC": "ar ckb fa ps sd ug ur",
    "ARMENIAN": "hy",
    "BENGALI": "as bn",
    "CJK": "ja zh",
    "CYRILLIC": "ba be bg ce cv kk ky mk mn os ru tg tt uk",
    "DEVANAGARI": "hi mr ne sa",
    "ETHIOPIC": "am ti",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he yi",
    "KANNADA": "kn",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "ORIYA": "or",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
}
_USUAL_SCRIPT = {
    language: script
    for script, languages in _LANGUAGES_BY_SCRIPT.items()
    for language in languages.split()
}


@dataclass(frozen=True, slots=True)
class Shape:
    """Counts over the words of a text.

    ``plain`` is the number of words of two letters or more that are not capitalised, ``capitals``
    the share of words that is; in a script without case, and in a text all in capitals
    (``shouted``), every word is plain. ``script`` is the Unicode script of most letters.
    """

    letters: int
    words: tuple[str, ...]
    plain: int
    capitals: float
    script: str
    shouted: bool


def clean(text: str) -> str:
    """Make a stretch of a line fit for the identifiers: no controls, surrogates, addresses, tags.

    Presentation forms become letters (NFKC), so the length may change.
    """
    if not text.isprintable():
        text = _UNPRINTABLE.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if "/" in text or "@" in text or "<" in text or "[" in text:
        text = _ADDRESS.sub(" ", text)
    return _CITATION.sub(" ", text) if "et al" in text else text


def lowered(text: str, measured: Shape) -> str:
    """Lower-case a text in capitals: the identifiers learned from running text."""
    return text.lower() if measured.shouted else text


def is_plain_latin(text: str) -> bool:
    """Whether lower-case ASCII letters are more than half of a text.

    Then it has letters, its script is Latin and it is not shouted, without measuring its shape.
    """
    data = text.encode("utf-8", "surrogatepass")
    return 2 * (len(data) - len(data.translate(None, _PLAIN_LATIN))) > len(text)


@lru_cache(maxsize=256)
def shape(text: str) -> Shape:
    """Measure a cleaned text."""
    main = script(text)
    if main not in CASED:
        words = tuple(word for word in text.split() if any(map(str.isalpha, word)))
        return Shape(sum(map(str.isalpha, text)), words, len(words), 0.0, main, False)
    words = tuple(_WORD.findall(text))
    letters = sum(map(len, words))
    if len(words) > 1 and 2 * sum(len(word) for word in words if word.isupper()) > letters:
        long = sum(1 for word in words if len(word) > 1)
        return Shape(letters, words, long, 0.0, main, True)
    lower = [word for word in words if word[0].islower()]
    plain = sum(1 for word in lower if len(word) > 1)
    return Shape(letters, words, plain, 1 - len(lower) / max(len(words), 1), main, False)


def script(text: str) -> str:
    """Return the first word of the Unicode name of most letters, as ``LATIN``; '' without any.

    The scripts of Japanese count as one.
    """
    if is_plain_latin(text):
        return "LATIN"
    if max(text, default="") < _FIRST_NOT_LATIN:
        return "LATIN" if any(map(str.isalpha, text)) else ""
    counts = scripts(text)
    return counts.most_common(1)[0][0] if counts else ""


def scripts(text: str) -> Counter[str]:
    """Return the number of letters in each script."""
    counts: Counter[str] = Counter()
    for character, count in Counter(text).items():
        if character.isalpha():
            counts[_script_of(character)] += count
    return counts


def usual_script(language: str) -> str:
    """Return the script a language is usually written in."""
    return _USUAL_SCRIPT.get(language, "LATIN")


@lru_cache(maxsize=8192)
def _script_of(character: str) -> str:
    name = unicodedata.name(character, "").partition(" ")[0]
    return _SAME_SCRIPT.get(name, name)
