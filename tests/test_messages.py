"""Messages as documents: headers, JSON lines, names, ids."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources import pubsub
from pipeline.sources.messages import Message, read_message
from transforms.model import RawDocument, Rejected

PAGE = b"<html><p>Text</p></html>"


def message(value: bytes | None = PAGE, key: bytes | None = None, **headers: str) -> Message:
    """Return a message with these headers; two underscores are a hyphen."""
    pairs = tuple((name.replace("__", "-"), text.encode()) for name, text in headers.items())
    return Message(value, pairs, key, "kafka", "kafka://news/3", 17)


def document(read: RawDocument | Rejected) -> RawDocument:
    """Return what was read, which must be a document."""
    assert isinstance(read, RawDocument)
    return read


def test_headers_say_what_the_value_is() -> None:
    """Id, URL, media type, charset and time come from headers in any spelling."""
    raw = document(
        read_message(
            message(
                ID="a1",
                Url="https://n.example/a",
                fetched_at="2026-01-02T03:04:05+01:00",
                Content__Type="text/html; charset=windows-1250",
                Last__Modified="Fri",
            )
        )
    )
    assert (raw.source_id, raw.url, raw.content) == ("a1", "https://n.example/a", PAGE)
    assert (raw.media_type, raw.charset) == ("text/html; charset=windows-1250", "windows-1250")
    assert raw.fetched_at == datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert raw.headers == (("last-modified", "Fri"),)
    assert (raw.source_type, raw.source_file, raw.source_offset) == ("kafka", "kafka://news/3", 17)


def test_a_name_is_found_where_no_header_gives_one() -> None:
    """The key, the URL, else the partition names a record; a redelivered one is the same record."""
    assert document(read_message(message(key=b"k", url="u"))).source_id == "k"
    assert document(read_message(message(url="u"))).source_id == "u"
    first = document(read_message(message()))
    second = document(read_message(Message(PAGE, (), None, "kafka", "kafka://news/3", 18)))
    assert first.source_id == "kafka://news/3"
    assert first.record_id == second.record_id


def test_json_is_a_line() -> None:
    """What the line says counts; headers say what it leaves out."""
    line = b'{"html": "<p>Text</p>", "url": "https://n.example/line"}'
    kind = "application/json; charset=utf-8"
    raw = document(read_message(message(line, media_type=kind, id="h", fetched_at="2026-01-02")))
    assert (raw.source_id, raw.url) == ("h", "https://n.example/line")
    assert (raw.content, raw.media_type) == (b"<p>Text</p>", "text/html")
    assert raw.fetched_at == datetime(2026, 1, 2, tzinfo=UTC)
    named = document(read_message(message(b'{"id": "l", "text": "T"}', media_type=kind, id="h")))
    assert (named.source_id, named.source_type) == ("l", "kafka")


def test_a_rejected_message_keeps_its_bytes_and_its_id() -> None:
    """Two broken messages that differ are two records, whatever is kept of them."""
    kind = "application/json"
    one, other = (read_message(message(b"{" + tail, media_type=kind)) for tail in (b"1", b"2"))
    assert isinstance(one, Rejected)
    assert isinstance(other, Rejected)
    assert (one.raw.content, one.payload_size) == (b"{1", 2)
    assert one.raw.record_id != other.raw.record_id
    tombstone = read_message(message(None, key=b"k"))
    assert isinstance(tombstone, Rejected)
    assert (tombstone.raw.source_id, tombstone.reason) == ("k", "empty")


@given(
    st.none() | st.binary(max_size=200),
    st.lists(st.tuples(st.text(max_size=20), st.none() | st.binary(max_size=50)), max_size=9),
    st.none() | st.binary(max_size=20),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_no_message_raises(
    value: bytes | None,
    headers: list[tuple[str, bytes | None]],
    key: bytes | None,
    json: bool,
) -> None:
    """Whatever a producer sends, it is a document or a dead letter with an id and no surrogates."""
    pairs = (*headers, ("media_type", b"application/json")) if json else tuple(headers)
    read = read_message(Message(value, tuple(pairs), key, "kafka", "kafka://t/0", 0))
    raw = read.raw if isinstance(read, Rejected) else read
    assert len(raw.record_id) == 32
    assert raw.source_id
    for text in (raw.source_id, raw.url or "", *(part for pair in raw.headers for part in pair)):
        text.encode()


def test_pubsub_occurrences_are_numbers() -> None:
    """A message id is a number of 63 bits, the same for the same id."""
    assert pubsub.occurrence("1234567890123456") == 1234567890123456
    for other in ("", "9" * 30, "a-1", "\u0661"):
        assert 0 <= pubsub.occurrence(other) < 2**63
        assert pubsub.occurrence(other) == pubsub.occurrence(other)
    assert pubsub.occurrence("a-1") != pubsub.occurrence("a-2")
