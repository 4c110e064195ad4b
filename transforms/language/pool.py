"""The ensemble: a logarithmic opinion pool of four identifiers and the document's language.

A candidate language's potential is a weighted sum of the logarithms of what each expert says of
it, with weights that grow with the length of the text, plus a bonus for the language of the
document; a softmax over the candidates gives probabilities (Heskes, "Selecting weighting factors
in logarithmic opinion pools", 1998; McFadden's conditional logit). One candidate is ``und``: it
gains where no expert recognises anything, as in transliterated text. The weights are maximum
likelihood estimates, made by ``training/language_pool.py``.
"""

import math
from operator import mul
from typing import NamedTuple

from transforms.language import experts
from transforms.language.experts import Scores
from transforms.language.words import Shape

UNDETERMINED = "und"

WEIGHTS: dict[str, float] = {
    "fasttext": 0.489,
    "py3langid": 0.085,
    "py3langid_by_length": 1.477,
    "eldc": 2.159,
    "eldc_by_length": 0.937,
    "cld2": 0.892,
    "cld2_by_length": 1.468,
    "eldc_unknown": 1.423,
    "undetermined": 1.000,
    "undetermined_by_length": 1.073,
    "prior": 1.092,
    "prior_by_length": 0.872,
    "prior_by_plain_words": 0.606,
    "prior_of_short": 0.404,
}
"""One weight per feature, in the order of the rows that ``features`` returns."""

Row = tuple[float, ...]

_UNHEARD = (0.0,) * 8
_NOT_HOME = (0.0,) * 4
_CANDIDATES_PER_EXPERT = 4
_ELDC_STAND_IN = 0.6
_ABSTAINED = -1.0
_CERTAIN_MARGIN = 0.1
_CERTAIN_SHARE = 0.9
_CERTAIN_SCORE = 0.65
_FAR = 0.6
_RARITY = 3.0
_SHORT = 12
_FEW_WORDS = 6
_SENTENCE_WORDS = 5
_SENTENCE_LETTERS = 24


class Screening(NamedTuple):
    """What the two fast experts say of a text."""

    eldc: Scores
    cld2: Scores


def screen(text: str) -> Screening:
    """Ask the two fast experts, eldc and CLD2, about a cleaned text."""
    return Screening(experts.eldc_scores(text), experts.cld2_scores(text))


def certain(text: str) -> str | None:
    """Return the language on which both fast experts agree beyond doubt, if there is one.

    Most units are settled here, so CLD2 is not asked when eldc has doubts.
    """
    first, score, runner_up = experts.eldc_best(text)
    if score < _CERTAIN_SCORE:
        return None
    if _similarity(score) - _similarity(runner_up) <= _CERTAIN_MARGIN:
        return None
    return first if experts.cld2_scores(text).get(first, 0.0) > _CERTAIN_SHARE else None


def is_far(screening: Screening, language: str, prior: str) -> bool:
    """Whether eldc knows both languages and finds the text much likelier in the first."""
    if prior not in experts.repertoires().eldc:
        return False
    nearness = _similarity(screening.eldc.get(prior, 0.0))
    return _similarity(screening.eldc.get(language, 0.0)) - nearness > _FAR


def potentials(
    text: str, measured: Shape, screening: Screening, prior: str | None, prior_script: str
) -> Scores:
    """Return the potential of each candidate language of a cleaned text, ``prior`` among them.

    In a document of another language, one that hardly an expert knows is less likely than one
    that they all know.
    """
    weights = tuple(WEIGHTS.values())
    rare = experts.seldom_known() - {prior} if prior is not None else frozenset[str]()
    return {
        code: sum(map(mul, weights, row)) - _RARITY * (code in rare)
        for code, row in features(text, measured, screening, prior, prior_script).items()
    }


def features(
    text: str, measured: Shape, screening: Screening, prior: str | None, prior_script: str
) -> dict[str, Row]:
    """Return a row of features, named by ``WEIGHTS``, for each candidate language.

    Candidates are the languages that the experts put first, ``prior``, and ``und`` for what is
    as long as a sentence. ``prior_script`` is the script the document is written in: text in
    another than that, unless it is Latin, gets no bonus for the prior.
    """
    length = math.log(measured.letters + 1) / 4
    evidence = _Evidence(*screening, *experts.slow_scores(text), length)
    home = _prior_features(measured, length, prior_script)
    rows: dict[str, Row] = {}
    if measured.plain >= _SENTENCE_WORDS and measured.letters >= _SENTENCE_LETTERS:
        rows[UNDETERMINED] = (*_UNHEARD, 1.0, length, *_NOT_HOME)
    for code in evidence.candidates():
        rows[code] = (*evidence.row(code), 0.0, 0.0, *_NOT_HOME)
    if prior == UNDETERMINED:
        rows[UNDETERMINED] = (*_UNHEARD, 1.0, length, *home)
    elif prior is not None:
        rows[prior] = (*evidence.row(prior), 0.0, 0.0, *home)
    return rows


class _Evidence(NamedTuple):
    """What the experts say of one text."""

    eldc: Scores
    cld2: Scores
    fasttext: Scores
    py3langid: Scores
    length: float

    def candidates(self) -> list[str]:
        """Return what the experts put first, in a fixed order."""
        named = {code for scores in self[:4] for code in _best(scores)}
        return sorted(named & experts.identifiable())

    def row(self, code: str) -> Row:
        """Return the experts' features of a language; who does not know it abstains."""
        known = experts.repertoires()
        words = bayes = _ABSTAINED
        if code in known.fasttext:
            words = math.log(self.fasttext.get(code, 0.0) + 1e-3)
        if code in known.py3langid:
            bayes = math.log(self.py3langid.get(code, 0.0) + 1e-4)
        if code in known.eldc:
            similar = _similarity(self.eldc.get(code, 0.0))
        else:
            similar = _ELDC_STAND_IN * _similarity(max(self.eldc.values(), default=0.0))
        share = self.cld2.get(code, 0.0)
        return (
            words * self.length,
            bayes,
            bayes * self.length,
            similar,
            similar * self.length,
            share,
            share * self.length,
            float(code not in known.eldc),
        )


def probabilities(potential: Scores) -> Scores:
    """Turn potentials into a distribution."""
    top = max(potential.values(), default=0.0)
    exponential = {code: math.exp(value - top) for code, value in potential.items()}
    total = sum(exponential.values())
    return {code: value / total for code, value in exponential.items()}


def _prior_features(measured: Shape, length: float, prior_script: str) -> Row:
    """Return the features of being the document's language."""
    if measured.script not in ("LATIN", prior_script):
        return _NOT_HOME
    return (
        1.0,
        length,
        min(measured.plain, _FEW_WORDS) / _FEW_WORDS,
        float(measured.letters < _SHORT),
    )


def _best(scores: Scores) -> list[str]:
    return sorted(scores, key=lambda code: (-scores[code], code))[:_CANDIDATES_PER_EXPERT]


def _similarity(score: float) -> float:
    """Undo eldc's normalisation, ``1 - exp(-x)``."""
    return -math.log(1.0001 - score)
