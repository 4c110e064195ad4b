"""One page, one parse: the article's blocks, its metadata and how sure the extraction is."""

from dataclasses import dataclass

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from transforms.extract import kinds, metadata, second_opinion
from transforms.extract.arrays import Floats
from transforms.extract.decode import choose_blocks, repeats
from transforms.extract.features import Hints, Layout, page_features
from transforms.extract.lexicon import NAMES
from transforms.extract.model import keep_probability
from transforms.extract.page import Page, PageLimitError, read_page
from transforms.model import (
    Block,
    BlockKind,
    DateCandidate,
    PageMetadata,
    Reason,
    RejectionError,
)

EXTRACTORS: tuple[str, ...] = ("copydesk", "trafilatura")
NOT_ARTICLE_THRESHOLD = 0.5
MARGIN = 60
MAX_PATH = 12
MIN_ARTICLE = 80


class ExtractionError(RejectionError):
    """Nothing can be extracted; ``reason`` is not_article, empty, parser_limit or no_text."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one page yields; the article's text is its kept blocks joined by a blank line.

    ``confidence`` is the F1 the text may expect against a careful human's, from 0 to 1.
    """

    blocks: tuple[Block, ...]
    page: PageMetadata
    date_candidates: tuple[DateCandidate, ...]
    confidence: float
    extractor: str


def extract_html(
    html: str,
    url: str | None,
    extractor: str = "copydesk",
    not_article_below: float = NOT_ARTICLE_THRESHOLD,
) -> Extraction:
    """Extract the article of a page.

    Raises ``ExtractionError`` where there is none: blank input, a page beyond the limits, a page
    without text, or one whose article-likeness is below ``not_article_below`` (0 accepts all).
    """
    if not html or html.isspace():
        raise ExtractionError(Reason.EMPTY, "the page is blank")
    tree = LexborHTMLParser(html)
    if tree.root is None:
        raise ExtractionError(Reason.NO_TEXT, "the page has no elements")
    try:
        page = read_page(tree.root)
    except PageLimitError as error:
        raise ExtractionError(Reason.PARSER_LIMIT, str(error)) from error
    if not page.texts:
        raise ExtractionError(Reason.NO_TEXT, "the page shows no text")
    head = metadata.read_head(tree, url)
    hints = Hints(
        head.meta("og:title")[0] or head.title,
        head.meta("description", "og:description")[0],
        metadata.article_body(head),
    )
    columns, layout = page_features(page, hints)
    rows = columns.matrix()
    probability = keep_probability(rows)
    keep, confidence = choose_blocks(probability, layout.weight)
    if article_likeness(probability, layout) < not_article_below:
        raise ExtractionError(Reason.NOT_ARTICLE, "the page holds no article")
    blocks = _blocks(page, rows, columns.names, keep, probability)
    if extractor == "trafilatura":
        theirs = second_opinion.trafilatura_blocks(html, url)
        if theirs:
            blocks = theirs
        else:
            extractor = "copydesk"
    about = _metadata(head, page, rows, columns.names, blocks)
    return Extraction(tuple(blocks), about, (), confidence, extractor)


def article_likeness(probability: Floats, layout: Layout) -> float:
    """Return how much the page looks like one article, from 0 to 1."""
    mass = float((probability * layout.weight)[probability > 0.5].sum())
    return mass / (mass + MIN_ARTICLE) * float(probability.max())


def _blocks(
    page: Page, rows: Floats, names: list[str], keep: np.ndarray, probability: Floats
) -> list[Block]:
    again = repeats(page.texts, keep.tolist())
    kept = np.flatnonzero(keep)
    start = max(int(kept[0]) - MARGIN, 0) if len(kept) else 0
    stop = min(int(kept[-1]) + MARGIN, len(keep)) if len(kept) else 0
    at = {name: number for number, name in enumerate(names)}
    first = at[f"name:{NAMES[0]}"]
    depths = rows[:, first : first + len(NAMES)]
    titled, described, links = rows[:, at["titled"]], rows[:, at["described"]], rows[:, at["links"]]
    paths = _Paths(page)
    lead = True
    blocks = []
    for number in range(start, stop):
        text, tag = page.texts[number], page.tags[page.boxes[number]]
        score = float(probability[number])
        kept_here, rule = bool(keep[number]), "model:extract"
        if kept_here and number in again:
            kept_here, rule, kind = False, "rule:repeat", BlockKind.REPEAT
        elif kept_here:
            summary = lead and kinds.is_standfirst(depths[number], described[number])
            kind = kinds.kept_kind(tag, depths[number], summary)
            if kind is BlockKind.PARAGRAPH:
                lead = False
        else:
            kind = kinds.removed_kind(
                text, tag, depths[number], float(links[number]), float(titled[number])
            )
        blocks.append(
            Block(
                text=text,
                kind=kind,
                keep=kept_here,
                rule=rule,
                score=score if kept_here else 1 - score,
                path=paths.of(page.boxes[number]),
            )
        )
    return blocks


class _Paths:
    """DOM paths such as ``html>body>article>p[3]``, written only for the blocks that are shown."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.ordinals: list[int] = []
        seen: dict[tuple[int, str], int] = {}
        for key in zip(page.parent, page.tags, strict=True):
            seen[key] = seen.get(key, 0) + 1
            self.ordinals.append(seen[key])

    def of(self, element: int) -> str:
        parts: list[str] = []
        while element >= 0 and len(parts) < MAX_PATH:
            tag, ordinal = self.page.tags[element][:24], self.ordinals[element]
            parts.append(f"{tag}[{ordinal}]" if ordinal > 1 else tag)
            element = self.page.parent[element]
        if element >= 0:
            parts.append("…")
        return ">".join(reversed(parts))


def _metadata(
    head: metadata.Head, page: Page, rows: Floats, names: list[str], blocks: list[Block]
) -> PageMetadata:
    headings = [
        text
        for text, box in zip(page.texts, page.boxes, strict=True)
        if page.tags[box] == "h1" and len(text) < 400
    ]
    bylines = [block.text for block in blocks if block.kind is BlockKind.BYLINE][:3]
    title = metadata.title_of(head, headings) or ("", "")
    authors, author_source = metadata.authors_of(head, bylines)
    found = {
        "title": title,
        "section": metadata.section_of(head),
        "site_name": metadata.site_of(head),
        "canonical_url": metadata.canonical_of(head),
        "language": metadata.language_of(head),
    }
    captions = tuple(dict.fromkeys(b.text for b in blocks if b.kind is BlockKind.CAPTION))
    credit = tuple(dict.fromkeys(b.text for b in blocks if b.kind is BlockKind.CREDIT))
    sources = {name: source for name, (value, source) in found.items() if value}
    if authors:
        sources["authors"] = author_source
    sources |= {"captions": "block"} if captions else {}
    sources |= {"image_credits": "block"} if credit else {}
    return PageMetadata(
        title=title[0] or None,
        section=found["section"][0] or None,
        site_name=found["site_name"][0] or None,
        canonical_url=found["canonical_url"][0] or None,
        language=found["language"][0] or None,
        authors=authors,
        captions=captions,
        image_credits=credit,
        sources=tuple(sorted(sources.items())),
    )
