"""One page, one parse: the article's blocks, its metadata and how sure the extraction is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser

from transforms.extract import bounds, second_opinion
from transforms.extract.about import page_metadata
from transforms.extract.arrays import Floats
from transforms.extract.columns import Hints
from transforms.extract.confidence import article_likeness, confidence, page_summary
from transforms.extract.decode import choose_blocks
from transforms.extract.features import page_features
from transforms.extract.following import next_article
from transforms.extract.head import Head, article_body, read_head
from transforms.extract.model import keep_probability
from transforms.extract.page import Page, PageLimitError, read_page
from transforms.extract.scripted import scripted_page
from transforms.extract.shown import shown_blocks
from transforms.extract.stated import with_stated_text
from transforms.model import Block, DateCandidate, PageMetadata, Reason, RejectionError
from transforms.published import collect_html

EXTRACTORS: tuple[str, ...] = ("copydesk", "trafilatura")
NOT_ARTICLE_THRESHOLD = 0.22
"""On pages of sites held back this refuses six articles in a thousand, one brief of a single
paragraph in eight, 49 % of the pages whose article was taken out, and 82 % of lists of teasers."""


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
    tree = _parse(html)
    head = read_head(tree, url)
    judged = _judge(tree, page_hints(head))
    if judged is None or judged.likeness < not_article_below:
        judged = _judge_scripted(tree, page_hints(head), not_article_below, shown=judged)
    blocks = shown_blocks(judged.page, judged.columns, judged.keep, judged.probability, judged.end)
    if extractor == "trafilatura":
        theirs = second_opinion.trafilatura_blocks(html, url)
        extractor = extractor if theirs else "copydesk"
        blocks = theirs or blocks
    about = page_metadata(head, judged.page, judged.columns, judged.probability, blocks)
    dates = collect_html(tree, url, nodes=head.nodes)
    return Extraction(tuple(blocks), about, dates, judged.confidence, extractor)


@dataclass(frozen=True, slots=True)
class _Judged:
    page: Page
    columns: dict[str, Floats]
    probability: Floats
    keep: NDArray[np.bool_]
    end: int
    confidence: float
    likeness: float


def _parse(html: str) -> LexborHTMLParser:
    source = html.encode("utf-8", "replace")
    less = bounds.less_signs(source)
    limit = bounds.parsing_limit(source, less)
    if limit:
        raise ExtractionError(Reason.PARSER_LIMIT, limit)
    return LexborHTMLParser(bounds.bounded_attributes(source, less))


def _judge(tree: LexborHTMLParser, hints: Hints) -> _Judged | None:
    """Decide about each block of a page; None where it shows no text."""
    if tree.root is None:
        return None
    try:
        page = read_page(tree.root)
    except PageLimitError as error:
        raise ExtractionError(Reason.PARSER_LIMIT, str(error)) from error
    if not page.texts:
        return None
    columns, layout = page_features(page, hints)
    rows = columns.matrix()
    probability = with_stated_text(keep_probability(rows, layout), page.texts, hints.body)
    keep, _ = choose_blocks(probability, layout.weight)
    end = next_article(page, keep, hints.title)
    keep[end:] = False
    named = dict(zip(columns.names, rows.T, strict=True))
    summary = page_summary(probability, layout, named)
    likeness = article_likeness(summary)
    return _Judged(page, named, probability, keep, end, confidence(summary), likeness)


def _judge_scripted(
    tree: LexborHTMLParser, hints: Hints, not_article_below: float, shown: _Judged | None
) -> _Judged:
    """Look for the article in the page's scripts, since the page itself shows none."""
    markup = scripted_page(tree, hints.title)
    found = _judge(_parse(markup), hints) if markup else None
    if found is None or found.likeness < not_article_below:
        if shown is None:
            raise ExtractionError(Reason.NO_TEXT, "the page shows no text")
        raise ExtractionError(Reason.NOT_ARTICLE, "the page holds no article")
    return found


def page_hints(head: Head) -> Hints:
    """Return what the head of a page says about the article's text."""
    return Hints(
        head.meta("og:title")[0] or head.title,
        head.meta("description", "og:description")[0],
        article_body(head),
    )
