"""What the characters of a block look like: capitals, figures, sentences, how it ends."""

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate import characters as ch
from transforms.boilerplate.layout import Layout

EVENTS = ("capital", "number", "sentence", "glued", "clock", "numeric", "shout", "bar", "year")


def events(layout: Layout) -> NDArray[np.int64]:
    """Count, per block, places where neighbouring characters meet in a telling way."""
    c = layout.classes
    before = np.concatenate([[np.uint8(ch.BREAK)], c[:-1]])
    after = np.concatenate([c[1:], [np.uint8(ch.BREAK)]])
    word = np.zeros(len(c), bool)
    word[layout.word_position] = True
    digit = c == ch.DIGIT
    inner = (before == ch.DIGIT) & (after == ch.DIGIT)
    gap = (after == ch.SPACE) | (after == ch.BREAK) | (after == ch.QUOTE)
    events = [
        word & (c == ch.UPPER),
        word & digit,
        (c == ch.TERMINAL) & gap & (before != ch.UPPER),
        (c == ch.UPPER) & (before == ch.LOWER),
        inner & (c == ch.COLON),
        inner & ((c == ch.TERMINAL) | (c == ch.BAR) | (c == ch.DASH)),
        (c == ch.UPPER) & ((after == ch.UPPER) | (before == ch.UPPER)),
        (c == ch.BAR) | (layout.codes == 0xB7),
        years(layout, digit),
    ]
    counts = [np.bincount(layout.line[np.flatnonzero(e)], minlength=layout.size) for e in events]
    return np.stack(counts, axis=1)


def years(layout: Layout, digit: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the first digit of four-digit numbers from 1900 to 2099."""
    found = np.zeros(len(digit), bool)
    if len(digit) < 6:
        return found
    four = digit[1:-4] & digit[2:-3] & digit[3:-2] & digit[4:-1] & ~digit[:-5] & ~digit[5:]
    century = layout.codes[1:-4] * 10 + layout.codes[2:-3]
    found[1:-4] = four & ((century == 49 * 10 + 57) | (century == 50 * 10 + 48))
    return found


def last_class(layout: Layout) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return the class of each block's last character but quotes, and whether it trails off."""
    last = np.maximum(layout.ends - 1, 0)
    second = np.maximum(layout.ends - 2, layout.starts)
    closing = np.isin(layout.classes[last], (ch.QUOTE, ch.BRACKET))
    ending = layout.classes[np.where(closing, second, last)]
    dots = layout.codes == 0x2E
    third = np.maximum(layout.ends - 3, 0)
    ellipsis = (layout.codes[last] == 0x2026) | (dots[last] & dots[second] & dots[third])
    bracketed = layout.codes[second] == 0x2026
    return ending, ellipsis | (bracketed & closing)
