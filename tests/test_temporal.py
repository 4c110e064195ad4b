"""Temporal expressions: golden sentences per language, properties, and growth on hostile text."""

import gzip
import json
import re
import time
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.task_temporal import predict
from transforms.temporal import find
from transforms.temporal.grammar import compiled, languages
from transforms.temporal.lexicon import expand
from transforms.temporal.rule import parse_rule

GOLDEN = Path(__file__).parent / "golden" / "temporal"
CASES = [
    pytest.param(path.stem, json.loads(line), id=f"{path.stem}-{number}")
    for path in sorted(GOLDEN.glob("*.jsonl"))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines())
]


@pytest.mark.parametrize(("language", "case"), CASES)
def test_golden_sentence(language: str, case: dict[str, object]) -> None:
    """Every golden sentence gives exactly its expressions."""
    text, anchor = str(case["text"]), case["anchor"]
    found = find(text, language, None if anchor is None else str(anchor))
    assert [[e.text, e.type, e.value] for e in found] == case["expected"]


def test_every_language_has_a_golden_file() -> None:
    """A file of rules without golden sentences is not done."""
    golden = {path.stem for path in GOLDEN.glob("*.jsonl")}
    assert languages() - {"neutral"} == golden


@pytest.mark.parametrize("language", sorted(languages()))
def test_rules_compile(language: str) -> None:
    """Every rule of every language can be read."""
    assert compiled(language).stages


def test_white_space_of_any_kind_is_a_space() -> None:
    """No-break spaces, tabs and line breaks stand inside of expressions."""
    for space in ("\u00a0", "\u202f", "\t", "\n", "  ", "\u2009"):
        text = f"He came on{space}March{space}5,{space}2019."
        assert [(e.text, e.value) for e in find(text, "en", None)] == [
            (f"March{space}5,{space}2019", "2019-03-05")
        ]


def test_an_expression_does_not_cross_a_paragraph() -> None:
    """A blank line ends an expression."""
    assert [e.text for e in find("It was March\n\n5, 2019", "en", "2019-04-01")] != [
        "March\n\n5, 2019"
    ]


def test_a_language_without_rules_gives_neutral_expressions_only() -> None:
    """ISO dates are found whatever the language."""
    for language in (None, "", "xx", "../en", "fi-FI"):
        found = find("Friday 2024-12-27, 2024-12-27T14:05Z", language, "2024-12-30")
        assert [(e.type, e.value) for e in found] == [
            ("DATE", "2024-12-27"),
            ("TIME", "2024-12-27T14:05Z"),
        ]


def test_a_regional_tag_uses_its_language() -> None:
    """en-GB reads English."""
    assert find("on Friday", "en-GB", "2024-12-30")[0].value == "2024-12-27"


@pytest.mark.parametrize("anchor", ["", "yesterday", "2024-13-40", "0000-00-00", "20241230"])
def test_a_bad_anchor_resolves_nothing(anchor: str) -> None:
    """An anchor that is no date counts as none."""
    assert find("on Friday", "en", anchor)[0].value == "XXXX-WXX-5"


@pytest.mark.parametrize("anchor", ["2024-12-30T14:05+01:00", "2024-12-30T23:59:59Z", "2024-12-30"])
def test_an_anchor_with_a_time_is_its_day(anchor: str) -> None:
    """The day as published counts, not the instant in UTC."""
    assert find("yesterday", "en", anchor)[0].value == "2024-12-29"


@pytest.mark.parametrize(
    "text", ["February 30, 2024", "99999999999999999999 years ago", "25:61", "31.02.2024"]
)
def test_impossible_dates_are_no_dates(text: str) -> None:
    """What the calendar does not have is not resolved to a day."""
    for language in ("en", "de"):
        for found in find(text, language, "2024-12-30"):
            assert found.value != "2024-02-30"
            assert not found.value.startswith("-")


VALUE = re.compile(
    r"(?:PRESENT|PAST|FUTURE)_REF"
    r"|[\dX]{2,4}(?:-(?:[\dX]{2}(?:-[\dX]{2})?|W[\dX]{2}(?:-(?:WE|\d))?|Q[\dX]|H[\dX]|SP|SU|FA|WI))?"
    r"(?:T(?:MO|MI|AF|EV|NI|DT|\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?))?"
    r"|P(?:[\dX.]+(?:Y|M|W|D|Q|HY|DE|CE|WE))*(?:T(?:[\dX.]+[HMS])+)?"
)
NUMBERS = (
    "1",
    "2",
    "30",
    "31",
    "12",
    "24",
    "1990",
    "2024",
    "1,500",
    "05",
    "99",
    "0",
    "4.5",
    "2100",
)
SIGNS = (",", ".", ":", "-", "/", "'", "(", ")", "\u00a0", "\n\n")
ANCHORS = (None, "2024-12-30", "2024", "2024-02", "2024-02-29", "0001-01-01", "9999-12-31")


@cache
def vocabulary(language: str) -> list[str]:
    """Return every word and phrase of a language's file, and the literals of its rules."""
    file = files("transforms.temporal").joinpath("rules", f"{language}.toml")
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    words = {
        phrase
        for table in data["words"].values()
        for forms in table.values()
        for form in forms
        for phrase in expand(form)
    }
    rules = [parse_rule(line) for lines in data["rules"].values() for line in lines]
    literals = {name for rule in rules for element in rule.body for name in element.names}
    return sorted(words) + sorted(literals)


@pytest.mark.parametrize("language", sorted(languages()))
@settings(derandomize=True, max_examples=60, deadline=None, database=None)
@given(data=st.data())
def test_any_words_in_any_order_give_sound_expressions(language: str, data: st.DataObject) -> None:
    """Values are TIMEX3's; offsets point at the words, in order, without overlap."""
    words = st.sampled_from(vocabulary(language))
    piece = words | words | st.sampled_from(NUMBERS) | st.sampled_from(SIGNS)
    pieces = data.draw(st.lists(piece, max_size=12))
    text = data.draw(st.sampled_from((" ", " ", ""))).join(pieces)
    end = 0
    for found in find(text, language, data.draw(st.sampled_from(ANCHORS))):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        assert VALUE.fullmatch(found.value), found
        end = found.end


def test_predictions_need_no_annotations(tmp_path: Path) -> None:
    """The benchmark's task reads id, language, date and text, and writes the scorer's format."""
    folder = tmp_path / "dates" / "temporal"
    folder.mkdir(parents=True)
    record = {"id": "a", "lang": "en", "dct": "2024-12-30", "text": "It rained on Friday."}
    with gzip.open(folder / "timex.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")
    seed = json.dumps({**record, "id": "b", "dct": None})
    (folder / "seeds_timex_gold.jsonl").write_text(seed + "\n", encoding="utf-8")
    predict(tmp_path, tmp_path / "out")
    lines = (tmp_path / "out" / "dates" / "temporal.jsonl").read_text(encoding="utf-8")
    place = {"start": 13, "end": 19, "type": "DATE"}
    assert [json.loads(line) for line in lines.splitlines()] == [
        {"id": "a", "pred": [{**place, "value": "2024-12-27"}]},
        {"id": "b", "pred": [{**place, "value": "XXXX-WXX-5"}]},
    ]


HOSTILE = {
    "digits": "1" * 10,
    "groups": "1,111",
    "numbers": "twenty ",
    "dates": "May 5, ",
    "weekdays": "last Friday ",
    "the": "the last ",
    "points": "5.",
    "spaces": " \u00a0\n",
    "clock": "11:",
    "and": "two years and ",
    "ago": "a day before the day after ",
    "letters": "a" * 10,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_time_grows_with_the_text(name: str) -> None:
    """Eight times the text takes about eight times as long, whatever it repeats."""
    piece = HOSTILE[name]
    base = 4_000 // len(piece)

    def seconds(count: int) -> float:
        text = piece * count
        runs = []
        for _ in range(2):
            start = time.process_time()
            find(text, "en", "2024-12-30")
            runs.append(time.process_time() - start)
        return min(runs)

    seconds(10)
    assert seconds(8 * base) < 24 * seconds(base) + 0.1
