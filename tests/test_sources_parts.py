"""Large files in parts: together they hold the records of the whole file, each once."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources import parts
from pipeline.sources.files import InputFile, read_records
from tests.warc_records import record, response
from transforms.model import RawDocument, Rejected


def cut_small(file: Path, size: int) -> tuple[InputFile, list[parts.Part]]:
    """Return a file as an input and its parts of about ``size`` bytes."""
    described = InputFile(str(file), file.name, file.stat().st_size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PART_BYTES", size)
        return described, list(parts.split(described))


def place(found: RawDocument | Rejected) -> tuple[int, str]:
    """Return where a record stands."""
    raw = found.raw if isinstance(found, Rejected) else found
    return raw.source_offset or 0, raw.source_id


@given(
    st.lists(st.sampled_from([b'{"text": "a"}', b'{"id": "x", "text": "b"}', b"", b"broken"])),
    st.sampled_from([b"\n", b"\r\n", b"\r", b"\n\r"]),
    st.integers(min_value=1, max_value=60),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_lines_keep_numbers_and_offsets(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[bytes],
    ending: bytes,
    size: int,
    ended: bool,
) -> None:
    """Any line ends, blank and broken lines: parts give what the whole gives, ids included."""
    file = tmp_path_factory.mktemp("lines") / "lines.jsonl"
    file.write_bytes(ending.join(lines) + ending * ended)
    whole, pieces = cut_small(file, size)
    assert [each for part in pieces for each in parts.read_part(part)] == list(read_records(whole))
    assert [part.end for part in pieces[:-1]] == [part.start for part in pieces[1:]]


def test_line_numbers_hold_across_the_chunks_that_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A CRLF that two chunks share is one line break."""
    monkeypatch.setattr(parts, "_CHUNK", 7)
    file = tmp_path / "lines.jsonl"
    file.write_bytes(b"\r\n".join(json.dumps({"text": "x" * n}).encode() for n in range(40)))
    whole, pieces = cut_small(file, 50)
    assert len(pieces) > 10
    assert [each for part in pieces for each in parts.read_part(part)] == list(read_records(whole))


@pytest.mark.parametrize("damaged", [False, True])
def test_warc_members_are_read_once(tmp_path: Path, damaged: bool) -> None:
    """Parts of a gzip WARC hold its records with their offsets, around a damaged one, too."""
    pages = [record(response(f"<p>{n}</p>".encode() * 40), n) for n in range(60)]
    members = [gzip.compress(page, mtime=0) for page in pages]
    if damaged:
        members[30] = members[30][:-40] + b"\0" * 40
    file = tmp_path / "pages.warc.gz"
    file.write_bytes(b"".join(members))
    whole, pieces = cut_small(file, 2000)
    assert len(pieces) > 3
    found = [each for part in pieces for each in parts.read_part(part)]
    assert found == list(read_records(whole))
    assert len(found) == 60


@pytest.mark.parametrize("damaged", [False, True])
def test_what_has_no_place_to_start_is_shared(tmp_path: Path, damaged: bool) -> None:
    """Several readers hold each record of gzip lines, or of a WARC in one piece, once."""
    lines = b"".join(b'{"text": "%d"}\n\nbroken %d\n' % (n, n) for n in range(50))
    pages = b"".join(record(response(f"<p>{n}</p>".encode() * 40), n) for n in range(30))
    packed = gzip.compress(lines, mtime=0), gzip.compress(pages, mtime=0)
    for name, content in (
        ("a.jsonl.gz", packed[0]),
        ("b.warc", pages),
        ("c.warc.gz", packed[1]),
    ):
        file = tmp_path / name
        file.write_bytes(content[:-20] if damaged else content)
        whole, pieces = cut_small(file, 50)
        assert len(pieces) == parts.SHARES
        shares = [list(parts.read_part(part)) for part in pieces]
        assert all(shares)
        found = sorted((each for share in shares for each in share), key=place)
        assert found == sorted(read_records(whole), key=place)
        assert len(found) > 20


def test_what_cannot_be_cut_is_one_part(tmp_path: Path) -> None:
    """Small files, a page, and a missing file stay whole."""
    (tmp_path / "c.txt").write_bytes(b"text " * 100)
    (tmp_path / "d.jsonl").write_bytes(b'{"text": "a"}\n')
    for path in sorted(tmp_path.iterdir()):
        assert len(cut_small(path, 8)[1]) == 1
    gone = InputFile(str(tmp_path / "gone.jsonl"), "gone.jsonl", 2 * parts.PART_BYTES)
    assert list(parts.split(gone)) == [parts.Part(gone)]
