"""What was found inside the kept text, block by block."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from transforms.assemble import SEPARATOR
from transforms.model import Article, Block


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage of one kept block; ``note`` is what was made of it, empty where it goes on."""

    start: int
    end: int
    style: str
    note: str


def marks_by_block(
    article: Article, foreign: str, temporal: str
) -> Iterator[tuple[Block, list[Mark]]]:
    """Yield every block in order with its marks, sorted; removed blocks have none.

    ``foreign`` and ``temporal`` are the styles of the two kinds of mark.
    """
    starts = list(_starts(article.blocks))
    kept = [block for block in article.blocks if block.keep]
    found: list[list[Mark]] = [[] for _ in kept]
    for start, end, style, note in _passages(article, foreign, temporal):
        first = max(bisect_right(starts, start) - 1, 0)
        for index in range(first, len(kept)):
            if starts[index] >= end:
                break
            length = len(kept[index].text)
            left, right = max(start - starts[index], 0), min(end - starts[index], length)
            if left < right:
                last = end <= starts[index] + length
                found[index].append(Mark(left, right, style, note if last else ""))
    marks = iter(found)
    for block in article.blocks:
        yield (
            block,
            sorted(next(marks), key=lambda mark: (mark.start, mark.end)) if block.keep else [],
        )


def _starts(blocks: Sequence[Block]) -> Iterator[int]:
    """Yield where each kept block starts in the article's text."""
    offset = 0
    for block in blocks:
        if block.keep:
            yield offset
            offset += len(block.text) + len(SEPARATOR)


def _passages(article: Article, foreign: str, temporal: str) -> Iterable[tuple[int, int, str, str]]:
    for span in article.language_spans:
        if span.start is not None and span.end is not None:
            yield span.start, span.end, foreign, span.language
    for item in article.temporal_expressions:
        yield item.start, item.end, temporal, item.value
