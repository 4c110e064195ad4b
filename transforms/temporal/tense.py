"""Whether a sentence speaks of the past or the future, from the words near an expression."""

from bisect import bisect_left
from collections.abc import Sequence

from transforms.temporal.grammar import Grammar
from transforms.temporal.reading import Item
from transforms.temporal.tokens import Token

SHORTEST_VERB = 4
FARTHEST = 30


def cues(items: Sequence[Item], tokens: Sequence[Token], grammar: Grammar) -> list[tuple[int, int]]:
    """Return the positions of the words that tell tense, with -1 for past and 1 for future."""
    found = []
    for item in items:
        if "TENSE" in item.readings:
            found.append((item.first, int(item.readings["TENSE"]["tense"])))
        elif (
            not item.readings
            and len(item.word) >= SHORTEST_VERB
            and item.word.endswith(grammar.past_suffixes)
            and not tokens[item.first].capital
        ):
            found.append((item.first, -1))
    return found


def tense_at(
    found: Sequence[tuple[int, int]], tokens: Sequence[Token], first: int, last: int
) -> int:
    """Return the tense told by the sentence's nearest cue before tokens [first, last), or after."""
    sentence = tokens[first].sentence
    place = bisect_left(found, (first, -2))
    behind = bisect_left(found, (last, -2))
    near: list[tuple[int, int]] = []
    for index in (place - 1, behind):
        if 0 <= index < len(found):
            position, tense = found[index]
            distance = first - position if position < first else position - last + 1
            if tokens[position].sentence == sentence and distance <= FARTHEST:
                near.append((distance, tense))
    return min(near, key=lambda pair: pair[0])[1] if near else 0
