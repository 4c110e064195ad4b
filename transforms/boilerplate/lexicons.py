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
from transforms.boilerplate.hashing import Hashes, HashIndex, running_sum, span_hashes
from transforms.boilerplate.layout import Layout

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
MAX_WORDS = 9


def compact(text: str) -> str:
    """Return the letters, marks and digits of ``text``, folded, with nothing between."""
    folded = fold_table().take(code_points(text), mode="clip")
    return folded[folded > 0].astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")


def key_of(text: str) -> int:
    """Return the hash under which a phrase or word is found."""
    codes = code_points(compact(text)).astype(np.uint64)
    total, inverse = running_sum(codes)
    bounds = np.array([0]), np.array([len(codes)])
    return int(span_hashes(total, inverse, *bounds)[0])


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Phrases, and the words that open one, by hash.

    ``masks[i]`` has bit ``k`` set for section ``SECTIONS[k]``; ``longest[i]`` is the number of
    words of the longest phrase that opens with key ``i``.
    """

    index: HashIndex
    masks: NDArray[np.uint32]
    longest: NDArray[np.intp]


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
    longest: dict[int, int] = {}
    for bit, name in enumerate(SECTIONS):
        for phrase in sorted(sections()[name]):
            key, words = key_of(phrase), phrase.split()
            masks[key] = masks.get(key, 0) | 1 << bit
            opener = key_of(words[0])
            masks.setdefault(opener, 0)
            longest[opener] = max(longest.get(opener, 0), len(words))
    lengths = [longest.get(key, 0) for key in masks]
    return Lexicon(HashIndex(masks), np.array([*masks.values()], np.uint32), np.array(lengths))


def phrase_hits(layout: Layout, words: Hashes) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """Return, per block, bit masks of the lexicon sections met: whole, at the start, anywhere.

    The second value counts how many words of the block belong to phrases.
    """
    known = lexicon()
    first, found = known.index.find(words)
    # Every run of words that is not longer than the longest phrase with its first word.
    longest = known.longest[found]
    openers = (longest > 1).nonzero()[0]
    more = longest[openers] - 1
    opener = first[openers].repeat(more)
    lengths = np.arange(len(opener)) - (more.cumsum() - more).repeat(more) + 2
    last = np.minimum(opener + lengths, len(words)) - 1
    inside = (last - opener + 1 == lengths) & (layout.word_line[opener] == layout.word_line[last])
    opener, last, lengths = opener[inside], last[inside], lengths[inside]
    bounds = layout.word_start[opener], layout.word_end[last]
    where, phrases = known.index.find(span_hashes(layout.total, layout.inverse, *bounds))
    masks = known.masks[np.concatenate([found, phrases])]
    some = masks.nonzero()[0]
    masks = masks[some]
    first = np.concatenate([first, opener[where]])[some]
    lengths = np.concatenate([np.ones(len(found), np.intp), lengths[where]])[some]
    line = layout.word_line[first]
    opening = first == layout.first_word[line]
    full = opening & (layout.word_counts[line] == lengths)
    hits = np.zeros((3, layout.size), np.uint32)
    np.bitwise_or.at(hits[0], line[full], masks[full])
    np.bitwise_or.at(hits[1], line[opening], masks[opening])
    np.bitwise_or.at(hits[2], line, masks)
    return hits, np.bincount(line, lengths, layout.size).astype(np.float64)
