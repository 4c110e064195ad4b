"""WARC files: what their records become, and that no damage hides the records behind it."""

import gzip
import io
import random
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO, cast

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources.stream import read_stream
from tests.warc_records import packed, record, record_id, response
from transforms.limits import MAX_RECORD_BYTES
from transforms.model import RawDocument, Reason, Rejected

PAGE = b"<!DOCTYPE html><html><body><p>" + b"Words of a page. " * 40 + b"</p></body></html>"
ONE, TWO, THREE = (record(response(PAGE), number) for number in (1, 2, 3))
NOISE = random.Random(7).randbytes(3000)


def read(content: bytes, name: str = "a.warc") -> list[RawDocument | Rejected]:
    """Read a file's content."""
    return list(read_stream(io.BytesIO(content), name, len(content)))


def outcome(records: list[RawDocument | Rejected]) -> list[str]:
    """Return each record in short: the last digit of a document's id, a rejection's reason."""
    return [
        record.source_id[-1] if isinstance(record, RawDocument) else record.reason.value
        for record in records
    ]


def test_a_response_is_a_document() -> None:
    """Its fields are those of the record and of the HTTP header."""
    block = response(PAGE, media_type="Text/HTML; Charset='windows-1250'", headers="ETag: x\r\n")
    before = record(b"software: x\r\n", 0, kind="warcinfo")
    (document,) = read(before + record(block, 1))
    assert document == RawDocument(
        source_id=record_id(1),
        content=PAGE,
        url="https://example.org/1",
        media_type="text/html",
        charset="windows-1250",
        fetched_at=datetime(2024, 3, 5, 10, tzinfo=UTC),
        headers=(("content-type", "Text/HTML; Charset='windows-1250'"), ("etag", "x")),
        source_type="warc",
        source_file="a.warc",
        source_offset=len(before),
    )


def test_resources_and_conversions_are_documents_as_they_are() -> None:
    """They have no HTTP header; what the crawler notes for itself is passed over."""
    content = b"".join(
        [
            record(PAGE, 1, kind="resource", media_type="text/html; charset=utf-8"),
            record(b"words", 2, kind="conversion", media_type="text/plain"),
            *(
                record(response(PAGE), 3, kind=kind)
                for kind in ("warcinfo", "request", "metadata", "revisit", "unheard-of")
            ),
            record(b"20240305 1.2.3.4", 4, media_type="text/dns", url="dns:example.org"),
        ]
    )
    first, second = read(content)
    assert isinstance(first, RawDocument)
    assert isinstance(second, RawDocument)
    assert (first.content, first.media_type, first.charset) == (PAGE, "text/html", "utf-8")
    assert (second.content, second.media_type) == (b"words", "text/plain")


@pytest.mark.parametrize(
    "content",
    [packed(ONE, TWO, THREE), packed(ONE + TWO + THREE), packed(ONE, TWO + THREE)],
    ids=["a member each", "one member", "mixed"],
)
def test_gzip_members_need_not_be_records(content: bytes) -> None:
    """One each is the rule, but not the only way."""
    assert outcome(read(content, "a.warc.gz")) == ["1", "2", "3"]


def test_a_record_may_run_over_several_members() -> None:
    """As in a file packed in blocks of a size."""
    plain = ONE + TWO + THREE
    content = packed(*(plain[i : i + 100] for i in range(0, len(plain), 100)))
    assert outcome(read(content, "a.warc.gz")) == ["1", "2", "3"]


@pytest.mark.parametrize("size", [2**14, 2**16, 2**16 + 9, 2**18, 2**20])
def test_members_of_any_size(size: int) -> None:
    """Those that inflate in one step, and those that take many."""
    page = (PAGE * (size // len(PAGE) + 1))[:size] + NOISE
    content = packed(*(record(response(page), number) for number in (1, 2, 3)))
    assert [document.content for document in documents(read(content, "a.warc.gz"))] == [page] * 3


def test_offsets_are_those_of_the_packed_records() -> None:
    """Each leads straight to its record."""
    content = packed(ONE, TWO, THREE)
    offsets = [record.source_offset for record in documents(read(content, "a.warc.gz"))]
    for offset, wanted in zip(offsets, (ONE, TWO, THREE), strict=True):
        assert offset is not None
        assert zlib.decompressobj(31).decompress(content[offset:]) == wanted


def documents(records: list[RawDocument | Rejected]) -> list[RawDocument]:
    """Return the records that are documents."""
    return [record for record in records if isinstance(record, RawDocument)]


@pytest.mark.parametrize(
    ("second", "wanted"),
    [
        (TWO[:-50], ["1", "truncated", "3"]),
        (record(response(PAGE), 2, length=len(PAGE) + 400), ["1", "truncated", "3"]),
        (record(response(PAGE), 2, length=10**18), ["1", "truncated", "3"]),
        (record(response(PAGE), 2, length="9" * 5000), ["1", "malformed_record", "3"]),
        (record(response(PAGE), 2, length=-5), ["1", "malformed_record", "3"]),
        (record(response(PAGE), 2, length="abc"), ["1", "malformed_record", "3"]),
        (
            record(response(PAGE), 2, headers="X: " + "h" * 2_000_000),
            ["1", "malformed_record", "3"],
        ),
        (record(response(PAGE), 2, headers="X: y\r\n" * 200_000), ["1", "malformed_record", "3"]),
        (b"junk \xff" * 400 + b"\r\n\r\n" + TWO, ["1", "malformed_record", "2", "3"]),
        (record(PAGE, 2), ["1", "malformed_record", "3"]),
        (record(b"", 2), ["1", "malformed_record", "3"]),
        (record(b"HTTP/1.1 200 OK\r\nA: b", 2), ["1", "malformed_record", "3"]),
        (record(response(PAGE, status="404 Not Found"), 2), ["1", "http_error", "3"]),
        (record(response(b"", status="301 Moved"), 2), ["1", "http_error", "3"]),
        (record(response(PAGE), 2, headers="WARC-Segment-Number: 1\r\n"), ["1", "truncated", "3"]),
        (record(response(PAGE), 2, date="32/13/2024"), ["1", "2", "3"]),
        (record(response(PAGE), 2, end="\n"), ["1", "2", "3"]),
        (TWO.replace(b"WARC/1.1", b"warc/9.9"), ["1", "2", "3"]),
    ],
)
def test_damage_is_one_rejection_and_what_is_behind_it_comes_through(
    second: bytes, wanted: list[str]
) -> None:
    """Whatever is wrong with the record in the middle."""
    assert outcome(read(ONE + second + THREE)) == wanted


@pytest.mark.parametrize(
    ("members", "wanted"),
    [
        ([packed(ONE), packed(TWO)[:60] + b"\x55" * 40 + packed(TWO)[100:]], "malformed_record"),
        ([packed(ONE), packed(TWO)[:-8] + b"\0" * 8], "malformed_record"),
        ([packed(ONE), b"\x55" * 90], "malformed_record"),
        ([packed(ONE), packed(TWO)[:-60]], "malformed_record"),
        ([packed(ONE), packed(TWO[:-300])], "truncated"),
        ([packed(ONE), packed(b"junk" * 99)], "malformed_record"),
        ([packed(ONE), packed(record(b"\0" * 2**24, 2))], "decompression_limit"),
    ],
)
def test_a_damaged_member_is_one_rejection(members: list[bytes], wanted: str) -> None:
    """And the next member is read."""
    records = read(b"".join([*members, packed(THREE)]), "a.warc.gz")
    assert outcome(records) == ["1", wanted, "3"]
    assert records[1].raw.source_offset == len(members[0])  # type: ignore[union-attr]


def test_a_file_that_is_cut_gives_what_it_holds() -> None:
    """The record that was cut is a rejection with what there is of it."""
    content = packed(ONE, TWO, THREE)
    assert outcome(read(content[:-30], "a.warc.gz")) == ["1", "2", "truncated"]
    records = read((ONE + TWO + THREE)[:-300])
    assert outcome(records) == ["1", "2", "truncated"]
    last = records[2]
    assert isinstance(last, Rejected)
    assert last.raw.source_id == record_id(3)
    assert last.raw.content.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("content", "name", "wanted"),
    [
        (b"", "a.warc", []),
        (b"", "a.warc.gz", []),
        (NOISE, "a.warc", ["malformed_record"]),
        (b"\x1f\x8b\x08\0" + NOISE, "a.warc.gz", ["malformed_record"]),
        (ONE, "a.warc.gz", ["malformed_record"]),
    ],
)
def test_files_that_are_none(content: bytes, name: str, wanted: list[str]) -> None:
    """Noise is one rejection, nothing is nothing."""
    assert outcome(read(content, name)) == wanted


def test_a_page_that_holds_a_record_is_one_page() -> None:
    """A marker within a record that is sound starts nothing."""
    page = PAGE + b"\r\n\r\n" + TWO
    (document,) = documents(read(record(response(page), 1)))
    assert document.content == page


def test_a_record_beyond_the_bound_is_passed_over() -> None:
    """It is a rejection if it is a document, and takes no more memory than its payload."""
    large = response(b"a" * MAX_RECORD_BYTES)
    assert outcome(read(ONE + record(large, 2) + THREE)) == ["1", "too_large", "3"]
    assert outcome(read(ONE + record(large, 2, kind="metadata") + THREE)) == ["1", "3"]


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


def deflate(content: bytes) -> bytes:
    """Compress without zlib's header."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


def body_of(body: bytes, headers: str) -> bytes | str:
    """Return the content that a body becomes, or why it is refused."""
    (result,) = read(record(response(body, headers=headers), 1))
    return result.content if isinstance(result, RawDocument) else result.reason.value


@pytest.mark.parametrize("coding", CODINGS)
def test_content_codings_are_undone(coding: str) -> None:
    """Within the bounds; damage, a cut and a bomb are rejections."""
    pack, header = CODINGS[coding], f"Content-Encoding: {coding}\r\n"
    noise = NOISE * 30
    assert body_of(pack(PAGE), header) == PAGE
    assert body_of(pack(noise), header) == noise
    assert body_of(PAGE, header) == PAGE
    assert body_of(pack(noise)[: len(NOISE) // 2], header) == Reason.TRUNCATED
    assert body_of(pack(b"\0" * 2**25), header) == Reason.DECOMPRESSION_LIMIT


def test_other_codings() -> None:
    """Raw deflate, several at once, none, and one that is not known."""
    assert body_of(deflate(PAGE), "Content-Encoding: deflate\r\n") == PAGE
    twice = brotli.compress(gzip.compress(PAGE))
    assert body_of(twice, "Content-Encoding: gzip, br\r\n") == PAGE
    assert body_of(PAGE, "Content-Encoding: identity\r\n") == PAGE
    assert body_of(PAGE, "Content-Encoding: compress\r\n") == Reason.UNSUPPORTED_MEDIA_TYPE
    assert body_of(PAGE, "Content-Encoding: br,br,br,br\r\n") == Reason.DECOMPRESSION_LIMIT


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"5\r\n<p>ab\r\n2;x=y\r\ncd\r\n0\r\n\r\n", b"<p>abcd"),
        (b"5\n<p>ab\n0\n\n", b"<p>ab"),
        (b"5\r\n<p>ab\r\n", b"<p>ab"),
        (b"<p>stored without chunks", b"<p>stored without chunks"),
        (b"5\r\n<p>ab\r\nffffffff\r\ncd", "truncated"),
        (b"5\r\n<p>ab\r\nzz\r\n", "malformed_record"),
    ],
)
def test_chunks_are_joined(body: bytes, wanted: bytes | str) -> None:
    """If there are any."""
    assert body_of(body, "Transfer-Encoding: chunked\r\n") == wanted


@settings(max_examples=150, deadline=None)
@given(
    cut=st.integers(0, len(TWO)),
    length=st.integers(0, 60),
    junk=st.binary(max_size=60),
    compressed=st.booleans(),
)
def test_whatever_is_done_to_one_record_the_others_come_through(
    cut: int, length: int, junk: bytes, compressed: bool
) -> None:
    """A random change in the second record leaves the first and the third alone."""
    if compressed:
        two = packed(TWO)
        cut %= len(two)
        records = read(
            packed(ONE) + two[:cut] + junk + two[cut + length :] + packed(THREE), "a.warc.gz"
        )
    else:
        records = read(ONE + TWO[:cut] + junk + TWO[cut + length :] + THREE)
    sources = [record.source_id for record in documents(records)]
    assert sources[0] == record_id(1)
    assert sources[-1] == record_id(3)


def test_memory_does_not_grow_with_the_file() -> None:
    """A long file is read in a window."""

    class Endless(io.RawIOBase):
        """A file of the same record again and again, made as it is read."""

        def __init__(self, unit: bytes, times: int) -> None:
            self.left = len(unit) * times
            self.unit = unit * (2**16 // len(unit) + 2)
            self.period = len(unit)
            self.position = 0

        def read(self, size: int = -1) -> bytes:
            size = min(size, self.left)
            start = self.position % self.period
            self.position += size
            self.left -= size
            return self.unit[start : start + size]

    unit = packed(record(response(NOISE), 1))
    tracemalloc.start()
    file = cast(BinaryIO, Endless(unit, 4000))
    count = sum(len(outcome([record])) for record in read_stream(file, "a.warc.gz", 0))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 4000
    assert peak < 5 * 2**20
