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
    "fasttext": 0.497,
    "py3langid": 0.036,
    "py3langid_by_length": 1.524,
    "eldc": 2.105,
    "eldc_by_length": 0.929,
    "cld2": 0.930,
    "cld2_by_length": 1.479,
    "eldc_unknown": 1.297,
    "undetermined": 0.966,
    "undetermined_by_length": 1.036,
    "prior": 1.227,
    "prior_by_length": 0.903,
    "prior_by_plain_words": 0.516,
    "prior_of_short": 0.588,
}
"""One weight per feature, in the order of the rows that ``features`` returns."""

_CANDIDATES_PER_EXPERT = 4
_ELDC_STAND_IN = 0.6
_ABSTAINED = -1.0
_CERTAIN_MARGIN = 0.1
_CERTAIN_SHARE = 0.9
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


def certain(screening: Screening) -> str | None:
    """Return the language on which both fast experts agree beyond doubt, if there is one."""
    first, *others = _best(screening.eldc) or [None]
    if first is None:
        return None
    margin = _evidence(screening.eldc[first])
    if others:
        margin -= _evidence(screening.eldc[others[0]])
    if margin > _CERTAIN_MARGIN and screening.cld2.get(first, 0.0) > _CERTAIN_SHARE:
        return first
    return None


def potentials(
    text: str, measured: Shape, screening: Screening, prior: str | None, prior_script: str
) -> Scores:
    """Return the potential of each candidate language of a cleaned text, ``prior`` among them."""
    weights = tuple(WEIGHTS.values())
    rows = features(text, measured, screening, prior, prior_script)
    return {code: sum(map(mul, weights, row)) for code, row in rows.items()}


def features(
    text: str, measured: Shape, screening: Screening, prior: str | None, prior_script: str
) -> dict[str, tuple[float, ...]]:
    """Return a row of features, named by ``WEIGHTS``, for each candidate language.

    Candidates are the languages that the experts put first, ``prior``, and ``und`` for what is
    as long as a sentence.
    ``prior_script`` is the script the document is written in: text in another than that, unless
    it is Latin, gets no bonus for the prior.
    """
    eldc, cld2 = screening
    fasttext, py3langid = experts.fasttext_scores(text), experts.py3langid_scores(text)
    by_eldc, _, by_fasttext, by_py3langid = experts.repertoires()
    length = math.log(measured.letters + 1) / 4
    stand_in = _ELDC_STAND_IN * _evidence(max(eldc.values(), default=0.0))
    home = _prior_features(measured, length, prior_script)
    candidates = {code for scores in (eldc, fasttext, py3langid) for code in _best(scores)}
    candidates = (candidates | set(cld2)) & experts.identifiable()
    rows = {}
    if measured.plain >= _SENTENCE_WORDS and measured.letters >= _SENTENCE_LETTERS:
        rows[UNDETERMINED] = (0.0,) * 8 + (1.0, length) + _NOT_HOME
    if prior == UNDETERMINED:
        rows[UNDETERMINED] = (0.0,) * 8 + (1.0, length) + home
    elif prior is not None:
        candidates.add(prior)
    for code in sorted(candidates):
        known = code in by_eldc
        similar = _evidence(eldc.get(code, 0.0)) if known else stand_in
        words = math.log(fasttext.get(code, 0.0) + 1e-3) if code in by_fasttext else _ABSTAINED
        bayes = math.log(py3langid.get(code, 0.0) + 1e-4) if code in by_py3langid else _ABSTAINED
        share = cld2.get(code, 0.0)
        rows[code] = (
            length * words,
            bayes,
            bayes * length,
            similar,
            similar * length,
            share,
            share * length,
            float(not known),
            0.0,
            0.0,
            *(home if code == prior else _NOT_HOME),
        )
    return rows


def probabilities(potential: Scores) -> Scores:
    """Turn potentials into a distribution."""
    top = max(potential.values(), default=0.0)
    exponential = {code: math.exp(value - top) for code, value in potential.items()}
    total = sum(exponential.values())
    return {code: value / total for code, value in exponential.items()}


_NOT_HOME = (0.0, 0.0, 0.0, 0.0)


def _prior_features(measured: Shape, length: float, prior_script: str) -> tuple[float, ...]:
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


def _evidence(score: float) -> float:
    """Undo eldc's normalisation, ``1 - exp(-x)``."""
    return -math.log(1.0001 - score)
