"""What a stretch of text is made of: its letters, its words, its script; and whether it is a name.

Name-neutrality: names, places, titles of works, organisations and credits are written in the
language of their bearers and say nothing on the language of the sentence they stand in. What is
left to go by are the words written in lower case, in the scripts that have case.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@]{1,64}@\S+|<[^<>]{1,200}>")
_WORD = re.compile(r"[^\W\d_]+")
_CREDIT = re.compile(
    r"^\W*(?:©|\(c\)|photo|foto|fot\b|fotos?\b|bild\b|image|imagen|immagine|picture|source|quelle"
    r"|fuente|źródło|zdj|фото|снимка|φωτο|kuva|kép\b|by\b|von\b|par\b|por\b|av\b|di\b)",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"\b(?:AFP|AP|dpa|Reuters|Getty|EPA|EFE|ANSA|PAP|TASS|NTB|TT|APA|ANP|Belga|Imago|Shutterstock"
    r"|Xinhua|Kyodo|Yonhap|Keystone|UNIAN|CTK|ČTK|MTI|BNS|Alamy|iStock|Unsplash|Wikimedia)\b"
)
_LIST_SEPARATOR = re.compile(r"[,;:/|()\[\]•–—]+")

CASED = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"})
"""Scripts with capital letters at the start of names."""

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

MAX_NAME_WORDS = 6
MAX_SHOUTED_NAME = 4
MAX_CREDIT_WORDS = 12
MAX_TITLE_WORDS = 7
LONGEST_FUNCTION_WORD = 4


@dataclass(frozen=True, slots=True)
class Shape:
    """Counts over the words of a text; a word is a run of letters.

    ``plain`` is the number of words not capitalised, ``capitals`` the share that is; in a script
    without case all words are plain. ``script`` is the Unicode script of most letters.
    """

    letters: int
    words: int
    plain: int
    capitals: float
    script: str
    name: bool


def clean(text: str) -> str:
    """Make a stretch of a line fit for the identifiers: no controls, surrogates, addresses."""
    text = _UNPRINTABLE.sub(" ", text)
    if "/" in text or "@" in text or "<" in text:
        text = _ADDRESS.sub(" ", text)
    return text


def lowered(text: str) -> str:
    """Lower-case a text in capitals: the identifiers learned from running text."""
    if " " in text and sum(map(str.isupper, text)) > sum(map(str.islower, text)):
        return text.lower()
    return text


def shape(text: str) -> Shape:
    """Measure a cleaned text."""
    main = script(text)
    words = _WORD.findall(text)
    cased = main in CASED
    shouted = cased and lowered(text) is not text
    capitalised = 0
    if cased and not shouted:
        capitalised = sum(1 for word in words if not word[0].islower())
    plain = len(words) - capitalised
    if not cased:
        name = False
    elif shouted:
        name = len(words) <= MAX_SHOUTED_NAME or _is_credit(text)
    else:
        name = _is_name(text, plain)
    share = capitalised / len(words) if words else 0.0
    return Shape(sum(map(len, words)), len(words), plain, share, main, name)


def script(text: str) -> str:
    """Return the first word of the Unicode name of most letters, as ``LATIN``; '' without any.

    The scripts of Japanese count as one.
    """
    if text.isascii():
        return "LATIN" if any(map(str.isalpha, text)) else ""
    counts = Counter(map(_script_of, filter(str.isalpha, text)))
    return counts.most_common(1)[0][0] if counts else ""


def usual_script(language: str) -> str:
    """Return the script a language is usually written in."""
    return _USUAL_SCRIPT.get(language, "LATIN")


@lru_cache(maxsize=8192)
def _script_of(character: str) -> str:
    name = unicodedata.name(character, "").partition(" ")[0]
    return "CJK" if name in {"HIRAGANA", "KATAKANA"} else name


def _is_name(text: str, plain: int) -> bool:
    """Whether a text could be nothing but names, the title of a work or a credit."""
    return (
        all(map(_is_name_part, _LIST_SEPARATOR.split(text)))
        or (plain <= MAX_CREDIT_WORDS and _is_credit(text))
        or _is_work_title(text)
    )


def _is_name_part(text: str) -> bool:
    words = _WORD.findall(text)
    return len(words) <= MAX_NAME_WORDS and sum(1 for word in words if word[0].islower()) < 2


def _is_credit(text: str) -> bool:
    words = _WORD.findall(text)
    capitalised = sum(1 for word in words if not word[0].islower())
    return (
        len(words) <= MAX_CREDIT_WORDS
        and 2 * capitalised >= len(words)
        and (_AGENCY.search(text) or _CREDIT.match(text)) is not None
    )


def _is_work_title(text: str) -> bool:
    """Whether every longer word is capitalised, as in English titles of works."""
    words = _WORD.findall(text)
    plain = [word for word in words if word[0].islower()]
    return (
        len(words) <= MAX_TITLE_WORDS
        and 2 * len(plain) <= len(words)
        and all(len(word) <= LONGEST_FUNCTION_WORD for word in plain)
    )
