"""The records in an open file, whatever filesystem it came from."""

import posixpath
from collections.abc import Iterator

from pipeline.sources.framing import MARKER
from pipeline.sources.gunzip import Readable, gzip_events, plain_events
from pipeline.sources.jsonl import read_jsonl
from pipeline.sources.segments import Segments
from pipeline.sources.share import WHOLE, Share
from pipeline.sources.warc import read_warc
from pipeline.sources.whole import read_whole
from transforms.model import RawDocument, Rejected

SOURCE_TYPES = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".warc": "warc",
}
"""What a file holds, by its extension; each may be followed by ``.gz``."""


def source_type(path: str) -> str | None:
    """Return what a file of this name holds (``text``, ``html``, ``jsonl``, ``warc``)."""
    return SOURCE_TYPES.get(posixpath.splitext(path.lower().removesuffix(".gz"))[1])


def read_stream(
    stream: Readable, name: str, size: int, start: int = 0, line: int = 1, share: Share = WHOLE
) -> Iterator[RawDocument | Rejected]:
    """Yield the records of an open binary file; its ``name`` says what it holds.

    ``start`` is the offset of what the stream yields first, ``line`` the number of that line. Of a
    file of many records only those of ``share`` are looked at.
    """
    kind = source_type(name)
    compressed = name.lower().endswith(".gz")
    marker = MARKER if kind == "warc" else b""
    events = gzip_events(stream, marker, start) if compressed else plain_events(stream)
    if kind == "warc":
        yield from read_warc(Segments(events, marker), name, size, share, compressed=compressed)
    elif kind == "jsonl":
        yield from read_jsonl(Segments(events), name, line, start, share)
    elif kind is not None:
        yield read_whole(Segments(events), name, kind)
