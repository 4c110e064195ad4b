"""Whether a sentence speaks of the past or the future, from the words near an expression."""

from collections.abc import Iterable, Mapping

from transforms.temporal.reading import Item
from transforms.temporal.tokens import Tokens

SHORTEST_VERB = 4
FARTHEST = 30


class Cues:
    """The words of a text that tell tense, looked for near an expression when one is found.

    ``read`` are the items of the text as they were looked up, by first token.
    """

    def __init__(
        self, tokens: Tokens, read: Mapping[int, Item], past_suffixes: tuple[str, ...]
    ) -> None:
        self.tokens, self.read, self.past_suffixes = tokens, read, past_suffixes
        self.inside = {
            token for first, item in read.items() for token in range(first + 1, item.last)
        }

    def tense_at(self, first: int, last: int) -> int:
        """Return the tense told by the sentence's nearest cue beside tokens [first, last).

        -1 is the past, 1 the future, 0 means that the sentence does not say.
        """
        sentence = self.tokens.sentence_of(first)
        before = self._nearest(range(first - 1, max(first - FARTHEST, 0) - 1, -1), sentence)
        stop = min(last + FARTHEST, len(self.tokens.words))
        behind = self._nearest(range(last, stop), sentence)
        if before is None or (behind is not None and behind[0] - last + 1 < first - before[0]):
            before = behind
        return 0 if before is None else before[1]

    def _nearest(self, places: Iterable[int], sentence: int) -> tuple[int, int] | None:
        for place in places:
            if self.tokens.sentence_of(place) != sentence:
                return None
            tense = self._told(place)
            if tense:
                return place, tense
        return None

    def _told(self, place: int) -> int:
        item = self.read.get(place)
        if item is not None and item.readings:
            return int(item.readings["TENSE"]["tense"]) if "TENSE" in item.readings else 0
        word = self.tokens.words[place]
        past = (
            len(word) >= SHORTEST_VERB
            and word.endswith(self.past_suffixes)
            and place not in self.inside
            and not self.tokens.capital(place)
        )
        return -1 if past else 0
