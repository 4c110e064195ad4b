"""Predictions for the plain-text pages: which lines of each document are its article's text."""

import bisect
import gzip
import json
from pathlib import Path

from transforms.boilerplate import split_blocks, strip


def predict(data: Path, out: Path) -> None:
    """Write ``extraction/lines.jsonl`` under ``out`` for all documents of ``data``."""
    target = out / "extraction" / "lines.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as sink:
        for path in sorted((data / "extraction").glob("lines*.jsonl.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as file:
                for record in map(json.loads, file):
                    keep = kept_lines(record["lines"])
                    sink.write(json.dumps({"id": record["id"], "keep": keep}) + "\n")


def kept_lines(lines: list[str]) -> list[int]:
    """Return the indices of the lines of which more than half is kept."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    kept = [0] * len(lines)
    for block in strip(split_blocks("\n".join(lines))).blocks:
        if not block.keep or block.source_start is None or block.source_end is None:
            continue
        first = bisect.bisect_right(starts, block.source_start) - 1
        last = bisect.bisect_left(starts, block.source_end) - 1
        for number in range(first, last + 1):
            begin, end = max(starts[number], block.source_start), starts[number + 1] - 1
            kept[number] += min(end, block.source_end) - begin
    return [n for n, line in enumerate(lines) if 2 * kept[n] > len(line.strip())]
