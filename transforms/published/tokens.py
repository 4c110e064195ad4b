"""A date line cut into numbers, words and punctuation, in one linear pass."""

import re
from dataclasses import dataclass

from transforms.published.folding import fold

MAX_CHARS = 240
MAX_TOKENS = 90

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+)"
    r"|(?P<word>[^\s\d!-/:-@\[-`{-~¡-©«-´¶-¹»-¿՝։،؛؟।–—‘’“”„…•‣●。、〈-】|]+)"
    r"|(?P<mark>\S))"
)


@dataclass(frozen=True, slots=True)
class Line:
    """Parallel tuples over the tokens of a folded line.

    ``kinds`` has ``n`` for a number, ``w`` for a word and ``p`` for any other character;
    ``starts`` and ``ends`` are offsets into ``folded``.
    """

    folded: str
    kinds: str
    texts: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def text(self, index: int) -> str:
        """Return a token's text, or an empty string outside the line."""
        return self.texts[index] if 0 <= index < len(self.texts) else ""

    def kind(self, index: int) -> str:
        """Return a token's kind, or an empty string outside the line."""
        return self.kinds[index] if 0 <= index < len(self.texts) else ""

    def glued(self, index: int) -> bool:
        """Say whether no space stands between a token and the one before it."""
        return 0 < index < len(self.texts) and self.starts[index] == self.ends[index - 1]

    def number(self, index: int, digits: int = 4) -> int | None:
        """Return a token's value when it is a number of at most ``digits`` digits."""
        if self.kind(index) != "n" or len(self.texts[index]) > digits:
            return None
        return int(self.texts[index])


def tokenise(text: str) -> Line | None:
    """Return the tokens of a line, or ``None`` for one too long to be a date line."""
    if len(text) > MAX_CHARS:
        return None
    folded = fold(text)
    matches = list(_TOKEN.finditer(folded))
    if len(matches) > MAX_TOKENS:
        return None
    kinds, spans = [], []
    for match in matches:
        group = match.lastgroup or "mark"
        kinds.append("p" if group == "mark" else group[0])
        spans.append(match.span(group))
    return Line(
        folded,
        "".join(kinds),
        tuple(folded[start:end] for start, end in spans),
        tuple(start for start, _ in spans),
        tuple(end for _, end in spans),
    )
