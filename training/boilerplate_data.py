"""Plain-text pages labelled line by line, as blocks with features."""

import gzip
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from training.boilerplate_pages import read_pages
from transforms.boilerplate.evidence import runs
from transforms.boilerplate.features import Features, base_features
from transforms.boilerplate.layout import Floats, Ints, Layout, lay_out
from transforms.model import Block

FOLDS = 4
SHARES = {"container": 1.0, "full": 0.8, "crop": 0.4}
CROPS_WITHOUT_BLANKS = 0.3
SHORTENED = 0.6
# Reports are what the product is for; guides and blogs mark text and page in other ways.
NEWS = 2.0
# The labels of the extractor are worth less than a person's.
DISTILLED = 0.7
# A block counts by its characters, as in the scores, up to this many.
MAX_CHARS, LEAST_CHARS = 600, 40


@dataclass(frozen=True, eq=False)
class Document:
    """One labelled document: its blocks, and per block class, weight and line number.

    Classes are 0 for boilerplate, 1 for text, 2 for the title.
    """

    record: dict[str, Any]
    blocks: tuple[Block, ...]
    layout: Layout
    slots: Ints
    features: Features
    lines: list[int]
    classes: Ints
    weight: Floats
    fold: int


def read(data: Path) -> Iterator[Document]:
    """Yield the labelled documents under ``data``, and a random crop of each.

    What the extractor has labelled follows what people have.

    A crop has the article, often shortened, with some of its surroundings: pages that scrapers
    cut otherwise, and short reports, of which the data has few.
    """
    for record in chain(_read_lines(data / "extraction"), read_pages(data / "dates" / "published")):
        yield _document(record, blanks=True)
        if "B" in record["labels"]:
            yield _crop(record)


def _read_lines(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("lines*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from map(json.loads, file)


def _crop(record: dict[str, Any]) -> Document:
    chance = random.Random(record["id"])
    labels = record["labels"]
    text = [number for number, label in enumerate(labels) if label == "B"]
    titles = [n for n, label in enumerate(labels) if label == "T" and n < text[0]]
    first = titles[-1] if titles and text[0] - titles[-1] < 40 else text[0]
    first = max(0, first - int(chance.expovariate(1 / 6))) if chance.random() < 0.8 else first
    last = text[-1] + 1 + (int(chance.expovariate(1 / 25)) if chance.random() < 0.85 else 0)
    left = right = last
    if chance.random() < SHORTENED and len(text) > 4:
        kept = chance.randint(2, min(10, len(text) - 2))
        before = chance.randint(1, kept)
        left, right = text[before], text[before - kept] if before < kept else text[-1] + 1
    rows = [*range(first, min(left, last)), *range(right, last)]
    cut = {key: [record[key][n] for n in rows if n < len(labels)] for key in ("lines", "labels")}
    blanks = chance.random() >= CROPS_WITHOUT_BLANKS
    return _document({**record, **cut, "variant": "crop"}, blanks=blanks)


def _document(record: dict[str, Any], *, blanks: bool) -> Document:
    blocks, gaps, lines, labels, gap = [], [], [], [], 1
    offset = 0
    for number, (line, label) in enumerate(zip(record["lines"], record["labels"], strict=True)):
        text = line.strip()
        if text:
            start = offset + line.index(text)
            blocks.append(Block(text, source_start=start, source_end=start + len(text)))
            gaps.append(min(gap, 3) if blanks else 1)
            lines.append(number)
            labels.append(label)
            gap = 0
        gap += 1
        offset += len(line) + 1
    layout = lay_out([block.text for block in blocks])
    chars = np.array([len(block.text) for block in blocks])
    known = np.array([label not in "M-" for label in labels])
    share = SHARES[record["variant"]] * (NEWS if record["news"] else 1)
    share *= DISTILLED if record.get("distilled") else 1
    weight = known * share * (np.minimum(chars, MAX_CHARS) + LEAST_CHARS) / 200
    site = hashlib.sha256(record["site"].encode()).hexdigest()
    return Document(
        record,
        tuple(blocks),
        layout,
        runs(layout),
        base_features(layout, np.array(gaps), None),
        lines,
        np.array(["NBT".find(label) for label in labels]).clip(0),
        weight.astype(np.float32),
        int(site, 16) % FOLDS,
    )
