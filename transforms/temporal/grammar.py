"""The rules of a language, read from its data file and compiled once.

A file has ``[words.CATEGORY]`` tables, which give words a category and a value, and ``[rules]``,
stages of lines such as ``MONTH DAY ,? YEAR -> DATE``. Every stage rewrites the text's tokens from
left to right, the longest match first, so that later stages build on earlier ones (a cascade of
finite-state transducers, as in FASTUS: Hobbs et al., 1997).

In a rule a CATEGORY or a literal word stands for one item; ``a|b`` is a choice, a trailing ``?``
makes it optional, a leading ``~`` asks that no white space stand before it, a leading ``!``
excludes; ``CATEGORY>name`` stores the category's own value under another name. What stands
outside of ``[ ]`` is looked at but not taken. Behind the arrow come the category of the result,
constants ``name=value`` and the names of operations; ``borrow`` takes over the fields of the
context ("5. bis 22. November" has its first month from there).
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from transforms.temporal.lexicon import Node, add_compounds, add_words, literal
from transforms.temporal.operations import Frame

NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: any of ``names``, or none of them when ``negative``."""

    names: frozenset[str]
    optional: bool = False
    glued: bool = False
    negative: bool = False
    rename: str | None = None

    @property
    def ordered(self) -> list[str]:
        """The names in an order that does not depend on hashing."""
        return sorted(self.names)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern with what must stand before and after it, and what it makes.

    ``second`` is what the second item of every match is one of, or None where that is not known.
    """

    before: tuple[Element, ...]
    body: tuple[Element, ...]
    after: tuple[Element, ...]
    category: str
    constants: Frame
    operations: tuple[str, ...]
    borrows: bool
    second: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Stage:
    """Rules that run together, found by the category or word an item begins with."""

    by_first: Mapping[str, Sequence[tuple[int, Rule]]]
    known: dict[tuple[str, ...], Sequence[tuple[int, Rule]]] = field(default_factory=dict)

    def beginning_with(self, word: str, categories: Iterable[str]) -> Sequence[tuple[int, Rule]]:
        """Return the rules that can begin with such an item, each with its place in the file.

        ``known`` keeps the answers: there are as many as words of the rules and ways of reading.
        """
        key = (word if word in self.by_first else "", *categories)
        rules = self.known.get(key)
        if rules is None:
            found = {number: rule for name in key for number, rule in self.by_first.get(name, ())}
            rules = self.known[key] = sorted(found.items(), key=lambda pair: pair[0])
        return rules


@dataclass(frozen=True, slots=True)
class Grammar:
    """All a language's file says, ready to match."""

    words: Node
    stages: tuple[Stage, ...]
    past_suffixes: tuple[str, ...]


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
    borrows, second = "borrow" in rest, second_names(body)
    return Rule(before, body, after, category, constants, operations, borrows, second)


def second_names(body: Sequence[Element]) -> frozenset[str] | None:
    """Return what the second item of every match of ``body`` is one of, if that is sure."""
    if body[0].optional:
        return None
    names: set[str] = set()
    for element in body[1:]:
        if element.negative:
            return None
        names |= element.names
        if not element.optional:
            return frozenset(names)
    return None


def compile_stage(lines: Sequence[str]) -> Stage:
    """Index the rules of a stage by everything they can begin with."""
    by_first: dict[str, list[tuple[int, Rule]]] = {}
    for number, line in enumerate(lines):
        rule = parse_rule(line)
        for element in rule.body:
            for name in element.names:
                by_first.setdefault(name, []).append((number, rule))
            if not element.optional:
                break
    return Stage(by_first)


def compile_grammar(source: str, neutral: str) -> Grammar:
    """Compile a language's file with the stages of the neutral one before its own.

    Raises ValueError when a rule is malformed.
    """
    data, shared = tomllib.loads(source), tomllib.loads(neutral)["rules"]
    root = Node()
    cases = dict.fromkeys(data.get("capital", ()), "upper")
    cases |= dict.fromkeys(data.get("lower", ()), "lower")
    for category, table in data["words"].items():
        add_words(root, category, table, cases.get(category, ""))
    add_compounds(root, data["words"], data.get("compounds", {}))
    stages = tuple(
        compile_stage([*shared.get(name, ()), *lines]) for name, lines in data["rules"].items()
    )
    return Grammar(root, stages, tuple(data.get("past_suffixes", ())))


def load(language: str) -> Grammar:
    """Return the grammar of a language (BCP 47), or the language-neutral one where it has none."""
    primary = language.partition("-")[0].lower()
    return compiled(primary) if primary in languages() else compiled(NEUTRAL)


@cache
def languages() -> frozenset[str]:
    """Return the languages that have a file of rules."""
    names = (file.name for file in files(__package__).joinpath("rules").iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def compiled(name: str) -> Grammar:
    """Compile the file of a language, once per process."""
    folder = files(__package__).joinpath("rules")
    neutral = folder.joinpath("neutral.toml").read_text(encoding="utf-8")
    own = folder.joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return compile_grammar(own, neutral)
