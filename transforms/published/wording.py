"""Whether the words around a date are those of a date line or byline, or of prose."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from transforms.published.lexicon import (
    BYLINE_WORDS,
    OFFSETS,
    REFUSED_SIGNS,
    REFUSED_WORDS,
    SMALL_WORDS,
    ZONE_NAMES,
    label,
)
from transforms.published.names import HIJRI_MONTHS, weekdays
from transforms.published.tokens import Line

_DELIMITERS = frozenset("|•·–—‣●/")
_PLAIN_LIMIT = 4
_LIMIT = 12
_NUMBERS = 1
_DELIMITED_NUMBERS = 3


@dataclass(frozen=True, slots=True)
class Wording:
    """The tokens of a line outside its dates and times of day.

    ``unknown`` counts the words and ``numbers`` the numbers that no date line needs.
    """

    unknown: int
    numbers: int
    delimited: bool
    labelled: bool
    byline: bool
    refused: bool
    sentence: bool

    def is_date_line(self) -> bool:
        """Say whether the line is a date line or byline, as far as its words tell."""
        framed = self.delimited or self.labelled or self.byline
        return not (
            self.refused
            or self.numbers > (_DELIMITED_NUMBERS if self.delimited else _NUMBERS)
            or self.unknown > (_LIMIT if framed else _PLAIN_LIMIT)
            or (self.sentence and self.unknown >= 3 and not self.labelled)
        )

    def is_bare(self) -> bool:
        """Say whether little stands in the line but the date."""
        return self.unknown <= 2 and self.numbers == 0


def look(line: Line, taken: Collection[int]) -> Wording:
    """Return what the tokens outside ``taken`` are."""
    free = [i for i in range(len(line)) if i not in taken]
    words = [line.texts[i] for i in free if line.kinds[i] == "w"]
    signs = {line.texts[i] for i in free if line.kinds[i] == "p"}
    hijri = any(word in HIJRI_MONTHS for word in words)
    return Wording(
        unknown=sum(not is_known(word) for word in words),
        numbers=sum(line.kinds[i] == "n" for i in free),
        delimited=hijri or not _DELIMITERS.isdisjoint(signs),
        labelled=any(map(label, words)),
        byline=bool(words) and line.texts[0] in BYLINE_WORDS,
        refused=not REFUSED_SIGNS.isdisjoint(signs) or not REFUSED_WORDS.isdisjoint(words),
        sentence=bool(free) and free[-1] == len(line) - 1 and line.texts[-1] in ".!?",
    )


@lru_cache(maxsize=8192)
def is_known(word: str) -> bool:
    """Say whether a folded word is one that stands in date lines and says nothing else."""
    return (
        word in SMALL_WORDS
        or word in BYLINE_WORDS
        or word in OFFSETS
        or word in ZONE_NAMES
        or word in HIJRI_MONTHS
        or word in weekdays()
        or label(word) != ""
    )
