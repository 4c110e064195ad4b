"""One page, one parse: the article's blocks, its metadata and how sure the extraction is."""

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from transforms.extract import bounds, metadata, second_opinion
from transforms.extract.about import page_metadata
from transforms.extract.columns import Hints
from transforms.extract.confidence import article_likeness, confidence, page_summary
from transforms.extract.decode import choose_blocks
from transforms.extract.features import page_features
from transforms.extract.model import keep_probability
from transforms.extract.page import PageLimitError, read_page
from transforms.extract.shown import shown_blocks
from transforms.extract.stated import with_stated_text
from transforms.model import Block, DateCandidate, PageMetadata, Reason, RejectionError
from transforms.published import collect_html

EXTRACTORS: tuple[str, ...] = ("copydesk", "trafilatura")
NOT_ARTICLE_THRESHOLD = 0.5


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
    source = html.encode("utf-8", "replace")
    limit = bounds.parsing_limit(source)
    if limit:
        raise ExtractionError(Reason.PARSER_LIMIT, limit)
    tree = LexborHTMLParser(bounds.bounded_attributes(source))
    if tree.root is None:
        raise ExtractionError(Reason.NO_TEXT, "the page has no elements")
    try:
        page = read_page(tree.root)
    except PageLimitError as error:
        raise ExtractionError(Reason.PARSER_LIMIT, str(error)) from error
    if not page.texts:
        raise ExtractionError(Reason.NO_TEXT, "the page shows no text")
    head = metadata.read_head(tree, url)
    hints = page_hints(head)
    columns, layout = page_features(page, hints)
    rows = columns.matrix()
    probability = with_stated_text(keep_probability(rows), page.texts, hints.body)
    keep, _ = choose_blocks(probability, layout.weight)
    summary = page_summary(probability, layout)
    if article_likeness(summary) < not_article_below:
        raise ExtractionError(Reason.NOT_ARTICLE, "the page holds no article")
    named = dict(zip(columns.names, rows.T, strict=True))
    blocks = shown_blocks(page, named, keep, probability)
    if extractor == "trafilatura":
        theirs = second_opinion.trafilatura_blocks(html, url)
        if theirs:
            blocks = theirs
        else:
            extractor = "copydesk"
    about = page_metadata(head, metadata.headings_of(tree), page, named, probability, blocks)
    dates = collect_html(tree, url, nodes=head.nodes)
    return Extraction(tuple(blocks), about, dates, confidence(summary), extractor)


def page_hints(head: metadata.Head) -> Hints:
    """Return what the head of a page says about the article's text."""
    return Hints(
        head.meta("og:title")[0] or head.title,
        head.meta("description", "og:description")[0],
        metadata.article_body(head),
    )
