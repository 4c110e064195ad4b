"""What kind of block each one is, by its tag, its names and the article around it."""

import re

import numpy as np
from numpy.typing import NDArray

from transforms.extract.features import FAR
from transforms.extract.lexicon import NAMES
from transforms.model import BlockKind

Depths = NDArray[np.float32]

_AT = {name: number for number, name in enumerate(NAMES)}
_CREDIT_TEXT = re.compile(
    r"^[(\[]?\s*(?:©|\(c\)|foto|photo|image|picture|bild|fotograf|crédit|credit|getty|imago|quelle|"
    r"fuente|fotografía|fot\.|фото)\b",
    re.IGNORECASE,
)
MAX_CREDIT = 160
_COPYRIGHT = re.compile(r"©|\(c\)|copyright|all rights reserved", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}[.:/]\d{2}|\b(?:19|20)\d\d\b")
_PICTURES = [_AT[name] for name in ("t:figure", "t:figcaption", "caption", "media")]
PICTURE_LEVELS = 4
"""A credit is one by its name if something so few levels above it is named after a picture, for
sources, copyright and links that copy are named alike."""
# The names that decide a removed block's kind: (kind, group, how many levels above it may stand).
_RULES: tuple[tuple[BlockKind, str, int], ...] = (
    (BlockKind.CREDIT, "credit", 0),
    (BlockKind.CAPTION, "t:figcaption", 3),
    (BlockKind.CAPTION, "caption", 1),
    (BlockKind.COMMENT, "comment", 5),
    (BlockKind.LEGAL, "legal", 4),
    (BlockKind.SHARE, "share", 1),
    (BlockKind.BIO, "bio", 2),
    (BlockKind.BYLINE, "byline", 2),
    (BlockKind.EMBED, "embed", 3),
    (BlockKind.PROMOTION, "promo", 3),
    (BlockKind.PROMOTION, "paywall", 2),
    (BlockKind.PROMOTION, "ads", 2),
    (BlockKind.RELATED, "related", 4),
    (BlockKind.NAVIGATION, "t:nav", 6),
    (BlockKind.NAVIGATION, "nav", 3),
    (BlockKind.DATE_LINE, "date", 1),
    (BlockKind.RELATED, "next", 3),
    (BlockKind.RELATED, "teaser", 3),
    (BlockKind.SHARE, "share", 3),
    (BlockKind.NAVIGATION, "t:footer", 6),
    (BlockKind.NAVIGATION, "footer", 4),
    (BlockKind.NAVIGATION, "search", 3),
    (BlockKind.KICKER, "tags", 1),
    (BlockKind.CAPTION, "t:figure", 2),
    (BlockKind.RELATED, "aside", 5),
)
_RULE_NAMES = [_AT[group] for _, group, _ in _RULES]
_CREDITS = [kind for kind, _, _ in _RULES].index(BlockKind.CREDIT)
_RULE_LEVELS = np.asarray([level for _, _, level in _RULES], np.float32)


def kept_kind(tag: str, depths: Depths, is_lead: bool) -> BlockKind:
    """Return the kind of a block of the article's own text."""
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return BlockKind.HEADING
    if tag in ("li", "dt", "dd"):
        return BlockKind.LIST_ITEM
    if depths[_AT["t:blockquote"]] <= 2:
        return BlockKind.QUOTE
    if tag in ("tr", "td", "th", "table", "caption", "tbody"):
        return BlockKind.TABLE
    if depths[_AT["t:li"]] <= 2:
        return BlockKind.LIST_ITEM
    return BlockKind.STANDFIRST if is_lead else BlockKind.PARAGRAPH


def is_standfirst(depths: Depths, described: float) -> bool:
    """Say whether a block at the head of the article is named or used as its summary."""
    return bool(described) or depths[_AT["lead"]] <= 1


def stands_in(depths: Depths, group: str) -> list[bool]:
    """Say of each block whether it stands in an element of that group."""
    inside: list[bool] = (depths[:, _AT[group]] < FAR).tolist()
    return inside


def opens_as_credit(text: str) -> bool:
    """Say whether a short text begins by naming whom a picture is credited to."""
    return len(text) < MAX_CREDIT and _CREDIT_TEXT.match(text) is not None


def named_kinds(depths: Depths) -> list[BlockKind | None]:
    """Return the kind that the names around each block speak of, for depths of many blocks."""
    holds = depths[:, _RULE_NAMES] <= _RULE_LEVELS
    holds[:, _CREDITS] &= (depths[:, _PICTURES] <= PICTURE_LEVELS).any(1)
    first = np.where(holds.any(1), holds.argmax(1), -1).tolist()
    return [None if rule < 0 else _RULES[rule][0] for rule in first]


def removed_kind(
    text: str, tag: str, named: BlockKind | None, timed: bool, linked: bool, titled: float
) -> BlockKind:
    """Return the kind of a block that is not the article's own text.

    ``named`` is the kind that its names speak of, ``timed`` says that it stands in ``time``, and
    ``linked`` that most of it is links.
    """
    if titled >= 0.8 and len(text) > 8:
        return BlockKind.TITLE if tag == "h1" else BlockKind.TITLE_REPEAT
    if opens_as_credit(text):
        return BlockKind.CREDIT
    if len(text) < 300 and _COPYRIGHT.search(text):
        return BlockKind.LEGAL
    if named is not None:
        return named
    if timed and len(text) < 60 and _DATE.search(text):
        return BlockKind.DATE_LINE
    if linked:
        return BlockKind.RELATED if len(text) > 35 else BlockKind.NAVIGATION
    return BlockKind.OTHER
