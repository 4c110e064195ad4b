"""The languages of a whole article: its text, its title, its captions and what was removed."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from transforms.assemble import SEPARATOR
from transforms.language.detect import detect_segment, detect_text
from transforms.language.results import ForeignSpan
from transforms.language.words import clean, script, shape
from transforms.model import Article, Block, BlockKind, LanguageSpan

_NAMES_AND_NUMBERS = frozenset(
    {
        BlockKind.BYLINE,
        BlockKind.CREDIT,
        BlockKind.DATE_LINE,
        BlockKind.SOURCE_LINK,
        BlockKind.WIRE_CREDIT,
    }
)
"""Kinds that hold names by nature, so that their language says nothing."""

_CONTROLS = frozenset({BlockKind.NAVIGATION, BlockKind.SHARE, BlockKind.SECTION, BlockKind.KICKER})
"""Kinds of the page's furniture, whose labels often stay in the language of its software."""

_SENTENCE_WORDS = 5
_SENTENCE_CHARS = 3 * _SENTENCE_WORDS - 1  # words of two letters, and what parts them
_SCRIPT_SAMPLE = 5000
_TITLES = frozenset({BlockKind.TITLE, BlockKind.TITLE_REPEAT})


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage outside the article's text; in ``block``, it starts at ``shift``."""

    text: str
    where: str
    block: Block | None
    shift: int


def detect_article(article: Article, *, backend: str = "ensemble") -> Article:
    """Fill the article's language, its score, every foreign span and whether it is mixed.

    The language is that of ``article.text``; the title, the captions and the removed blocks are
    judged with it as prior. Each occurrence of a repeated passage gives a span of its own. An
    article without text has no language, and nothing then is foreign to it.
    Raises ValueError for a backend not in ``BACKENDS``.
    """
    found = detect_text(article.text, backend=backend)
    if found.language is None:
        return replace(
            article, language=None, language_score=None, language_spans=(), is_mixed=False
        )
    written = script(article.text[:_SCRIPT_SAMPLE])

    passages = [*_title(article), *_captions(article), *_removed(article)]
    spans = [
        *_text_spans(article, found.spans),
        *_outside_spans(passages, backend, found.language, written),
    ]
    return replace(
        article,
        language=found.language,
        language_score=found.score,
        language_spans=tuple(spans),
        is_mixed=bool(spans),
    )


def _text_spans(article: Article, spans: tuple[ForeignSpan, ...]) -> Iterator[LanguageSpan]:
    """Yield the spans of the text with their place in the source; a span lies in one block."""
    kept = [block for block in article.blocks if block.keep]
    ends = list(accumulate(len(block.text) + len(SEPARATOR) for block in kept))
    number = 0
    for span in spans:
        while number < len(kept) and ends[number] <= span.start:
            number += 1
        source: tuple[int | None, int | None] = (None, None)
        if number < len(kept):
            begins = ends[number] - len(SEPARATOR) - len(kept[number].text)
            source = _in_source(kept[number], span.start - begins, span.end - begins)
        yield LanguageSpan(
            article.text[span.start : span.end],
            span.language,
            span.score,
            "text",
            span.start,
            span.end,
            *source,
        )


def _outside_spans(
    passages: Sequence[_Passage], backend: str, language: str, written: str
) -> Iterator[LanguageSpan]:
    """Yield the foreign spans of the passages, judged in one go: a span lies within a line."""
    joined = "\n".join(passage.text for passage in passages)
    ends = list(accumulate(len(passage.text) + 1 for passage in passages))
    for span in detect_segment(joined, backend, language, written).spans:
        number = bisect_right(ends, span.start)
        passage = passages[number]
        shift = ends[number] - len(passage.text) - 1
        start, end = span.start - shift, span.end - shift
        source: tuple[int | None, int | None] = (None, None)
        if passage.block is not None:
            source = _in_source(passage.block, passage.shift + start, passage.shift + end)
        yield LanguageSpan(
            passage.text[start:end], span.language, span.score, passage.where, None, None, *source
        )


def _title(article: Article) -> Iterator[_Passage]:
    """Yield the title, at its place in the source if a block holds it."""
    title = article.page.title
    if not title:
        return
    holder = next((block for block in article.blocks if _holds_title(block, title)), None)
    yield _Passage(title, "title", holder, holder.text.find(title) if holder is not None else 0)


def _holds_title(block: Block, title: str) -> bool:
    return not block.keep and block.kind is BlockKind.TITLE and title in block.text


def _captions(article: Article) -> Iterator[_Passage]:
    """Yield the captions that only the page's metadata has."""
    in_blocks = {block.text for block in article.blocks}
    for caption in article.page.captions:
        if caption not in in_blocks:
            yield _Passage(caption, "caption", None, 0)


def _removed(article: Article) -> Iterator[_Passage]:
    """Yield the removed blocks that are judged, but not again the one that holds the title."""
    captions = set(article.page.captions)
    captions.update(b.text for b in article.blocks if b.kind is BlockKind.CAPTION)
    title = article.page.title
    reported = False
    for block in article.blocks:
        if block.keep or not _is_judged(block):
            continue
        if title and not reported and _holds_title(block, title):
            reported = True
            continue
        where = "removed"
        if block.text in captions:
            where = "caption"
        elif block.kind in _TITLES:
            where = "title"
        yield _Passage(block.text, where, block, 0)


def _is_judged(block: Block) -> bool:
    """Whether a removed block holds content that could be in another language."""
    if block.kind in _NAMES_AND_NUMBERS:
        return False
    if block.kind in _CONTROLS:
        if block.text.isascii() and len(block.text) < _SENTENCE_CHARS:
            return False
        return shape(clean(block.text)).plain >= _SENTENCE_WORDS
    return True


def _in_source(block: Block, start: int, end: int) -> tuple[int | None, int | None]:
    if block.source_start is None:
        return None, None
    return block.source_start + start, block.source_start + end
