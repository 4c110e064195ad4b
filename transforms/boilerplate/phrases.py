"""Where a phrase of the lexicon stands in a block, for the few blocks in which one was found."""

import re

from transforms.boilerplate.lexicons import MAX_WORDS, sections

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def after_phrase(text: str, section: str) -> str | None:
    """Return what follows the longest phrase of ``section`` in ``text``, ``None`` without one."""
    known = sections()[section]
    words = list(_WORD.finditer(text))
    folded = [match.group().casefold() for match in words]
    for size in range(MAX_WORDS, 0, -1):
        for first in range(len(words) - size + 1):
            if " ".join(folded[first : first + size]) in known:
                return text[words[first + size - 1].end() :]
    return None
