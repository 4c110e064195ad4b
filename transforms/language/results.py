"""What is found of the languages of a text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForeignSpan:
    """The range ``[start, end)``, in code points, in another language than the document's.

    ``language`` is an ISO 639-1 code, or ISO 639-3 where there is none, or ``und`` for text that
    no identifier recognises, transliterated text for one. ``score`` is the probability, from 0
    to 1, that it is not in the document's language.
    """

    start: int
    end: int
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class TextLanguages:
    """A text's own language and the spans that differ from it.

    ``language`` is as in ``ForeignSpan``, or ``None`` when the text has no words to go by;
    ``score`` is the expected share of the text that is in it, from 0 to 1.
    """

    language: str | None
    score: float | None
    spans: tuple[ForeignSpan, ...]
