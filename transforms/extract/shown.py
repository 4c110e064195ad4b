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

MARGIN = 40
"""So many blocks before the first and after the last kept one are shown whatever they are. Further
off only those with sentences are: the rest is menus, half of all a page's text that is taken out.
"""

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
    depths = np.column_stack([columns[f"name:{name}"] for name in NAMES])
    titled, described, links = columns["titled"], columns["described"], columns["links"]
    leading = True
    blocks = []
    shown = columns["good"] > 0
    shown[max(int(kept[0]) - MARGIN, 0) : int(kept[-1]) + MARGIN] = True
    chosen = np.flatnonzero(shown).tolist()
    paths = _Paths(page, max(page.boxes[number] for number in chosen))
    for number in chosen:
        text, tag = page.texts[number], page.tags[page.boxes[number]]
        score, rule, kept_here = float(probability[number]), "model:extract", bool(keep[number])
        if number in again:
            kept_here, rule, kind = False, "rule:repeat", BlockKind.REPEAT
        elif kept_here and kinds.is_credit(text, depths[number]):
            kept_here, score, rule, kind = False, 1.0, "rule:credit", BlockKind.CREDIT
        elif kept_here:
            summary = leading and kinds.is_standfirst(depths[number], described[number])
            kind = kinds.kept_kind(tag, depths[number], summary)
            leading = leading and kind is not BlockKind.PARAGRAPH
        else:
            if number >= end:
                score, rule = 1.0, "rule:next_article"
            else:
                score = 1 - score
            kind = kinds.removed_kind(text, tag, depths[number], links[number], titled[number])
        path = paths.of(page.boxes[number])
        block = Block(text, kind, kept_here, rule, round(score, 4), path)
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
        self.parent = page.parent
        self.steps: list[str] = []
        self.ends: dict[int, tuple[str, ...]] = {-1: ()}
        seen: dict[tuple[int, str], int] = {}
        for key in zip(page.parent[: last + 1], page.tags, strict=False):
            seen[key] = count = seen.get(key, 0) + 1
            self.steps.append(f"{key[1][:24]}[{count}]" if count > 1 else key[1][:24])

    def of(self, element: int) -> str:
        """Return the path of an element up to ``last``; of a deep one, its last steps."""
        return ">".join(self._steps_to(element))

    def _steps_to(self, element: int) -> tuple[str, ...]:
        """Return the last ``MAX_PATH`` steps, behind a sign if there are more."""
        above = []
        while element not in self.ends:
            above.append(element)
            element = self.parent[element]
        steps = self.ends[element]
        for number in reversed(above):
            steps = (*steps, self.steps[number])
            if len(steps) > MAX_PATH:
                steps = ("…", *steps[-MAX_PATH:])
            self.ends[number] = steps
        return steps
