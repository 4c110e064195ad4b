"""Files, folders and globs: what is found, and what is read from text, HTML and JSON lines."""

import gzip
import io
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.sources.files import InputError, InputFile, expand, read_records
from pipeline.sources.stream import read_stream
from transforms.limits import MAX_DOCUMENT_BYTES, MAX_RECORD_BYTES
from transforms.model import RawDocument, Reason, Rejected


def read(content: bytes, name: str) -> list[RawDocument | Rejected]:
    """Read a file's content under a name."""
    return list(read_stream(io.BytesIO(content), name, len(content)))


def documents(records: list[RawDocument | Rejected]) -> list[RawDocument]:
    """Return the records that are documents."""
    return [record for record in records if isinstance(record, RawDocument)]


def rejections(records: list[RawDocument | Rejected]) -> list[Rejected]:
    """Return the others."""
    return [record for record in records if isinstance(record, Rejected)]


def line(**fields: object) -> bytes:
    """Return a JSON line with an id, a URL and HTML unless told otherwise."""
    return json.dumps({"id": "a", "url": "https://a.example/", "html": "<p>x"} | fields).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of files that can be read, at three depths, and some that cannot."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("b.txt", "a.HTML", "deep/c.htm.gz", "deep/er/d.jsonl", "e.png", ".f.txt"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def test_a_folder_is_read_at_any_depth(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Known extensions only, sorted, by names relative to the folder; the rest is counted."""
    with caplog.at_level(logging.WARNING):
        names = [file.name for file in expand([f"{folder}/"])]
    assert names == ["a.HTML", "b.txt", "deep/c.htm.gz", "deep/er/d.jsonl"]
    assert "2 other files" in caplog.text


def test_a_file_comes_once(folder: Path) -> None:
    """However many inputs name it; a single file is called by its base name."""
    files = expand([str(folder / "deep" / "er" / "d.jsonl"), str(folder / "deep")])
    assert files == [
        InputFile(str(folder / "deep/c.htm.gz"), "c.htm.gz", 1),
        InputFile(str(folder / "deep/er/d.jsonl"), "d.jsonl", 1),
    ]


def test_a_glob_names_files_by_its_fixed_part(folder: Path) -> None:
    """The folder before the first wildcard is left out."""
    assert [file.name for file in expand([f"{folder}/deep/*/*.jsonl"])] == ["er/d.jsonl"]


def test_brackets_in_a_name_that_exists_are_no_glob(tmp_path: Path) -> None:
    """What is there as it is written is taken as it is written."""
    for folder in ("n[1]", "n1"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_bytes(b"x")
    assert [file.path for file in expand([f"{tmp_path}/n[1]"])] == [f"{tmp_path}/n[1]/x.txt"]
    assert [file.path for file in expand([f"{tmp_path}/n[1]/x.txt"])] == [f"{tmp_path}/n[1]/x.txt"]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("missing.txt", "does not exist"),
        ("missing*.txt", "matches no file"),
        ("e.png", "not one of"),
        ("empty", "holds no file that can be read"),
    ],
)
def test_an_input_that_cannot_be_read_is_one_clear_line(
    folder: Path, pattern: str, words: str
) -> None:
    """The message names the input and what is wrong with it."""
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match=words) as caught:
        expand([str(folder / pattern)])
    assert pattern in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_filesystem_is_one_clear_line() -> None:
    """So is a scheme that no filesystem has."""
    with pytest.raises(InputError, match="nosuch://x/y"):
        expand(["nosuch://x/y"])


def test_a_file_that_vanished_is_a_rejection(tmp_path: Path) -> None:
    """It is not lost in silence, nor does it stop the others."""
    (record,) = read_records(InputFile(str(tmp_path / "gone.txt"), "gone.txt", 3))
    assert isinstance(record, Rejected)
    assert (record.reason, record.stage, record.raw.source_id) == (
        Reason.UNREADABLE,
        "Read",
        "gone.txt",
    )


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize(
    ("name", "kind", "media_type"),
    [("d/a.txt", "text", "text/plain"), ("a.htm", "html", "text/html")],
)
def test_a_whole_file_is_one_document(
    tmp_path: Path, name: str, kind: str, media_type: str, suffix: str
) -> None:
    """Packed or not; its id is its name."""
    path = tmp_path / "f"
    path.write_bytes(gzip.compress(b"words") if suffix else b"words")
    assert list(read_records(InputFile(str(path), name + suffix, 5))) == [
        RawDocument(
            source_id=name + suffix,
            content=b"words",
            media_type=media_type,
            source_type=kind,
            source_file=name + suffix,
            source_offset=0,
        )
    ]


def test_a_file_beyond_the_bound_is_a_rejection() -> None:
    """Its payload is kept up to the bound."""
    (record,) = rejections(read(b"a" * (MAX_DOCUMENT_BYTES + 9), "a.html"))
    assert record.reason is Reason.TOO_LARGE
    assert len(record.raw.content) == MAX_DOCUMENT_BYTES


PACKED = gzip.compress(b"<p>words of a page</p>" * 9, mtime=0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (PACKED[:-20], Reason.TRUNCATED),
        (PACKED[:10], Reason.TRUNCATED),
        (PACKED[:1], Reason.TRUNCATED),
        (PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:], Reason.MALFORMED_RECORD),
        (b"no gzip at all", Reason.MALFORMED_RECORD),
        (gzip.compress(b"\0" * 2**23), Reason.DECOMPRESSION_LIMIT),
        (gzip.compress(b"", mtime=0) * 10_002, Reason.DECOMPRESSION_LIMIT),
    ],
)
def test_a_damaged_gzip_file_is_a_rejection(content: bytes, reason: Reason) -> None:
    """Of one document there is no half."""
    (record,) = rejections(read(content, "a.html.gz"))
    assert record.reason is reason


def test_several_members_are_one_document_and_what_follows_them_is_ignored() -> None:
    """As gunzip does."""
    (record,) = documents(read(PACKED + PACKED + b"garbage" * 9, "a.html.gz"))
    assert record.content == gzip.decompress(PACKED) * 2


def test_a_json_line_is_a_document() -> None:
    """Its fields are the document's."""
    content = line(fetched_at="2024-03-05T11:30:00+01:00", headers={"ETag": "x", "n": 1}, more=[1])
    (record,) = read(content, "a.jsonl")
    assert record == RawDocument(
        source_id="a",
        content=b"<p>x",
        url="https://a.example/",
        media_type="text/html",
        charset="utf-8",
        fetched_at=datetime(2024, 3, 5, 10, 30, tzinfo=UTC),
        headers=(("etag", "x"), ("n", "1")),
        source_type="jsonl",
        source_file="a.jsonl",
        source_offset=0,
    )


def test_text_is_plain_text_and_an_id_may_be_missing() -> None:
    """Then the record is called by its line."""
    content = b'\n{"text": "words"}\n{"text": "w", "id": 12345678901234567890123}'
    first, second = documents(read(content, "a.jsonl"))
    assert (first.source_id, first.media_type, first.url) == ("a.jsonl#2", "text/plain", None)
    assert second.source_id == "12345678901234567890123"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("blanks", [0, 3])
def test_line_ends_of_every_kind(end: bytes, blanks: int) -> None:
    """Also where one falls between two reads; offsets and line numbers stay right."""
    padded = line(html="x" * (2**16 - len(line(html="")) - 1))
    lines = [padded, line(id=None), line(id=None)]
    content = (end + b" " * blanks).join(lines)
    records = documents(read(content, "a.jsonl"))
    assert [record.source_id for record in records] == ["a", "a.jsonl#2", "a.jsonl#3"]
    for record, offset in zip(records[1:], (2**16 - 1, 2**16 - 1 + len(lines[1])), strict=True):
        position = content.index(b'{"id": null', offset)
        assert record.source_offset == position - blanks


@pytest.mark.parametrize(
    "broken",
    [
        b'{"id": "a", "html": "<p>x',
        b"[" * 100_000,
        b'{"html": ' + b'{"a":' * 100_000,
        b"null",
        b'"x"',
        b"NaN",
        b"{}",
        line(html=None),
        line(html=5),
        line(html=["a"]),
        line(url={"a": 1}),
        line(id=["a"]),
        b'{"html": "a", "html": "b"}',
        b"\xff\xfe",
    ],
)
def test_a_broken_line_is_one_rejection(broken: bytes) -> None:
    """The line is its payload, and those beside it come through."""
    good = line()
    first, second, third = read(good + b"\n" + broken + b"\n" + good, "a.jsonl")
    assert isinstance(first, RawDocument)
    assert isinstance(third, RawDocument)
    assert isinstance(second, Rejected)
    assert second.reason is Reason.MALFORMED_RECORD
    assert second.raw.content == broken
    assert second.raw.source_id == "a.jsonl#2"
    assert second.raw.source_offset == len(good) + 1


def test_numbers_too_long_for_an_integer_do_no_harm() -> None:
    """In a field that nobody asked for."""
    content = b'{"text": "w", "n": ' + b"9" * 5000 + b"}"
    assert len(documents(read(content, "a.jsonl"))) == 1


def test_a_byte_order_mark_and_lone_surrogates() -> None:
    """Neither harms the record; no lone surrogate stays in a field."""
    content = b"\xef\xbb\xbf" + line(id="x\ud800", html="a\udc00b", url="u\ud83d")
    (record,) = documents(read(content, "a.jsonl"))
    assert (record.source_id, record.url) == ("x\ufffd", "u\ufffd")
    record.content.decode("utf-8", "surrogateescape")


def test_bytes_that_are_not_utf8_reach_decoding_as_they_are() -> None:
    """It knows more about encodings than a JSON parser."""
    (record,) = documents(read(b'{"html": "caf\xe9"}', "a.jsonl"))
    assert record.content == b"caf\xe9"


def test_separators_inside_a_line_do_not_end_it() -> None:
    """Only CR and LF do."""
    text = "a\u2028b\u0085c"
    (record,) = documents(read(json.dumps({"text": text}, ensure_ascii=False).encode(), "a.jsonl"))
    assert record.content.decode() == text


def test_a_line_beyond_the_bound_is_one_rejection() -> None:
    """What comes after it is read."""
    long = b'{"text": "' + b"a" * MAX_RECORD_BYTES + b'"}'
    first, second = read(long + b"\n" + line(), "a.jsonl")
    assert isinstance(first, Rejected)
    assert (first.reason, first.payload_size) == (Reason.TOO_LARGE, len(long))
    assert isinstance(second, RawDocument)


def test_a_line_of_too_many_values_is_one_rejection() -> None:
    """It is not parsed at all."""
    (record,) = rejections(read(b"[" + b"1," * 2_000_001 + b"1]", "a.jsonl"))
    assert record.reason is Reason.PARSER_LIMIT


def test_a_truncated_gzip_file_gives_what_it_holds() -> None:
    """And one rejection for the rest."""
    content = gzip.compress(b"\n".join(line(id=str(i), html=str(i) * 50) for i in range(500)))
    records = read(content[: len(content) // 2], "a.jsonl.gz")
    (rejected,) = rejections(records)
    assert rejected.reason is Reason.TRUNCATED
    assert records[-1] is rejected
    assert [record.source_id for record in documents(records)] == [
        str(i) for i in range(len(records) - 1)
    ]
    assert len(records) > 100


def test_behind_a_damaged_member_reading_goes_on() -> None:
    """The damage is one rejection."""
    members = [gzip.compress(line(id=str(i), html="é" * i) + b"\n", mtime=0) for i in range(3)]
    members[1] = members[1][:20] + b"\x55" * 30 + members[1][50:]
    records = read(b"".join(members), "a.jsonl.gz")
    assert [record.source_id for record in documents(records)] == ["0", "2"]
    assert [record.reason for record in rejections(records)] == [Reason.MALFORMED_RECORD]
