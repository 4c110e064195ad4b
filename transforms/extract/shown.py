"""The blocks that are shown: the article's own and those taken out around it, each with a kind."""

import numpy as np
from numpy.typing import NDArray

from transforms.extract import kinds
from transforms.extract.arrays import Floats
from transforms.extract.decode import repeats
from transforms.extract.lexicon import NAMES
from transforms.extract.page import Page
from transforms.model import Block, BlockKind

MARGIN = 40
"""So many blocks before the first and after the last kept one are shown; the rest is furniture."""

MAX_PATH = 12


def shown_blocks(
    page: Page,
    columns: dict[str, Floats],
    keep: NDArray[np.bool_],
    probability: Floats,
    end: int,
) -> list[Block]:
    """Return the kept blocks and the removed ones near them, in document order.

    From block ``end`` on, another article has been cut.
    """
    again = repeats(page.texts, keep.tolist())
    kept = np.flatnonzero(keep)
    if not len(kept):
        return []
    depths = np.column_stack([columns[f"name:{name}"] for name in NAMES])
    titled, described, links = columns["titled"], columns["described"], columns["links"]
    paths = _Paths(page)
    leading = True
    blocks = []
    for number in range(max(int(kept[0]) - MARGIN, 0), min(int(kept[-1]) + MARGIN, len(keep))):
        text, tag = page.texts[number], page.tags[page.boxes[number]]
        score, rule, kept_here = float(probability[number]), "model:extract", bool(keep[number])
        if number in again:
            kept_here, rule, kind = False, "rule:repeat", BlockKind.REPEAT
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
        blocks.append(Block(text, kind, kept_here, rule, round(score, 4), path))
    return blocks


class _Paths:
    """DOM paths such as ``html>body>article>p[3]``, written only for the blocks that are shown."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.ordinals: list[int] = []
        seen: dict[tuple[int, str], int] = {}
        for key in zip(page.parent, page.tags, strict=True):
            seen[key] = count = seen.get(key, 0) + 1
            self.ordinals.append(count)

    def of(self, element: int) -> str:
        """Return the path of an element; of a deep one, its last ``MAX_PATH`` steps."""
        parts: list[str] = []
        while element >= 0 and len(parts) < MAX_PATH:
            tag, ordinal = self.page.tags[element][:24], self.ordinals[element]
            parts.append(f"{tag}[{ordinal}]" if ordinal > 1 else tag)
            element = self.page.parent[element]
        if element >= 0:
            parts.append("…")
        return ">".join(reversed(parts))
