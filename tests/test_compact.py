"""Compacting keeps every row, once, sorted, whatever interrupts it."""

import os
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from pipeline.compaction import merge, replace
from pipeline.compaction.compact import Outcome, compact
from pipeline.compaction.plan import bins
from pipeline.errors import UsageError
from tests.table_rows import article_row, letter_row, publish_rows
from transforms import publishing
from transforms.commits import AddedFile, Commit
from transforms.dead_letter import reject
from transforms.model import Article, Publication, RawDocument, Reason
from transforms.schema import ARTICLES, REJECTED
from transforms.storage import OutputFile

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
MIB = 2**20


def article(number: int) -> Article:
    """Return an article made of ``number``; every fifth has no date."""
    day = None if number % 5 == 0 else date(2025, 1, 1) + timedelta(days=number * 37 % 200)
    raw = RawDocument(f"doc-{number}", b"", record_id=f"{number * 2654435761 % 2**64:032x}")
    text = " ".join(str(number * word) for word in range(50))
    return Article(raw, text=text, publication=Publication(day=day))


def write(output: Path, groups: Sequence[Sequence[int]], now: datetime = NOW) -> None:
    """Write each group of numbers as one file of the table ``articles``."""
    for group in groups:
        publish_rows(output, [article_row(article(n), now) for n in group], ARTICLES, now)


def files(output: Path) -> list[Path]:
    """Return the files of the table."""
    return sorted((output / "articles").rglob("*.parquet"))


def rows_of(output: Path) -> list[dict[str, Any]]:
    """Return all rows of the table in file order."""
    return [row for file in files(output) for row in pq.read_table(file).to_pylist()]


def numbers(output: Path) -> list[int]:
    """Return the numbers of all rows, sorted, repeats included."""
    return sorted(int(row["source_id"].removeprefix("doc-")) for row in rows_of(output))


def run(output: Path, target: int = 256 * MIB) -> Outcome:
    """Compact the table ``articles``."""
    return compact(str(output), ARTICLES, target)


def test_small_files_become_one_and_every_row_stays(tmp_path: Path) -> None:
    """The merged file holds the same rows as the files it replaces, sorted by day, then id."""
    write(tmp_path, [range(start, start + 7) for start in range(0, 70, 7)])
    before = {row["article_id"]: row for row in rows_of(tmp_path)}
    outcome = run(tmp_path)
    after = rows_of(tmp_path)
    assert len(files(tmp_path)) == 1
    assert {row["article_id"]: row for row in after} == before
    assert len(after) == 70
    keys = [(row["published_date"] or date.max, row["article_id"]) for row in after]
    assert keys == sorted(keys)
    assert [step.files for step in outcome.steps] == [10]


def test_the_merged_file_is_written_as_a_run_writes(tmp_path: Path) -> None:
    """Schema with metadata, zstd, checksums, page index and Bloom filter are as in a part."""
    write(tmp_path, [[1, 2], [3]])
    part = pq.ParquetFile(files(tmp_path)[0])
    run(tmp_path)
    merged = pq.ParquetFile(files(tmp_path)[0], page_checksum_verification=True)
    assert merged.schema_arrow.equals(part.schema_arrow, check_metadata=True)
    column = merged.metadata.row_group(0).column(0)
    assert (column.compression, column.has_column_index) == ("ZSTD", True)
    assert column.bloom_filter_offset is not None
    assert merged.read().num_rows == 3


def test_partitions_stay_apart(tmp_path: Path) -> None:
    """Files of two days become two files, each in its day's folder."""
    write(tmp_path, [[1], [2]])
    write(tmp_path, [[3], [4]], NOW + timedelta(days=1))
    run(tmp_path)
    assert [file.parent.name for file in files(tmp_path)] == [
        "ingest_date=2026-01-02",
        "ingest_date=2026-01-03",
    ]
    assert numbers(tmp_path) == [1, 2, 3, 4]


def test_again_changes_nothing(tmp_path: Path) -> None:
    """A second compact finds nothing to do, and leaves the file untouched."""
    write(tmp_path, [[1, 2], [3], [4, 5]])
    run(tmp_path)
    before = [(file, file.stat().st_mtime_ns) for file in files(tmp_path)]
    assert run(tmp_path) == Outcome()
    assert [(file, file.stat().st_mtime_ns) for file in files(tmp_path)] == before


def test_the_result_does_not_depend_on_how_rows_were_spread(tmp_path: Path) -> None:
    """The same rows in other files give the same file, byte for byte."""
    shuffled = list(range(60))
    random.Random(7).shuffle(shuffled)
    write(tmp_path / "a", [range(20), range(20, 60)])
    write(tmp_path / "b", [shuffled[:13], shuffled[13:50], shuffled[50:]])
    run(tmp_path / "a")
    run(tmp_path / "b")
    (first,), (second,) = files(tmp_path / "a"), files(tmp_path / "b")
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_of_rows_with_one_id_the_first_ingested_stays(tmp_path: Path) -> None:
    """A duplicate that came later is dropped, and counted."""
    write(tmp_path, [[1, 2]])
    write(tmp_path, [[2, 3]], NOW + timedelta(hours=1))
    outcome = run(tmp_path)
    assert numbers(tmp_path) == [1, 2, 3]
    assert outcome.steps[0].duplicates == 1
    assert {row["source_id"]: row["ingested_at"] for row in rows_of(tmp_path)}["doc-2"] == NOW


def test_a_merged_file_whose_rows_come_again_stays(tmp_path: Path) -> None:
    """When the result would have the name of one of its sources, that source is not removed."""
    write(tmp_path, [[1], [2]])
    run(tmp_path)
    write(tmp_path, [[1]])
    run(tmp_path)
    assert numbers(tmp_path) == [1, 2]
    assert len(files(tmp_path)) == 1


def test_a_crash_before_publishing_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the intent written and nothing else, the old files are there and the next run merges."""
    write(tmp_path, [[1, 2], [3]])
    publish = publishing.publish

    def crash(output: str, path: str, data: bytes) -> None:
        if path.startswith("articles"):
            raise KeyboardInterrupt
        publish(output, path, data)

    with monkeypatch.context() as patch:
        patch.setattr(replace, "publish", crash)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path)
    assert list((tmp_path / ".staging").glob("compact-*.json"))
    assert numbers(tmp_path) == [1, 2, 3]
    assert run(tmp_path).recovered == 1
    assert numbers(tmp_path) == [1, 2, 3]
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("removed", [0, 1])
def test_a_crash_before_removal_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, removed: int
) -> None:
    """With the new file there and the old ones too, or some, the next run removes the old."""
    write(tmp_path, [[1, 2], [3], [4]])
    old = files(tmp_path)

    def crash(output: str, paths: Sequence[str]) -> None:
        for path in paths[:removed]:
            (Path(output) / path).unlink()
        if paths:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(replace, "remove", crash)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path)
    assert set(numbers(tmp_path)) == {1, 2, 3, 4}
    assert len(files(tmp_path)) == 4 - removed
    outcome = run(tmp_path)
    assert (outcome.recovered, outcome.steps) == (1, [])
    assert numbers(tmp_path) == [1, 2, 3, 4]
    assert not set(old) & set(files(tmp_path))
    assert not list((tmp_path / ".staging").glob("compact-*.json"))


def test_a_crash_at_any_file_operation_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped before its first, second, … rename, removal or sync, the next run finishes."""
    operations = [(os, "rename"), (Path, "unlink"), (os, "fsync")]
    finished = False
    crashes = 0
    while not finished:
        output = tmp_path / str(crashes)
        write(output, [[1, 2], [3], [4, 5]])
        left = crashes
        with monkeypatch.context() as patch:

            def counted(real: Callable[..., Any]) -> Callable[..., Any]:
                def operation(*args: Any, **options: Any) -> Any:
                    nonlocal left
                    left -= 1
                    if left < 0:
                        raise KeyboardInterrupt
                    return real(*args, **options)

                return operation

            for owner, name in operations:
                patch.setattr(owner, name, counted(getattr(owner, name)))
            try:
                run(output)
                finished = True
            except KeyboardInterrupt:
                crashes += 1
        assert set(numbers(output)) == {1, 2, 3, 4, 5}
        run(output)
        assert numbers(output) == [1, 2, 3, 4, 5]
        assert len(files(output)) == 1
        assert [path.name for path in (output / ".staging").glob("compact*")] == ["compact.lock"]
    assert crashes > 8


def test_what_a_killed_compact_left_is_cleared_away(tmp_path: Path) -> None:
    """Its half-written files, which can be large, go with the next; those of a run stay."""
    write(tmp_path, [[1], [2]])
    staging = tmp_path / ".staging"
    for name in (f"{replace.SCRATCH}x.arrow", "compact-x.json.1", "merged-x.parquet.1"):
        (staging / name).write_bytes(b"half")
    (staging / "part-x.parquet.2").write_bytes(b"of a run that is at work")
    run(tmp_path)
    assert sorted(path.name for path in staging.iterdir()) == ["compact.lock", "part-x.parquet.2"]


def test_nothing_is_staged_under_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure while the file is being made leaves the table's folder as it was."""
    write(tmp_path, [[1], [2]])
    before = [path for path in (tmp_path / "articles").rglob("*") if path.is_file()]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(merge, "_write", full)
    with pytest.raises(OSError, match="No space left"):
        run(tmp_path)
    assert [path for path in (tmp_path / "articles").rglob("*") if path.is_file()] == before
    assert not list(tmp_path.rglob("*.arrow"))


def test_files_of_another_schema_version_are_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are named on standard error and stay as they are."""
    write(tmp_path, [[1], [2], [3]])
    other = files(tmp_path)[0]
    table = pq.read_table(other)
    metadata = {**table.schema.metadata, b"copydesk.schema_version": b"0"}
    pq.write_table(table.replace_schema_metadata(metadata), other)
    before = other.read_bytes()
    assert main(["compact", str(tmp_path)]) == 0
    assert f"{other.name} is left alone: its schema version is 0, not 1" in capsys.readouterr().err
    assert other.read_bytes() == before
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("position", [200, -200], ids=["a page", "the footer"])
def test_a_damaged_file_is_left_alone_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], position: int
) -> None:
    """The others are merged without it, its bytes stay, and the exit code says so."""
    write(tmp_path, [range(10), [11], [12]])
    bad = max(files(tmp_path), key=lambda file: file.stat().st_size)
    data = bytearray(bad.read_bytes())
    for index in range(position, position + 100):
        data[index] ^= 0xFF
    bad.write_bytes(data)
    assert main(["compact", str(tmp_path)]) == 1
    assert f"{bad.name} is damaged and left alone" in capsys.readouterr().err
    assert bad.read_bytes() == data
    bad.unlink()
    assert numbers(tmp_path) == [11, 12]


def test_large_rows_are_cut_into_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row groups and batches of a few rows give the same rows in the same order."""
    write(tmp_path, [range(start, 90, 3) for start in range(3)])
    monkeypatch.setattr(merge, "ROW_GROUP_BYTES", 4000)
    monkeypatch.setattr(merge, "BATCH_BYTES", 2000)
    run(tmp_path)
    (merged,) = files(tmp_path)
    assert pq.ParquetFile(merged).num_row_groups > 5
    keys = [(row["published_date"] or date.max, row["article_id"]) for row in rows_of(tmp_path)]
    assert keys == sorted(keys)
    assert numbers(tmp_path) == list(range(90))


def test_dead_letters_are_merged_too(tmp_path: Path) -> None:
    """A table without publication dates is sorted by id, and payloads come through."""
    for number in (3, 1, 2):
        raw = RawDocument(f"doc-{number}", bytes([number]), record_id=f"{number:032x}")
        letter = letter_row(reject(raw, "Decode", Reason.EMPTY, ""))
        publish_rows(tmp_path, [letter], REJECTED)
    compact(str(tmp_path), REJECTED, 256 * MIB)
    (merged,) = (tmp_path / "rejected").rglob("*.parquet")
    assert pq.read_table(merged)["payload"].to_pylist() == [b"\1", b"\2", b"\3"]


def test_groups_fit_the_target() -> None:
    """The smallest go first, no group is larger than the target, and none has one file."""
    found = [OutputFile(f"t/d/{size}", size) for size in (40, 30, 20, 10, 45)]
    assert [[file.size for file in group] for group in bins(found, 100)] == [[10, 20, 30, 40]]
    assert [[file.size for file in group] for group in bins(found, 60)] == [[10, 20, 30]]


def test_files_of_half_the_target_stay(tmp_path: Path) -> None:
    """A file that is large enough is not written again."""
    write(tmp_path, [range(40), [41]])
    large = max(file.stat().st_size for file in files(tmp_path))
    assert run(tmp_path, target=large).steps == []
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("name", ["empty", "missing", "[strange]"])
def test_a_folder_that_is_no_output_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """One clear line and exit code 2, and nothing is made in it."""
    folder = tmp_path / name
    if name != "missing":
        folder.mkdir()
    assert main(["compact", str(folder)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "holds no output of copydesk" in error
    assert not folder.exists() or not list(folder.iterdir())


def test_a_disk_that_fails_gets_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is named, the exit code is 1, and the rows are where they were."""
    write(tmp_path, [[1], [2]])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert main(["compact", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert error == f"copydesk: cannot compact {tmp_path}: No space left on device\n"
    assert numbers(tmp_path) == [1, 2]


@pytest.mark.parametrize("size", ["0", "-1", "1.5", "x"])
def test_a_size_must_be_positive(capsys: pytest.CaptureFixture[str], size: str) -> None:
    """Wrong usage ends with exit code 2 and says what is wrong."""
    with pytest.raises(SystemExit) as stopped:
        main(["compact", "out", f"--target-mb={size}"])
    assert stopped.value.code == 2
    assert "not a positive whole number" in capsys.readouterr().err


def test_an_output_folder_may_have_any_name(tmp_path: Path) -> None:
    """Characters that mean something in a glob mean nothing in a folder's name."""
    output = tmp_path / "out [1]*?"
    write(output, [[1], [2]])
    assert len(run(output).steps) == 1
    assert numbers(output) == [1, 2]


def test_a_second_compact_at_the_same_time_is_refused(tmp_path: Path) -> None:
    """One holds the folder's lock; the other says so."""
    write(tmp_path, [[1], [2]])
    with (
        replace.exclusive(str(tmp_path)),
        pytest.raises(UsageError, match="another copydesk compact"),
    ):
        run(tmp_path)


def test_a_record_that_is_not_ours_removes_nothing(tmp_path: Path) -> None:
    """An intent that names files outside its target's folder is refused."""
    write(tmp_path, [[1], [2]])
    run(tmp_path)
    (target,) = files(tmp_path)
    victim = tmp_path / "precious.txt"
    victim.write_text("mine")
    added = AddedFile(str(target.relative_to(tmp_path)), "", 2, 1, "", "", ())
    record = replace.Intent(Commit("compact", (added,), ("precious.txt",)))
    (tmp_path / record.path).write_bytes(record.commit.to_json())
    with pytest.raises(UsageError, match="several folders"):
        run(tmp_path)
    assert victim.exists()
