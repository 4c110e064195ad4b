"""The phrases of boilerplate, per language, as one index over hashes.

The files of ``lexicon/`` are named by BCP 47 language and hold sections of phrases, one a line,
lower case. All languages are looked up at once: a scrape mixes them, and its language is not
known yet when its boilerplate is taken off.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from transforms.boilerplate.characters import code_points, fold_table
from transforms.boilerplate.hashing import HashIndex, running_sum, span_hashes

SECTIONS = (
    "share",
    "related",
    "caption",
    "credit",
    "byline",
    "date_label",
    "syndication",
    "wire_credit",
    "wire_open",
    "wire_agency",
    "source",
    "promotion",
    "legal",
    "comment",
    "navigation",
    "section",
    "bio",
    "month",
)
MAX_WORDS = 6


def compact(text: str) -> str:
    """Return the letters, marks and digits of ``text``, folded, with nothing between."""
    folded = fold_table()[np.minimum(code_points(text), 0xFFFF)]
    return folded[folded > 0].tobytes().decode("utf-32-le", "surrogatepass")


def key_of(text: str) -> int:
    """Return the hash under which a phrase or word is found."""
    codes = code_points(compact(text))
    total, inverse = running_sum(codes)
    bounds = np.array([0]), np.array([len(codes)])
    return int(span_hashes(total, inverse, *bounds)[0])


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Phrases and what they tell: ``masks[i]`` has bit ``k`` set for section ``SECTIONS[k]``."""

    index: HashIndex
    masks: NDArray[np.uint32]


@cache
def sections() -> dict[str, frozenset[str]]:
    """Return the phrases of every section, over all languages."""
    phrases: dict[str, set[str]] = {name: set() for name in SECTIONS}
    for file in sorted(files(__package__).joinpath("lexicon").iterdir(), key=lambda f: f.name):
        current: set[str] = set()
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                current = phrases[line.strip("[]")]
            elif line.strip():
                current.add(line.strip())
    return {name: frozenset(found) for name, found in phrases.items()}


@cache
def lexicon() -> Lexicon:
    """Load the phrases, once per process."""
    masks: dict[int, int] = {}
    for bit, name in enumerate(SECTIONS):
        for phrase in sections()[name]:
            key = key_of(phrase)
            masks[key] = masks.get(key, 0) | 1 << bit
    return Lexicon(HashIndex(masks), np.array([*masks.values(), 0], np.uint32))
