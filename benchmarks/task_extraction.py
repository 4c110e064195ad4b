"""Predictions for the extraction data: text and metadata of each page."""

import gzip
import json
import time
from pathlib import Path

from transforms.assemble import join_kept
from transforms.extract import Extraction, ExtractionError, extract_html
from transforms.published import arbitrate


def predict(data: Path, out: Path) -> None:
    """Write ``extraction/html.jsonl`` and ``extraction/meta.jsonl`` for the pages under ``data``.

    ``ms`` is the CPU time of one page, text and metadata together. A page refused as no article
    has no line, which the scorer counts as empty text.
    """
    folder = out / "extraction"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        gzip.open(data / "extraction" / "pages.jsonl.gz", "rt", encoding="utf-8") as pages,
        (folder / "html.jsonl").open("w", encoding="utf-8") as texts,
        (folder / "meta.jsonl").open("w", encoding="utf-8") as metas,
    ):
        for line in pages:
            page = json.loads(line)
            start = time.process_time()
            try:
                found = extract_html(page["html"], page.get("url"))
            except ExtractionError:
                continue
            text = join_kept(found.blocks)
            ms = (time.process_time() - start) * 1000
            row = {"id": page["id"], "text": text, "ms": round(ms, 3)}
            texts.write(json.dumps(row, ensure_ascii=False) + "\n")
            meta = {
                "title": found.page.title or "",
                "author": "; ".join(found.page.authors),
                "date": day_of(found, page.get("url")),
            }
            metas.write(json.dumps({"id": page["id"], "meta": meta}, ensure_ascii=False) + "\n")


def day_of(found: Extraction, url: str | None) -> str | None:
    """Return the day of publication as YYYY-MM-DD, judged without a fetch time or headers."""
    publication = arbitrate(
        found.date_candidates, url=url, fetched_at=None, headers=(), language=found.page.language
    )
    return publication.published[:10] if publication.published else None
