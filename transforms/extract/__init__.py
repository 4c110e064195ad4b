"""The article out of an HTML page: its blocks, what the page says of itself, how sure that is."""

from transforms.extract.article import (
    EXTRACTORS,
    NOT_ARTICLE_THRESHOLD,
    Extraction,
    ExtractionError,
    extract_html,
)

__all__ = [
    "EXTRACTORS",
    "NOT_ARTICLE_THRESHOLD",
    "Extraction",
    "ExtractionError",
    "extract_html",
]
