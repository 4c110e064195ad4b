"""The language stage on fifty scraped pages whose foreign passages nobody put there.

usage: python -m benchmarks.mixed_by_nature DATA OUT

The pages are from ``extraction/lines.jsonl.gz`` and ``lines_wcxb.jsonl.gz`` under DATA, in their
``full`` variant: every line of the page, furniture and all. They are the pages where at least one
line is likelier in another language, by any expert, that hold such a passage (20), and 30 more
that look as if they did: menus of languages, names, credits, copyright notices, code.
``mixed_by_nature.jsonl`` holds our own labels, made by hand, by one person, after the policy in
``transforms.language``: the range of each passage of three words or more that reads as language
and not as a name, in code points of the lines joined by line breaks, with a digest of that text.
"""

import gzip
import hashlib
import json
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transforms.language import detect_text

LABELS = Path(__file__).with_name("mixed_by_nature.jsonl")
SOURCES = ("lines.jsonl.gz", "lines_wcxb.jsonl.gz")


def predict(data: Path, out: Path) -> None:
    """Write ``language/nature.jsonl`` under ``out``, in the shape of the language scorer."""
    (out / "language").mkdir(parents=True, exist_ok=True)
    wanted = {label["page"]: label["sha256"] for label in _read(LABELS)}
    with (out / "language" / "nature.jsonl").open("w", encoding="utf-8") as predictions:
        for page, text in _texts(data):
            if wanted.get(page) == hashlib.sha256(text.encode()).hexdigest()[:16]:
                found = detect_text(text)
                spans = [{"start": s.start, "end": s.end, "lang": s.language} for s in found.spans]
                row = {"id": page, "doc_lang": found.language, "mixed": bool(spans), "spans": spans}
                predictions.write(json.dumps(row) + "\n")


def gold(data: Path) -> list[dict[str, Any]]:
    """Return the labelled pages in the shape of the scorer's ground truth."""
    texts = dict(_texts(data))
    return [
        {
            "id": label["page"],
            "text": texts[label["page"]],
            "doc_lang": label["doc_lang"],
            "mixed": bool(label["spans"]),
            "kind": "nature" if label["spans"] else "hard",
            "spans": [{"start": a, "end": b, "lang": lang} for a, b, lang in label["spans"]],
        }
        for label in _read(LABELS)
    ]


def _texts(data: Path) -> Iterator[tuple[str, str]]:
    for source in SOURCES:
        for row in _read(data / "extraction" / source):
            if row["variant"] == "full":
                yield row["page"], "\n".join(row["lines"])


def _read(path: Path) -> Iterator[dict[str, Any]]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    for line in content.decode().strip().split("\n"):
        yield json.loads(line)


def main() -> None:
    """Predict and print the score."""
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    predict(data, out)
    scorer = runpy.run_path(str(data / "language" / "score.py"))
    print(json.dumps(scorer["score"](gold(data), list(_read(out / "language" / "nature.jsonl")))))


if __name__ == "__main__":
    main()
