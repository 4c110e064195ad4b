"""The foreign spans of one line of a document whose language is known.

Each unit of the line has a potential per language, with the document's language preferred. If
the line as a whole is foreign and no part of it objects, it is one span. Otherwise the best
sequence of languages along its units is found by dynamic programming (Viterbi, 1967), where each
change of language costs: a short unit between two foreign ones goes with them. A unit that could
be nothing but names says nothing and follows its neighbours.
"""

import math
from itertools import groupby

from transforms.language.document import Home, Judged, judge_unit
from transforms.language.experts import Scores, member
from transforms.language.names import without_names
from transforms.language.pool import UNDETERMINED
from transforms.language.results import ForeignSpan
from transforms.language.units import MAX_UNIT, Unit
from transforms.language.words import clean

_SWITCH_COST = 2.0
_MARGIN = 1.0
_MARGIN_OF_SHORT = 4.0
_MARGIN_OF_UNKNOWN = 3.0
_MANY_NAMES = 0.75
_ABSENT = -12.0
_NAME_AT_HOME = 0.01
_SAMPLE = 600
_LINE_BREAKS = "\n\r\u2028\u2029"


def line_spans(text: str, line: list[Judged], home: Home) -> list[ForeignSpan]:
    """Return the foreign spans of a line, given its units in order; neighbours are merged."""
    at_home = [each.glance == home.language for each in line]
    if all(at_home):
        return []
    if any(at_home) or len(line) == 1:
        foreign = [each for each in line if each.glance != home.language]
        if all(each.neutral for each in foreign):
            return []
    if not any(at_home):
        whole = _whole_line(text, line, home)
        if whole is not None:
            return [whole]
    audible = [{} if each.neutral else home.potentials(each) for each in line]
    spans: list[ForeignSpan] = []
    after = 0
    for language, run in groupby(_best_path(audible, home.language)):
        before, after = after, after + len(list(run))
        if language != home.language:
            span = _run_span(text, line[before:after], audible[before:after], language, home)
            spans.extend([] if span is None else [span])
    return spans


def _whole_line(text: str, line: list[Judged], home: Home) -> ForeignSpan | None:
    """Return a span over the line if, read in one, it is foreign and its parts do not object."""
    start, end = line[0].unit.start, line[-1].unit.end
    if end - start > MAX_UNIT:
        return None
    whole, parts = line[0], line[1:] and line
    if parts:
        joined = judge_unit(text, Unit(start, end, whole.unit.line), home.backend)
        if joined is None or joined.glance == home.language:
            return None
        whole = joined
    if whole.neutral:
        return None
    potential = home.potentials(whole)
    language = max(potential, key=lambda code: (potential[code], code))
    if language == home.language:
        return None
    objections = sum(
        max(0.0, -_gain(home.potentials(part), language, home.language)) for part in parts
    )
    gain = _gain(potential, language, home.language) - objections
    return _span(text, (start, end), language, gain, home)


def _run_span(
    text: str, run: list[Judged], potentials: list[Scores], language: str, home: Home
) -> ForeignSpan | None:
    """Return the span of consecutive units that the best path has in a foreign language.

    Names at its ends belong to it only if they are inside, or outside, the same quotation.
    """
    judged = [number for number, potential in enumerate(potentials) if potential]
    if not judged:
        return None
    first, last = judged[0], judged[-1]
    while first and run[first - 1].unit.quoted == run[first].unit.quoted:
        first -= 1
    while last + 1 < len(run) and run[last + 1].unit.quoted == run[last].unit.quoted:
        last += 1
    gain = sum(_gain(potentials[number], language, home.language) for number in judged)
    return _span(text, (run[first].unit.start, run[last].unit.end), language, gain, home)


def _gain(potential: Scores, language: str, home: str) -> float:
    """Return how much likelier a unit is in a language than in the document's, in log-odds."""
    absent = max(potential.values()) + _ABSENT
    return potential.get(language, absent) - potential.get(home, absent)


def _best_path(potentials: list[Scores], home: str) -> list[str]:
    """Return the likeliest language of each unit of a line, changes between units penalised."""
    states = sorted({home}.union(*potentials))
    value = dict.fromkeys(states, 0.0)
    steps: list[dict[str, str]] = []
    for potential in potentials:
        best = max(states, key=lambda code: value[code])
        floor = value[best] - _SWITCH_COST
        steps.append({code: code if value[code] >= floor else best for code in states})
        absent = max(potential.values()) + _ABSENT if potential else 0.0
        value = {code: max(value[code], floor) + potential.get(code, absent) for code in states}
        if not potential:
            value[home] += _NAME_AT_HOME
    path = [max(states, key=lambda code: (value[code], code == home))]
    for step in reversed(steps[1:]):
        path.append(step[path[-1]])
    return path[::-1]


def _span(
    text: str, place: tuple[int, int], language: str, gain: float, home: Home
) -> ForeignSpan | None:
    """Return the span if the gain is enough for its length; less text must be surer."""
    start, end = place
    margin = _MARGIN_OF_UNKNOWN if language == UNDETERMINED else _MARGIN
    if gain <= max(margin, _MARGIN_OF_SHORT - (end - start) / 10):
        return None
    if _is_by_names(text[start:end], language, home):
        return None
    start, end = _widen(text, start, end)
    score = 1 / (1 + math.exp(-min(gain, 50.0)))
    return ForeignSpan(start, end, member(language, clean(text[start:end])[:_SAMPLE]), score)


def _is_by_names(passage: str, language: str, home: Home) -> bool:
    """Whether it is only for the names in it that a passage looks foreign."""
    passage = clean(passage)[:_SAMPLE]
    rest = without_names(passage)
    if len(rest.split()) > _MANY_NAMES * len(passage.split()):
        return False
    judged = judge_unit(rest, Unit(0, len(rest), 0), home.backend)
    return judged is None or _gain(home.potentials(judged), language, home.language) <= 0


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the punctuation around a span that fills its line, but not a pair of quotes."""
    low, high = start, end
    while low and text[low - 1] not in _LINE_BREAKS and not text[low - 1].isalnum():
        low -= 1
    while high < len(text) and text[high] not in _LINE_BREAKS and not text[high].isalnum():
        high += 1
    if (low and text[low - 1].isalnum()) or (high < len(text) and text[high].isalnum()):
        return start, end
    while low < start and text[low].isspace():
        low += 1
    while high > end and text[high - 1].isspace():
        high -= 1
    quoted = low == start - 1 and high == end + 1
    return (start, end) if quoted else (low, high)
