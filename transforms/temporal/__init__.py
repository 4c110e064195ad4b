"""Temporal expressions of a text as TIMEX3, resolved against its publication date.

The rules of a language are a data file in ``rules/``; the modules here know calendars only. TIMEX3
is TimeML's tag for a date, a time, a duration or a set of times (Pustejovsky et al., 2003; ISO
24617-1). A relative expression without an anchor keeps its unresolved form, such as XXXX-WXX-5.
"""

from collections.abc import Iterator

from transforms.model import TemporalExpression
from transforms.temporal.anchor import Discourse, parse_anchor
from transforms.temporal.cascade import run_stages
from transforms.temporal.grammar import Grammar, load
from transforms.temporal.reading import look_up
from transforms.temporal.resolving import resolve
from transforms.temporal.tense import Cues
from transforms.temporal.tokens import Tokens, paragraphs, tokenise

KINDS = frozenset({"DATE", "DURATION", "SET"})
"""The categories of an expression; only rules make them, of no other category at once."""


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
        if tokens.words:
            sentence += len(tokens.openings) + 1
            expressions += in_paragraph(tokens, grammar, thread)
    return tuple(expressions)


def in_paragraph(
    tokens: Tokens, grammar: Grammar, thread: Discourse
) -> Iterator[TemporalExpression]:
    """Yield the expressions among the tokens of one paragraph; ``thread`` goes on with them."""
    chart = look_up(tokens, grammar)
    read = dict(chart.items)
    run_stages(chart, grammar)
    found = [pair for pair in chart.items.items() if not KINDS.isdisjoint(pair[1].kind.names)]
    if not found:
        return
    cues = Cues(tokens, read, grammar.past_suffixes)
    for first, item in sorted(found, key=lambda pair: pair[0]):
        ((category, frame),) = item.readings.items()
        tense = cues.tense_at(first, item.last)
        resolved = resolve(category, frame, thread, tokens.sentence_of(first), tense)
        if resolved is not None:
            start, end = tokens.starts[first], tokens.ends[item.last - 1]
            yield TemporalExpression(tokens.text[start:end], *resolved, start, end)
