"""Predictions for the plain-text pages: which lines of each document are its article's text."""

import bisect
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from transforms.boilerplate import split_blocks, strip_many
from transforms.model import Block

BATCH = 50


def predict(data: Path, out: Path) -> None:
    """Write ``extraction/lines.jsonl`` under ``out`` for all documents of ``data``."""
    target = out / "extraction" / "lines.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as sink:
        for batch in _batches(data / "extraction"):
            stripped = strip_many([split_blocks("\n".join(lines)) for _, lines in batch])
            for (name, lines), found in zip(batch, stripped, strict=True):
                keep = kept_lines(lines, found.blocks)
                sink.write(json.dumps({"id": name, "keep": keep}) + "\n")


def _batches(folder: Path) -> Iterator[list[tuple[str, list[str]]]]:
    for path in sorted(folder.glob("lines*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            records = ((record["id"], record["lines"]) for record in map(json.loads, file))
            while batch := list(islice(records, BATCH)):
                yield batch


def kept_lines(lines: Sequence[str], blocks: Iterable[Block]) -> list[int]:
    """Return the indices of the lines of which more than half is kept."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    kept = [0] * len(lines)
    for block in blocks:
        if not block.keep or block.source_start is None or block.source_end is None:
            continue
        first = bisect.bisect_right(starts, block.source_start) - 1
        last = bisect.bisect_left(starts, block.source_end) - 1
        for number in range(first, last + 1):
            begin, end = max(starts[number], block.source_start), starts[number + 1] - 1
            kept[number] += min(end, block.source_end) - begin
    return [n for n, line in enumerate(lines) if 2 * kept[n] > len(line.strip())]
