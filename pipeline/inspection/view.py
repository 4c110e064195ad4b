"""An outcome as lines for a person, coloured on a terminal and plain in a pipe."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console
from rich.text import Text

from pipeline.inspection.marks import Mark, marks_by_block
from pipeline.printable import printable
from transforms.model import Article, Block, BlockKind, Rejected

MAX_WIDTH = 100
FOREIGN = "magenta"
TEMPORAL = "underline"

SHORT = 60
"""Removed texts of up to so many characters stand side by side."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line before wrapping; ``first`` and ``rest`` stand before what it becomes."""

    text: Text
    first: str = ""
    rest: str = ""


def show(lines: Iterator[Line], console: Console) -> None:
    """Print lines wrapped to the terminal's width, or as they are when it is none."""
    if not console.is_terminal:
        for line in lines:
            console.file.write(f"{line.first}{line.text.plain}".rstrip() + "\n")
        return
    width = min(console.width, MAX_WIDTH)
    for line in lines:
        wrapped = line.text.wrap(console, max(width - len(line.first), 20))
        for number, piece in enumerate(wrapped):
            piece.rstrip()
            prefix = line.rest if number else line.first
            console.print(Text.assemble((prefix, "dim"), piece), soft_wrap=True)
        if not wrapped:
            console.print(line.first)


def rejection_lines(rejected: Rejected) -> Iterator[Line]:
    """Yield what a person needs to know about a dead letter."""
    yield Line(Text(printable(rejected.raw.source_id), "bold"))
    yield _field("stage", rejected.stage)
    yield _field("reason", str(rejected.reason), "bold red")
    yield _field("error", rejected.error)
    yield _field("payload", f"{rejected.payload_size:,} bytes")


def article_lines(article: Article, *, inline: bool) -> Iterator[Line]:
    """Yield metadata, the document in order, what was found in it, and the totals.

    With ``inline``, temporal expressions and foreign passages of the text are marked where they
    stand; what is not marked is listed after the document.
    """
    yield from metadata_lines(article)
    yield Line(Text())
    for (keep, _, _), group in groupby(marks_by_block(article, FOREIGN, TEMPORAL), _alike):
        if keep:
            for block, marks in group:
                yield from _kept(block, marks if inline else ())
        else:
            yield from _removed([block for block, _ in group])
    yield from _listed(article, inline=inline)
    yield _totals(article.blocks)


def metadata_lines(article: Article) -> Iterator[Line]:
    """Yield the title and what is known about the document."""
    page, origin = article.page, dict(article.page.sources)
    yield Line(Text(printable(page.title or "(no title)"), "bold"))
    yield _field("source", " ".join(filter(None, (article.raw.source_id, article.raw.url))), "dim")
    for name, value in (
        ("section", page.section),
        ("kicker", page.kicker),
        ("authors", ", ".join(page.authors)),
    ):
        if value:
            yield _field(name, value, origin=origin.get(name))
    yield _published(article)
    if article.publication.modified_at:
        yield _field("modified", article.publication.modified_at.isoformat())
    yield _language(article)
    for name, value in (
        ("syndicated", page.syndicated_from),
        ("wire", page.wire_credit),
        *(("credit", credit) for credit in page.image_credits),
        *(("caption", caption) for caption in page.captions),
    ):
        if value:
            yield _field(name, value)
    yield _field("extractor", article.extractor + _score(article.extraction_confidence))


def _field(name: str, value: str, style: str = "", origin: str | None = None) -> Line:
    text = Text(printable(value), style)
    if origin:
        text = Text.assemble(text, (f"  from {printable(origin)}", "dim"))
    return Line(text, f"  {printable(name):11}", " " * 13)


def _score(value: float | None) -> str:
    return "" if value is None else f" {value:.2f}"


def _published(article: Article) -> Line:
    found = article.publication
    if found.published is None:
        return _field("published", "unknown")
    value = f"{found.published} ({found.precision}){_score(found.confidence)}"
    words = f" “{found.raw}”" if found.raw else ""
    return _field("published", value, origin=f"{found.source or 'unknown'}{words}")


def _language(article: Article) -> Line:
    others = list(dict.fromkeys(span.language for span in article.language_spans))
    mixed = f", mixed with {', '.join(others) or 'another'}" if article.is_mixed else ""
    return _field(
        "language", f"{article.language or 'unknown'}{_score(article.language_score)}{mixed}"
    )


def _kept(block: Block, marks: Sequence[Mark]) -> Iterator[Line]:
    text = Text(printable(block.text), "bold" if block.kind is BlockKind.HEADING else "")
    for mark in marks:
        text.stylize(mark.style, mark.start, mark.end)
    noted = sorted((mark for mark in marks if mark.note), key=lambda mark: mark.end)
    pieces = list(text.divide([mark.end for mark in noted])) if noted else [text]
    line = Text()
    for position, piece in enumerate(pieces):
        line.append_text(piece)
        if position < len(noted):
            line.append(f"[{printable(noted[position].note)}]", "cyan")
    yield Line(line)
    yield Line(Text())


def _alike(item: tuple[Block, Sequence[Mark]]) -> tuple[bool, str, str]:
    """Return what blocks that are shown together have in common."""
    block, _ = item
    return (True, "", "") if block.keep else (False, block.kind, block.rule)


def _removed(blocks: Sequence[Block]) -> Iterator[Line]:
    """Yield why the blocks went, then their texts; short ones share a line."""
    low, high = (f"{find(block.score for block in blocks):.2f}" for find in (min, max))
    reason = f"{blocks[0].kind}  {printable(blocks[0].rule)}  {low}"
    if len(blocks) > 1:
        reason += f"{f'–{high}' if high != low else ''}  {len(blocks)} blocks"
    yield Line(Text(reason, "red"), "- ", "  ")
    for short, group in groupby(blocks, lambda block: len(block.text) <= SHORT):
        texts = [printable(block.text) for block in group]
        for text in [" · ".join(texts)] if short else texts:
            yield Line(Text(text, "dim strike"), "  ", "  ")
    yield Line(Text())


def _listed(article: Article, *, inline: bool) -> Iterator[Line]:
    spans = [span for span in article.language_spans if not inline or span.start is None]
    if spans:
        yield Line(Text("Foreign passages", "bold"))
    for span in spans:
        yield _field(f"{span.language}{_score(span.score)}", f"{span.where}: {span.text}", FOREIGN)
    times = () if inline else article.temporal_expressions
    if times:
        yield Line(Text("Temporal expressions", "bold"))
    for item in times:
        yield _field(item.type, f"{item.value}  “{item.text}” at {item.start}–{item.end}")
    if spans or times:
        yield Line(Text())


def _totals(blocks: Sequence[Block]) -> Line:
    kept = [len(block.text) for block in blocks if block.keep]
    removed = [len(block.text) for block in blocks if not block.keep]
    share = sum(removed) / max(sum(kept) + sum(removed), 1)
    return Line(
        Text(
            f"kept {sum(kept):,} characters in {len(kept):,} blocks,"
            f" removed {sum(removed):,} in {len(removed):,} ({share:.0%})",
            "bold",
        )
    )
