"""The sample input: what is in it, and that the sample WARC is what its script makes."""

import gzip
from pathlib import Path

from pipeline.sources.files import expand, read_records
from tests.make_sample_warc import sample
from transforms.decode import decode
from transforms.model import Rejected, RejectionError

SAMPLES = Path(__file__).parent.parent / "sample_input"


def outcome(name: str) -> list[str]:
    """Return the media type of each article in a folder of samples, the reason of a rejection."""
    outcomes = []
    for file in expand([str(SAMPLES / name)]):
        for record in read_records(file):
            if isinstance(record, Rejected):
                outcomes.append(record.reason.value)
                continue
            try:
                outcomes.append(decode(record).media_type)
            except RejectionError as error:
                outcomes.append(error.reason.value)
    return outcomes


def test_the_samples_hold_good_records_and_bad_ones() -> None:
    """A reader of the README sees both kinds."""
    assert outcome("seeds") == ["text/plain"] * 5
    assert outcome("html") == ["text/html"] * 6
    assert outcome("jsonl") == [
        "text/html",
        "text/plain",
        "text/plain",
        "malformed_record",
        "text/html",
        "text/plain",
    ]
    assert outcome("warc") == [
        "text/html",
        "text/html",
        "unsupported_media_type",
        "http_error",
        "text/plain",
    ]


def test_the_sample_warc_is_what_its_script_makes() -> None:
    """Whatever version of zlib packed it."""
    packed = (SAMPLES / "warc" / "crawl.warc.gz").read_bytes()
    assert gzip.decompress(packed).startswith(sample()[0])
    assert gzip.decompress(packed).endswith(sample()[-1])


def test_encodings_of_the_samples_are_understood() -> None:
    """One page is windows-1250, another lies in its Latin-1."""
    sources = [
        decode(record).source
        for file in expand([str(SAMPLES)])
        for record in read_records(file)
        if not isinstance(record, Rejected) and record.source_id.endswith(("1250.html", "0004"))
    ]
    assert any("Żubry wróciły" in source for source in sources)
    assert any("– wir haben einfach angefangen.“" in source for source in sources)
