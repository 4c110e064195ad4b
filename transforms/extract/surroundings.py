"""Features of where a block stands: its containers, its likes, its neighbours, its place."""

import numpy as np

from transforms.extract.arrays import Ints
from transforms.extract.columns import Columns, Layout, best_run, ids, log, sums
from transforms.extract.page import Page

NEAR = 4
ENDING = 12
REACH = 2
_NEIGHBOURS = ("weight", "links", "ended", "good", "heading", "box", "bold", "name:date")


def container_columns(page: Page, layout: Layout, columns: Columns) -> None:
    """Add what the box of each block and its parents hold: text, links, good text, images."""
    first, last = layout.first, layout.last
    blocks = last - first
    size = sums(layout.weight)
    links = sums(layout.weight * layout.density)
    good = sums(layout.good)
    paragraphs = sums(np.asarray([tag == "p" for tag in layout.tags], np.float32))
    all_good = max(good[-1], 1.0)
    own, linked = size[last] - size[first], links[last] - links[first]
    worth, count_p = good[last] - good[first], paragraphs[last] - paragraphs[first]
    of_element = (
        ("own", log(own)),
        ("linked", linked / np.maximum(own, 1)),
        ("worth", worth / all_good),
        ("worthy", worth / np.maximum(own, 1)),
        ("blocks", log(blocks)),
        ("paragraphs", count_p / np.maximum(blocks, 1)),
        ("images", log(np.asarray(page.images))),
    )
    of_block = [(name, values[layout.levels]) for name, values in of_element]
    for level in range(len(layout.levels)):
        for name, values in of_block:
            columns.add(f"{name}:{level}", values[level])
    columns.add("page:blocks", np.full(len(page.texts), np.log1p(len(page.texts))))
    columns.add("page:good", np.full(len(page.texts), np.log1p(all_good)))
    columns.add("page:worthy", np.full(len(page.texts), all_good / max(size[-1], 1)))
    columns.add("page:paragraphs", np.full(len(page.texts), np.log1p(paragraphs[-1])))


def repeat_columns(page: Page, layout: Layout, columns: Columns) -> None:
    """Add how often a block, its make and its containers are repeated, and with what text."""
    local = layout.local
    key = (np.asarray(page.parent) + 1) * (int(local.max()) + 1) + local
    _, group, counts = np.unique(key, return_inverse=True, return_counts=True)
    siblings = counts[group]
    good = sums(layout.good)
    own = good[layout.last] - good[layout.first]
    worthy = np.bincount(group, own > 0)[group]
    shared = np.bincount(group, own)[group]
    at = layout.levels[:NEAR]
    alike, rivals = log(siblings)[at], log(worthy)[at]
    share = (own / np.maximum(shared, 1))[at]
    for level in range(NEAR):
        columns.add(f"siblings:{level}", alike[level])
        columns.add(f"rivals:{level}", rivals[level])
        columns.add(f"rival_share:{level}", share[level])
    pair = local * (int(local.max()) + 1) + local[layout.parent]
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
    depth = np.asarray(page.depth)
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
        score += np.bincount(layout.levels[level], layout.good * share, len(score))
    best = int(np.argmax(score))
    return int(layout.first[best]), int(layout.last[best])


def neighbour_columns(layout: Layout, columns: Columns) -> None:
    """Add what the blocks before and after each one are like."""
    kept = dict(zip(columns.names, columns.values, strict=True))
    count = len(layout.good)
    near = np.full((len(_NEIGHBOURS), count + 2 * REACH), -1, np.float32)
    for row, name in zip(near, _NEIGHBOURS, strict=True):
        row[REACH : REACH + count] = kept[name]
    for row, name in zip(near, _NEIGHBOURS, strict=True):
        for by in (-2, -1, 1, 2):
            columns.add(f"{name}@{by}", row[REACH + by : REACH + by + count])
    total, size = sums(layout.good), sums(layout.weight)
    place = np.arange(count)
    for width in (3, 8):
        low, high = np.maximum(place - width, 0), np.minimum(place + width + 1, len(place))
        columns.add(f"around:{width}", log(total[high] - total[low]))
        columns.add(f"around_worthy:{width}", (total[high] - total[low]) / (size[high] - size[low]))
        columns.add(f"good_prev:{width}", log(total[place] - total[low]))
        columns.add(f"good_next:{width}", log(total[high] - total[place + 1]))
