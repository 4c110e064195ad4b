"""The rules' notation, and that every language's file uses it well."""

import tomllib
from importlib.resources import files

import pytest

from transforms.temporal.grammar import compile_stage, languages
from transforms.temporal.lexicon import expand
from transforms.temporal.operations import OPERATIONS
from transforms.temporal.reading import readings_of_number
from transforms.temporal.rule import may_begin, parse_element, parse_rule

FOLDER = files("transforms.temporal").joinpath("rules")
NUMERIC = frozenset(
    category
    for word in ("1", "01", "10", "24", "31", "1990", "2000", "1,500")
    for category in readings_of_number(word)
) | {"NAME"}
FINAL = frozenset({"DATE", "DURATION", "SET", "NONE"})


def test_an_element_is_read() -> None:
    """Choice, option, glue, exclusion and renaming."""
    element = parse_element("~DAY|ORDINAL>day?")
    assert element.names == {"DAY", "ORDINAL"}
    assert (element.glued, element.optional, element.negative) == (True, True, False)
    assert element.rename == "day"
    assert parse_element("!%").negative
    assert parse_element("?").names == {"?"}


def test_a_rule_is_read() -> None:
    """Context, body, result, constants and operations."""
    rule = parse_rule("from [ DAY ] to DAY MONTH -> DATE rel=next n=2 add borrow")
    assert [len(part) for part in (rule.before, rule.body, rule.after)] == [1, 1, 3]
    assert rule.category == "DATE"
    assert rule.constants == {"rel": "next", "n": 2}
    assert rule.operations == ("add",)
    assert rule.borrows


def test_a_rule_must_take_something() -> None:
    """A rule that matches nothing would never end."""
    with pytest.raises(ValueError, match="take something"):
        parse_rule("the? -> DATE")


def test_a_rule_only_looks_at_names() -> None:
    """Names are told from other words when a rule asks, so none can begin with one."""
    with pytest.raises(ValueError, match="cannot take a name"):
        parse_rule("NAME of MONTH -> NONE")
    assert parse_rule("[ MONTH ] !NAME -> DATE").after[0].negative


@pytest.mark.parametrize(
    ("names", "begins"),
    [
        (("the", "DAY"), True),
        (("the", "MONTH"), False),
        (("DAY", "of"), True),
        (("DAY", "MONTH"), True),
        (("DAY", "the"), False),
        (("of", "MONTH"), False),
    ],
)
def test_a_rule_is_ruled_out_by_two_items(names: tuple[str, str], begins: bool) -> None:
    """What may be left out is passed over, what may not must be there."""
    body = parse_rule("the? DAY of? MONTH -> DATE").body
    assert may_begin(body, *(frozenset({name}) for name in names)) is begins


def test_a_stage_finds_rules_by_all_they_can_begin_with() -> None:
    """An optional beginning is indexed with what follows it."""
    stage = compile_stage(["the? DAY|ORDINAL of MONTH -> DATE"])
    assert set(stage.by_first) == {"the", "DAY", "ORDINAL"}


def test_braces_expand() -> None:
    """One form stands for its inflections."""
    assert list(expand("t{en,a} sam{,o}")) == ["ten sam", "ten samo", "ta sam", "ta samo"]


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_language_uses_only_what_it_defines(language: str) -> None:
    """A category that nothing gives, an unknown operation or a word in capitals is a slip."""
    data = tomllib.loads(FOLDER.joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    neutral = tomllib.loads(FOLDER.joinpath("neutral.toml").read_text(encoding="utf-8"))
    known = NUMERIC | FINAL | set(data["words"]) | set(data.get("compounds", ()))
    for stage, lines in data["rules"].items():
        rules = [parse_rule(line) for line in (*neutral["rules"].get(stage, ()), *lines)]
        known |= {rule.category for rule in rules}
        for rule in rules:
            assert set(rule.operations) <= OPERATIONS.keys(), (language, rule)
            for element in (*rule.before, *rule.body, *rule.after):
                for name in element.names:
                    assert name in known or name == name.casefold(), (language, stage, name)
