"""What the blocks taken out say about the article: authors, captions, credits, origin."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace

from transforms.boilerplate.names import names_in
from transforms.boilerplate.phrases import after_phrase
from transforms.boilerplate.rules import credit_tail
from transforms.boilerplate.title import GLUED_RULE, clean_title, kicker_in_date_line
from transforms.model import Block, BlockKind, PageMetadata

OUTER = " \t\xa0.,;:–—-|()[]：。、，（）【】"
MENU = (BlockKind.SECTION, BlockKind.NAVIGATION, BlockKind.PROMOTION)
VIA = re.compile(r"\bvia\b|/|,")


def page_metadata(blocks: Sequence[Block]) -> PageMetadata:
    """Collect the metadata of labelled blocks; ``sources`` names the rule behind each field."""
    sources: list[tuple[str, str]] = []
    found_as: defaultdict[BlockKind, list[Block]] = defaultdict(list)
    for block in blocks:
        found_as[block.kind].append(block)

    def first(name: str, kind: BlockKind, read: Callable[[str], str | None]) -> str | None:
        for block in found_as[kind]:
            value = read(block.text)
            if value:
                sources.append((name, f"line:{block.rule}"))
                return value
        return None

    title = first("title", BlockKind.TITLE, clean_title)
    section = section_of(blocks) if found_as[BlockKind.SECTION] else None
    if section:
        sources.append(("section", f"line:{section.rule}"))
    kicker = first("kicker", BlockKind.KICKER, clean_title) or first(
        "kicker", BlockKind.DATE_LINE, kicker_in_date_line
    )
    syndicated = first("syndicated_from", BlockKind.SYNDICATION, origin)
    wire = first("wire_credit", BlockKind.WIRE_CREDIT, wire_credit)
    authors = _unique(name for b in found_as[BlockKind.BYLINE] for name in names_in(b.text))
    captions = _unique(block.text for block in found_as[BlockKind.CAPTION])
    image_credits = _credits(found_as[BlockKind.CREDIT], captions)
    for name, found in (
        ("authors", authors),
        ("captions", captions),
        ("image_credits", image_credits),
    ):
        if found:
            sources.append((name, "line"))
    return PageMetadata(
        title=title,
        section=section.text.strip(OUTER) if section else None,
        kicker=kicker,
        authors=authors,
        captions=captions,
        image_credits=image_credits,
        syndicated_from=syndicated,
        wire_credit=wire,
        sources=tuple(sources),
    )


def merge(page: PageMetadata, found: PageMetadata) -> PageMetadata:
    """Fill the fields that ``page`` leaves empty with those ``found`` in its lines."""
    missing = {
        field.name: getattr(found, field.name)
        for field in fields(PageMetadata)
        if field.name != "sources" and not getattr(page, field.name) and getattr(found, field.name)
    }
    sources = tuple(pair for pair in found.sources if pair[0] in missing)
    return replace(page, **missing, sources=page.sources + sources)


def section_of(blocks: Sequence[Block]) -> Block | None:
    """Return the section label glued to the title or alone above it; a menu's are many."""
    labels = [index for index, block in enumerate(blocks) if block.kind is BlockKind.SECTION]
    for index in labels:
        after = [block.kind for block in blocks[index + 1 : index + 3]]
        alone = index == 0 or blocks[index - 1].kind not in MENU
        if blocks[index].rule == GLUED_RULE or (alone and BlockKind.TITLE in after):
            return blocks[index]
    return None


def origin(text: str) -> str | None:
    """Return the outlet that a syndication notice names."""
    rest = after_phrase(text, "syndication")
    return rest.strip(OUTER) or None if rest is not None else None


def wire_credit(text: str) -> str | None:
    """Return a wire credit without the word it opens with."""
    rest = after_phrase(text, "wire_open", opening=True)
    return (text if rest is None else rest).strip(OUTER) or None


def image_credit(text: str) -> str | None:
    """Return the credit of a credit line, without its label, brackets and copyright sign."""
    rest = text.strip()
    label, colon, tail = rest.partition(":")
    if colon and len(label.split()) <= 3:
        rest = tail
    return re.sub(r"\s*[©]\s*|\(c\)", " ", rest, flags=re.IGNORECASE).strip(OUTER) or None


def _credits(lines: Sequence[Block], captions: Sequence[str]) -> tuple[str, ...]:
    found = [credit for credit in (image_credit(line.text) for line in lines) if credit]
    tails = [credit_tail(caption) for caption in captions]
    for tail in filter(None, (image_credit(tail) for tail in tails if tail)):
        # A tail such as "Name via Agency" says nothing new when the agency is credited already.
        if not any(part.strip() in found for part in VIA.split(tail)):
            found.append(tail)
    return _unique(found)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
