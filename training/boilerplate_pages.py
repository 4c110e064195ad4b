"""Pages without a gold text as plain text, labelled line by line by the product's own extractor.

Where the markup is at hand, the extractor tells text from the rest far better than the lines alone
can. What it says of pages from further sites teaches the models of plain text what surroundings
look like elsewhere (distillation; Hinton et al., "Distilling the knowledge in a neural network",
2015). Blocks of which it is not sure teach nothing.
"""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser

from transforms.boilerplate.lexicons import compact
from transforms.extract.article import page_hints
from transforms.extract.confidence import confidence, page_summary
from transforms.extract.decode import choose_blocks, repeats
from transforms.extract.features import page_features
from transforms.extract.following import next_article
from transforms.extract.head import read_head
from transforms.extract.model import keep_probability
from transforms.extract.page import Page, read_page
from transforms.extract.stated import with_stated_text

MIN_CONFIDENCE = 0.9
DOUBTFUL = 0.2, 0.8
LEAST_TEXT = 600
# A container holds at most so many times the characters of its article.
MOST_AROUND = 2.0
WIDER = 0.6
SPACED = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre figure table form fieldset hgroup".split()
)
SECOND_LEVEL = frozenset("co com org net gov ac edu".split())


@dataclass(frozen=True, eq=False)
class Judged:
    """A page, and the label of each of its blocks as ``lines*.jsonl.gz`` has them."""

    page: Page
    labels: str
    chars: NDArray[np.intp]

    @property
    def text(self) -> NDArray[np.bool_]:
        """Return which blocks are the article's text."""
        return np.array([label == "B" for label in self.labels])


def read_pages(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield each page twice, in the form of ``lines*.jsonl.gz``: whole, and its container.

    ``folder`` has ``pages.jsonl`` and ``html/ID.html.gz``. Pages whose article the extractor is
    not sure of are passed over.
    """
    with (folder / "pages.jsonl").open(encoding="utf-8") as file:
        for entry in map(json.loads, file):
            if not entry["kind"].startswith("real"):
                continue
            with gzip.open(folder / "html" / f"{entry['id']}.html.gz", "rb") as source:
                judged = judge_page(source.read().decode("utf-8", "replace"), entry["url"])
            if judged is not None:
                yield from _records(entry, judged)


def judge_page(html: str, url: str) -> Judged | None:
    """Label the blocks of a page, ``None`` where that is not sure enough to learn from."""
    tree = LexborHTMLParser(html)
    page = read_page(tree.root) if tree.root is not None else None
    if page is None or not page.texts:
        return None
    hints = page_hints(read_head(tree, url))
    columns, layout = page_features(page, hints)
    rows = columns.matrix()
    named = dict(zip(columns.names, rows.T, strict=True))
    likely = with_stated_text(keep_probability(rows, layout), page.texts, hints.body)
    keep, _ = choose_blocks(likely, layout.weight)
    end = next_article(page, keep, hints.title)
    keep[end:] = False
    keep[list(repeats(page.texts, keep.tolist()))] = False
    chars = np.array([len(text) for text in page.texts])
    sure = confidence(page_summary(likely, layout, named))
    if sure < MIN_CONFIDENCE or chars[keep].sum() < LEAST_TEXT:
        return None
    title = compact(hints.title)
    labels = []
    for number, text in enumerate(page.texts):
        letters = compact(text)
        if len(letters) > 8 and title.startswith(letters) and 2 * len(letters) > len(title):
            labels.append("T")
        elif number < end and DOUBTFUL[0] < likely[number] < DOUBTFUL[1]:
            labels.append("M")
        else:
            labels.append("B" if keep[number] else "N")
    return Judged(page, "".join(labels), chars)


def _records(entry: dict[str, Any], judged: Judged) -> Iterator[dict[str, Any]]:
    container = _container(judged, random.Random(entry["id"]))
    for variant, blocks in (("full", range(len(judged.chars))), ("container", container)):
        lines, labels = _lines(judged, blocks)
        yield {
            "id": f"{entry['id']}#{variant}",
            "variant": variant,
            "site": site_of(entry["url"]),
            "news": True,
            "distilled": True,
            "lines": lines,
            "labels": labels,
        }


def _container(judged: Judged, chance: random.Random) -> range:
    """Return the blocks of the element around the article, or of one of those around that."""
    page, text = judged.page, np.flatnonzero(judged.text)
    size = judged.chars[text].sum()
    element = page.boxes[int(text[0])]
    while page.last[element] <= text[-1]:
        element = page.parent[element]
    while chance.random() < WIDER and page.parent[element] >= 0:
        above = page.parent[element]
        if judged.chars[page.first[above] : page.last[above]].sum() > MOST_AROUND * size:
            break
        element = above
    return range(page.first[element], page.last[element])


def _lines(judged: Judged, blocks: Sequence[int]) -> tuple[list[str], str]:
    """Return the lines of some blocks, blank ones where a browser sets space, and their labels."""
    page = judged.page
    lines: list[str] = []
    labels = ""
    above: list[int] = []
    for block in blocks:
        chain = _ancestors(page, page.boxes[block])
        pairs = enumerate(zip(above, chain, strict=False))
        shared = next((n for n, (old, new) in pairs if old != new), min(len(above), len(chain)))
        crossed = above[shared:] + chain[shared:] or chain[-1:]
        if lines and any(page.tags[element] in SPACED for element in crossed):
            lines.append("")
            labels += "-"
        lines.append(page.texts[block])
        labels += judged.labels[block]
        above = chain
    return lines, labels


def _ancestors(page: Page, element: int) -> list[int]:
    chain = []
    while element >= 0:
        chain.append(element)
        element = page.parent[element]
    return chain[::-1]


def site_of(url: str) -> str:
    """Return the part of an address that a publisher registers."""
    parts = (urlsplit(url).hostname or "").split(".")
    return ".".join(parts[-3:] if parts[-2:-1] and parts[-2] in SECOND_LEVEL else parts[-2:])
