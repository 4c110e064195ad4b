"""Labelled pages as the extraction is trained on them: features, labels and weights of blocks."""

import gzip
import json
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser

from training.extract_examples import TEASERS, cut_to_brief, list_page, without_article
from training.extract_labels import label_blocks, tokens
from transforms.extract.arrays import Floats
from transforms.extract.article import page_hints
from transforms.extract.columns import Columns, Hints, Layout
from transforms.extract.features import page_features
from transforms.extract.head import read_head
from transforms.extract.page import Page, read_page
from transforms.extract.scripted import scripted_page

FOLDS = 5
NEWS = ("scrapinghub", "fundus")
MAX_SHARE = 0.5
EVERY = 4
WHOLE, LABEL = 0.95, 45

Made = tuple[Columns, Layout]


@dataclass(frozen=True, slots=True)
class Sample:
    """One page: its blocks, features and labels.

    ``weight`` is each block's share of the text; ``chosen`` are the blocks learnt from, which
    leaves out most of the bare links and counts the others for them; ``briefs`` are the features of
    pages made from it that are an article still, ``bare`` and ``lists`` of those that are none.
    """

    id: str
    site: str
    news: bool
    gold: str
    hints: Hints
    page: Page
    briefs: list[Made]
    bare: list[Made]
    lists: list[Made]
    names: list[str]
    rows: Floats
    layout: Layout
    labels: list[bool]
    weight: Floats
    chosen: NDArray[np.intp]

    @property
    def fold(self) -> int:
        """The fold of the page's site, the same in every run."""
        return zlib.crc32(self.site.encode()) % FOLDS


def read_samples(data: Path) -> Iterator[Sample]:
    """Yield the labelled pages under ``data`` that show any text, or hold it in a script."""
    folder = data / "extraction"
    with gzip.open(folder / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        gold = {row["id"]: row for row in map(json.loads, lines)}
    with gzip.open(folder / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, row in enumerate(map(json.loads, lines)):
            tree = LexborHTMLParser(row["html"])
            hints = page_hints(read_head(tree, row.get("url")))
            page = _shown(tree) or _shown(LexborHTMLParser(scripted_page(tree, hints.title)))
            if page is not None:
                columns, layout = page_features(page, hints)
                words = [tokens(text) for text in page.texts]
                truth = gold[row["id"]]
                labels = label_blocks(words, tokens(truth["text"]))
                rows, weight = columns.matrix(), _shares(words, labels)
                chosen = _thinned(columns.names, rows, labels, weight)
                briefs, bare, lists = _made(number, page, labels, hints, list(gold.values()))
                yield Sample(
                    id=row["id"],
                    site=truth["site"],
                    news=truth["source"] in NEWS,
                    gold=truth["text"],
                    hints=hints,
                    page=replace(page, statements={}),
                    briefs=briefs,
                    bare=bare,
                    lists=lists,
                    names=columns.names,
                    rows=rows,
                    layout=layout,
                    labels=labels,
                    weight=weight,
                    chosen=chosen,
                )


def _shown(tree: LexborHTMLParser) -> Page | None:
    page = read_page(tree.root) if tree.root is not None else None
    return page if page is not None and page.texts else None


def _made(
    number: int, page: Page, labels: list[bool], hints: Hints, gold: list[dict[str, Any]]
) -> tuple[list[Made], list[Made], list[Made]]:
    """Return the features of a brief, of a bare page and of a list, for every fourth page."""
    if number % EVERY:
        return [], [], []
    brief, bare = cut_to_brief(page, labels), without_article(page, labels)
    texts = [gold[(number + n) % len(gold)]["text"] for n in range(TEASERS)]
    root = LexborHTMLParser(list_page(texts, number // EVERY)).root
    listed = Hints(title=texts[0][:20])
    return (
        [page_features(brief, hints)] if brief else [],
        [page_features(bare, hints)] if bare else [],
        [page_features(read_page(root), listed)] if root is not None else [],
    )


def _thinned(
    names: list[str], rows: Floats, labels: list[bool], weight: Floats
) -> NDArray[np.intp]:
    """Return the blocks to learn from; raises the weight of the bare links that stay for the rest.

    Almost half of all blocks are short and nothing but a link, and are told from text at once.
    """
    named = dict(zip(names, rows.T, strict=True))
    bare = (named["links"] > WHOLE) & (named["size"] < math.log1p(LABEL)) & ~np.asarray(labels)
    some = np.arange(len(labels)) % EVERY == 0
    weight[bare & some] *= EVERY
    return np.flatnonzero(~bare | some)


def _shares(words: list[list[str]], labels: list[bool]) -> Floats:
    """Return how much of a page's score hangs on each block."""
    sizes = np.asarray([len(block) for block in words], np.float32)
    whole = max(float(sizes[np.asarray(labels)].sum()), 30.0) + 30
    return np.minimum((sizes + 1.5) / whole, MAX_SHARE).astype(np.float32)
