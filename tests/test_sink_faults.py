"""The sink under every fault: stopped at any step, refused by the disk, raced by the dead."""

import errno
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from pipeline.validation.files import check_files
from pipeline.validation.logs import read_logs
from tests.conftest import ROOT
from tests.faults import Killed, meanwhile, stopped_at, watched
from tests.table_rows import STREAM, letter_row, numbered_letter, target
from transforms.commits import Commit, shard_log
from transforms.dead_letter import reject
from transforms.ledger import Entry
from transforms.model import RawDocument, Reason
from transforms.part_files import EncodedRow
from transforms.schema import REJECTED
from transforms.shard_writer import ShardWriter, Target

START = 1_767_225_600


def sink(output: Path) -> Target:
    """Return the table a stream writes to."""
    return target(output, stream=STREAM)


def row(number: int, offset: int | None = None) -> EncodedRow:
    """Return a row of a stream, read at an offset, by default that of its number."""
    place = number if offset is None else offset
    return numbered_letter(number, offset=place, arrived=START + place)


def rows(*numbers: int) -> list[EncodedRow]:
    """Return the first occurrences of numbers."""
    return [row(number) for number in numbers]


def outcomes(entries: Iterable[Entry]) -> Counter[str]:
    """Return how many records have each outcome."""
    return Counter(key[0] for key, _ in entries)


def numbers(output: Path) -> list[int]:
    """Return the numbers in the table, repeats included, read as a user would."""
    if not list(output.glob("rejected/*/*.parquet")):
        return []
    table = ds.dataset(output / "rejected").to_table(columns=["source_id"])
    return sorted(int(name.removeprefix("doc-")) for name in table["source_id"].to_pylist())


def problems(output: Path) -> list[str]:
    """Return in what the table's files differ from its log."""
    logs = read_logs(str(output), REJECTED)
    return [*logs.problems, *check_files(str(output), REJECTED, logs)]


def moments(write: Callable[[Path], object], output: Path) -> int:
    """Return how many moments there are in a write that nothing disturbs."""
    with watched(lambda _: None) as steps:
        write(output)
    return 2 * steps.taken


def first_write(output: Path) -> list[Entry]:
    """Write three rows, one of which comes twice, on top of one that is there."""
    return ShardWriter(sink(output)).write(0, [*rows(1, 2, 3), row(2, 90)])


@pytest.mark.parametrize("same_process", [True, False], ids=["bundle", "process"])
def test_a_crash_at_any_moment_loses_and_repeats_nothing(
    quick_path: Path, same_process: bool
) -> None:
    """Before and after each write, fsync, link, rename and removal; the retry is regrouped."""
    count = moments(first_write, quick_path / "undisturbed")
    assert count > 20
    for moment in range(count):
        output = quick_path / str(moment)
        writer = ShardWriter(sink(output))
        with stopped_at(moment), pytest.raises(Killed):
            writer.write(0, [*rows(1, 2, 3), row(2, 90)])
        if not same_process:
            writer = ShardWriter(sink(output))
        first = writer.write(0, [row(2, 90), row(4), row(1)])
        second = writer.write(0, [row(5), row(3), row(2)])
        assert outcomes([*first, *second]) == Counter(rejected=5, duplicate=1), moment
        assert numbers(output) == [1, 2, 3, 4, 5], moment
        assert problems(output) == [], moment


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_an_error_at_any_moment_is_raised_and_the_retry_is_exact(
    quick_path: Path, number: int
) -> None:
    """No error is swallowed, whatever step it comes from; afterwards the same rows count alike."""
    count = moments(first_write, quick_path / "undisturbed")
    for moment in range(count):
        output = quick_path / str(moment)
        writer = ShardWriter(sink(output))
        with (
            stopped_at(moment, lambda: OSError(number, os.strerror(number))),
            pytest.raises(OSError, match=os.strerror(number)),
        ):
            writer.write(0, [*rows(1, 2, 3), row(2, 90)])
        again = writer.write(0, [*rows(1, 2, 3), row(2, 90)])
        assert outcomes(again) == Counter(rejected=3, duplicate=1), moment
        assert numbers(output) == [1, 2, 3], moment
        assert problems(output) == [], moment


def test_a_writer_thought_dead_repeats_nothing(quick_path: Path) -> None:
    """While one writer stands still at any moment, another writes its rows, regrouped."""
    count = moments(first_write, quick_path / "undisturbed")
    for moment in range(count):
        output = quick_path / str(moment)
        zombie = ShardWriter(sink(output))
        heir = ShardWriter(sink(output))
        entries: list[Entry] = []

        def take_over(heir: ShardWriter = heir, entries: list[Entry] = entries) -> None:
            entries += heir.write(0, [row(2, 90), row(4), row(1)])

        with meanwhile(moment, take_over):
            zombies = zombie.write(0, [*rows(1, 2, 3), row(2, 90)])
        assert entries, moment
        entries += heir.write(0, [row(2), row(3)])
        assert outcomes(entries) == Counter(rejected=4, duplicate=1), moment
        assert outcomes(zombies) == Counter(rejected=3, duplicate=1), moment
        assert numbers(output) == [1, 2, 3, 4], moment
        assert problems(output) == [], moment
        assert zombie.write(0, rows(4)) == heir.write(0, rows(4)), moment


def test_readers_never_see_half_of_anything(quick_path: Path) -> None:
    """At each moment of several commits a glob reads whole files, each row once."""
    duckdb = pytest.importorskip("duckdb").connect()
    pattern = str(quick_path / "rejected/*/*.parquet")
    seen: list[int] = []

    def look(_: int) -> None:
        found = numbers(quick_path)
        assert len(found) == len(set(found))
        assert len(found) >= len(seen)
        seen[:] = found
        if found:
            (count,) = duckdb.execute(f"SELECT count(*) FROM '{pattern}'").fetchone()  # noqa: S608
            assert count == len(found)

    writer = ShardWriter(sink(quick_path))
    writer.write(0, rows(0))
    with watched(look):
        for start in range(1, 10, 3):
            writer.write(0, rows(start, start + 1, start + 2))
            ShardWriter(sink(quick_path)).write(0, rows(start + 2, start + 1))
    assert seen == list(range(10))


def test_a_commit_without_its_file_is_published_by_the_next_writer(quick_path: Path) -> None:
    """The record is there, the file still staged: the next writer of the shard moves it."""
    count = moments(first_write, quick_path / "undisturbed")
    for moment in range(count):
        output = quick_path / str(moment)
        with stopped_at(moment), pytest.raises(Killed):
            first_write(output)
        if problems(output):
            break
    (problem,) = problems(output)
    assert "3 rows are committed, but not published" in problem
    ShardWriter(sink(output)).write(0, rows(9))
    assert numbers(output) == [1, 2, 3, 9]
    assert problems(output) == []


def test_what_a_dead_writer_staged_is_swept_by_age(quick_path: Path) -> None:
    """A commit of the same shard later clears away what nobody can commit any more."""
    left: list[Path] = []
    moment = 0
    while not left:
        moment += 1
        with stopped_at(moment), pytest.raises(Killed):
            first_write(quick_path)
        left = [path for path in (quick_path / ".staging").rglob("*") if path.is_file()]
    writer = ShardWriter(sink(quick_path))
    writer.write(0, rows(1))
    assert [path for path in left if path.exists()] == left
    for path in left:
        os.utime(path, (START, START))
    writer.write(0, rows(2))
    assert not [path for path in left if path.exists()]


def test_a_log_has_no_gaps_and_one_winner_for_each_number(tmp_path: Path) -> None:
    """A record can be created once; its number then belongs to who did."""
    log = shard_log(str(tmp_path), "rejected", 0, 1)
    assert log.append(1, Commit("one"))
    assert not log.append(1, Commit("other"))
    assert log.get(1) == Commit("one")
    for number in range(2, 12):
        assert log.head() == number - 1
        assert log.append(number, Commit("one"))
    assert log.head() == 11


def test_a_late_pane_does_not_overwrite_the_one_on_time(tmp_path: Path) -> None:
    """Rows of one minute that come in two panes are in two files (fileio names neither apart)."""
    writer = ShardWriter(sink(tmp_path))
    writer.write(0, [row(1, 10), row(2, 11)])
    writer.write(0, [row(3, 12)])
    assert len(list((tmp_path / "rejected").rglob("*.parquet"))) == 2
    assert numbers(tmp_path) == [1, 2, 3]


def test_a_failed_rename_is_not_a_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beam's fileio logs it at debug and goes on; the bundle must fail."""

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    writer = ShardWriter(sink(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr("transforms.publishing.os.rename", fail)
        with pytest.raises(OSError, match="Input/output"):
            writer.write(0, rows(1))
    assert outcomes(writer.write(0, rows(1))) == Counter(rejected=1)
    assert numbers(tmp_path) == [1]


def test_a_partial_rename_and_a_reordered_retry_keep_both_rows(quick_path: Path) -> None:
    """Of two files one is published when the writer dies; the retry comes in another order."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transforms.shard_writer.MAX_FILE_BYTES", 1)
        count = moments(lambda output: ShardWriter(sink(output)).write(0, rows(1, 2)), quick_path)
        for moment in range(count):
            output = quick_path / str(moment)
            with stopped_at(moment), pytest.raises(Killed):
                ShardWriter(sink(output)).write(0, rows(1, 2))
            again = ShardWriter(sink(output)).write(0, [row(2), row(1)])
            assert outcomes(again) == Counter(rejected=2), moment
            assert numbers(output) == [1, 2], moment


def test_a_replay_never_takes_a_published_file_away(tmp_path: Path) -> None:
    """FileBasedSink deletes the only copy before it renames again; here the file stays as it is."""
    output = tmp_path / "[0.0, 60.0)"
    ShardWriter(sink(output)).write(0, rows(1, 2))
    (file,) = (output / "rejected").rglob("*.parquet")
    before = file.stat()

    def look(_: int) -> None:
        assert file.stat() == before

    with watched(look):
        ShardWriter(sink(output)).write(0, rows(2, 1))
        ShardWriter(sink(output)).write(0, rows(3))
    assert numbers(output) == [1, 2, 3]


def test_rows_of_several_windows_in_one_bundle_are_counted_apart(tmp_path: Path) -> None:
    """WriteToParquet buffers them together; here they share a file, not a window's count."""
    entries = ShardWriter(sink(tmp_path)).write(0, [row(1, 10), row(2, 70), row(3, 75)])
    windows = Counter(key[3] for key, _ in entries)
    assert windows == Counter({START: 1, START + 60: 2})
    commit = shard_log(str(tmp_path), "rejected", 0, 1).get(1)
    assert commit is not None
    assert [(w.start, w.rows) for w in commit.added[0].windows] == [(START, 1), (START + 60, 2)]


def test_no_name_in_a_record_leads_out_of_the_output(tmp_path: Path) -> None:
    """A destination like ../../ escapes the root of fileio; here no path is made of input."""
    raw = RawDocument(
        "../../evil", b"", url="../../evil", record_id="0" * 32, source_file="../../../evil"
    )
    letter = letter_row(reject(raw, "Decode", Reason.EMPTY, "../.."), START)
    ShardWriter(sink(tmp_path / "deep/out")).write(0, [letter])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert all(path.is_relative_to(tmp_path / "deep/out/rejected") for path in files)


def test_shards_and_names_are_the_same_in_every_process() -> None:
    """Names by hash() differ from process to process."""
    program = (
        "from datetime import UTC, datetime\n"
        "from transforms.known_ids import occurrence\n"
        "from transforms.part_names import part_path, shard_of\n"
        "now = datetime(2026, 1, 2, tzinfo=UTC)\n"
        "print(shard_of('7' * 32, 97), occurrence('kafka://news/0', 3))\n"
        "print(part_path('articles', ['7' * 32, '8' * 32], now, (0.0, 1.0)))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
