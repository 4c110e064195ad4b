"""One line of a grammar: a pattern of items, and what stands in their place when it matches.

In a rule a CATEGORY or a literal word stands for one item; ``a|b`` is a choice, a trailing ``?``
makes it optional, a leading ``~`` asks that no white space stand before it, a leading ``!``
excludes; ``CATEGORY>name`` stores the category's own value under another name. What stands
outside of ``[ ]`` is looked at but not taken. Behind the arrow come the category of the result,
constants ``name=value`` and the names of operations; ``borrow`` takes over the fields of the
context ("5. bis 22. November" has its first month from there).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.temporal.lexicon import literal
from transforms.temporal.operations import Frame

NAME = "NAME"
"""What a word with a capital in the midst of a sentence counts as; rules may only look at it."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: any of ``names``, or none of them when ``negative``.

    ``ordered`` are the names in an order that does not depend on hashing.
    """

    names: frozenset[str]
    optional: bool = False
    glued: bool = False
    negative: bool = False
    rename: str | None = None
    ordered: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ordered", tuple(sorted(self.names)))


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern with what must stand before and after it, and what it makes."""

    before: tuple[Element, ...]
    body: tuple[Element, ...]
    after: tuple[Element, ...]
    category: str
    constants: Frame
    operations: tuple[str, ...]
    borrows: bool


Numbered = tuple[int, Rule]
"""A rule and its place in the file."""


def parse_element(text: str) -> Element:
    """Read one element of a pattern."""
    optional, glued, negative, rename = False, False, False, None
    if len(text) > 1 and text.endswith("?"):
        text, optional = text[:-1], True
    if len(text) > 1 and text.startswith("~"):
        text, glued = text[1:], True
    if len(text) > 1 and text.startswith("!"):
        text, negative = text[1:], True
    if len(text) > 1 and ">" in text[1:]:
        text, rename = text.split(">")
    return Element(frozenset(text.split("|")), optional, glued, negative, rename)


def parse_rule(line: str) -> Rule:
    """Read one line of ``[rules]``."""
    pattern, _, result = line.rpartition(" -> ")
    category, *rest = result.split()
    constants = {
        name: literal(value) for name, _, value in (x.partition("=") for x in rest) if value
    }
    operations = tuple(x for x in rest if "=" not in x and x != "borrow")
    parts: list[list[Element]] = [[], [], []]
    place = 0 if "[" in pattern.split() else 1
    for text in pattern.split():
        if text in ("[", "]"):
            place += 1
        else:
            parts[place].append(parse_element(text))
    before, body, after = map(tuple, parts)
    if not body or all(element.optional for element in body):
        raise ValueError(f"a rule must take something: {line}")
    if any(NAME in element.names for element in body):
        raise ValueError(f"a rule cannot take a name: {line}")
    return Rule(before, body, after, category, constants, operations, "borrow" in rest)


def may_begin(body: Sequence[Element], *kinds: frozenset[str]) -> bool:
    """Say whether a match of ``body`` can begin with items of such names, white space aside."""
    if not body or not kinds:
        return True
    element, *rest = body
    named = not element.names.isdisjoint(kinds[0])
    if named is not element.negative and may_begin(rest, *kinds[1:]):
        return True
    return element.optional and may_begin(rest, *kinds)
