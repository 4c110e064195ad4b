"""Plain text to blocks: one per line, hard-wrapped lines joined, every offset exact."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.model import Block

BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# Invisible characters that pad lines in scrapes: zero-width space, joiners, byte order mark.
BLANK = " \t\xa0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\xad" + BREAKS
PLAIN_GAPS = frozenset(("\n", "\n\n"))
PARAGRAPH_BREAKS = "\f\u2029"

WRAP_MIN, WRAP_MAX = 40, 130
MIN_OPEN_ENDS, MIN_BROKEN, MIN_OVERFLOWING = 3, 2, 0.8

_LINE = re.compile(f"[^{BREAKS}]+")
_BREAK = re.compile(f"\r\n|[{BREAKS}]")
_OPEN_END = re.compile(r"[^\W\d_]$|[,;–—-]$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source without its outer white space; ``breaks`` counts those before it."""

    text: str
    start: int
    breaks: int

    @property
    def end(self) -> int:
        """Return the offset after the last character."""
        return self.start + len(self.text)


def split_blocks(source: str) -> tuple[Block, ...]:
    """Split a plain text into unlabelled blocks.

    ``Block.text`` is ``source[source_start:source_end]`` with each line break as a space.
    """
    lines = _lines(source)
    width = _wrap_width(lines)
    blocks: list[Block] = []
    first = 0
    for index in range(1, len(lines) + 1):
        if index < len(lines) and width and _continues(lines[index - 1], lines[index], width):
            continue
        start, end = lines[first].start, lines[index - 1].end
        text = lines[first].text if first == index - 1 else _unbroken(source[start:end])
        blocks.append(Block(text, source_start=start, source_end=end))
        first = index
    return tuple(blocks)


def breaks_before(source_gap: str) -> int:
    """Count the line breaks in the white space between two blocks."""
    if source_gap in PLAIN_GAPS:
        return len(source_gap)
    found = len(_BREAK.findall(source_gap))
    return found + sum(source_gap.count(mark) for mark in PARAGRAPH_BREAKS)


def _lines(source: str) -> list[Line]:
    lines: list[Line] = []
    end = 0
    for match in _LINE.finditer(source):
        raw = match.group()
        text = raw.strip(BLANK).strip()
        if text:
            start = match.start() + raw.index(text)
            lines.append(Line(text, start, breaks_before(source[end : match.start()])))
            end = match.end()
    return lines


def _unbroken(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, BREAKS), " "))


def _breaks_sentence(line: Line, following: Line) -> bool:
    """Say whether a sentence visibly goes on from one line to the next."""
    return (
        following.breaks == 1
        and following.text[0].islower()
        and _OPEN_END.search(line.text[-1]) is not None
    )


def _wrap_width(lines: Sequence[Line]) -> int:
    """Return the column at which a text was wrapped, 0 when it was not.

    Where a text was wrapped at a column, lines end in the middle of sentences and the word that
    opens the next line would not have fitted.
    """
    open_ends = [
        (len(line.text), following.text.split(None, 1)[0])
        for line, following in pairwise(lines)
        if following.breaks == 1 and len(line.text) <= WRAP_MAX and _OPEN_END.search(line.text)
    ]
    width = max((length for length, _ in open_ends), default=0)
    if width < WRAP_MIN or len(open_ends) < MIN_OPEN_ENDS:
        return 0
    overflowing = sum(length + 1 + len(word) > width for length, word in open_ends)
    broken = sum(word[0].islower() for _, word in open_ends)
    wrapped = broken >= MIN_BROKEN and overflowing >= MIN_OVERFLOWING * len(open_ends)
    return width if wrapped and 4 * broken >= len(open_ends) else 0


def _continues(line: Line, following: Line, width: int) -> bool:
    """Say whether ``following`` was only wrapped: its first word did not fit on ``line``."""
    if following.breaks != 1 or len(line.text) > width + 2:
        return False
    word = following.text.split(None, 1)[0]
    overflow = len(line.text) + 1 + len(word) > width
    return overflow or (_breaks_sentence(line, following) and 2 * len(line.text) > width)
