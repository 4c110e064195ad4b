"""Predictions for the temporal expressions of ``dates/temporal``, in the scorer's format."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from transforms.temporal import find


def documents(folder: Path) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Yield id, text, publication date and language of every document, never its annotations."""
    with gzip.open(folder / "timex.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    seeds = (folder / "seeds_timex_gold.jsonl").read_text(encoding="utf-8")
    records += [json.loads(line) for line in seeds.splitlines()]
    for record in records:
        yield record["id"], record["text"], record["dct"], record["lang"]


def predict(data: Path, out: Path) -> None:
    """Write ``OUT/dates/temporal.jsonl``, a line per document of DATA/dates/temporal."""
    target = out / "dates" / "temporal.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as file:
        for identifier, text, anchor, language in documents(data / "dates" / "temporal"):
            found = find(text, language, anchor)
            expressions = [
                {"start": e.start, "end": e.end, "type": e.type, "value": e.value} for e in found
            ]
            file.write(json.dumps({"id": identifier, "pred": expressions}) + "\n")
