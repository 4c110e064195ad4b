"""The units of a text as the identifiers see them, and the language most of the text is in."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from transforms.language.backends import Backend
from transforms.language.codes import fold
from transforms.language.experts import Scores, member
from transforms.language.names import is_neutral
from transforms.language.pool import UNDETERMINED, probabilities
from transforms.language.units import Unit, split
from transforms.language.words import (
    Shape,
    clean,
    is_plain_latin,
    lowered,
    script,
    shape,
    usual_script,
)

_JUDGED_UNITS = 24
_SAMPLED_UNITS = 8
_SAMPLE = 600


@dataclass(frozen=True, slots=True)
class Judged:
    """A unit and what is known of it before the document's language is.

    ``cleaned`` is its text without what only confuses, no longer aligned with the document;
    ``glance`` is the language it is in beyond doubt, if there is one.
    """

    unit: Unit
    cleaned: str
    glance: str | None

    @property
    def shape(self) -> Shape:
        """What it is made of."""
        return shape(self.cleaned)

    @property
    def script(self) -> str:
        """The script of most of its letters."""
        return script(self.cleaned)

    @property
    def text(self) -> str:
        """What the identifiers read."""
        return self.cleaned if is_plain_latin(self.cleaned) else lowered(self.cleaned, self.shape)

    @property
    def neutral(self) -> bool:
        """Whether it could be nothing but names."""
        return is_neutral(self.cleaned, self.shape, self.unit.quoted)

    @property
    def size(self) -> int:
        """Its length in code points."""
        return self.unit.end - self.unit.start


@dataclass(frozen=True, slots=True)
class Home:
    """The document's language, folded to its macrolanguage, and how sure it is that.

    ``name`` is the written standard to report; ``script`` the one the document is written in.
    """

    language: str
    name: str
    score: float
    script: str
    backend: Backend

    def potentials(self, judged: Judged) -> Scores:
        """Return a unit's potentials by language, this one among them."""
        return self.backend.potentials(
            judged.text, judged.shape, judged.glance, self.language, self.script
        )


def judge_units(text: str, backend: Backend) -> list[Judged]:
    """Cut a text into units and take a first look at each that has letters."""
    looks = (judge_unit(text, unit, backend) for unit in split(text))
    return [judged for judged in looks if judged is not None]


def judge_unit(text: str, unit: Unit, backend: Backend) -> Judged | None:
    """Take a first look at a unit; ``None`` if it has no letter."""
    cleaned = clean(text[unit.start : unit.end])
    if is_plain_latin(cleaned):
        return Judged(unit, cleaned, backend.glance(cleaned))
    measured = shape(cleaned)
    if not measured.letters:
        return None
    return Judged(unit, cleaned, backend.glance(lowered(cleaned, measured)))


def find_home(
    units: list[Judged], backend: Backend, prior: str | None, prior_script: str | None
) -> Home:
    """Return the language of a document, or of one whose language is known to be ``prior``.

    The score is the expected share of the judged text that is in it, 1 for ``prior``.
    """
    language, score = (fold(prior), 1.0) if prior else _main_language(units, backend)
    own = [each for each in units if each.glance == language]
    script = prior_script or (_main_script(own) if own else usual_script(language))
    name = prior
    if name is None:
        sample = " ".join(each.text for each in (own or units)[:_SAMPLED_UNITS])
        name = member(language, sample[:_SAMPLE])
    return Home(language, name, score, script, backend)


def _main_language(units: list[Judged], backend: Backend) -> tuple[str, float]:
    votes: Counter[str] = Counter()
    for each in units:
        if each.glance is not None:
            votes[each.glance] += each.size
    first = max(votes, key=lambda code: (votes[code], code), default=None)
    if first is not None and votes[first] * 2 > sum(each.size for each in units):
        return first, votes[first] / votes.total()
    return _expected_language(units, backend)


def _expected_language(units: list[Judged], backend: Backend) -> tuple[str, float]:
    """Ask all experts about the longest units, for want of a clear majority of sure ones."""
    expected: dict[str, float] = defaultdict(float)
    for each in sorted(units, key=lambda each: (-each.size, each.unit.start))[:_JUDGED_UNITS]:
        if each.glance is not None:
            expected[each.glance] += each.size
            continue
        potentials = backend.potentials(each.text, each.shape, each.glance, None, "")
        for code, probability in probabilities(potentials).items():
            expected[code] += probability * each.size
    if not expected:
        return UNDETERMINED, 0.0
    first = max(expected, key=lambda code: (expected[code], code))
    return first, expected[first] / sum(expected.values())


def _main_script(units: list[Judged]) -> str:
    present = {each.script for each in units}
    if len(present) == 1:
        return present.pop()
    letters: Counter[str] = Counter()
    for each in units:
        letters[each.shape.script] += each.shape.letters
    return letters.most_common(1)[0][0]
