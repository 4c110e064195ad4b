"""Features of where a block stands: its containers, its likes, its neighbours, its place."""

import numpy as np

from transforms.extract.arrays import Ints
from transforms.extract.columns import Columns, Layout, best_run, ids, log, shifted, sums
from transforms.extract.page import Page

NEAR = 4
ENDING = 12


def container_columns(page: Page, layout: Layout, columns: Columns) -> None:
    """Add what the box of each block and its parents hold: text, links, good text, images."""
    first, last = layout.first, layout.last
    blocks = last - first
    size = sums(layout.weight)
    links = sums(layout.weight * layout.density)
    good = sums(layout.good)
    paragraphs = sums(np.asarray([page.tags[box] == "p" for box in page.boxes], np.float32))
    images = np.asarray(page.images)
    all_good = max(good[-1], 1.0)
    own, linked = size[last] - size[first], links[last] - links[first]
    worth, count_p = good[last] - good[first], paragraphs[last] - paragraphs[first]
    for level, at in enumerate(layout.levels):
        columns.add(f"own:{level}", log(own[at]))
        columns.add(f"linked:{level}", linked[at] / np.maximum(own[at], 1))
        columns.add(f"worth:{level}", worth[at] / all_good)
        columns.add(f"worthy:{level}", worth[at] / np.maximum(own[at], 1))
        columns.add(f"blocks:{level}", log(blocks[at]))
        columns.add(f"paragraphs:{level}", count_p[at] / np.maximum(blocks[at], 1))
        columns.add(f"images:{level}", log(images[at]))
    columns.add("page:blocks", np.full(len(page.texts), np.log1p(len(page.texts))))
    columns.add("page:good", np.full(len(page.texts), np.log1p(all_good)))
    columns.add("page:worthy", np.full(len(page.texts), all_good / max(size[-1], 1)))
    columns.add("page:paragraphs", np.full(len(page.texts), np.log1p(paragraphs[-1])))


def repeat_columns(page: Page, layout: Layout, columns: Columns) -> None:
    """Add how often a block, its make and its containers are repeated, and with what text."""
    local, parent = layout.local, np.asarray(page.parent)
    key = (parent + 1) * (int(local.max()) + 1) + local
    _, group, counts = np.unique(key, return_inverse=True, return_counts=True)
    siblings = counts[group]
    good = sums(layout.good)
    own = good[layout.last] - good[layout.first]
    worthy = np.bincount(group, own > 0)[group]
    shared = np.bincount(group, own)[group]
    for level, at in enumerate(layout.levels[:NEAR]):
        columns.add(f"siblings:{level}", log(siblings[at]))
        columns.add(f"rivals:{level}", log(worthy[at]))
        columns.add(f"rival_share:{level}", own[at] / np.maximum(shared[at], 1))
    parent = np.maximum(parent, 0)
    pair = local * (int(local.max()) + 1) + local[parent]
    for name, signature in (("path", layout.path), ("pair", pair)):
        of_block = signature[layout.levels[0]]
        _, group, counts = np.unique(of_block, return_inverse=True, return_counts=True)
        worth = np.bincount(group, layout.good)
        size = np.bincount(group, layout.weight)
        linked = np.bincount(group, layout.weight * layout.density)
        columns.add(f"{name}:count", log(counts[group]))
        columns.add(f"{name}:worth", worth[group] / max(float(layout.good.sum()), 1))
        columns.add(f"{name}:mean", log(size[group] / counts[group]))
        columns.add(f"{name}:linked", linked[group] / np.maximum(size[group], 1))
        columns.add(f"{name}:worthy", worth[group] / np.maximum(size[group], 1))
    for name, keys in (("same", page.texts), ("ending", [text[-ENDING:] for text in page.texts])):
        same = ids(keys)
        columns.add(name, np.bincount(same)[same])


def place_columns(page: Page, layout: Layout, columns: Columns) -> None:
    """Add where a block stands on the page and to the densest run and the best element."""
    count = len(page.texts)
    place = np.arange(count)
    columns.add("place", place / max(count, 1))
    columns.add("from_start", log(place))
    columns.add("to_end", log(count - place))
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


def neighbour_columns(layout: Layout, columns: Columns) -> None:
    """Add what the blocks before and after each one are like."""
    kept = dict(zip(columns.names, columns.values, strict=True))
    for name in (*("weight", "links", "ended", "good", "heading", "box", "bold", "name:date"),):
        values = np.asarray(kept[name], np.float32)
        for by in (-2, -1, 1, 2):
            columns.add(f"{name}@{by}", shifted(values, by, -1))
    for width in (3, 8):
        total = sums(layout.good)
        size = sums(layout.weight)
        place = np.arange(len(layout.good))
        low, high = np.maximum(place - width, 0), np.minimum(place + width + 1, len(place))
        columns.add(f"around:{width}", log(total[high] - total[low]))
        columns.add(f"around_worthy:{width}", (total[high] - total[low]) / (size[high] - size[low]))
        columns.add(f"good_prev:{width}", log(total[place] - total[low]))
        columns.add(f"good_next:{width}", log(total[high] - total[place + 1]))
