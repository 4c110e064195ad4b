"""The languages of a whole article: its text, its title, its captions and what was removed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
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

_Detector = Callable[[str], tuple[ForeignSpan, ...]]
_SENTENCE_WORDS = 5
_SCRIPT_SAMPLE = 5000
_TITLES = frozenset({BlockKind.TITLE, BlockKind.TITLE_REPEAT})


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

    def foreign(segment: str) -> tuple[ForeignSpan, ...]:
        return detect_segment(segment, backend, found.language, written).spans

    spans = [
        *_text_spans(article, found.spans),
        *_title_spans(article, foreign),
        *_caption_spans(article, foreign),
        *_removed_spans(article, foreign),
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


def _title_spans(article: Article, foreign: _Detector) -> Iterator[LanguageSpan]:
    """Yield the foreign spans of the title, at its place in the source if a block holds it."""
    title = article.page.title
    if not title:
        return
    holder = next((block for block in article.blocks if _holds_title(block, title)), None)
    shift = holder.text.find(title) if holder is not None else 0
    for span in foreign(title):
        yield _outside(title, span, "title", holder, shift)


def _holds_title(block: Block, title: str) -> bool:
    return not block.keep and block.kind is BlockKind.TITLE and title in block.text


def _caption_spans(article: Article, foreign: _Detector) -> Iterator[LanguageSpan]:
    """Yield the foreign spans of captions that only the page's metadata has."""
    in_blocks = {block.text for block in article.blocks}
    for caption in article.page.captions:
        if caption not in in_blocks:
            for span in foreign(caption):
                yield _outside(caption, span, "caption", None, 0)


def _removed_spans(article: Article, foreign: _Detector) -> Iterator[LanguageSpan]:
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
        for span in foreign(block.text):
            yield _outside(block.text, span, where, block, 0)


def _is_judged(block: Block) -> bool:
    """Whether a removed block holds content that could be in another language."""
    if block.kind in _NAMES_AND_NUMBERS:
        return False
    if block.kind in _CONTROLS:
        return shape(clean(block.text)).plain >= _SENTENCE_WORDS
    return True


def _outside(
    text: str, span: ForeignSpan, where: str, block: Block | None, shift: int
) -> LanguageSpan:
    """Return a span that is not in the article's text; ``shift`` is where its text starts."""
    source: tuple[int | None, int | None] = (None, None)
    if block is not None:
        source = _in_source(block, shift + span.start, shift + span.end)
    return LanguageSpan(
        text[span.start : span.end], span.language, span.score, where, None, None, *source
    )


def _in_source(block: Block, start: int, end: int) -> tuple[int | None, int | None]:
    if block.source_start is None:
        return None, None
    return block.source_start + start, block.source_start + end
