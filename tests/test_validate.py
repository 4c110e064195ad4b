"""``copydesk validate`` is silent about what is whole, and names each thing that is not."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.compaction.compact import compact
from pipeline.validation.validate import validate
from tests.table_rows import NOW, STREAM, numbered_letter, publish_rows, target
from transforms.commits import take_out
from transforms.ledger import Entry, add, write_ledger, write_window
from transforms.publishing import stage
from transforms.schema import REJECTED
from transforms.shard_writer import ShardWriter

START = 1_767_225_600
MIB = 2**20


def came_in(entries: list[Entry]) -> list[Entry]:
    """Return the sums of entries, and of the same records coming in."""
    everything = [*entries, *((("in", None, None, key[3]), count) for key, count in entries)]
    keys = {key for key, _ in everything}
    return [(key, add(count for other, count in everything if other == key)) for key in keys]


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """Return the output of a batch run with two files."""
    sink = target(tmp_path, 2)
    writer = ShardWriter(sink)
    shards = [[n for n in range(20) if n % 2 == shard] for shard in (0, 1)]
    entries = [
        entry
        for shard, numbers in enumerate(shards)
        for entry in writer.write(shard, [numbered_letter(number) for number in numbers])
    ]
    write_ledger(sink.run_id, str(tmp_path), NOW, came_in(entries))
    return tmp_path


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    """Return the output of a stream with two windows, each with a duplicate."""
    sink = target(tmp_path, stream=STREAM)
    writer = ShardWriter(sink)
    for window in (0, 60):
        rows = [
            numbered_letter(window + n % 9, offset=window + n, arrived=START + window + n)
            for n in range(10)
        ]
        entries = came_in(writer.write(0, rows))
        write_window(sink.run_id, str(tmp_path), NOW, (START + window, 60), entries, 0)
    return tmp_path


def files(output: Path) -> list[Path]:
    """Return the files of the table."""
    return sorted((output / "rejected").rglob("*.parquet"))


def test_what_is_whole_passes(batch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says what it looked at and exits with 0."""
    assert main(["validate", str(batch)]) == 0
    assert "rejected: 20 rows in 2 files, 2 commits" in capsys.readouterr().out


def test_a_stream_passes(stream: Path) -> None:
    """Duplicates are in the ledger and not in the table."""
    assert validate(str(stream)).problems == []


def test_compaction_and_replay_keep_it_whole(batch: Path) -> None:
    """What they put in and take out has a record, too."""
    compact(str(batch), REJECTED, 256 * MIB)
    assert len(files(batch)) == 1
    assert validate(str(batch)).problems == []
    take_out(str(batch), "rejected", "replay", [str(files(batch)[0].relative_to(batch))])
    assert not files(batch)
    assert validate(str(batch)).problems == []


def remove_file(output: Path) -> None:
    """Lose a file."""
    files(output)[0].unlink()


def remove_record(output: Path) -> None:
    """Lose a commit record."""
    sorted(output.rglob("_commits/*/*.json"))[0].unlink()


def spoil_record(output: Path) -> None:
    """Cut a commit record short."""
    path = sorted(output.rglob("_commits/*/*.json"))[0]
    path.write_bytes(path.read_bytes()[:50])


def spoil_page(output: Path) -> None:
    """Turn over one bit in the middle of a file."""
    path = files(output)[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def cut_file(output: Path) -> None:
    """Cut the end off a file."""
    path = files(output)[0]
    path.write_bytes(path.read_bytes()[:-100])


def swap_files(output: Path) -> None:
    """Put one file's content under the name of another."""
    one, other = files(output)[:2]
    other.write_bytes(one.read_bytes())


def add_file(output: Path) -> None:
    """Add a file that nobody committed, with ids that are there."""
    publish_rows(output, [numbered_letter(2)], REJECTED)


def unpublish(output: Path) -> None:
    """Take a file back to staging, as if its writer had died after the commit."""
    path = files(output)[0]
    record = path.name
    text = next(p.read_text() for p in output.rglob("_commits/*/*.json") if record in p.read_text())
    staged = text.split('"staged": "')[1].split('"')[0]
    path.rename(output / staged)


def leave_behind(output: Path) -> None:
    """Leave a staged file of yesterday."""
    path = output / stage(str(output), ".staging", "part-x.parquet", b"half")
    os.utime(path, (START, START))


def lose_ledger(output: Path) -> None:
    """Lose a ledger file."""
    next((output / "ledger").rglob("*.parquet")).unlink()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (remove_file, "is missing, with 10 rows"),
        (spoil_record, "not a commit record"),
        (spoil_page, "is not, byte for byte, what was committed"),
        (cut_file, "is damaged"),
        (cut_file, "was committed with"),
        (swap_files, "has other records than were committed"),
        (swap_files, "10 ids stand twice"),
        (add_file, "no commit names it"),
        (unpublish, "10 rows are committed, but not published"),
        (leave_behind, "left over from a writer"),
        (lose_ledger, "20 rows are committed, the ledger says 0; without a ledger: 2026"),
    ],
)
def test_a_fault_is_named(
    batch: Path, fault: Callable[[Path], None], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says what is wrong and exits with 1."""
    fault(batch)
    assert main(["validate", str(batch)]) == 1
    assert said in capsys.readouterr().out


def test_a_missing_record_is_named(stream: Path) -> None:
    """A gap in a log shows, and the file that has lost its record."""
    remove_record(stream)
    problems = "\n".join(validate(str(stream)).problems)
    assert "00000002.json: the record before it is missing" in problems
    assert "no commit names it" in problems


def test_a_stream_must_agree_in_each_window(stream: Path) -> None:
    """Two windows that are wrong by one each are wrong, although their sum is right."""
    sink = target(stream, stream=STREAM)
    for window, count in ((0, 10), (60, 8)):
        entries: list[Entry] = [
            ((outcome, None, None, START + window), (count, 1)) for outcome in ("in", "rejected")
        ]
        write_window(sink.run_id, str(stream), NOW, (START + window, 60), entries, 0)
    problems = validate(str(stream)).problems
    assert [line for line in problems if "9 rows are committed, the ledger says 10" in line]
    assert [line for line in problems if "9 rows are committed, the ledger says 8" in line]


def test_a_ledger_that_lost_a_record_is_named(batch: Path) -> None:
    """A record that came in and is nowhere is a problem of its run."""
    run = replace(target(batch), run_id="20260102T030405000000Z-1")
    write_ledger(run.run_id, str(batch), NOW, [(("in", None, None, None), (1, 5))])
    (problem,) = validate(str(batch)).problems
    assert problem.endswith("1 records came in but 0 are accounted for: 1 lost")
