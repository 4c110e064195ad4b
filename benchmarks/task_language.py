"""Predictions of the language stage over the development data, in its scorer's format."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transforms.language import detect_text


def predict(data: Path, out: Path) -> None:
    """Write ``language/mixed.jsonl`` and ``language/lines.jsonl`` under ``out``.

    Reads the texts of ``language/mixed.jsonl.gz`` and ``language/lines.jsonl.gz`` under ``data``;
    the lines keep their order.
    """
    (out / "language").mkdir(parents=True, exist_ok=True)
    for name, judge in (("mixed", _mixed), ("lines", _line)):
        with (out / "language" / f"{name}.jsonl").open("w", encoding="utf-8") as predictions:
            for row in _rows(data / "language" / f"{name}.jsonl.gz"):
                predictions.write(json.dumps(judge(row), ensure_ascii=False) + "\n")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _mixed(row: dict[str, Any]) -> dict[str, Any]:
    found = detect_text(row["text"])
    spans = [{"start": s.start, "end": s.end, "lang": s.language} for s in found.spans]
    return {
        "id": row["id"],
        "doc_lang": found.language,
        "mixed": bool(found.spans),
        "spans": spans,
    }


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {"text": row["text"], "lang": detect_text(row["text"]).language}
