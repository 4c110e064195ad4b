"""The stages between Decode and WriteParquet, each a function from article to article."""

from collections.abc import Sequence
from dataclasses import replace

from transforms import assemble, boilerplate, language, published, temporal
from transforms.boilerplate import Stripped
from transforms.extract import ExtractionError, extract_html
from transforms.limits import MAX_TEMPORAL_CHARS
from transforms.model import Article, Reason, RejectionError, TemporalExpression


def extract(article: Article, extractor: str, not_article_below: float) -> Article:
    """Cut the document into labelled blocks and read what the page says about itself.

    A plain text is cut into lines and paragraphs that StripBoilerplate labels. Raises
    ``RejectionError`` for a page that holds no article.
    """
    if article.media_type == "text/plain":
        blocks = boilerplate.split_blocks(article.source)
        return replace(article, blocks=blocks, extractor="lines")
    try:
        found = extract_html(
            article.source, article.raw.url, extractor, not_article_below=not_article_below
        )
    except ExtractionError as error:
        raise RejectionError(Reason(error.reason), str(error)) from error
    return replace(
        article,
        blocks=found.blocks,
        page=found.page,
        date_candidates=found.date_candidates,
        extraction_confidence=found.confidence,
        extractor=found.extractor,
    )


def strip_boilerplate(article: Article) -> Article:
    """Decide which blocks are the article's text, and join them.

    Raises ``RejectionError`` with ``no_text`` when nothing is left.
    """
    return keep_text(article, label_blocks([article])[0])


def label_blocks(articles: Sequence[Article]) -> list[Stripped]:
    """Decide which blocks of some articles are their text; many plain texts are done at once."""
    plain = [article.blocks for article in articles if article.media_type == "text/plain"]
    stripped = iter(boilerplate.strip_many(plain))
    return [
        next(stripped)
        if article.media_type == "text/plain"
        else boilerplate.tidy(article.blocks, article.page)
        for article in articles
    ]


def keep_text(article: Article, stripped: Stripped) -> Article:
    """Return the article with its labelled blocks, and those that are its text joined.

    Raises ``RejectionError`` with ``no_text`` when nothing is left.
    """
    if article.media_type == "text/plain":
        article = replace(article, extraction_confidence=stripped.confidence)
    text = assemble.join_kept(stripped.blocks)
    if not text:
        raise RejectionError(Reason.NO_TEXT, "no block of the document is article text")
    return replace(article, blocks=stripped.blocks, page=stripped.page, text=text)


def detect_languages(article: Article, backend: str) -> Article:
    """Find the article's language and the passages in another one."""
    return language.detect_article(article, backend=backend)


def normalise_dates(article: Article) -> Article:
    """Settle when the article was published, and resolve the dates its text speaks of."""
    candidates = article.date_candidates
    if article.media_type == "text/plain":
        candidates = published.collect_text(article.blocks)
    publication = published.arbitrate(
        candidates,
        url=article.raw.url,
        fetched_at=article.raw.fetched_at,
        headers=article.raw.headers,
        language=article.language,
    )
    text = article.text[:MAX_TEMPORAL_CHARS]
    found = temporal.find(text, article.language, publication.published)
    return replace(
        article,
        date_candidates=candidates,
        publication=publication,
        temporal_expressions=tuple(_with_source(article, item) for item in found),
    )


def _with_source(article: Article, item: TemporalExpression) -> TemporalExpression:
    source_start, source_end = assemble.locate(article.blocks, item.start, item.end)
    return replace(item, source_start=source_start, source_end=source_end)
