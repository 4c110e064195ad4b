"""The ensemble: a logarithmic opinion pool of four identifiers and the document's language.

A candidate language's potential is a weighted sum of the logarithms of what each expert says of
it, with weights that depend on the length of the text, plus a bonus for the language of the
document that depends on the length, the words and the script of the unit; a softmax over the
candidates gives probabilities (Heskes, "Selecting weighting factors in logarithmic opinion
pools", 1998; McFadden's conditional logit). The 17 weights were fitted by maximum likelihood.
"""

import math
from collections.abc import Iterable

from transforms.language import experts
from transforms.language.experts import Scores
from transforms.language.words import Shape

_WEIGHTS = {
    "fasttext": 0.0582,
    "py3langid": 0.1302,
    "eldc": 1.3945,
    "cld2": 1.0045,
    "fasttext_by_length": 0.2189,
    "py3langid_by_length": 0.2957,
    "eldc_by_length": -0.27,
    "cld2_by_length": 0.821,
    "eldc_unknown": 0.2659,
    "prior": 2.5456,
    "prior_by_length": 3.1848,
    "prior_by_capitals": 1.496,
    "prior_by_plain_words": -3.4572,
    "prior_of_name": 1.9953,
    "prior_of_short": -1.0749,
    "prior_other_script": -1.7685,
    "prior_latin_elsewhere": 2.5176,
}
_CANDIDATES_PER_EXPERT = 4
_ELDC_STAND_IN = 0.6


def screen(text: str) -> tuple[Scores, ...]:
    """Ask the two fast experts, eldc and CLD2, about a cleaned text."""
    return experts.eldc_scores(text), experts.cld2_scores(text)


def certain(screened: tuple[Scores, ...]) -> str | None:
    """Return the language on which both fast experts agree beyond doubt, if there is one."""
    eldc, cld2 = screened
    if not eldc:
        return None
    ranked = sorted(eldc, key=lambda code: (-eldc[code], code))
    first = ranked[0]
    margin = _evidence(eldc[first]) - (_evidence(eldc[ranked[1]]) if len(ranked) > 1 else 0.0)
    return first if margin > 0.1 and cld2.get(first, 0.0) > 0.9 else None


def potentials(
    text: str,
    measured: Shape,
    screened: tuple[Scores, ...],
    prior: str | None = None,
    prior_script: str = "",
) -> Scores:
    """Return the potential of each candidate language of a cleaned text, ``prior`` among them."""
    eldc, cld2 = screened
    fasttext, py3langid = experts.fasttext_scores(text), experts.py3langid_scores(text)
    known = experts.identifiable()
    candidates = {code for scores in (eldc, fasttext, py3langid) for code in _best(scores)}
    candidates = (candidates | set(cld2)) & known
    length = math.log(measured.letters + 1) / 4
    weight = _WEIGHTS
    by_fasttext = weight["fasttext"] + weight["fasttext_by_length"] * length
    by_py3langid = weight["py3langid"] + weight["py3langid_by_length"] * length
    by_eldc = weight["eldc"] + weight["eldc_by_length"] * length
    by_cld2 = weight["cld2"] + weight["cld2_by_length"] * length
    stand_in = _ELDC_STAND_IN * _evidence(max(eldc.values(), default=0.0))
    result: Scores = {}
    for code in sorted(candidates | ({prior} if prior else set())):
        potential = (
            by_fasttext * math.log(fasttext.get(code, 0.0) + 1e-3)
            + by_py3langid * math.log(py3langid.get(code, 0.0) + 1e-4)
            + by_cld2 * cld2.get(code, 0.0)
        )
        if code in experts.ELDC_LANGUAGES:
            potential += by_eldc * _evidence(eldc.get(code, 0.0))
        else:
            potential += by_eldc * stand_in + weight["eldc_unknown"]
        if code == prior:
            potential += _bonus(measured, prior_script)
        result[code] = potential
    return result


def probabilities(potential: Scores) -> Scores:
    """Turn potentials into a distribution."""
    top = max(potential.values(), default=0.0)
    exponential = {code: math.exp(value - top) for code, value in potential.items()}
    total = sum(exponential.values())
    return {code: value / total for code, value in exponential.items()}


def _bonus(measured: Shape, prior_script: str) -> float:
    """Return what being the document's language is worth to a candidate."""
    weight = _WEIGHTS
    if measured.script not in ("LATIN", prior_script):
        return weight["prior_other_script"]
    bonus = (
        weight["prior"]
        + weight["prior_by_length"] * math.log(measured.letters + 1) / 4
        + weight["prior_by_capitals"] * measured.capitals
        + weight["prior_by_plain_words"] * min(measured.plain, 6) / 6
        + weight["prior_of_name"] * (measured.plain < 2)
        + weight["prior_of_short"] * (measured.letters < 12)
    )
    if measured.script != prior_script:
        bonus += weight["prior_latin_elsewhere"]
    return bonus


def _best(scores: Scores) -> Iterable[str]:
    return sorted(scores, key=lambda code: (-scores[code], code))[:_CANDIDATES_PER_EXPERT]


def _evidence(score: float) -> float:
    """Undo eldc's normalisation, ``1 - exp(-x)``."""
    return -math.log(1.0001 - score)
