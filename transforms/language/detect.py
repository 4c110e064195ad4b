"""The languages of a text, whole or a part of a document."""

from itertools import groupby

from transforms.language.backends import named
from transforms.language.document import find_home, judge_units
from transforms.language.lines import line_spans
from transforms.language.results import TextLanguages


def detect_text(text: str, *, backend: str = "ensemble", prior: str | None = None) -> TextLanguages:
    """Find a text's language, and the spans of it in any other.

    ``text`` is a whole document, or one segment of a document whose language is ``prior``; then
    ``prior`` is the language returned. Raises ValueError for a backend not in ``BACKENDS``.
    """
    return detect_segment(text, backend, prior, None)


def detect_segment(
    text: str, backend: str, prior: str | None, prior_script: str | None
) -> TextLanguages:
    """Do as ``detect_text``, for a document known to be written in ``prior_script``."""
    judge = named(backend)
    units = judge_units(text, judge)
    if not units:
        return TextLanguages(prior, None, ())
    home = find_home(units, judge, prior, prior_script)
    spans = [
        span
        for _, line in groupby(units, key=lambda each: each.unit.line)
        for span in line_spans(text, list(line), home)
    ]
    return TextLanguages(home.name, home.score, tuple(spans))
