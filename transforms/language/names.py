"""Name-neutrality: telling what has a language of its own from what is only written in one.

Names, places, organisations, titles of works, credits and loanwords are written as their bearers
write them, and code and labels of one word are in no language; none of them says anything on the
language of the article they stand in. What is left to go by are the words written in lower case,
in the scripts that have case, and the number of words elsewhere.
"""

import re

from transforms.language.words import CASED, UNSPACED, Shape, scripts

_LIST_SEPARATOR = re.compile(r"[,;:/|()\[\]•·–—]+")
_SYMBOL = re.compile(r"[{}\[\]<>=|$#*\\_^~`]|\(\)")
_CREDIT = re.compile(
    r"\W*(?:©|\(c\)|photo|foto|fot\b|bild\b|image|imagen|immagine|picture|source|quelle|fuente"
    r"|źródło|zdj|фото|снимка|φωτο|kuva|kép\b|by\b|von\b|par\b|por\b|av\b|di\b)",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"\b(?:AFP|AP|dpa|Reuters|Getty|EPA|EFE|ANSA|PAP|TASS|NTB|TT|APA|ANP|Belga|Imago|Shutterstock"
    r"|Xinhua|Kyodo|Yonhap|Keystone|UNIAN|CTK|ČTK|MTI|BNS|Alamy|iStock|Unsplash|Wikimedia)\b"
)
_ODD_TOKEN = re.compile(r"(?<!\S)(?:-\w|\S*[\d/\\_@#$<>{}|])\S*")
_COPYRIGHT = re.compile(r"©|ⓒ|\(c\)|\bcopyright\b|all rights? reserved", re.IGNORECASE)
_STOPS = (".", "!", "?", "…", "。", "！", "？")
_EAST_ASIAN = frozenset({"CJK", "HANGUL"})
_MAX_SCRIPTS = 2
_CODE_SYMBOLS = 0.06
_MIN_UNSPACED_LETTERS = 8
_MIN_WORDS = 3
_MIN_LETTERS = 12
_MIN_ANY_LETTERS = 8
_MIN_SENTENCE_WORDS = 4
_MAX_QUOTED_TITLE_WORDS = 5
_MAX_NAME_WORDS = 6
_MAX_SHOUTED_WORDS = 4
_MAX_CREDIT_WORDS = 12
_MAX_TITLE_WORDS = 7
_LONGEST_FUNCTION_WORD = 4
_PARTICLES = (
    "al ap av af bin bint ben ibn da das de del della delle den der des di do dos du e el et i"
    " la las le les los och of og san ter u und van von y zu zum zur и й"
)
_NAME_PARTICLES = frozenset(_PARTICLES.split())


def is_neutral(text: str, measured: Shape, quoted: bool) -> bool:
    """Whether a unit could be nothing but names, a title, a credit, labels or code.

    ``quoted`` says that it is the inside of a quotation, where a few words are a term or a title.
    """
    if measured.script in UNSPACED:
        return measured.letters < _MIN_UNSPACED_LETTERS or _is_label_list(text, measured)
    if _is_too_short(measured) or _is_code(text) or _is_menu_of_languages(text):
        return True
    if quoted and _is_quoted_title(text, measured):
        return True
    return measured.script in CASED and _is_full_of_names(text, measured)


def _is_too_short(measured: Shape) -> bool:
    return measured.letters < _MIN_ANY_LETTERS or (
        len(measured.words) < _MIN_WORDS and measured.letters < _MIN_LETTERS
    )


def _is_code(text: str) -> bool:
    return "=" in text or len(_SYMBOL.findall(text)) > _CODE_SYMBOLS * len(text)


def _is_menu_of_languages(text: str) -> bool:
    return not text.isascii() and len(set(scripts(text)) - _EAST_ASIAN) > _MAX_SCRIPTS


def _is_full_of_names(text: str, measured: Shape) -> bool:
    """Whether a text in a script with case is nothing but names, as its capitals tell."""
    if 3 * len(_ODD_TOKEN.findall(text)) > len(text.split()):
        return True
    if measured.plain < 1 + measured.shouted or _COPYRIGHT.search(text):
        return True
    parts = _LIST_SEPARATOR.split(text)
    if measured.shouted:
        few = all(len(part.split()) <= _MAX_SHOUTED_WORDS for part in parts)
        return few or _is_credit(text, measured)
    if text.rstrip().endswith(("?", "!")) and len(measured.words) >= _MIN_SENTENCE_WORDS:
        return False
    return all(map(_is_name, parts)) or _is_credit(text, measured) or _is_work_title(measured)


def without_names(text: str) -> str:
    """Return a text without its capitalised words and the particles between two of them.

    The first word stays, since a sentence starts with a capital.
    """
    words = text.split()
    capital = [number > 0 and not _starts_lower(word) for number, word in enumerate(words)]
    return " ".join(
        word
        for number, word in enumerate(words)
        if not (capital[number] or _is_particle(words, capital, number))
    )


def _starts_lower(word: str) -> bool:
    first = next(filter(str.isalpha, word), "a")
    return first.lower() == first


def _is_particle(words: list[str], capital: list[bool], number: int) -> bool:
    """Whether a word, or two of them, link capitalised ones as in names of people and places."""
    before = capital[max(number - 2, 0) : number]
    after = capital[number + 1 : number + 3]
    return words[number] in _NAME_PARTICLES and any(before) and any(after)


def _is_name(part: str) -> bool:
    """Whether a part of a list holds at most one word in lower case."""
    words = part.split()
    return len(words) <= _MAX_NAME_WORDS and sum(1 for word in words if word[0].islower()) < 2


def _is_label_list(text: str, measured: Shape) -> bool:
    """Whether spaces part the text, in a script that has none between words, into short labels."""
    count = len(measured.words)
    short = measured.letters < _MIN_UNSPACED_LETTERS * count / 2
    return count >= _MIN_WORDS and short and not text.rstrip().endswith(_STOPS)


def _is_credit(text: str, measured: Shape) -> bool:
    return (
        len(measured.words) <= _MAX_CREDIT_WORDS
        and (measured.shouted or 2 * measured.capitals >= 1)
        and (_AGENCY.search(text) or _CREDIT.match(text)) is not None
    )


def _is_quoted_title(text: str, measured: Shape) -> bool:
    """Whether a quotation is short, and is no sentence by its end."""
    if text.rstrip().endswith(_STOPS):
        return len(measured.words) < _MIN_SENTENCE_WORDS
    return len(measured.words) <= _MAX_QUOTED_TITLE_WORDS


def _is_work_title(measured: Shape) -> bool:
    """Whether every longer word is capitalised, as in English titles of works."""
    plain = [word for word in measured.words if word[0].islower()]
    return (
        len(measured.words) <= _MAX_TITLE_WORDS
        and 2 * len(plain) <= len(measured.words)
        and all(len(word) <= _LONGEST_FUNCTION_WORD for word in plain)
    )
