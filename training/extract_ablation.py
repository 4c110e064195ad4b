"""What each idea of the extraction adds, on pages held back.

Features are silenced in groups: every block gets their typical value, the model stays. That shows
what the model relies on; ``--without`` trains anew and shows what others cannot make up for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from training.extract_labels import mean_f1, score
from transforms.extract.arrays import Floats
from transforms.extract.decode import choose_blocks, repeats

GROUPS: dict[str, tuple[str, ...]] = {
    "names of classes and tags": ("name:", "inline:", "furniture", "beside", "heading", "box"),
    "what no text stands in": ("furniture", "beside"),
    "what containers hold": (
        *("own:", "linked:", "worth:", "worthy:", "blocks:", "paragraphs:", "images:", "page:"),
    ),
    "repeated structure": (
        *("siblings:", "rivals:", "rival_share:", "path:", "pair:", "same", "ending"),
    ),
    "title and description": (
        *("titled", "described", "from_title", "good_from_title", "h1_", "from_heading"),
        "heading_links",
    ),
    "place on the page": (
        *("place", "from_start", "to_end", "good_before", "depth", "run:", "top:", "image_"),
    ),
    "neighbours": ("around", "good_prev", "good_next"),
}
SAMPLE = 10


def group_of(names: Sequence[str], group: str) -> NDArray[np.intp]:
    """Return the columns of a group; a neighbour's value ("links@-1") is the neighbours'."""
    if group == "neighbours":
        chosen = [
            n for n, name in enumerate(names) if "@" in name or name.startswith(GROUPS[group])
        ]
    else:
        chosen = [n for n, name in enumerate(names) if name.startswith(GROUPS[group])]
        chosen = [n for n in chosen if "@" not in names[n]]
    return np.asarray(chosen)


def typical(matrices: Iterable[Floats]) -> Floats:
    """Return the median of each column over some of the blocks."""
    rows: Floats = np.median(np.concatenate([rows[::SAMPLE] for rows in matrices]), axis=0)
    return rows.astype(np.float32)


def silenced(rows: Floats, columns: NDArray[np.intp], values: Floats) -> Floats:
    """Return the rows with some columns at their typical values."""
    changed = rows.copy()
    changed[:, columns] = values[columns]
    return changed


def print_ablation(
    gold: Mapping[str, str],
    texts: Mapping[str, Callable[[str], str]],
) -> None:
    """Print the F1 on the pages of ``gold`` for each way of making their text from their id."""
    for name, text in texts.items():
        scores = [score(truth, text(i)) for i, truth in gold.items()]
        print(f"  {name:>34}: F1 {mean_f1(scores):.4f}")


def plain_text(texts: Sequence[str], probability: Floats, *, weight: Floats | None) -> str:
    """Return the text without the cut at a second article; without ``weight``, cut at one half."""
    keep = probability >= 0.5 if weight is None else choose_blocks(probability, weight)[0]
    again = repeats(texts, keep.tolist())
    return "\n\n".join(text for n, text in enumerate(texts) if keep[n] and n not in again)
