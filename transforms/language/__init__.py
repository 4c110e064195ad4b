"""The languages of an article: its own, and every passage in another, to the character."""

from transforms.language.article import detect_article
from transforms.language.backends import BACKENDS
from transforms.language.decide import ForeignSpan, TextLanguages, detect_text

__all__ = ["BACKENDS", "ForeignSpan", "TextLanguages", "detect_article", "detect_text"]
