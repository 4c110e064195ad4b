"""Cutting a text into the units whose language is judged: lines, sentences, quotes.

A unit is a range of the text. Sentences end at terminal punctuation followed by white space (or
at once in scripts that put none between sentences); a quotation long enough to have a language
of its own is a unit apart from the sentence around it. A run without any such mark is cut every
``MAX_UNIT`` characters at white space where there is some, so that no unit is longer and the work
is linear in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_UNIT = 600
MIN_QUOTE_LETTERS = 10

_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_SENTENCE_END = re.compile(
    r"[.!?…。！？।॥۔؟։።](?:"
    r"(?<=[.!?…])(?<!\b[^\W\d_].)[.!?…]{0,7}[\"”“’»›)\]]{0,3}(?=\s)(?!\s[a-z])"
    r"|(?<=[。！？])[。！？]{0,7}[」』”）]{0,3}"
    r"|(?<=[।॥۔؟։።])[।॥۔؟։።]{0,3}[\"”»)]{0,3})"
)
_CLOSERS = {
    "«": "»",
    "»": "«",
    "„": '“”"',
    "“": "”“",
    "”": "”",
    '"': '"',
    "‹": "›",
    "‘": "’",
    "「": "」",
    "『": "』",
}
_QUOTE_MARK = re.compile(r"[«»„“”\"‹›‘’「」『』]")


@dataclass(frozen=True, slots=True)
class Unit:
    """The range ``[start, end)`` of a text, without white space at its ends.

    ``line`` numbers the line it stands on; ``quoted`` says that it is the inside of a quotation.
    """

    start: int
    end: int
    line: int
    quoted: bool = False


def split(text: str) -> list[Unit]:
    """Cut ``text`` into units, in order and without overlap; blank stretches are in none."""
    units: list[Unit] = []
    for number, line in enumerate(_LINE.finditer(text)):
        for start, end, quoted in _line_parts(text, line.start(), line.end()):
            for low, high in _bounded(text, start, end):
                trimmed = _trim(text, low, high)
                if trimmed is not None:
                    units.append(Unit(*trimmed, number, quoted))
    return units


def _line_parts(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield the sentences of a line, its long quotations apart."""
    position = start
    for low, high in _quotations(text, start, end):
        for sentence in _sentences(text, position, low):
            yield *sentence, False
        for sentence in _sentences(text, low, high):
            yield *sentence, True
        position = high
    for sentence in _sentences(text, position, end):
        yield *sentence, False


def _quotations(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the insides of the outermost quotations of a line that could be a passage."""
    opened: tuple[int, str] | None = None
    for mark in _QUOTE_MARK.finditer(text, start, end):
        character, at = mark.group(), mark.start()
        if opened is not None and character in opened[1] and not _is_apostrophe(text, at):
            low = opened[0]
            opened = None
            inside = text[low:at]
            if sum(map(str.isalpha, inside)) >= MIN_QUOTE_LETTERS:
                yield low, at
        elif opened is None and character in _CLOSERS and _opens(text, at, start):
            opened = (at + 1, _CLOSERS[character])


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "’" and text[at + 1 : at + 2].isalnum()


def _opens(text: str, at: int, start: int) -> bool:
    """Whether a mark that may also close stands where a quotation opens."""
    return text[at] in "„「『" or at == start or not text[at - 1].isalnum()


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    position = start
    for stop in _SENTENCE_END.finditer(text, start, end):
        yield position, stop.end()
        position = stop.end()
    if position < end:
        yield position, end


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_UNIT:
        cut = text.rfind(" ", start + MAX_UNIT // 2, start + MAX_UNIT)
        cut = start + MAX_UNIT if cut < 0 else cut
        yield start, cut
        start = cut
    yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end].rstrip()
    if not piece:
        return None
    end = start + len(piece)
    return end - len(piece.lstrip()), end
