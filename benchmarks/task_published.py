"""Predict when the pages of the dates set were published, in its scorer's format."""

import gzip
import json
from datetime import datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from transforms.published import arbitrate, collect_html


def predict(data: Path, out: Path) -> None:
    """Write ``out/dates/published.jsonl`` for the pages under ``data/dates/published``."""
    folder = data / "dates" / "published"
    target = out / "dates" / "published.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    with (folder / "pages.jsonl").open(encoding="utf-8") as pages, target.open("w") as file:
        for page in map(json.loads, pages):
            html = folder / "html" / f"{page['id']}.html.gz"
            answer = _predict_one(html, page["url"], page["crawl_date"])
            file.write(json.dumps({"id": page["id"], **answer}) + "\n")


def _predict_one(path: Path, url: str | None, crawled: str | None) -> dict[str, object]:
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        tree = LexborHTMLParser(file.read())
    root = tree.css_first("html")
    publication = arbitrate(
        collect_html(tree, url),
        url=url,
        fetched_at=datetime.fromisoformat(crawled) if crawled else None,
        headers=(),
        language=root.attributes.get("lang") if root is not None else None,
    )
    return {
        "published": publication.published,
        "precision": publication.precision,
        "confidence": publication.confidence,
    }
