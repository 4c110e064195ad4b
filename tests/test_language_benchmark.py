"""The benchmark's predictions have the shape and the order of the data."""

import gzip
import json
from pathlib import Path
from typing import Any

from benchmarks.task_language import predict

ENGLISH = "The council voted on Tuesday to reopen the old harbour bridge before the winter."
POLISH = "Mieszkańcy od miesięcy czekali na ponowne otwarcie starego mostu."


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_predictions(tmp_path: Path) -> None:
    """A mixed document has its span, lines keep their order."""
    text = f"{ENGLISH}\n{POLISH}"
    _write(tmp_path / "in/language/mixed.jsonl.gz", [{"id": "a", "text": text}])
    _write(tmp_path / "in/language/lines.jsonl.gz", [{"text": POLISH}, {"text": ENGLISH}])
    predict(tmp_path / "in", tmp_path / "out")
    span = {"start": len(ENGLISH) + 1, "end": len(text), "lang": "pl"}
    assert _read(tmp_path / "out/language/mixed.jsonl") == [
        {"id": "a", "doc_lang": "en", "mixed": True, "spans": [span]}
    ]
    assert [row["lang"] for row in _read(tmp_path / "out/language/lines.jsonl")] == ["pl", "en"]
