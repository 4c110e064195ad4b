"""Text cut into words, numbers and signs, whatever white space stands between."""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

# A number with grouped thousands is one token, so that "1,500" is never a year.
_TOKEN = re.compile(r"([^\W\d_]+|(?<!\d)\d{1,3}(?:[.,]\d{3})+(?!\d)|\d+|[^\w\s]|_)")
_BLANK_LINES = re.compile(r"\n\s*\n")
_PLAIN_SIGNS = {"’": "'", "`": "'", "´": "'", "‐": "-", "‑": "-"}
# An apostrophe that counts as a letter.
_LETTER_APOSTROPHE = "ʼ"
_SENTENCE_END = frozenset(".!?…")
_CLOSING = frozenset("\"'”’»)]")
LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words, numbers and signs of a stretch of ``text``, as columns.

    ``words`` are case-folded and ``starts``, ``ends`` are their places in the text; ``openings``
    are the tokens that begin a sentence behind another one, ``sentence`` the number of the first.
    """

    text: str
    words: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    openings: Sequence[int]
    sentence: int

    def glued(self, index: int) -> bool:
        """Say whether no white space stands before a token."""
        return index > 0 and self.starts[index] == self.ends[index - 1]

    def capital(self, index: int) -> bool:
        """Say whether a token's first letter is upper case."""
        return self.text[self.starts[index]].isupper()

    def inner(self, index: int) -> bool:
        """Say whether a token has a capital in the midst of a sentence, as names do.

        It follows a word of its sentence and is not all in capitals.
        """
        if not index or not self.capital(index) or not self.words[index - 1][-1].isalnum():
            return False
        word = self.text[self.starts[index] : self.ends[index]]
        if len(word) > 1 and word.isupper():
            return False
        return self.sentence_of(index - 1) == self.sentence_of(index)

    def sentence_of(self, index: int) -> int:
        """Return the number of the sentence a token stands in."""
        return self.sentence + bisect_right(self.openings, index)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a text that stand between blank lines start and end."""
    start = 0
    for blank in _BLANK_LINES.finditer(text):
        yield start, blank.start()
        start = blank.end()
    yield start, len(text)


def tokenise(text: str, begin: int = 0, stop: int = sys.maxsize, sentence: int = 0) -> Tokens:
    """Cut ``text[begin:stop]`` into tokens in one pass; sentences count from ``sentence``."""
    pieces = _TOKEN.split(text[begin:stop])
    places = list(accumulate(map(len, pieces), initial=begin))
    words = folded(pieces[1::2])
    starts, ends = places[1:-1:2], places[2::2]
    return Tokens(text, words, starts, ends, openings(text, words, starts, ends), sentence)


def folded(words: Sequence[str]) -> list[str]:
    """Fold case and the forms of apostrophe and hyphen, of all words at once."""
    if not words:
        return []
    joined = "\n".join(words)
    for sign, plain in _PLAIN_SIGNS.items():
        joined = joined.replace(sign, plain)
    return joined.replace(_LETTER_APOSTROPHE, "'").casefold().split("\n")


def openings(
    text: str, words: Sequence[str], starts: Sequence[int], ends: Sequence[int]
) -> list[int]:
    """Return the tokens that begin a sentence: after its end and white space, no small letter."""
    found: list[int] = []
    for index, word in enumerate(words):
        if word not in _SENTENCE_END or (
            word == "."
            and index
            and starts[index] == ends[index - 1]
            and abbreviates(words[index - 1])
        ):
            continue
        for after in range(index + 1, len(words)):
            first = text[starts[after]]
            if starts[after] != ends[after - 1] and (first.isupper() or not first.isalnum()):
                found.append(after)
                break
            if first not in _CLOSING:
                break
    return found


def abbreviates(word: str) -> bool:
    """Say whether a point behind the word hardly ends a sentence: an initial, a day's number."""
    return len(word) == 1 or (len(word) == 2 and word.isdecimal())


def number(word: str) -> int | None:
    """Return the value of a token of digits, grouped or not; None when it is none or too long."""
    digits = word.replace(",", "").replace(".", "")
    if digits.isdecimal() and len(digits) <= LONGEST_NUMBER:
        return int(digits)
    return None
