"""The article's text as the page's JSON-LD states it, held against the blocks.

About one news page in five carries ``articleBody``. Where it is whole and stands on the page, it
says which blocks are the article far more surely than their looks; where it is cut short, or is
some other text, it says nothing.
"""

from collections.abc import Sequence

import numpy as np

from transforms.extract.arrays import Floats

MIN_BODY = 800
MIN_BLOCK = 30
MIN_BLOCKS = 3
MIN_FOUND = 0.7
PROBE = 40
STATED = 2.0
UNSTATED = -1.2
BEFORE = 0.0
AFTER = -3.5


def with_stated_text(probability: Floats, texts: Sequence[str], body: str) -> Floats:
    """Return the probabilities after the page's own statement of its text, if that holds good."""
    if len(body) < MIN_BODY:
        return probability
    long = np.asarray([len(text) >= MIN_BLOCK for text in texts])
    stated = np.asarray([len(text) >= MIN_BLOCK and _stands_in(text, body) for text in texts])
    sizes = np.asarray([len(text) for text in texts])
    found = np.flatnonzero(stated)
    if len(found) < MIN_BLOCKS or sizes[found].sum() < MIN_FOUND * len(body):
        return probability
    tail = body[-PROBE:].rstrip(" .…")
    ends = (texts[number].rstrip(" .…") for number in found.tolist())
    if not any(end.endswith(tail[-PROBE // 2 :]) for end in ends):
        return probability
    place = np.arange(len(texts))
    shift = np.where(place < found[0], BEFORE, np.where(long, UNSTATED, 0.0))
    shift = np.where(place > found[-1], AFTER, np.where(stated, STATED, shift))
    odds = np.log(probability + 1e-6) - np.log(1 - probability + 1e-6) + shift
    return (1 / (1 + np.exp(-odds))).astype(np.float32)


def _stands_in(text: str, body: str) -> bool:
    middle = (len(text) - PROBE) // 2
    return text[:PROBE] in body or (middle > PROBE and text[middle : middle + PROBE] in body)
