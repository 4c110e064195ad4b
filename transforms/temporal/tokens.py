"""Text cut into words, numbers and signs, whatever white space stands between."""

import re
import sys
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

# A number with grouped thousands is one token, so that "1,500" is never a year.
_TOKEN = re.compile(r"(?<!\d)\d{1,3}(?:[.,]\d{3})+(?!\d)|\d+|[^\W\d_]+|[^\w\s]|_")
_BLANK_LINES = re.compile(r"\n\s*\n")
_PLAIN_SIGNS = {"’": "'", "`": "'", "´": "'", "‐": "-", "‑": "-"}
# An apostrophe that counts as a letter.
_LETTER_APOSTROPHE = "ʼ"
_SENTENCE_END = frozenset(".!?…")
_CLOSING = frozenset("\"'”’»)]")
LONGEST_NUMBER = 9


class Token(NamedTuple):
    """A word, number or sign; ``word`` is case-folded, ``sentence`` counts from 0.

    ``glued`` says that no white space stands before it, ``capital`` that its first letter is upper
    case, ``inner`` that it has such a letter in the midst of a sentence, as names do.
    """

    word: str
    start: int
    end: int
    glued: bool
    capital: bool
    inner: bool
    sentence: int


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a text that stand between blank lines start and end."""
    start = 0
    for blank in _BLANK_LINES.finditer(text):
        yield start, blank.start()
        start = blank.end()
    yield start, len(text)


def tokenise(text: str, begin: int = 0, stop: int = sys.maxsize, sentence: int = 0) -> list[Token]:
    """Cut ``text[begin:stop]`` into tokens in one pass; sentences count from ``sentence``."""
    tokens: list[Token] = []
    make = partial(tuple.__new__, Token)
    before, ended = begin, False
    for match in _TOKEN.finditer(text, begin, stop):
        start, end = match.span()
        word = match.group()
        first = word[0]
        capital = first.isupper()
        glued = start == before and start > begin
        if ended and not glued and (capital or not first.isalnum()):
            sentence, ended = sentence + 1, False
        elif first.isalnum():
            ended = False
        if first in _SENTENCE_END:
            ended = first != "." or not (tokens and start == before and abbreviates(tokens[-1]))
        elif ended and first not in _CLOSING:
            ended = False
        folded = _PLAIN_SIGNS.get(word) or word.replace(_LETTER_APOSTROPHE, "'").casefold()
        inner = capital and bool(tokens) and is_inner(word, tokens[-1], sentence)
        tokens.append(make((folded, start, end, glued, capital, inner, sentence)))
        before = end
    return tokens


def is_inner(word: str, before: Token, sentence: int) -> bool:
    """Say whether a capital word follows a word of its sentence and is not all in capitals."""
    follows = before.sentence == sentence and before.word[-1].isalnum()
    return follows and (len(word) == 1 or not word.isupper())


def abbreviates(token: Token) -> bool:
    """Say whether a point behind the token hardly ends a sentence: an initial, a day's number."""
    return len(token.word) == 1 or (len(token.word) == 2 and token.word.isdecimal())


def number(word: str) -> int | None:
    """Return the value of a token of digits, grouped or not; None when it is none or too long."""
    digits = word.replace(",", "").replace(".", "")
    if digits.isdecimal() and len(digits) <= LONGEST_NUMBER:
        return int(digits)
    return None
