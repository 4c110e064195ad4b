"""All dates of a line, whichever way they are written."""

from datetime import date

from transforms.published.cjk import read_cjk
from transforms.published.named import read_named
from transforms.published.numeric import read_numeric
from transforms.published.span import Span
from transforms.published.tokens import Line

_REACH = 5


def find(line: Line, language: str | None, reference: date | None) -> list[Span]:
    """Return the dates of the line from left to right, none overlapping another."""
    found: list[Span] = []
    index = 0
    while index < len(line):
        span = None
        if line.kinds[index] == "n":
            span = read_cjk(line, index, reference) or read_numeric(
                line, index, language, reference
            )
        elif (
            line.kinds[index] == "w"
            and "n" in line.kinds[max(0, index - _REACH) : index + _REACH + 1]
        ):
            span = read_named(line, index, language, reference)
        if span is not None and (not found or span.start >= found[-1].end):
            found.append(span)
            index = max(span.end, index + 1)
        else:
            index += 1
    return found
