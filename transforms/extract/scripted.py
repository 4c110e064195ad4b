"""The article of a page that shows no text: the state its script would build the page from.

Pages of some frameworks come as an empty body and a JSON value with the article's markup in one
string. That string is read only where the page itself holds nothing.
"""

import json
import re
from collections.abc import Iterator
from html import escape

from selectolax.lexbor import LexborHTMLParser

MAX_SCRIPTS = 64
MAX_CHARS = 4_000_000
MIN_CHARS = 400
MIN_PARAGRAPHS = 3
LEVELS = 2
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_PARAGRAPH = re.compile(r"<p[ >]")


def scripted_page(tree: LexborHTMLParser, title: str) -> str:
    """Return a page of a title and the article in the scripts, or an empty string."""
    markup = scripted_article(tree)
    return f"<article><h1>{escape(title)}</h1>{markup}</article>" if markup else ""


def scripted_article(tree: LexborHTMLParser) -> str:
    """Return the longest markup of three paragraphs or more in the scripts, or an empty string."""
    best = ""
    for text in _scripts(tree):
        pending = [(text, 1)]
        while pending:
            source, level = pending.pop()
            for value in _strings(source):
                if len(value) > len(best) and len(_PARAGRAPH.findall(value)) >= MIN_PARAGRAPHS:
                    best = value
                elif level < LEVELS and '"' in value and "003cp" in value:
                    pending.append((value, level + 1))
    return best


def _scripts(tree: LexborHTMLParser) -> Iterator[str]:
    left = MAX_CHARS
    for _, node in zip(range(MAX_SCRIPTS), tree.css("script"), strict=False):
        text = node.text() or ""
        if MIN_CHARS < len(text) <= left:
            left -= len(text)
            yield text


def _strings(source: str) -> Iterator[str]:
    """Yield the long JSON strings of a text, decoded."""
    for match in _STRING.finditer(source):
        literal = match.group()
        if len(literal) >= MIN_CHARS and ("<p" in literal or "003cp" in literal):
            try:
                value = json.loads(literal, strict=False)
            except ValueError:
                continue
            if isinstance(value, str):
                yield value
