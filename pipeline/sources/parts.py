"""Large files in parts, so that one file keeps every worker busy.

A part begins and ends where a record does, whatever reads it: a line of JSONL after a line feed,
a record of a gzip WARC where a member starts. The cuts follow from the file alone, so any number
of workers yields the same records. Where nothing says that a record begins (a gzip stream of lines,
a WARC without members) several readers go through all of the file, and each takes its share of the
records: to find them costs a fiftieth of what is done with them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.sources.files import InputFile, Stretch, open_file, read_records
from pipeline.sources.framing import MARKER
from pipeline.sources.gunzip import next_member
from pipeline.sources.share import WHOLE, Share
from pipeline.sources.stream import source_type
from transforms.model import RawDocument, Rejected

PART_BYTES = 4 * 2**20
"""A part is cut at the first record that starts at or behind so many bytes."""

SHARES = 4
"""So many readers share a file that cannot be cut."""

_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes ``[start, end)`` of a file; ``end`` is None at the file's own.

    ``line`` is the number of the first line, in a file of lines. Only the records of ``share`` are
    the part's.
    """

    file: InputFile
    start: int = 0
    end: int | None = None
    line: int = 1
    share: Share = WHOLE


def split(file: InputFile) -> Iterator[Part]:
    """Yield the parts of a file; one that cannot be read now is one part, for reading to tell."""
    first = Part(file)
    try:
        for start, line in _cuts(file):
            yield Part(file, first.start, start, first.line)
            first = Part(file, start, None, line)
    except OSError:
        yield first
        return
    name = file.name.lower()
    many = name.endswith(".jsonl.gz") or source_type(name) == "warc"
    if many and first.start == 0 and file.size >= 2 * PART_BYTES:
        yield from (Part(file, share=Share(number, SHARES)) for number in range(SHARES))
    else:
        yield first


def read_part(part: Part) -> Iterator[RawDocument | Rejected]:
    """Yield each record of a part once, or its rejection."""
    return read_records(part.file, part.start, part.end, part.line, part.share)


def _cuts(file: InputFile) -> Iterator[tuple[int, int]]:
    """Yield where the second part and those behind it start, and at which line."""
    name = file.name.lower()
    if file.size < 2 * PART_BYTES:
        return
    if name.endswith(".jsonl"):
        with open_file(file) as stream:
            yield from _line_cuts(stream, file.size)
    elif source_type(name) == "warc" and name.endswith(".gz"):
        with open_file(file) as stream:
            yield from _member_cuts(stream, file.size)


def _member_cuts(stream: BinaryIO, size: int) -> Iterator[tuple[int, int]]:
    target = PART_BYTES
    while target < size:
        start = next_member(Stretch(stream, target, None), target, MARKER)
        if start is None:
            return
        yield start, 1
        target = start + PART_BYTES


def _line_cuts(stream: BinaryIO, size: int) -> Iterator[tuple[int, int]]:
    offset, line, target = 0, 1, PART_BYTES
    after_cr = False
    while chunk := stream.read(_CHUNK):
        counted = 0
        while cut := chunk.find(b"\n", max(target - offset, 0)) + 1:
            line += _line_breaks(chunk, counted, cut, after_cr=after_cr)
            counted, after_cr = cut, False
            if offset + cut < size:
                yield offset + cut, line
            target = offset + cut + PART_BYTES
        line += _line_breaks(chunk, counted, len(chunk), after_cr=after_cr)
        after_cr = chunk.endswith(b"\r")
        offset += len(chunk)


def _line_breaks(data: bytes, start: int, stop: int, *, after_cr: bool) -> int:
    """Count LF, CRLF and CR; ``after_cr`` says that a CR, already counted, stands before."""
    found = data.count(b"\n", start, stop)
    if data.find(b"\r", start, stop) >= 0:
        found += data.count(b"\r", start, stop) - data.count(b"\r\n", start, stop)
    return found - (after_cr and data.startswith(b"\n", start, stop))
