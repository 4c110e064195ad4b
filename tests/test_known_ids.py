"""What a table holds is known from its files: all of it that matters, and no more."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compaction.compact import compact
from tests.table_rows import NOW, STREAM, numbered_letter, target
from tests.test_sink_faults import numbers, outcomes
from transforms.known_ids import Held, KnownIds, occurrence
from transforms.part_files import EncodedRow
from transforms.part_names import part_path, span_of, stream_span
from transforms.schema import REJECTED
from transforms.shard_writer import ShardWriter

HOUR = STREAM.deduplicate_within_seconds
START = 1_767_225_600


def row(number: int, offset: int, arrived: float) -> EncodedRow:
    """Return a row that arrived so many seconds after the start."""
    return numbered_letter(number, offset=offset, arrived=START + arrived)


def writer(output: Path) -> ShardWriter:
    """Return a process that knows nothing yet."""
    return ShardWriter(target(output, stream=STREAM))


@given(st.lists(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=20)))
def test_ids_are_found_as_in_a_dictionary(files: list[list[tuple[int, int]]]) -> None:
    """Runs merge and ids repeat; what is found is what was added."""
    known = KnownIds()
    expected: dict[str, list[Held]] = {}
    for number, file in enumerate(files):
        # Ids that differ in their lower half alone.
        ids = [f"{name % 3:016x}{name:016x}" for name, _ in file]
        known.add(ids, [place for _, place in file], (number, number))
        for name, (_, place) in zip(ids, file, strict=True):
            expected.setdefault(name, []).append(Held(place, (number, number)))
    asked = [f"{name % 3:016x}{name:016x}" for name in range(40)]
    found = known.find(asked)
    assert {name: Counter(held) for name, held in found.items()} == {
        name: Counter(held) for name, held in expected.items()
    }
    known.forget(len(files) / 2)
    late = {name: [h for h in held if h.span[1] >= len(files) / 2] for name, held in found.items()}
    assert {name: Counter(held) for name, held in known.find(asked).items()} == {
        name: Counter(held) for name, held in late.items() if held
    }


def test_an_id_takes_28_bytes() -> None:
    """However many small files they come from."""
    known = KnownIds()
    for start in range(0, 10_000, 100):
        ids = [f"{number * 7919:032x}" for number in range(start, start + 100)]
        known.add(ids, range(1, 101), (start, start))
    assert known.nbytes == 28 * len(known) == 28 * 10_000


def test_a_place_is_never_mistaken_for_none() -> None:
    """Missing file and offset are places like any other."""
    places = {occurrence(name, at) for name in (None, "a", "b") for at in (None, 0, 1)}
    assert len(places) == 9
    assert 0 not in places


def test_names_say_when_rows_arrived() -> None:
    """To the second, and not earlier or later than they did; a batch file says the day."""
    ids = ["0" * 32]
    path = part_path("rejected", ids, NOW, (START + 0.5, START + 59.9))
    first, last = span_of(path)
    assert first <= START + 0.5
    assert last >= START + 59.9
    assert last - first <= 61
    batch = part_path("rejected", ids, NOW, None)
    assert stream_span(batch) is None
    assert span_of(batch)[0] <= NOW.timestamp() <= span_of(batch)[1]
    assert span_of("rejected/foreign.parquet") == (float("-inf"), float("inf"))


def test_a_redelivery_within_the_horizon_is_a_duplicate(tmp_path: Path) -> None:
    """To this process and to one that has just been started."""
    assert outcomes(writer(tmp_path).write(0, [row(1, 1, 0)])) == Counter(rejected=1)
    assert outcomes(writer(tmp_path).write(0, [row(1, 2, HOUR - 5)])) == Counter(duplicate=1)
    assert numbers(tmp_path) == [1]


def test_a_redelivery_beyond_the_horizon_is_a_record(tmp_path: Path) -> None:
    """What is known must expire, or memory would grow for ever."""
    process = writer(tmp_path)
    process.write(0, [row(1, 1, 0)])
    assert outcomes(process.write(0, [row(1, 2, 2 * HOUR)])) == Counter(rejected=1)
    assert numbers(tmp_path) == [1, 1]


def test_a_replay_is_known_at_any_age(tmp_path: Path) -> None:
    """A stream read again from its start writes nothing and counts the same, out of order too."""
    process = writer(tmp_path)
    rows = [row(number, number, number * HOUR * 1.5) for number in range(6)]
    first = [process.write(0, [one]) for one in rows]
    assert len(process.index.known) < 6
    again = writer(tmp_path)
    assert [again.write(0, [one]) for one in rows] == first
    assert [process.write(0, [one]) for one in reversed(rows)] == first[::-1]
    assert numbers(tmp_path) == list(range(6))


def test_memory_follows_the_horizon(tmp_path: Path) -> None:
    """What is long past is forgotten, and not read by the next process either."""
    process = writer(tmp_path)
    for number in range(40):
        process.write(0, [row(number, number, number * HOUR / 4)])
    assert len(process.index.known) <= 10
    assert len(process.index.loaded) <= 10
    fresh = writer(tmp_path)
    fresh.write(0, [row(40, 40, 10 * HOUR)])
    assert len(fresh.index.known) <= 10


def test_a_worker_catches_up_with_the_commits_of_another(tmp_path: Path) -> None:
    """Each sees what the other has written since, without reading the table again."""
    one, other = writer(tmp_path), writer(tmp_path)
    one.write(0, [row(1, 1, 0)])
    other.write(0, [row(2, 2, 1), row(1, 9, 2)])
    assert outcomes(one.write(0, [row(2, 8, 3), row(3, 3, 4)])) == Counter(rejected=1, duplicate=1)
    assert numbers(tmp_path) == [1, 2, 3]


@pytest.mark.parametrize("fresh", [True, False])
def test_rows_that_compaction_moved_are_known(tmp_path: Path, fresh: bool) -> None:
    """To a worker that had read the old files, and to one that finds only the new."""
    one, other = writer(tmp_path), writer(tmp_path)
    one.write(0, [row(1, 1, 0)])
    other.write(0, [row(2, 2, 1)])
    one.write(0, [row(3, 3, 2)])
    compact(str(tmp_path), REJECTED, 2**20)
    assert len(list(tmp_path.rglob("*.parquet"))) == 1
    process = writer(tmp_path) if fresh else other
    again = process.write(0, [row(1, 1, 0), row(3, 3, 2), row(2, 9, 3), row(4, 4, 5)])
    assert outcomes(again) == Counter(rejected=3, duplicate=1)
    assert numbers(tmp_path) == [1, 2, 3, 4]


def test_a_batch_run_meets_a_stream(tmp_path: Path) -> None:
    """Each takes the other's rows for duplicates, even where files and offsets are the same."""
    rows = [numbered_letter(number, offset=number) for number in (1, 2)]
    batch = target(tmp_path, now=NOW + timedelta(hours=1))
    writer(tmp_path).write(0, [row(1, 1, 0)])
    assert outcomes(ShardWriter(batch).write(0, rows)) == Counter(rejected=1, duplicate=1)
    hours = (batch.ingested_at.timestamp() - START) + 60
    assert outcomes(writer(tmp_path).write(0, [row(2, 2, hours)])) == Counter(duplicate=1)


def test_a_damaged_file_stops_the_writer(tmp_path: Path) -> None:
    """Whose ids cannot be known could be repeated; the error says which file it is."""
    writer(tmp_path).write(0, [row(1, 1, 0)])
    (file,) = tmp_path.rglob("*.parquet")
    file.write_bytes(b"PAR1 is not all")
    with pytest.raises(OSError, match=r"part-.*parquet is damaged"):
        writer(tmp_path).write(0, [row(2, 2, 0)])
