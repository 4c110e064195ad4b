"""What every token or phrase of a text can be, before any rule has looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.temporal.grammar import PLAIN, Grammar, Kind
from transforms.temporal.lexicon import Node
from transforms.temporal.operations import Frame
from transforms.temporal.rule import NAME, Element
from transforms.temporal.tokens import Tokens, number

NOTHING: Mapping[str, Frame] = {}


class Item(NamedTuple):
    """A stretch of tokens up to ``last`` and the readings it has, by category."""

    last: int
    readings: Mapping[str, Frame]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Chart:
    """The items of a stretch of text, in place of its tokens.

    ``items`` are found by their first token; a token that begins none is an item by itself, a word
    that the grammar does not know. ``firsts`` holds the first token of each item of several, by
    its end, and ``waiting`` the items that rules can begin with, by stage.
    """

    tokens: Tokens
    items: dict[int, Item] = field(default_factory=dict)
    firsts: dict[int, int] = field(default_factory=dict)
    waiting: list[list[int]] = field(default_factory=list)

    def put(self, first: int, item: Item) -> None:
        """Let one item take the place of all that begin among its tokens."""
        self.items[first] = item
        if item.last > first + 1:
            self.firsts[item.last] = first
            for token in range(first + 1, item.last):
                self.items.pop(token, None)
        for stage in item.kind.stages:
            self.waiting[stage].append(first)

    def kind(self, first: int) -> Kind:
        """Return the kind of the item at a token."""
        item = self.items.get(first)
        return PLAIN if item is None else item.kind

    def after(self, first: int) -> int:
        """Return the token that the item behind the one at ``first`` begins with."""
        item = self.items.get(first)
        return first + 1 if item is None else item.last

    def before(self, first: int) -> int:
        """Return the token that the item before the one at ``first`` begins with."""
        return self.firsts.get(first, first - 1)

    def accepts(self, element: Element, first: int) -> bool:
        """Say whether the item at ``first`` is one of the element's words or categories."""
        if element.glued and not self.tokens.glued(first):
            return False
        item = self.items.get(first)
        named = item is not None and not element.names.isdisjoint(item.kind.names)
        if not named and NAME in element.names:
            named = (item is None or not item.readings) and self.tokens.inner(first)
        return named is not element.negative


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


def look_up(tokens: Tokens, grammar: Grammar) -> Chart:
    """Give every token, or the longest phrase that begins at it, its readings."""
    chart = Chart(tokens, waiting=[[] for _ in grammar.stages])
    first_words, literals = grammar.words.children, grammar.literals
    done = 0
    for position, word in enumerate(tokens.words):
        if position < done or not (word in first_words or word in literals or word[0].isdecimal()):
            continue
        end, readings = position + 1, NOTHING
        if word in first_words:
            end, readings = longest_phrase(tokens, position, grammar.words)
        if not readings and word[0].isdecimal():
            readings = readings_of_number(word)
        if readings or word in literals:
            kind = grammar.kind(word if end == position + 1 else "", readings)
            chart.put(position, Item(end, readings, kind))
        done = end
    return chart


def longest_phrase(tokens: Tokens, position: int, words: Node) -> tuple[int, Mapping[str, Frame]]:
    """Return the end and the readings of the longest phrase of the grammar at ``position``."""
    node = words
    found: Mapping[str, Frame] = NOTHING
    end = position + 1
    for at in range(position, len(tokens.words)):
        child = node.children.get(tokens.words[at])
        if child is None:
            break
        node = child
        if node.entries:
            fitting = readings_of_phrase(tokens, position, at + 1, node, words)
            if fitting:
                found, end = fitting, at + 1
    return end, found


def readings_of_phrase(
    tokens: Tokens, first: int, last: int, node: Node, words: Node
) -> Mapping[str, Frame]:
    """Return what tokens [first, last) can be as they are written; ``node`` is their phrase."""
    if not node.cased:
        return node.readings
    capital = tokens.capital(first)
    named = capital and tokens.inner(first) and in_name(tokens, first, last, words)
    return {e.category: e.frame for e in node.entries if e.allows(capital, named)}


def in_name(tokens: Tokens, first: int, last: int, words: Node) -> bool:
    """Say whether a word next to tokens [first, last) has a capital and is not of the grammar."""
    beside = (first - 1, last) if last < len(tokens.words) else (first - 1,)
    return any(
        tokens.capital(index) and tokens.words[index] not in words.children for index in beside
    )
