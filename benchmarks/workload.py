"""The throughput workload: labelled pages, each many times over under ids of their own."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """A document to process; ``content`` is HTML, or plain text in a text scrape."""

    page_id: str
    url: str | None
    content: str

    @property
    def size(self) -> int:
        """Its size in bytes of UTF-8."""
        return len(self.content.encode())


def load_pages(data: Path, count: int) -> list[Page]:
    """Return ``count`` pages spread evenly over ``DATA/extraction/pages.jsonl.gz``."""
    rows = _rows(data / "extraction" / "pages.jsonl.gz")
    return _spread([Page(row["id"], row.get("url"), row["html"]) for row in rows], count)


def load_texts(data: Path, count: int) -> list[Page]:
    """Return ``count`` text scrapes spread evenly over ``DATA/extraction/lines.jsonl.gz``."""
    rows = _rows(data / "extraction" / "lines.jsonl.gz")
    scrapes = [row for row in rows if row["variant"] == "container"]
    return _spread([Page(row["id"], None, "\n".join(row["lines"])) for row in scrapes], count)


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _spread(pages: Sequence[Page], count: int) -> list[Page]:
    count = min(count, len(pages))
    return [pages[number * len(pages) // count] for number in range(count)]


def documents(pages: Sequence[Page], count: int) -> Iterator[Page]:
    """Yield ``count`` documents, the pages over and over, no id twice."""
    for number, page in enumerate(islice(cycle(pages), count)):
        yield Page(f"{number:07}-{page.page_id}", page.url, page.content)


def write_jsonl(path: Path, pages: Sequence[Page], count: int, kind: str = "html") -> Path:
    """Write a JSONL file of ``count`` documents (``html`` or ``text``) and return its path."""
    with path.open("w", encoding="utf-8") as lines:
        for page in documents(pages, count):
            record = {"id": page.page_id, "url": page.url, kind: page.content}
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def write_warc(path: Path, pages: Sequence[Page], count: int) -> Path:
    """Write a gzip WARC of ``count`` responses, one a member as crawlers do; return its path."""
    with path.open("wb") as warc:
        for page in documents(pages, count):
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            block = head + page.content.encode()
            fields = (
                "WARC/1.0\r\nWARC-Type: response\r\n"
                f"WARC-Record-ID: <urn:page:{page.page_id}>\r\n"
                f"WARC-Target-URI: {page.url or 'https://example.org/'}\r\n"
                "WARC-Date: 2026-01-01T00:00:00Z\r\n"
                f"Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(block)}\r\n\r\n"
            )
            warc.write(gzip.compress(fields.encode() + block + b"\r\n\r\n", 6))
    return path


def write_html(path: Path, pages: Sequence[Page], count: int) -> Path:
    """Write a folder of ``count`` HTML files and return its path."""
    return _write_files(path, ".html", pages, count)


def write_texts(path: Path, pages: Sequence[Page], count: int) -> Path:
    """Write a folder of ``count`` text files and return its path."""
    return _write_files(path, ".txt", pages, count)


def _write_files(path: Path, suffix: str, pages: Sequence[Page], count: int) -> Path:
    path.mkdir(parents=True)
    for number, page in enumerate(documents(pages, count)):
        (path / f"{number:07}{suffix}").write_text(page.content, encoding="utf-8")
    return path
