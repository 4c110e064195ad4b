"""Bad input beside good: everything has exactly one outcome, and nothing takes long or much."""

import gzip
import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.sources.files import expand, read_records
from tests.warc_records import packed, record, response
from transforms.decode import decode
from transforms.model import RawDocument, Reason, Rejected, RejectionError

PAGE = b"<!DOCTYPE html><html><body><p>" + b"Words of a page. " * 30 + b"</p></body></html>"
WARC = [record(response(PAGE), number) for number in (1, 2, 3)]
LINES = [json.dumps({"id": f"line {i}", "html": PAGE.decode()}).encode() for i in range(3)]

FILES: dict[str, tuple[bytes, list[str]]] = {
    "good.html": (PAGE, ["ok"]),
    "empty.html": (b"", ["empty"]),
    "blank.txt": (b" \r\n" * 1000, ["empty"]),
    "picture.html": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\x7f" * 500, ["unsupported_media_type"]),
    "invalid-utf8.html": (PAGE.replace(b"Words", b"W\xffrds"), ["ok"]),
    "utf16.html": (PAGE.decode().encode("utf-16"), ["ok"]),
    "bomb.html.gz": (gzip.compress(b"\0" * 2**24), ["decompression_limit"]),
    "twice.html.gz": (gzip.compress(gzip.compress(PAGE)), ["unsupported_media_type"]),
    "cut.html.gz": (gzip.compress(PAGE)[:-20], ["truncated"]),
    "cut.warc": (b"".join(WARC)[:-300], ["ok", "ok", "truncated"]),
    "cut.warc.gz": (packed(*WARC)[:-30], ["ok", "ok", "truncated"]),
    "damaged.warc": (WARC[0] + b"junk\n" * 9 + WARC[2], ["ok", "malformed_record", "ok"]),
    "broken.jsonl": (
        b"\n".join([LINES[0], LINES[1][:-9], LINES[2]]),
        ["ok", "malformed_record", "ok"],
    ),
    "cut.jsonl.gz": (gzip.compress(b"\n".join(LINES))[:-9], ["ok", "ok", "truncated"]),
}


def outcomes(folder: Path) -> dict[str, list[str]]:
    """Return what became of the records of each file: ``ok`` or the reason of their rejection."""
    found: dict[str, list[str]] = {}
    for file in expand([str(folder)]):
        found[file.name] = [outcome(record) for record in read_records(file)]
    return found


def outcome(record: RawDocument | Rejected) -> str:
    """Return ``ok`` or the reason of a rejection."""
    if isinstance(record, Rejected):
        return record.reason.value
    try:
        decode(record).source.encode()
    except RejectionError as error:
        return error.reason.value
    return "ok"


def test_every_record_has_one_outcome(tmp_path: Path) -> None:
    """Good ones beside bad ones come through, and a second run says the same."""
    for name, (content, _) in FILES.items():
        (tmp_path / name).write_bytes(content)
    wanted = {name: outcome for name, (_, outcome) in FILES.items()}
    assert outcomes(tmp_path) == wanted
    assert outcomes(tmp_path) == wanted


@pytest.mark.parametrize("name", FILES)
def test_a_rejection_keeps_what_it_is_about(tmp_path: Path, name: str) -> None:
    """Payload, stage, file and offset: it can be found and replayed."""
    (tmp_path / name).write_bytes(FILES[name][0])
    for rejected in read_records(expand([str(tmp_path)])[0]):
        if isinstance(rejected, Rejected):
            assert rejected.raw.content
            assert rejected.payload_size >= len(rejected.raw.content)
            assert rejected.stage == "Read"
            assert rejected.error
            assert rejected.raw.source_file == name
            assert rejected.raw.source_offset is not None


POLISH = "zażółć gęślą jaźń "
PATHOLOGICAL: dict[str, Callable[[int], bytes]] = {
    "one byte of no encoding": lambda size: b"\xff" * size,
    "broken bytes between brackets": lambda size: b"\x80<" * (size // 2),
    "UTF-8 with breaks": lambda size: b"\xc5\xbc\xc5\xbc\x80 " * (size // 6),
    "two encodings by line": lambda size: (
        ((POLISH + "\n").encode() + (POLISH + "\n").encode("cp1250")) * (size // 40)
    ),
    "C1 controls": lambda size: "\x85é".encode() * (size // 4),
    "C0 controls": lambda size: b"\x01a" * (size // 2),
    "CESU-8": lambda size: b"\xed\xa0\xbd\xed\xb8\x80" * (size // 6),
    "meta without end": lambda size: b"<meta " * (size // 6) + b"\xe9",
    "comments without end": lambda size: b"<!--" * (size // 4),
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_decoding_is_linear_and_bounded(name: str) -> None:
    """The worst takes seconds a mebibyte, and a small multiple of its size."""
    content = PATHOLOGICAL[name](2**18)
    raw = RawDocument("a", content, charset="gbk")
    started = time.process_time()
    tracemalloc.start()
    outcome(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - started < 5
    assert peak < 20 * len(content)


@pytest.mark.parametrize("name", ["a.warc.gz", "a.jsonl.gz", "a.html.gz"])
def test_members_within_members_do_not_multiply_the_work(tmp_path: Path, name: str) -> None:
    """Damage is searched for the next member, but not again and again."""
    nested = b"WARC/1.1\r\n" * 3
    for _ in range(300):
        packer = gzip.compress(nested, 0, mtime=0)
        nested = b"WARC/1.1\r\n" + packer[:-8] + b"\0" * 8
    (tmp_path / name).write_bytes(nested[10:] * 20)
    started = time.process_time()
    records = list(read_records(expand([str(tmp_path)])[0]))
    assert time.process_time() - started < 5
    assert records
    assert all(isinstance(record, Rejected) for record in records)


def test_reasons_come_from_the_closed_list() -> None:
    """Those that the tests above name are in it."""
    named = {reason for _, found in FILES.values() for reason in found} - {"ok"}
    assert named <= {reason.value for reason in Reason}
