"""What the characters of a block look like: capitals, figures, sentences, how it ends."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate import characters as ch
from transforms.boilerplate.layout import Ints, Layout

EVENTS = ("capital", "number", "sentence", "glued", "clock", "numeric", "shout", "bar", "year")
MIDDLE_DOT = 0xB7
CENTURIES = (ord("1") * 10 + ord("9"), ord("2") * 10 + ord("0"))


@dataclass(frozen=True, eq=False)
class Shapes:
    """The shapes of characters: a class and what the neighbours' classes make of it.

    ``of[before << 8 | class << 4 | after]`` is a shape. What is counted, first each class, then
    each of ``EVENTS`` but the year, is the sum over the shapes ``members`` from its ``first`` on.
    """

    count: int
    of: NDArray[np.uint8]
    members: Ints
    first: Ints


@cache
def shapes() -> Shapes:
    """Return the shapes that tell something, numbered once per process."""
    before, c, after = (axis.ravel() for axis in np.indices((ch.CLASSES,) * 3))
    opens = ~np.isin(before, ch.WORD)
    inner = (before == ch.DIGIT) & (after == ch.DIGIT)
    gap = np.isin(after, (ch.SPACE, ch.BREAK, ch.QUOTE))
    counted = [c == number for number in range(ch.CLASSES)]
    counted += [
        opens & (c == ch.UPPER),
        opens & (c == ch.DIGIT),
        (c == ch.TERMINAL) & gap & (before != ch.UPPER),
        (c == ch.UPPER) & (before == ch.LOWER),
        inner & (c == ch.COLON),
        inner & np.isin(c, (ch.TERMINAL, ch.BAR, ch.DASH)),
        (c == ch.UPPER) & ((after == ch.UPPER) | (before == ch.UPPER)),
        c == ch.BAR,
    ]
    distinct, of = np.unique(np.array(counted), axis=1, return_inverse=True)
    row, members = distinct.nonzero()
    first = np.searchsorted(row, np.arange(len(counted)))
    return Shapes(distinct.shape[1], of.astype(np.uint8), members, first)


def tally(layout: Layout) -> tuple[Ints, Ints]:
    """Count, per block, characters of each class and the ``EVENTS`` where neighbours meet.

    Shapes (classes, blocks) and (events, blocks).
    """
    known = shapes()
    classes = layout.classes.astype(np.uint16)
    around = classes << 4
    around[1:] |= classes[:-1] << 8
    around[0] |= ch.BREAK << 8
    around[:-1] |= classes[1:]
    around[-1] |= ch.BREAK
    at = known.of.take(around) * np.intp(layout.size)
    at += layout.line
    histogram = np.bincount(at, minlength=known.count * layout.size).reshape(known.count, -1)
    counts = np.empty((ch.CLASSES + len(EVENTS), layout.size), np.intp)
    np.add.reduceat(histogram[known.members], known.first, axis=0, out=counts[:-1])
    dots = (layout.codes == MIDDLE_DOT).nonzero()[0]
    counts[-2] += np.bincount(layout.line[dots], minlength=layout.size)
    counts[-1] = np.bincount(layout.line[years(layout)], minlength=layout.size)
    return counts[: ch.CLASSES], counts[ch.CLASSES :]


def years(layout: Layout) -> Ints:
    """Return where the four-digit numbers from 1900 to 2099 begin."""
    digit = layout.classes == ch.DIGIT
    found = (digit[:-3] & digit[1:-2] & digit[2:-1] & digit[3:]).nonzero()[0]
    if len(found):
        # What stands before the first character is, like the last one, a break.
        found = found[~digit[found - 1] & ~digit[found + 4]]
        century = layout.codes[found] * 10 + layout.codes[found + 1]
        found = found[(century == CENTURIES[0]) | (century == CENTURIES[1])]
    return found


def endings(layout: Layout) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the class of each block's last character but quotes, and how the block ends.

    That is whether it trails off, and whether it ends on a question mark.
    """
    # An empty block ends, like the one before it, on a break.
    last, third = layout.ends - 1, layout.ends - 3
    second = np.maximum(layout.ends - 2, layout.starts)
    final, inner = layout.codes[last], layout.codes[second]
    closing = layout.classes[last]
    closed = (closing == ch.QUOTE) | (closing == ch.BRACKET)
    dots = (final == 0x2E) & (inner == 0x2E) & (layout.codes[third] == 0x2E)
    ellipsis = (final == 0x2026) | (dots & (third >= layout.starts)) | ((inner == 0x2026) & closed)
    return np.where(closed, layout.classes[second], closing), ellipsis, final == 0x3F
