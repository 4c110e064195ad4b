"""Where a phrase of the lexicon stands in a block, for the few blocks in which one was found."""

import re
from itertools import islice

from transforms.boilerplate.lexicons import MAX_WORDS, sections

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def after_phrase(text: str, section: str, *, opening: bool = False) -> str | None:
    """Return what follows the longest phrase of ``section`` in ``text``, ``None`` without one.

    With ``opening`` the phrase must open the text.
    """
    known = sections()[section]
    words = list(islice(_WORD.finditer(text), MAX_WORDS if opening else None))
    folded = [match.group().casefold() for match in words]
    for size in range(MAX_WORDS, 0, -1):
        for first in range(min(1, len(words) - size + 1) if opening else len(words) - size + 1):
            if " ".join(folded[first : first + size]) in known:
                return text[words[first + size - 1].end() :]
    return None


def ends_on_phrase(text: str, section: str) -> bool:
    """Say whether the last words of ``text`` are a phrase of ``section``."""
    words = [match.group().casefold() for match in _WORD.finditer(text)][-MAX_WORDS:]
    return any(" ".join(words[first:]) in sections()[section] for first in range(len(words)))
