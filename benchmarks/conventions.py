"""Where gold texts differ by convention: standfirsts, lists, quotations and boxes.

One gold set counts a standfirst as text and another does not; one publisher's parser drops lists.
An extractor that keeps to one convention is wrong on the other's pages for no fault of its own, so
the report gives its figures both as the gold is and with these parts left out of both texts.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from training.extract_labels import label_blocks, tokens
from transforms.extract import kinds
from transforms.extract.article import page_hints
from transforms.extract.features import page_features
from transforms.extract.head import read_head
from transforms.extract.lexicon import NAMES
from transforms.extract.page import read_page

DISPUTED = ("standfirst", "list_item", "quote", "box")
BEFORE, LEAD = 25, 3
BOX = 2
LEAST = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """The disputed parts of a page as words, and how often the gold has each kind of block."""

    disputed: list[str]
    seen: Counter[str]
    in_gold: Counter[str]


def parts_of(row: dict[str, Any], gold: str) -> Parts:
    """Name the blocks around a page's gold text and say which of them the gold has."""
    found = Parts([], Counter(), Counter())
    tree = LexborHTMLParser(row["html"])
    page = read_page(tree.root) if tree.root is not None else None
    if page is None or not page.texts:
        return found
    words = [tokens(text) for text in page.texts]
    labels = label_blocks(words, tokens(gold))
    kept = np.flatnonzero(labels)
    if not len(kept):
        return found
    columns, _ = page_features(page, page_hints(read_head(tree, row.get("url"))))
    named = dict(zip(columns.names, columns.matrix().T, strict=True))
    depths = np.column_stack([named[f"name:{name}"] for name in NAMES])
    first, last = int(kept[0]), int(kept[-1])
    for number in range(max(first - BEFORE, 0), last + 1):
        lead = number <= first + LEAD
        lead = lead and kinds.is_standfirst(depths[number], named["described"][number])
        tag = page.tags[page.boxes[number]]
        kind = str(kinds.kept_kind(tag, depths[number], lead))
        if named["name:t:figcaption"][number] <= LEAD:
            kind = "caption"
        elif number >= first and named["name:box"][number] <= BOX:
            kind = "box"
        elif number < first and kind != "standfirst":
            continue
        found.seen[kind] += 1
        found.in_gold[kind] += labels[number]
        if kind in DISPUTED and len(words[number]) >= LEAST:
            found.disputed.append(" ".join(words[number]))
    return found


def without(text: str, parts: Iterable[str]) -> str:
    """Return the words of a text without the first place of each of ``parts``."""
    rest = f" {' '.join(tokens(text))} "
    for part in parts:
        rest = rest.replace(f" {part} ", " ", 1)
    return rest


def describe_conventions(parts: dict[str, Parts], sources: dict[str, str]) -> None:
    """Print, by source, the share of each kind of block that the gold counts as text."""
    names = sorted(set(sources.values()))
    print("share of the blocks around the text that the gold has, by kind and source")
    print("  " + " ".join(f"{name:>16}" for name in ("", *names)))
    for kind in sorted({kind for found in parts.values() for kind in found.seen}):
        cells = []
        for name in names:
            chosen = [found for i, found in parts.items() if sources[i] == name]
            seen = sum(found.seen[kind] for found in chosen)
            have = sum(found.in_gold[kind] for found in chosen)
            cells.append(f"{have / seen:10.2f} ({seen:4})" if seen else f"{'-':>16}")
        print(f"  {kind:>16} " + " ".join(f"{cell:>16}" for cell in cells))
