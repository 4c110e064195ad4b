"""Character classes of many texts at once."""

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]

LOWER, UPPER, UNCASED, WIDE, DIGIT, SPACE, COMMA, STOP, QUOTE, OPEN_END, OTHER = range(11)
CLASSES = 11
MAX_SAMPLE = 3000

_STOPS = ".!?…。！？؟۔।॥։።፧᙮៕⸮｡"
_COMMAS = ",;，、；،؛፣፤"
_QUOTES = "\"'«»„“”‘’‚‹›「」『』《》"
_OPEN_END = ":：-–—|/"
# Scripts written without spaces between words: Thai to Myanmar, Khmer, kana, Han.
_WIDE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF),
         (0xF900, 0xFAFF))  # fmt: skip


@cache
def _table() -> NDArray[np.uint8]:
    table = np.full(0x110000, WIDE, np.uint8)
    table[:0x10000] = OTHER
    for code in range(0x10000):
        category = unicodedata.category(chr(code))
        if category == "Ll":
            table[code] = LOWER
        elif category in ("Lu", "Lt"):
            table[code] = UPPER
        elif category[0] in "LM":
            table[code] = UNCASED
        elif category == "Nd":
            table[code] = DIGIT
        elif category == "Zs":
            table[code] = SPACE
    for low, high in _WIDE:
        block = table[low : high + 1]
        block[block == UNCASED] = WIDE
    for characters, kind in (
        (_STOPS, STOP),
        (_COMMAS, COMMA),
        (_QUOTES, QUOTE),
        (_OPEN_END, OPEN_END),
    ):
        for character in characters:
            table[ord(character)] = kind
    return table


def character_classes(texts: Sequence[str]) -> tuple[Floats, Ints, Ints, Ints]:
    """Return counts of shape (texts, CLASSES) and the classes of the first and last characters.

    Only the first ``MAX_SAMPLE`` characters of a text are counted, which bounds memory; the
    second value from the end is the last, the third the last but one.
    """
    sample = [text[:MAX_SAMPLE] for text in texts]
    sizes = np.fromiter(map(len, sample), np.intp, len(sample))
    joined = "".join(sample).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, np.uint32)
    classes = _table()[codes]
    ends = np.cumsum(sizes)
    starts = ends - sizes
    owner = np.repeat(np.arange(0, len(sample) * CLASSES, CLASSES), sizes)
    counts = np.bincount(owner + classes, minlength=len(sample) * CLASSES)
    last = classes[ends - 1].astype(np.intp)
    before = classes[np.maximum(ends - 2, starts)].astype(np.intp)
    return (
        counts.reshape(-1, CLASSES).astype(np.float32),
        classes[starts].astype(np.intp),
        last,
        before,
    )
