"""What every token or phrase of a text can be, before any rule has looked at it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from transforms.temporal.lexicon import Node
from transforms.temporal.operations import Frame
from transforms.temporal.tokens import Token, number

NOTHING: Mapping[str, Frame] = {}
# A word with a capital in the midst of a sentence.
A_NAME: Mapping[str, Frame] = {"NAME": {}}


class Item(NamedTuple):
    """A stretch of tokens [first, last) and the readings it has, by category."""

    word: str
    first: int
    last: int
    glued: bool
    readings: Mapping[str, Frame] = NOTHING


def readings_of_number(word: str) -> dict[str, Frame]:
    """Return what a token of digits can mean in a date, a time or a count."""
    value = number(word)
    if value is None:
        return {}
    readings: dict[str, Frame] = {"NUM": {"n": value}}
    if not word.isdecimal():
        return {"NUM": {"n": value}, "GROUPED": {"n": value}}
    if len(word) <= 2:
        readings["INT"] = {"int": value}
        if 1 <= value <= 31:
            readings["DAY"] = {"day": value}
        if 1 <= value <= 12:
            readings["MON"] = {"month": value}
            readings["HOUR12"] = {"hour": value}
        if value <= 24:
            readings["HOUR"] = {"hour": value}
    if len(word) == 2:
        if value <= 59:
            readings["MIN"] = {"minute": value}
            readings["SEC"] = {"second": value}
        readings["YY"] = {"yy": value}
        if value % 10 == 0:
            readings["YY0"] = {"yy": value}
        if "DAY" in readings:
            readings["DD"] = {"day": value}
        if "MON" in readings:
            readings["MM"] = {"month": value}
    if len(word) == 4 and 1000 <= value <= 2199:
        readings["YEAR"] = {"year": value}
        if value % 10 == 0:
            readings["YEAR0"] = {"decade": value // 10}
        if 1900 <= value <= 2059:
            readings["MODERN"] = {"year": value}
    return readings


def look_up(tokens: Sequence[Token], words: Node) -> list[Item]:
    """Give every token, or the longest phrase that begins at it, its readings."""
    items: list[Item] = []
    position = 0
    while position < len(tokens):
        token = tokens[position]
        end, readings = position + 1, NOTHING
        if token.word in words.children:
            end, readings = longest_phrase(tokens, position, words)
        if not readings:
            readings = readings_of_number(token.word) if token.word[0].isdecimal() else NOTHING
            if token.inner:
                readings = A_NAME
        items.append(
            Item(token.word if end == position + 1 else "", position, end, token.glued, readings)
        )
        position = end
    return items


def longest_phrase(
    tokens: Sequence[Token], position: int, words: Node
) -> tuple[int, Mapping[str, Frame]]:
    """Return the end and the readings of the longest phrase of the grammar at ``position``."""
    node = words
    found: Mapping[str, Frame] = NOTHING
    end = position + 1
    token = tokens[position]
    for at in range(position, len(tokens)):
        child = node.children.get(tokens[at].word)
        if child is None:
            break
        node = child
        if node.entries:
            named = token.inner and in_name(tokens, position, at + 1, words)
            fitting = {e.category: e.frame for e in node.entries if e.allows(token.capital, named)}
            if fitting:
                found, end = fitting, at + 1
    return end, found


def in_name(tokens: Sequence[Token], first: int, last: int, words: Node) -> bool:
    """Say whether a word next to tokens [first, last) has a capital and is not of the grammar."""
    beside = (*tokens[first - 1 : first], *tokens[last : last + 1])
    return any(token.capital and token.word not in words.children for token in beside)
