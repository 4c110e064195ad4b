"""From units to a document's language and the spans that are in another.

The document's language is what most of its letters are in. Then each unit gets a potential per
language, with the document's language preferred, and the best sequence of languages along each
line is found by dynamic programming (Viterbi, 1967), where a change of language inside a line
costs: a short unit between two foreign ones goes with them. A unit that could be nothing but
names says nothing and follows its neighbours.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby

from transforms.language import pool
from transforms.language.backends import Backend, Glance, named
from transforms.language.experts import Scores, fold, member
from transforms.language.names import is_neutral
from transforms.language.units import MAX_UNIT, Unit, split
from transforms.language.words import Shape, clean, lowered, shape, usual_script

SWITCH_COST = 2.0
FOREIGN_MARGIN = 1.0
_ABSENT = -12.0
_NAME = 0.01
_SAMPLE = 600
_SAMPLED_UNITS = 8
_JUDGED_FOR_DOCUMENT = 24


@dataclass(frozen=True, slots=True)
class ForeignSpan:
    """The range ``[start, end)``, in code points, in another language than the document's.

    ``language`` is an ISO 639-1 code, or ISO 639-3 where there is none; ``score`` is from 0 to 1.
    """

    start: int
    end: int
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class TextLanguages:
    """A text's own language, how sure that is from 0 to 1, and the spans that differ from it.

    ``language`` is ``None`` when the text has no words to go by.
    """

    language: str | None
    score: float | None
    spans: tuple[ForeignSpan, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A unit with what was measured of it before the document's language is known."""

    unit: Unit
    text: str
    shape: Shape
    neutral: bool
    glance: Glance

    @property
    def size(self) -> int:
        """Its length in code points."""
        return self.unit.end - self.unit.start


@dataclass(frozen=True, slots=True)
class Home:
    """The document's language, the script it is mostly written in, and the judge of both."""

    language: str
    script: str
    backend: Backend

    def potentials(self, each: Judged) -> Scores:
        """Return a unit's potentials by language, this one among them."""
        return self.backend.potentials(
            each.text, each.shape, each.glance, self.language, self.script
        )


def detect_text(text: str, *, backend: str = "ensemble", prior: str | None = None) -> TextLanguages:
    """Find a text's language, and the spans of it in any other.

    ``text`` is a whole document, or one segment of a document whose language is ``prior``; then
    ``prior`` is the language returned. A span lies within one line; neighbouring units in the
    same language are one span. Raises ValueError for a backend not in ``BACKENDS``.
    """
    return _judge(text, named(backend), prior)


def _judge(text: str, backend: Backend, prior: str | None) -> TextLanguages:
    units = [judged for unit in split(text) if (judged := _glance(text, unit, backend)) is not None]
    if not units:
        return TextLanguages(prior, None, ())
    if prior is None:
        language, score = _document_language(units, backend)
    else:
        language, score = fold(prior), 1.0
    own = [each for each in units if each.glance.language == language]
    home = Home(language, _main_script(own) if own else usual_script(language), backend)
    spans: list[ForeignSpan] = []
    for _, line in groupby(units, key=lambda each: each.unit.line):
        spans.extend(_line_spans(text, list(line), home))
    sample = " ".join(each.text for each in (own or units)[:_SAMPLED_UNITS])[:_SAMPLE]
    return TextLanguages(prior or member(language, sample), score, tuple(spans))


def _glance(text: str, unit: Unit, backend: Backend) -> Judged | None:
    cleaned = clean(text[unit.start : unit.end])
    measured = shape(cleaned)
    if not measured.letters:
        return None
    neutral = is_neutral(cleaned, measured, unit.quoted)
    cleaned = lowered(cleaned, measured)
    return Judged(unit, cleaned, measured, neutral, backend.glance(cleaned))


def _document_language(units: list[Judged], backend: Backend) -> tuple[str, float]:
    """Return the language most of the text is in, and its share of what was judged."""
    votes: Counter[str] = Counter()
    for each in units:
        if each.glance.language is not None and not each.neutral:
            votes[each.glance.language] += each.size
    best = max(votes, key=lambda code: (votes[code], code), default=None)
    if best is not None and votes[best] * 2 > sum(each.size for each in units):
        return best, votes[best] / votes.total()
    weighed: dict[str, float] = defaultdict(float)
    longest = sorted(units, key=lambda each: (-each.size, each.unit.start))
    for each in longest[:_JUDGED_FOR_DOCUMENT]:
        if each.glance.language is not None:
            weighed[each.glance.language] += each.size
            continue
        potential = backend.potentials(each.text, each.shape, each.glance, None, "")
        for code, probability in pool.probabilities(potential).items():
            weighed[code] += probability * each.size
    best = max(weighed, key=lambda code: (weighed[code], code), default="und")
    return best, weighed[best] / max(sum(weighed.values()), 1e-9)


def _main_script(units: list[Judged]) -> str:
    letters: Counter[str] = Counter()
    for each in units:
        letters[each.shape.script] += each.shape.letters
    return letters.most_common(1)[0][0]


def _line_spans(text: str, line: list[Judged], home: Home) -> list[ForeignSpan]:
    """Return the foreign spans of one line, neighbours merged."""
    if all(each.glance.language == home.language for each in line):
        return []
    whole = _whole_line(text, line, home)
    if whole is not None:
        return [whole]
    potentials = [{} if each.neutral else home.potentials(each) for each in line]
    path = _best_path(potentials, home.language)
    spans = []
    position = 0
    for language, run in groupby(path):
        first, position = position, position + len(list(run))
        if language != home.language:
            span = _run_span(text, line[first:position], potentials[first:position], language, home)
            spans.extend([span] if span is not None else [])
    return spans


def _whole_line(text: str, line: list[Judged], home: Home) -> ForeignSpan | None:
    """Return a span over the line if, read in one, it is foreign and no part of it objects."""
    start, end = line[0].unit.start, line[-1].unit.end
    if end - start > MAX_UNIT or any(each.glance.language == home.language for each in line):
        return None
    whole = line[0]
    if len(line) > 1:
        joined = _glance(text, Unit(start, end, line[0].unit.line), home.backend)
        if joined is None:
            return None
        whole = joined
    if whole.neutral or whole.glance.language == home.language:
        return None
    potential = home.potentials(whole)
    language = max(potential, key=lambda code: (potential[code], code))
    gain = potential[language] - potential[home.language]
    if language == home.language or gain <= FOREIGN_MARGIN:
        return None
    if len(line) > 1:
        for each in line:
            part = home.potentials(each)
            gain -= max(0.0, part[home.language] - part.get(language, max(part.values()) + _ABSENT))
        if gain <= FOREIGN_MARGIN:
            return None
    start, end = _widen(text, start, end)
    return _span(text, start, end, language, gain)


def _run_span(
    text: str, run: list[Judged], potentials: list[Scores], language: str, home: Home
) -> ForeignSpan | None:
    """Return the span of consecutive units that the best path has in a foreign language."""
    judged = [number for number, potential in enumerate(potentials) if potential]
    if not judged:
        return None
    first, last = judged[0], judged[-1]
    while first and run[first - 1].unit.quoted == run[first].unit.quoted:
        first -= 1
    while last + 1 < len(run) and run[last + 1].unit.quoted == run[last].unit.quoted:
        last += 1
    run = run[first : last + 1]
    gain = sum(
        potential.get(language, _ABSENT) - potential.get(home.language, _ABSENT)
        for potential in potentials
        if potential
    )
    if gain <= FOREIGN_MARGIN:
        return None
    start, end = _widen(text, run[0].unit.start, run[-1].unit.end)
    return _span(text, start, end, language, gain)


def _span(text: str, start: int, end: int, language: str, gain: float) -> ForeignSpan:
    score = 1 / (1 + math.exp(-min(gain, 50.0)))
    return ForeignSpan(start, end, member(language, clean(text[start:end])[:_SAMPLE]), score)


def _best_path(potentials: list[Scores], home: str) -> list[str]:
    """Return the likeliest language of each unit of a line, changes between units penalised."""
    states = sorted({home}.union(*potentials))
    value = dict.fromkeys(states, 0.0)
    steps: list[dict[str, str]] = []
    for number, potential in enumerate(potentials):
        if number:
            best = max(states, key=lambda code: value[code])
            step = {
                code: code if value[code] >= value[best] - SWITCH_COST else best for code in states
            }
            value = {code: max(value[code], value[best] - SWITCH_COST) for code in states}
            steps.append(step)
        if potential:
            floor = min(max(potential.values()) + _ABSENT, min(potential.values()))
            value = {code: value[code] + potential.get(code, floor) for code in states}
        else:
            value[home] += _NAME
    path = [max(states, key=lambda code: (value[code], code == home))]
    for step in reversed(steps):
        path.append(step[path[-1]])
    return path[::-1]


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    """Take in the punctuation around a span that fills its line, but not a pair of quotes."""
    low, high = start, end
    while low and text[low - 1] not in "\n\r\u2028\u2029" and not text[low - 1].isalnum():
        low -= 1
    while high < len(text) and text[high] not in "\n\r\u2028\u2029" and not text[high].isalnum():
        high += 1
    fills = (not low or not text[low - 1].isalnum()) and (
        high == len(text) or not text[high].isalnum()
    )
    if not fills:
        return start, end
    while low < start and text[low].isspace():
        low += 1
    while high > end and text[high - 1].isspace():
        high -= 1
    if low == start - 1 and high == end + 1:
        return start, end
    return low, high
