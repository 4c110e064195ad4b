"""Temporal expressions of a text as TIMEX3, resolved against its publication date.

The rules of a language are a data file in ``rules/``; the modules here know calendars only. TIMEX3
is TimeML's tag for a date, a time, a duration or a set of times (Pustejovsky et al., 2003; ISO
24617-1). A relative expression without an anchor keeps its unresolved form, such as XXXX-WXX-5.
"""

from collections.abc import Iterator, Sequence

from transforms.model import TemporalExpression
from transforms.temporal.anchor import Discourse, parse_anchor
from transforms.temporal.cascade import run_stages
from transforms.temporal.grammar import Grammar, load
from transforms.temporal.reading import look_up
from transforms.temporal.resolving import resolve
from transforms.temporal.tense import cues, tense_at
from transforms.temporal.tokens import Token, paragraphs, tokenise

KINDS = ("DATE", "DURATION", "SET")


def find(text: str, language: str | None, anchor: str | None) -> tuple[TemporalExpression, ...]:
    """Return the temporal expressions of ``text`` in order, none overlapping another.

    ``language`` is a BCP 47 tag; where it has no rules only language-neutral forms such as
    2024-12-30 are found. ``anchor`` is the publication date in ISO 8601 at the precision known, or
    None. Time is linear in the text's length, memory in that of its longest paragraph.
    """
    grammar = load(language or "")
    thread = Discourse(parse_anchor(anchor))
    expressions: list[TemporalExpression] = []
    sentence = 0
    for first, last in paragraphs(text):
        tokens = tokenise(text, first, last, sentence)
        if tokens:
            sentence = tokens[-1].sentence + 1
            expressions += in_paragraph(text, tokens, grammar, thread)
    return tuple(expressions)


def in_paragraph(
    text: str, tokens: Sequence[Token], grammar: Grammar, thread: Discourse
) -> Iterator[TemporalExpression]:
    """Yield the expressions among the tokens of one paragraph; ``thread`` goes on with them."""
    items = look_up(tokens, grammar.words)
    told = cues(items, tokens, grammar)
    for item in run_stages(items, tokens, grammar):
        category = next((kind for kind in KINDS if kind in item.readings), None)
        if category is None:
            continue
        tense = tense_at(told, tokens, item.first, item.last)
        sentence = tokens[item.first].sentence
        resolved = resolve(category, item.readings[category], thread, sentence, tense)
        if resolved is not None:
            start, end = tokens[item.first].start, tokens[item.last - 1].end
            yield TemporalExpression(text[start:end], *resolved, start, end)
