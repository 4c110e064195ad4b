"""What is known about each block of a page, as one matrix."""

import numpy as np
from numpy.typing import NDArray

from transforms.extract.arrays import (
    COMMA,
    DIGIT,
    LOWER,
    OPEN_END,
    OTHER,
    QUOTE,
    SPACE,
    STOP,
    UNCASED,
    UPPER,
    WIDE,
    character_classes,
)  # fmt: skip
from transforms.extract.columns import Columns, Hints, Layout, log, signed_log
from transforms.extract.lexicon import BIT, NAMES
from transforms.extract.page import Page
from transforms.extract.surroundings import (
    container_columns,
    neighbour_columns,
    place_columns,
    repeat_columns,
)

LEVELS = 6
FAR = 9.0
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOX_TAGS = {"p": 1, "li": 2, "div": 3, "tr": 4, "td": 4, "th": 4, "blockquote": 5, "section": 6,
             "article": 6, "figcaption": 7, "dd": 8, "dt": 8, "button": 9, "label": 9, "body": 10,
             "pre": 11}  # fmt: skip
_INLINE = ("t:time", "byline", "date", "caption", "credit", "share", "hidden", "tags", "media")

_FURNITURE = (
    "comment", "t:aside", "t:nav", "t:footer", "t:form", "bio", "t:figcaption", "caption",
)  # fmt: skip
_BESIDE = (
    "nav", "footer", "bio", "byline", "caption", "share", "promo", "related", "legal", "next",
)  # fmt: skip
NEVER_TEXT = (
    *(f"name:{name}" for name in _FURNITURE), "name:nav", "name:footer", "furniture", "beside",
)  # fmt: skip
"""The nearer a block stands to what these columns measure, the less it is the article's: training
holds the model to that, since few pages have each of them."""


def page_features(page: Page, hints: Hints) -> tuple[Columns, Layout]:
    """Return the features of each block and the arrays they were made from."""
    columns = Columns()
    layout = _text_columns(page, columns)
    _name_columns(page, layout, columns)
    container_columns(page, layout, columns)
    repeat_columns(page, layout, columns)
    _hint_columns(page, hints, layout, columns)
    place_columns(page, layout, columns)
    neighbour_columns(layout, columns)
    return columns, layout


def _text_columns(page: Page, columns: Columns) -> Layout:
    texts = page.texts
    counts, head, tail, before = character_classes(texts)
    size = np.fromiter(map(len, texts), np.float32, len(texts))
    seen = np.maximum(counts.sum(1), 1)
    links = np.minimum(np.asarray(page.links, np.float32) / np.maximum(size, 1), 1)
    letters = np.maximum(
        counts[:, LOWER] + counts[:, UPPER] + counts[:, UNCASED] + counts[:, WIDE], 1
    )
    words = counts[:, SPACE] + 1 + counts[:, WIDE] / 2
    # A character of a script without spaces says about as much as two and a half letters.
    weight = size * (1 + 1.5 * counts[:, WIDE] / seen)
    ended = (tail == STOP) | ((tail == QUOTE) & (before == STOP))
    ended |= (tail == OTHER) & (before == STOP)
    good = np.where(
        (links < 0.35) & ((weight > 120) | (ended & (weight > 50))), weight * (1 - links), 0
    ).astype(np.float32)
    for name, values in (
        ("size", log(size)), ("weight", log(weight)), ("words", log(words)),
        ("word_size", letters / words), ("links", links),
        ("link_count", log(np.asarray(page.link_count))),
        ("bold", np.asarray(page.bold) / size), ("italic", np.asarray(page.italic) / size),
        ("upper", counts[:, UPPER] / letters), ("digits", counts[:, DIGIT] / seen),
        ("commas", counts[:, COMMA] / words), ("stops", log(counts[:, STOP])),
        ("stop_rate", counts[:, STOP] / words), ("quotes", counts[:, QUOTE] / words),
        ("other", counts[:, OTHER] / seen), ("open", counts[:, OPEN_END] / words),
        ("uncased", counts[:, UNCASED] / letters), ("wide", counts[:, WIDE] / letters),
        ("head", head),
        ("tail", tail), ("ended", ended), ("good", log(good)),
    ):  # fmt: skip
        columns.add(name, values)
    parent = np.maximum(page.parent, 0)
    levels = np.empty((LEVELS, len(texts)), np.intp)
    levels[0] = page.boxes
    for level in range(1, LEVELS):
        parent.take(levels[level - 1], out=levels[level])
    tags = [page.tags[box] for box in page.boxes]
    first, last, path, local = map(np.asarray, (page.first, page.last, page.path, page.local))
    return Layout(
        size, weight, links, good, parent, first, last, levels, path, local, tags,
        np.asarray([tag in _HEADINGS for tag in tags]),
    )  # fmt: skip


def _name_columns(page: Page, layout: Layout, columns: Columns) -> None:
    masks = np.asarray(page.masks, "<u8")
    above = np.asarray(page.above, "<u8")
    depth = np.full((len(page.texts), len(NAMES)), FAR, np.float32)

    def note(mask: NDArray[np.uint64], level: float) -> None:
        octets = mask.view(np.uint8).reshape(-1, 8)
        bits = np.unpackbits(octets, axis=1, count=len(NAMES), bitorder="little")
        np.copyto(depth, level, where=bits.view(np.bool_))

    note(above[layout.levels[-1]], LEVELS)
    for level in range(LEVELS - 1, -1, -1):
        note(masks[layout.levels[level]], level)
    for number, name in enumerate(NAMES):
        columns.add(f"name:{name}", depth[:, number])
    furniture = depth[:, [NAMES.index(name) for name in (*_FURNITURE, "overlay")]]
    columns.add("furniture", furniture.min(1))
    columns.add("furniture_kinds", (furniture < LEVELS).sum(1))
    columns.add("beside", depth[:, [NAMES.index(name) for name in _BESIDE]].min(1))
    inline = np.asarray(page.inline, np.uint64)
    for name in _INLINE:
        columns.add(f"inline:{name}", (inline & np.uint64(BIT[name])) != 0)
    columns.add("heading", np.asarray([_HEADINGS.get(tag, 0) for tag in layout.tags]))
    columns.add("box", np.asarray([_BOX_TAGS.get(tag, 0) for tag in layout.tags]))


def _tokens(text: str) -> set[str]:
    """Return the words of a text, or its characters where words are not set apart."""
    folded = text.casefold()
    words = folded.split()
    return set(words) if len(words) > 3 or folded.isascii() else set(folded) - {" "}


def _hint_columns(page: Page, hints: Hints, layout: Layout, columns: Columns) -> None:
    title, description = _tokens(hints.title), hints.description
    titled = np.zeros(len(page.texts), np.float32)
    described = np.zeros(len(page.texts), np.float32)
    split = len(hints.title.split()) > 3 or hints.title.isascii()
    if title:
        folded = [text.casefold() if len(text) < 300 else "" for text in page.texts]
        words = [text.split() if split else text.replace(" ", "") for text in folded]
        for number in [n for n, said in enumerate(words) if not title.isdisjoint(said)]:
            unique = set(words[number])
            shared = len(unique & title)
            titled[number] = shared / (len(unique) + len(title) - shared)
    if description:
        start = description[:60]
        for number, text in enumerate(page.texts):
            if len(text) >= 25 and (text[:60] in description or start in text):
                described[number] = 1
    heading = layout.headings
    columns.add("titled", titled)
    columns.add("described", described)
    place = np.arange(len(page.texts))
    score = titled + 0.2 * heading
    at = int(np.argmax(score)) if len(score) and score.max() >= 0.5 else -1
    columns.add("from_title", np.clip(place - at, -40, 40) if at >= 0 else np.full(len(place), 99))
    before = np.concatenate(([0.0], np.cumsum(layout.good)[:-1]))
    columns.add(
        "good_from_title", signed_log(before - before[at]) if at >= 0 else np.full(len(place), 99)
    )
    top = np.asarray([tag == "h1" for tag in layout.tags])
    columns.add("h1_before", np.cumsum(top))
    columns.add("h1_total", np.full(len(place), top.sum()))
    last_heading = np.maximum.accumulate(np.where(heading, place, -1))
    columns.add("from_heading", np.clip(place - last_heading, 0, 40))
    columns.add("heading_links", np.where(last_heading >= 0, layout.density[last_heading], -1))
