"""The blocks that are shown: the article's own and those taken out around it, each with a kind."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from transforms.extract import kinds
from transforms.extract.arrays import Floats
from transforms.extract.captions import credit_start
from transforms.extract.decode import repeats
from transforms.extract.lexicon import NAMES
from transforms.extract.page import Page
from transforms.model import Block, BlockKind

MARGIN = 24
"""So many blocks before the first and after the last kept one are shown whatever they are. Further
off only those with sentences are: the rest is labels and links.
"""

LINKED = 0.6
MAX_PATH = 12


def shown_blocks(
    page: Page,
    columns: dict[str, Floats],
    keep: NDArray[np.bool_],
    probability: Floats,
    end: int,
) -> list[Block]:
    """Return the kept blocks and the removed ones near them or with sentences, in document order.

    From block ``end`` on, another article has been cut.
    """
    again = repeats(page.texts, keep.tolist())
    kept = np.flatnonzero(keep)
    if not len(kept):
        return []
    shown = columns["good"] > 0
    shown[max(int(kept[0]) - MARGIN, 0) : int(kept[-1]) + MARGIN] = True
    chosen = np.flatnonzero(shown)
    depths = np.stack([columns[f"name:{name}"][chosen] for name in NAMES], axis=1)
    figured, timed = kinds.stands_in(depths, "t:figure"), kinds.stands_in(depths, "t:time")
    named = kinds.named_kinds(depths)
    linked = columns["links"] > LINKED
    titled, described, in_links, scores, keeps = (
        values[chosen].tolist()
        for values in (columns["titled"], columns["described"], linked, probability, keep)
    )
    leading = True
    blocks = []
    numbers = chosen.tolist()
    paths = _Paths(page, max(page.boxes[number] for number in numbers))
    for at, number in enumerate(numbers):
        box = page.boxes[number]
        text, tag, score, kept_here = page.texts[number], page.tags[box], scores[at], keeps[at]
        rule = "model:extract"
        if number in again:
            kept_here, rule, kind = False, "rule:repeat", BlockKind.REPEAT
        elif kept_here and figured[at] and kinds.opens_as_credit(text):
            kept_here, score, rule, kind = False, 1.0, "rule:credit", BlockKind.CREDIT
        elif kept_here:
            summary = leading and kinds.is_standfirst(depths[at], described[at])
            kind = kinds.kept_kind(tag, depths[at], summary)
            leading = leading and kind is not BlockKind.PARAGRAPH
        else:
            if number >= end:
                score, rule = 1.0, "rule:next_article"
            else:
                score = 1 - score
            kind = kinds.removed_kind(text, tag, named[at], timed[at], in_links[at], titled[at])
        block = Block(text, kind, kept_here, rule, round(score, 4), paths.of(box))
        blocks += _credit_apart(block) if kind is BlockKind.CAPTION else [block]
    return blocks


def _credit_apart(caption: Block) -> list[Block]:
    """Split a caption from the credit at its end."""
    at = credit_start(caption.text)
    own, credit = caption.text[:at].rstrip(), caption.text[at:]
    parts = ((own, BlockKind.CAPTION), (credit, BlockKind.CREDIT))
    return [replace(caption, text=text, kind=kind) for text, kind in parts if text]


class _Paths:
    """DOM paths such as ``html>body>article>p[3]``, written only for the blocks that are shown."""

    def __init__(self, page: Page, last: int) -> None:
        self.page = page
        self.ordinals: list[int] = []
        self.paths: dict[int, str] = {}
        seen: dict[tuple[int, str], int] = {}
        for key in zip(page.parent[: last + 1], page.tags, strict=False):
            seen[key] = count = seen.get(key, 0) + 1
            self.ordinals.append(count)

    def of(self, element: int) -> str:
        """Return the path of an element up to ``last``; of a deep one, its last steps."""
        path = self.paths.get(element)
        if path is None:
            depth, parent = self.page.depth[element], self.page.parent[element]
            if 0 < depth < MAX_PATH:
                path = f"{self.of(parent)}>{self._step(element)}"
            else:
                path = self._last_steps(element)
            self.paths[element] = path
        return path

    def _last_steps(self, element: int) -> str:
        """Return the last ``MAX_PATH`` steps, behind a sign if there are more."""
        steps: list[str] = []
        while element >= 0 and len(steps) < MAX_PATH:
            steps.append(self._step(element))
            element = self.page.parent[element]
        if element >= 0:
            steps.append("…")
        return ">".join(reversed(steps))

    def _step(self, element: int) -> str:
        tag, count = self.page.tags[element][:24], self.ordinals[element]
        return f"{tag}[{count}]" if count > 1 else tag
