"""Code points as small integers: character classes and folding, by table, for whole documents."""

import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

OTHER, UPPER, LOWER, CASELESS, DIGIT, SPACE, TERMINAL, COMMA = range(8)
QUOTE, COLON, DASH, BAR, BRACKET, CURRENCY, SIGN, BREAK = range(8, 16)
CLASSES = 16
# Letters, marks and digits make words; nothing else does.
WORD = (UPPER, LOWER, CASELESS, DIGIT)

TABLE_SIZE = 0x10000

_PUNCTUATION = {
    TERMINAL: ".!?…。！？｡।॥؟۔՞։።᙮။។",
    COMMA: ",;、，；،؛·",
    QUOTE: "\"'‘’‚‛“”„‟«»‹›「」『』《》〈〉`´",
    COLON: ":：",
    DASH: "-‐‑‒–—―−",
    BAR: "|•‣▪►▶→←/\\»›>+*#_¦",
    BRACKET: "()[]{}（）【】<",
    SIGN: "@©®™",
}


def _char_class(code: int) -> int:
    category = unicodedata.category(chr(code))
    if category in ("Lu", "Lt"):
        return UPPER
    if category == "Ll":
        return LOWER
    if category[0] in "LM":
        return CASELESS
    if category[0] == "N":
        return DIGIT
    if category[0] == "Z" or chr(code).isspace():
        return SPACE
    return CURRENCY if category == "Sc" or chr(code) == "%" else OTHER


@cache
def class_table() -> NDArray[np.uint8]:
    """Return the class of each code point of the basic plane; the last entry serves the rest."""
    table = np.fromiter((_char_class(code) for code in range(TABLE_SIZE)), np.uint8, TABLE_SIZE)
    for char_class, characters in _PUNCTUATION.items():
        table[[ord(character) for character in characters]] = char_class
    return table


@cache
def fold_table() -> NDArray[np.uint64]:
    """Return each code point lower-cased when it is a letter, mark or digit, else 0.

    Folding is one to one: characters whose lower case is longer keep themselves.
    """
    folded = np.zeros(TABLE_SIZE, np.uint64)
    for code in range(TABLE_SIZE - 1):
        character = chr(code)
        if unicodedata.category(character)[0] in "LMN":
            lower = character.lower()
            folded[code] = ord(lower) if len(lower) == 1 else code
    return folded


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the code points of ``text``; lone surrogates stay as they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
