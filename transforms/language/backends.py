"""The two ways to judge a unit: the ensemble of identifiers, and langdetect alone."""

import math
from typing import Protocol

from transforms.language import experts, pool
from transforms.language.experts import Scores
from transforms.language.words import Shape

_CERTAIN = 8.0
_ENOUGH = 20
_LANGDETECT_PRIOR = 4.0
_LANGDETECT_FLOOR = math.log(1e-3)


class Backend(Protocol):
    """Judges stretches of cleaned text (``words.clean``)."""

    def glance(self, text: str) -> str | None:
        """Take the first, cheap look: return the language beyond doubt, if there is one."""

    def potentials(
        self, text: str, measured: Shape, glance: str | None, prior: str | None, prior_script: str
    ) -> Scores:
        """Return log-linear potentials by language, the prior's with its bonus."""


class Ensemble:
    """eldc and CLD2 screen; where they are not sure, py3langid and fastText are asked as well."""

    def glance(self, text: str) -> str | None:
        """Ask the two fast experts."""
        return pool.certain(text)

    def potentials(
        self, text: str, measured: Shape, glance: str | None, prior: str | None, prior_script: str
    ) -> Scores:
        """Ask the other two as well, unless the fast ones are sure, and far from the prior."""
        if prior is not None and glance == prior:
            return {prior: _CERTAIN}
        screening = pool.screen(text)
        if (
            prior is not None
            and glance is not None
            and measured.letters >= _ENOUGH
            and pool.is_far(screening, glance, prior)
        ):
            return {glance: _CERTAIN, prior: 0.0}
        return pool.potentials(text, measured, screening, prior, prior_script)


class Langdetect:
    """langdetect, seeded. It knows 55 languages and is sure of itself also where it errs.

    So its word counts by the length of the text, against a fixed bonus for the prior.
    """

    def glance(self, text: str) -> str | None:
        """Ask langdetect; there is no cheaper look."""
        scores = experts.langdetect_scores(text)
        top = max(scores, key=lambda code: (scores[code], code), default=None)
        return top if top is not None and scores[top] > 0.99 else None

    def potentials(
        self, text: str, measured: Shape, glance: str | None, prior: str | None, prior_script: str
    ) -> Scores:
        """Weigh langdetect's word by the length of the text."""
        trust = min(measured.letters, 80) / 40
        result = {
            code: trust * math.log(score + 1e-3)
            for code, score in experts.langdetect_scores(text).items()
        }
        if prior is not None:
            result.setdefault(prior, trust * _LANGDETECT_FLOOR)
            if measured.script in ("LATIN", prior_script):
                result[prior] += _LANGDETECT_PRIOR
        return result


def named(name: str) -> Backend:
    """Return the backend of a name in ``BACKENDS``; raises ValueError for any other."""
    if name not in BACKENDS:
        message = f"unknown language backend {name!r}; there are {', '.join(BACKENDS)}"
        raise ValueError(message)
    return Langdetect() if name == "langdetect" else Ensemble()


BACKENDS: tuple[str, ...] = ("ensemble", "langdetect")
