"""Kafka as a source, with brokers in memory: offsets, partitions, gaps, poison, hostile times."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.utils.timestamp import MIN_TIMESTAMP

from pipeline.errors import UsageError
from pipeline.sources import drain, streams
from pipeline.sources.arrival import DISORDER_SECONDS, NO_TIME
from pipeline.sources.endless import END, EndlessTracker
from pipeline.sources.kafka import consumers, read, settings
from pipeline.sources.kafka.address import Partition, Topic, parse_address
from tests.bundles import Reading
from tests.fake_kafka import FakeBrokers, install
from transforms.model import RawDocument, Reason, Rejected

TOPIC = Topic("broker:9092", "news")
PARTITION = Partition(TOPIC, 0, 0)
NOW = int(time.time() * 1000)


@pytest.fixture
def brokers(monkeypatch: pytest.MonkeyPatch) -> FakeBrokers:
    """Return brokers with one partition."""
    return install(monkeypatch)


def reading(marker: str | None = None, start: int = 0) -> Reading:
    """Return a reading of the partition."""
    return Reading(read.ReadPartition(marker), PARTITION, start)


def documents(values: list[Any]) -> list[RawDocument]:
    """Return the documents in what was yielded; there must be no dead letter."""
    assert all(isinstance(each.value, RawDocument) for each in values)
    return [each.value for each in values]


def test_addresses() -> None:
    """An address names brokers and a topic; what does not is refused."""
    assert parse_address("kafka://a:1,b:2/my.topic-1") == Topic("a:1,b:2", "my.topic-1")
    for wrong in ("kafka://a/t", "kafka://a:1", "kafka://a:1/", "kafka://a:1/x/y", "kafka:a:1/t"):
        with pytest.raises(UsageError):
            parse_address(wrong)


def test_every_record_once_and_in_order(brokers: FakeBrokers) -> None:
    """Records come in the order of their offsets, each with its occurrence and its time."""
    for number in range(5):
        brokers.logs[0].add(b"text %d" % number, time=NOW + number)
    values = reading().until_idle()
    found = documents(values)
    assert [raw.source_offset for raw in found] == [0, 1, 2, 3, 4]
    assert {raw.source_file for raw in found} == {"kafka://news/0"}
    assert len({raw.record_id for raw in found}) == 5
    assert [each.timestamp.micros for each in values] == [(NOW + n) * 1000 for n in range(5)]


def test_a_restored_reading_goes_on_where_the_checkpoint_was(brokers: FakeBrokers) -> None:
    """What was prefetched but not yielded before the checkpoint comes after it, once."""
    for number in range(9):
        brokers.logs[0].add(b"%d" % number)
    first = reading()
    before = documents(first.bundle(take=4))
    assert first.position == 4
    again = documents(reading(start=first.position).until_idle())
    assert [raw.source_offset for raw in before + again] == list(range(9))


def test_an_end_that_is_no_longer_one_is_read_past(brokers: FakeBrokers) -> None:
    """Where the partition ended when it was fetched, more may have come: no pause is due there."""
    for number in range(4):
        brokers.logs[0].add(b"text %d" % number, time=NOW)
    brokers.logs[0].ends = {1, 3}
    assert len(reading().bundle()) == 4


def test_a_record_that_was_not_claimed_comes_next(brokers: FakeBrokers) -> None:
    """It is not sought again, and not lost either, even where it is as empty as a tombstone."""
    for content in (b"one", None, b"three"):
        brokers.logs[0].add(content, time=NOW)
    interrupted = reading()
    assert len(documents(interrupted.bundle(take=1))) == 1
    poison, last = interrupted.until_idle()
    assert isinstance(poison.value, Rejected)
    assert last.value.content == b"three"
    assert brokers.sought == 1


def test_holes_are_stepped_over(brokers: FakeBrokers) -> None:
    """Compacted records and transaction markers have offsets that no record bears."""
    for number in range(6):
        brokers.logs[0].add(b"%d" % number)
    del brokers.logs[0].records[2], brokers.logs[0].records[5]
    one = reading()
    assert [raw.source_offset for raw in documents(one.until_idle())] == [0, 1, 3, 4]
    assert one.watermark > MIN_TIMESTAMP


def test_a_bundle_is_bounded_by_records_and_by_bytes(
    brokers: FakeBrokers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call ends when it has yielded enough, and the next goes on."""
    for _ in range(20):
        brokers.logs[0].add(bytes(100))
    monkeypatch.setattr(read, "BUNDLE_RECORDS", 8)
    one = reading()
    assert [len(one.bundle()), len(one.bundle()), one.position] == [8, 8, 16]
    monkeypatch.setattr(read, "BUNDLE_BYTES", 250)
    assert len(reading().bundle()) == 3


def test_a_record_that_retention_took_is_a_dead_letter(
    brokers: FakeBrokers, caplog: pytest.LogCaptureFixture
) -> None:
    """A gap is told by the log and by a dead letter that names its offsets; reading goes on."""
    log = brokers.logs[0]
    for number in range(3):
        log.add(b"%d" % number)
    one = reading()
    one.until_idle()
    log.low = log.high = 10
    log.records.clear()
    log.add(b"new")
    (gap,) = one.bundle()
    assert isinstance(gap.value, Rejected)
    assert (gap.value.stage, gap.value.reason) == ("Read", Reason.UNREADABLE)
    assert "7 records, offsets 3 to 9" in gap.value.error
    assert (gap.value.raw.source_offset, gap.timestamp) == (3, NO_TIME)
    assert "7 records were deleted" in caplog.text
    assert [raw.source_offset for raw in documents(one.until_idle())] == [10]


def test_a_topic_made_anew_is_told_and_not_read(
    brokers: FakeBrokers, caplog: pytest.LogCaptureFixture
) -> None:
    """An end before the position is said aloud; nothing is read that would be half of a topic."""
    brokers.logs[0].add(b"new")
    one = reading(start=100)
    assert one.bundle() == []
    assert "made anew" in caplog.text
    assert one.position == 100


def test_brokers_that_are_gone_are_waited_for(
    brokers: FakeBrokers, caplog: pytest.LogCaptureFixture
) -> None:
    """Each attempt is logged and a little later than the one before; the watermark stands still."""
    brokers.logs[0].add(b"before", time=NOW)
    one = reading()
    one.until_idle()
    stood = one.watermark
    brokers.down = True
    pauses = []
    for _ in range(6):
        assert one.bundle() == []
        pauses.append(round(one.pause))
    assert pauses == [1, 2, 4, 8, 10, 10]
    assert "trying again in 8 s" in caplog.text
    assert one.watermark == stood
    brokers.down = False
    brokers.logs[0].add(b"after")
    assert [raw.content for raw in documents(one.until_idle())] == [b"after"]


def test_brokers_that_go_while_records_wait_are_noticed(
    brokers: FakeBrokers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No message, and no end either, is asked about instead of waited out in silence."""
    monkeypatch.setattr(read, "BUNDLE_SECONDS", 0.05)
    for _ in range(3):
        brokers.logs[0].add(b"text")
    one = reading()
    one.bundle(take=1)
    brokers.down = True
    consumers._readers.clear()
    for _ in range(3):
        assert one.bundle() == []
    assert (round(one.pause), one.position) == (4, 1)
    assert "trying again" in caplog.text


def test_a_tombstone_that_could_not_be_claimed_comes_again(brokers: FakeBrokers) -> None:
    """A checkpoint before a record without a value does not lose it."""
    for value in (b"before", None, b"", b"after"):
        brokers.logs[0].add(value)
    one = reading()
    offsets = []
    while not one.pause > 0.5:
        records = [each.value for each in one.bundle(take=1)]
        offsets += [getattr(each, "raw", each).source_offset for each in records]
    assert offsets == [0, 1, 2, 3]


def test_time_goes_on_without_records(brokers: FakeBrokers) -> None:
    """The watermark follows the records, and the clock where all of them are read."""
    hour_ago = NOW - 3_600_000
    for _ in range(3):
        brokers.logs[0].add(b"old", time=hour_ago)
    one = reading()
    one.bundle(take=2)
    assert one.watermark.micros // 1000 == hour_ago - DISORDER_SECONDS * 1000
    one.until_idle()
    assert 0 <= time.time() - float(one.watermark) - DISORDER_SECONDS < 10


@pytest.mark.parametrize("hostile", [-1, -(10**15), 4_102_444_800_000, 2**62])
def test_hostile_times_move_nothing(brokers: FakeBrokers, hostile: int) -> None:
    """A time before 1970 or far ahead is none; it neither breaks nor advances the watermark."""
    brokers.logs[0].add(b"hostile", time=hostile)
    brokers.logs[0].add(b"next")
    one = reading()
    (value,) = one.bundle(take=1)
    assert value.timestamp == NO_TIME
    assert one.watermark == MIN_TIMESTAMP


def test_poison_becomes_dead_letters(brokers: FakeBrokers) -> None:
    """Tombstones, broken JSON and oversized records are rejected with a reason, not raised."""
    json = [("media_type", b"application/json")]
    log = brokers.logs[0]
    log.add(None, name=b"k")
    log.add(b'{"html": ', names=json)
    log.add(b"[" * 100_000, names=json)
    log.add(b"x" * (2**24 + 1))
    log.add(b'{"id": "a", "text": "fine"}', names=json)
    log.add(b"\xff\xfe", names=[("url", b"\xff\xff"), ("\udcff", b"\x00")], name=b"\xff")
    values = [each.value for each in reading().until_idle()]
    reasons = [each.reason for each in values[:4]]
    assert reasons == ["empty", "malformed_record", "malformed_record", "too_large"]
    assert len(values[3].raw.content) == 2**24
    assert [each.raw.source_offset for each in values[:4]] == [0, 1, 2, 3]
    assert all(len(each.raw.record_id) == 32 for each in values[:4])
    assert values[4].source_id == "a"
    assert values[5].url == "\ufffd\ufffd"


def test_new_partitions_are_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Partitions added later are found; a restored job does not find the known ones again."""
    brokers = install(monkeypatch, partitions=2)
    brokers.logs[1].low = brokers.logs[1].high = 7
    finding = Reading(read.FindPartitions(None), TOPIC)
    found = [each.value for each in finding.bundle()]
    assert found == [Partition(TOPIC, 0, 0), Partition(TOPIC, 1, 7)]
    assert finding.bundle() == []
    brokers.logs += [type(brokers.logs[0])(), type(brokers.logs[0])()]
    restored = Reading(read.FindPartitions(None), TOPIC, finding.position)
    assert [each.value.number for each in restored.bundle()] == [2, 3]
    brokers.down = True
    assert restored.bundle() == []
    assert (restored.position, restored.done) == (4, False)


def test_a_drain_ends_everything(brokers: FakeBrokers, tmp_path: Path) -> None:
    """Once the marker is there, nothing more is read and nothing is left to do."""
    brokers.logs[0].add(b"unread")
    marker = str(tmp_path / "drain")
    both = [reading(marker, start=1), Reading(read.FindPartitions(marker), TOPIC, 1)]
    for each in both:
        each.bundle()
        assert not each.done
    drain.request(marker)
    for each in both:
        assert each.bundle() == []
        assert each.done


def test_an_endless_range_is_cut_only_where_it_was_read() -> None:
    """A runner that wants half of the rest gets nothing: there is no middle of no end."""
    tracker = EndlessTracker(OffsetRange(3, END))
    assert tracker.try_claim(5)
    assert tracker.try_split(0.5) is None
    assert tracker.try_split(0) == (OffsetRange(3, 6), OffsetRange(6, END))
    assert not tracker.try_claim(6)
    tracker.check_done()
    assert not EndlessTracker(OffsetRange(0, END)).is_bounded()


def test_the_backlog_is_reported(brokers: FakeBrokers) -> None:
    """What waits is known as soon as the partition is read, so that a runner can scale."""
    offsets = read.Offsets()
    assert offsets.restriction_size(PARTITION, OffsetRange(0, END)) == 1
    for number in range(7):
        brokers.logs[0].add(b"%d" % number)
    one = reading()
    one.bundle(take=2)
    assert offsets.restriction_size(PARTITION, OffsetRange(one.position, END)) == 5
    assert offsets.initial_restriction(Partition(TOPIC, 0, 42)) == OffsetRange(42, END)


def test_consumers_are_kept_and_closed(
    brokers: FakeBrokers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One consumer serves all calls for a partition; one whose partition went is closed."""
    one = reading()
    for _ in range(5):
        one.bundle()
    assert brokers.opened == 1
    kept = consumers._readers[PARTITION]._consumer
    monkeypatch.setattr(consumers, "UNUSED_SECONDS", -1.0)
    other = Partition(TOPIC, 0, 1)
    Reading(read.ReadPartition(None), other).bundle()
    assert kept.closed  # type: ignore[attr-defined]


def test_a_topic_that_is_missing_is_told_at_launch(brokers: FakeBrokers) -> None:
    """A wrong name and brokers that do not answer are errors of usage, told apart."""
    consumers.check_topic(TOPIC)
    brokers.missing = True
    with pytest.raises(UsageError, match="no such topic"):
        consumers.check_topic(TOPIC)
    brokers.missing, brokers.down = False, True
    with pytest.raises(UsageError, match="kafka://broker:9092/news: "):
        consumers.check_topic(TOPIC)


def test_brokers_are_reached_as_a_file_says(tmp_path: Path) -> None:
    """Properties of the client are taken up where the work is done; ours stay ours."""
    file = tmp_path / "client.properties"
    file.write_text("# how\nsecurity.protocol = SASL_SSL\n\nsasl.password=a=b #c\nclient.id=me\n")
    for dofn in (read.FindPartitions(None, str(file)), read.ReadPartition(None, str(file))):
        dofn.setup()
        used = settings.settings("broker:9093")
        assert used["security.protocol"] == "SASL_SSL"
        assert used["sasl.password"] == "a=b #c"
        assert used["client.id"] == "me"
        assert used["enable.auto.commit"] is False
        assert used["bootstrap.servers"] == "broker:9093"
        settings.use(None)
    assert "security.protocol" not in settings.settings("broker:9093")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"security.protocol", "line 1: not NAME=VALUE"),
        (b"\ngroup.id=mine", "line 2: group.id is not to be set"),
        (b"bootstrap.servers=a:1", "bootstrap.servers is not to be set"),
        (b"\xff=1", "cannot be read"),
        (b"sasl.pasword=secret", 'No such configuration property: "sasl.pasword"'),
    ],
)
def test_a_slip_in_the_settings_is_told(tmp_path: Path, text: bytes, message: str) -> None:
    """Before anything starts, with the line, and without the value."""
    file = tmp_path / "client.properties"
    file.write_bytes(text)
    with pytest.raises(UsageError, match=re.escape(message)) as raised:
        streams.check(["kafka://127.0.0.1:1/news"], str(file), on_dataflow=False)
    assert "secret" not in str(raised.value)
    with pytest.raises(UsageError, match="cannot be read"):
        settings.use(str(tmp_path / "missing"))
    settings.use(None)
