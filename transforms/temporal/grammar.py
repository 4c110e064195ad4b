"""The rules of a language, read from its data file and compiled once.

A file has ``[words.CATEGORY]`` tables, which give words a category and a value, and ``[rules]``,
stages of lines such as ``MONTH DAY ,? YEAR -> DATE``. Every stage rewrites the text's tokens from
left to right, the longest match first, so that later stages build on earlier ones (a cascade of
finite-state transducers, as in FASTUS: Hobbs et al., 1997).
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from transforms.temporal.lexicon import Node, add_compounds, add_words
from transforms.temporal.rule import Numbered, may_begin, parse_rule

NEUTRAL = "neutral"
MAX_PAIRED = 4_096


@dataclass(frozen=True, slots=True)
class Stage:
    """Rules that run together, found by the category or word an item begins with."""

    by_first: Mapping[str, Sequence[Numbered]]

    def beginning_with(self, names: Iterable[str]) -> list[Numbered]:
        """Return the rules that can begin with an item of such names, in the order of the file."""
        found = {number: rule for name in names for number, rule in self.by_first.get(name, ())}
        return sorted(found.items(), key=lambda pair: pair[0])


@dataclass(frozen=True, eq=False, slots=True)
class Kind:
    """All that rules can tell of an item: the word it is, if they name it, and its categories.

    ``rules`` are, by stage, those that can begin with it, and ``stages`` the stages that have any.
    """

    names: frozenset[str]
    rules: tuple[Sequence[Numbered], ...] = ()
    stages: tuple[int, ...] = ()
    paired: dict[tuple[int, "Kind"], Sequence[Numbered]] = field(default_factory=dict)

    def rules_before(self, stage: int, after: "Kind") -> Sequence[Numbered]:
        """Return the rules of a stage that can begin with it when ``after`` comes next."""
        rules = self.paired.get((stage, after))
        if rules is None:
            if len(self.paired) >= MAX_PAIRED:
                self.paired.clear()
            rules = self.paired[stage, after] = [
                (number, rule)
                for number, rule in self.rules[stage]
                if may_begin(rule.body, self.names, after.names)
            ]
        return rules


PLAIN = Kind(frozenset())
"""A word that no rule knows, or the end of the text."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """All a language's file says, ready to match.

    ``literals`` are the words that rules name, ``kinds`` the kinds of items met so far: there are
    no more than ways in which the grammar's own words can be read.
    """

    words: Node
    stages: tuple[Stage, ...]
    past_suffixes: tuple[str, ...]
    literals: frozenset[str]
    kinds: dict[tuple[str, ...], Kind] = field(default_factory=dict)

    def kind(self, word: str, categories: Iterable[str]) -> Kind:
        """Return the kind of an item."""
        key = (word if word in self.literals else "", *categories)
        kind = self.kinds.get(key)
        if kind is None:
            rules = tuple(stage.beginning_with(key) for stage in self.stages)
            stages = tuple(number for number, found in enumerate(rules) if found)
            kind = self.kinds[key] = Kind(frozenset(filter(None, key)), rules, stages)
        return kind


def compile_stage(lines: Sequence[str]) -> Stage:
    """Index the rules of a stage by everything they can begin with."""
    by_first: dict[str, list[Numbered]] = {}
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
    literals = {
        name
        for stage in stages
        for rules in stage.by_first.values()
        for _, rule in rules
        for element in (*rule.before, *rule.body, *rule.after)
        for name in element.names
    }
    return Grammar(root, stages, tuple(data.get("past_suffixes", ())), frozenset(literals))


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
