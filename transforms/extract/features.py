"""What is known about each block of a page, as one matrix."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    Floats,
    Ints,
    character_classes,
)  # fmt: skip
from transforms.extract.lexicon import BIT, NAMES
from transforms.extract.page import Page

LEVELS = 6
NEAR = 4
ENDING = 12
STEM = 6
TOPIC_SAMPLE = 600
MAX_STEMS = 24
FAR = 9.0
_BITS = np.arange(len(NAMES), dtype=np.uint64)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOX_TAGS = {"p": 1, "li": 2, "div": 3, "tr": 4, "td": 4, "th": 4, "blockquote": 5, "section": 6,
             "article": 6, "figcaption": 7, "dd": 8, "dt": 8, "button": 9, "label": 9, "body": 10,
             "pre": 11}  # fmt: skip
_INLINE = ("t:time", "byline", "date", "caption", "credit", "share", "hidden", "tags", "media")


@dataclass(frozen=True, slots=True)
class Hints:
    """What the page says of itself that helps to know its text: title, description, body."""

    title: str = ""
    description: str = ""
    body: str = ""


class Columns:
    """Named columns of equal length, gathered one by one."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.values: list[NDArray[np.generic]] = []

    def add(self, name: str, values: NDArray[np.generic]) -> None:
        """Append one column."""
        self.names.append(name)
        self.values.append(values)

    def matrix(self) -> Floats:
        """Return the columns as a matrix of shape (rows, columns)."""
        out = np.empty((len(self.values[0]), len(self.values)), np.float32)
        for number, values in enumerate(self.values):
            out[:, number] = values
        return out


@dataclass(slots=True)
class Layout:
    """Arrays of the page; ``levels[k]`` is each block's box (k = 0) or its k-th parent."""

    size: Floats
    weight: Floats
    density: Floats
    good: Floats
    first: Ints
    last: Ints
    levels: list[Ints]
    path: Ints
    local: Ints


def shifted(values: Floats, by: int, fill: float) -> Floats:
    """Return ``values`` of the block ``by`` places further on (negative: before)."""
    out = np.full_like(values, fill)
    if by > 0:
        out[:-by] = values[by:]
    elif by < 0:
        out[-by:] = values[:by]
    return out


def best_run(values: Floats) -> tuple[int, int]:
    """Return the half-open range whose sum is greatest (Kadane), in linear time."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    lowest = np.minimum.accumulate(total)
    end = int(np.argmax(total - lowest))
    start = int(np.argmin(total[: end + 1]))
    return start, end


def page_features(page: Page, hints: Hints) -> tuple[Columns, Layout]:
    """Return the features of each block and the arrays they were made from."""
    columns = Columns()
    layout = _text_columns(page, columns)
    _name_columns(page, layout, columns)
    _container_columns(page, layout, columns)
    _repeat_columns(page, layout, columns)
    _hint_columns(page, hints, layout, columns)
    _place_columns(page, layout, columns)
    _neighbour_columns(layout, columns)
    return columns, layout


def _log(values: NDArray[np.generic]) -> Floats:
    return np.log1p(np.maximum(values, 0)).astype(np.float32)


def _ids(keys: Sequence[str]) -> Ints:
    seen: dict[str, int] = {}
    return np.asarray([seen.setdefault(key, len(seen)) for key in keys])


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
        ("size", _log(size)), ("weight", _log(weight)), ("words", _log(words)),
        ("word_size", letters / words), ("links", links),
        ("link_count", _log(np.asarray(page.link_count))),
        ("bold", np.asarray(page.bold) / size), ("italic", np.asarray(page.italic) / size),
        ("upper", counts[:, UPPER] / letters), ("digits", counts[:, DIGIT] / seen),
        ("commas", counts[:, COMMA] / words), ("stops", _log(counts[:, STOP])),
        ("stop_rate", counts[:, STOP] / words), ("quotes", counts[:, QUOTE] / words),
        ("other", counts[:, OTHER] / seen), ("open", counts[:, OPEN_END] / words),
        ("uncased", counts[:, UNCASED] / letters), ("wide", counts[:, WIDE] / letters),
        ("head", head),
        ("tail", tail), ("ended", ended), ("good", _log(good)),
    ):  # fmt: skip
        columns.add(name, values)
    first, last = np.asarray(page.first), np.asarray(page.last)
    parent = np.maximum(np.asarray(page.parent), 0)
    levels = [np.asarray(page.boxes)]
    for _ in range(LEVELS - 1):
        levels.append(parent[levels[-1]])
    local, path = np.asarray(page.local), np.asarray(page.path)
    return Layout(size, weight, links, good, first, last, levels, path, local)


def _name_columns(page: Page, layout: Layout, columns: Columns) -> None:
    masks = np.asarray(page.masks, np.uint64)
    above = np.asarray(page.above, np.uint64)
    depth = np.full((len(page.texts), len(NAMES)), FAR, np.float32)

    def note(mask: NDArray[np.uint64], level: float) -> None:
        depth[((mask[:, None] >> _BITS) & np.uint64(1)).astype(bool)] = level

    note(above[layout.levels[-1]], LEVELS)
    for level in range(LEVELS - 1, -1, -1):
        note(masks[layout.levels[level]], level)
    for number, name in enumerate(NAMES):
        columns.add(f"name:{name}", depth[:, number])
    inline = np.asarray(page.inline, np.uint64)
    for name in _INLINE:
        columns.add(f"inline:{name}", (inline & np.uint64(BIT[name])) != 0)
    columns.add("heading", np.asarray([_HEADINGS.get(page.tags[box], 0) for box in page.boxes]))
    columns.add("box", np.asarray([_BOX_TAGS.get(page.tags[box], 0) for box in page.boxes]))


def _sums(values: Floats) -> NDArray[np.float64]:
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))


def _container_columns(page: Page, layout: Layout, columns: Columns) -> None:
    first, last = layout.first, layout.last
    blocks = last - first
    size = _sums(layout.weight)
    links = _sums(layout.weight * layout.density)
    good = _sums(layout.good)
    paragraphs = _sums(np.asarray([page.tags[box] == "p" for box in page.boxes], np.float32))
    images = np.asarray(page.images)
    all_good = max(good[-1], 1.0)
    own, linked = size[last] - size[first], links[last] - links[first]
    worth, count_p = good[last] - good[first], paragraphs[last] - paragraphs[first]
    for level, at in enumerate(layout.levels):
        columns.add(f"own:{level}", _log(own[at]))
        columns.add(f"linked:{level}", linked[at] / np.maximum(own[at], 1))
        columns.add(f"worth:{level}", worth[at] / all_good)
        columns.add(f"worthy:{level}", worth[at] / np.maximum(own[at], 1))
        columns.add(f"blocks:{level}", _log(blocks[at]))
        columns.add(f"paragraphs:{level}", count_p[at] / np.maximum(blocks[at], 1))
        columns.add(f"images:{level}", _log(images[at]))
    columns.add("page:blocks", np.full(len(page.texts), np.log1p(len(page.texts))))
    columns.add("page:good", np.full(len(page.texts), np.log1p(all_good)))
    columns.add("page:worthy", np.full(len(page.texts), all_good / max(size[-1], 1)))
    columns.add("page:paragraphs", np.full(len(page.texts), np.log1p(paragraphs[-1])))


def _repeat_columns(page: Page, layout: Layout, columns: Columns) -> None:
    local, parent = layout.local, np.asarray(page.parent)
    key = (parent + 1) * (int(local.max()) + 1) + local
    _, group, counts = np.unique(key, return_inverse=True, return_counts=True)
    siblings = counts[group]
    good = _sums(layout.good)
    own = good[layout.last] - good[layout.first]
    worthy = np.bincount(group, own > 0)[group]
    shared = np.bincount(group, own)[group]
    for level, at in enumerate(layout.levels[:NEAR]):
        columns.add(f"siblings:{level}", _log(siblings[at]))
        columns.add(f"rivals:{level}", _log(worthy[at]))
        columns.add(f"rival_share:{level}", own[at] / np.maximum(shared[at], 1))
    parent = np.maximum(parent, 0)
    pair = local * (int(local.max()) + 1) + local[parent]
    for name, signature in (("path", layout.path), ("pair", pair)):
        of_block = signature[layout.levels[0]]
        _, group, counts = np.unique(of_block, return_inverse=True, return_counts=True)
        worth = np.bincount(group, layout.good)
        size = np.bincount(group, layout.weight)
        linked = np.bincount(group, layout.weight * layout.density)
        columns.add(f"{name}:count", _log(counts[group]))
        columns.add(f"{name}:worth", worth[group] / max(float(layout.good.sum()), 1))
        columns.add(f"{name}:mean", _log(size[group] / counts[group]))
        columns.add(f"{name}:linked", linked[group] / np.maximum(size[group], 1))
        columns.add(f"{name}:worthy", worth[group] / np.maximum(size[group], 1))
    for name, keys in (("same", page.texts), ("ending", [text[-ENDING:] for text in page.texts])):
        same = _ids(keys)
        columns.add(name, np.bincount(same)[same])


def _tokens(text: str) -> set[str]:
    """Return the words of a text, or its characters where words are not set apart."""
    folded = text.casefold()
    words = folded.split()
    return set(words) if len(words) > 3 or folded.isascii() else set(folded) - {" "}


def _topical(texts: Sequence[str], topic: str) -> Floats:
    """Return how many of the topic's longer words each text takes up, cut to their stems."""
    long = (word[:STEM] for word in topic.casefold().split() if len(word) >= STEM - 1)
    stems = list(dict.fromkeys(long))[:MAX_STEMS]
    found = np.zeros(len(texts), np.float32)
    for number, text in enumerate(texts):
        if len(text) > 2 * STEM:
            sample = text[:TOPIC_SAMPLE].casefold()
            found[number] = sum([stem in sample for stem in stems])
    return found


def _hint_columns(page: Page, hints: Hints, layout: Layout, columns: Columns) -> None:
    title = _tokens(hints.title)
    titled = np.zeros(len(page.texts), np.float32)
    described = np.zeros(len(page.texts), np.float32)
    covered = np.full(len(page.texts), -1.0 if not hints.body else 0.0, np.float32)
    split = len(hints.title.split()) > 3 or hints.title.isascii()
    for number, text in enumerate(page.texts):
        size = len(text)
        if title and size < 300:
            folded = text.casefold()
            words = folded.split() if split else folded.replace(" ", "")
            if not title.isdisjoint(words):
                unique = set(words)
                titled[number] = len(unique & title) / len(unique | title)
        if size >= 25:
            if hints.description and (
                text[:60] in hints.description or hints.description[:60] in text
            ):
                described[number] = 1
            if hints.body:
                covered[number] = text[:50] in hints.body
        elif hints.body:
            covered[number] = 0.5
    heading = np.asarray([page.tags[box] in _HEADINGS for box in page.boxes])
    columns.add("titled", titled)
    columns.add("topical", _topical(page.texts, f"{hints.title} {hints.description}"))
    columns.add("described", described)
    columns.add("covered", covered)
    place = np.arange(len(page.texts))
    score = titled + 0.2 * heading
    at = int(np.argmax(score)) if len(score) and score.max() >= 0.5 else -1
    columns.add("from_title", np.clip(place - at, -40, 40) if at >= 0 else np.full(len(place), 99))
    before = np.concatenate(([0.0], np.cumsum(layout.good)[:-1]))
    columns.add(
        "good_from_title", _signed_log(before - before[at]) if at >= 0 else np.full(len(place), 99)
    )
    top = np.asarray([page.tags[box] == "h1" for box in page.boxes])
    columns.add("h1_before", np.cumsum(top))
    columns.add("h1_total", np.full(len(place), top.sum()))
    last_heading = np.maximum.accumulate(np.where(heading, place, -1))
    columns.add("from_heading", np.clip(place - last_heading, 0, 40))
    columns.add("heading_links", np.where(last_heading >= 0, layout.density[last_heading], -1))


def _signed_log(values: NDArray[np.generic]) -> Floats:
    return (np.sign(values) * np.log1p(np.abs(values))).astype(np.float32)


def _place_columns(page: Page, layout: Layout, columns: Columns) -> None:
    count = len(page.texts)
    place = np.arange(count)
    columns.add("place", place / max(count, 1))
    columns.add("from_start", _log(place))
    columns.add("to_end", _log(count - place))
    total = max(float(layout.good.sum()), 1.0)
    before = np.cumsum(layout.good) - layout.good
    columns.add("good_before", before / total)
    depth = np.zeros(len(page.parent), np.intp)
    for number, up in enumerate(page.parent):
        if up >= 0:
            depth[number] = depth[up] + 1
    columns.add("depth", np.minimum(depth[layout.levels[0]], 60))
    start, end = best_run(layout.good - 40 - 2 * layout.weight * layout.density)
    _range_columns("run", start, end, place, columns)
    start, end = _best_element(layout)
    _range_columns("top", start, end, place, columns)
    images = np.asarray(page.images_before)
    columns.add("image_gap", np.minimum(np.diff(images, prepend=0), 5))
    columns.add("image_next", np.minimum(np.diff(images, append=images[-1:]), 5))


def _range_columns(name: str, start: int, end: int, place: Ints, columns: Columns) -> None:
    columns.add(f"{name}:in", (place >= start) & (place < end))
    columns.add(f"{name}:before", np.clip(start - place, -30, 30))
    columns.add(f"{name}:after", np.clip(place - end, -30, 30))
    columns.add(f"{name}:at", np.clip((place - start) / max(end - start, 1), -1, 2))


def _best_element(layout: Layout) -> tuple[int, int]:
    """Return the block range of the element with most good text near it (readability's idea)."""
    score = np.zeros(len(layout.first))
    for level, share in ((1, 1.0), (2, 0.6), (3, 0.35)):
        np.add.at(score, layout.levels[level], layout.good * share)
    best = int(np.argmax(score))
    return int(layout.first[best]), int(layout.last[best])


def _neighbour_columns(layout: Layout, columns: Columns) -> None:
    kept = dict(zip(columns.names, columns.values, strict=True))
    for name in (
        *("weight", "links", "ended", "good", "heading", "box", "bold", "topical", "name:date"),
    ):
        values = np.asarray(kept[name], np.float32)
        for by in (-2, -1, 1, 2):
            columns.add(f"{name}@{by}", shifted(values, by, -1))
    for width in (3, 8):
        total = _sums(layout.good)
        size = _sums(layout.weight)
        place = np.arange(len(layout.good))
        low, high = np.maximum(place - width, 0), np.minimum(place + width + 1, len(place))
        columns.add(f"around:{width}", _log(total[high] - total[low]))
        columns.add(f"around_worthy:{width}", (total[high] - total[low]) / (size[high] - size[low]))
        columns.add(f"good_prev:{width}", _log(total[place] - total[low]))
        columns.add(f"good_next:{width}", _log(total[high] - total[place + 1]))
