"""A watched folder: complete files only, each once, nothing remembered but a time."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.sources import drain, watch
from tests.bundles import Reading


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files settle in no time where a test does not say otherwise."""
    monkeypatch.setattr(watch, "SETTLE_SECONDS", 0.05)


def watching(folder: Path, marker: str | None = None, position: int = 0) -> Reading:
    """Return a watch over a folder."""
    return Reading(watch.WatchFolder(marker), str(folder), position)


def names(values: list[Any]) -> list[str]:
    """Return the names of the files yielded."""
    return [each.value.name for each in values]


def settle() -> None:
    """Wait until files are complete."""
    time.sleep(0.1)


def test_addresses(tmp_path: Path) -> None:
    """A folder that exists is watched; an object store or a missing one is refused."""
    assert watch.parse_address(f"watch:{tmp_path}/") == str(tmp_path)
    for wrong in (f"watch:{tmp_path}/missing", "watch:gs://bucket/folder"):
        with pytest.raises(UsageError):
            watch.parse_address(wrong)


def test_files_come_once_as_they_appear(tmp_path: Path) -> None:
    """What is there comes first, what is added later next, and nothing again."""
    (tmp_path / "a.html").write_text("a")
    (tmp_path / "b.txt").write_text("b")
    watch_one = watching(tmp_path)
    settle()
    values = watch_one.until_idle()
    assert sorted(names(values)) == ["a.html", "b.txt"]
    assert {each.value.size for each in values} == {1}
    assert watch_one.until_idle() == []
    (tmp_path / "c.jsonl.gz").write_text("c")
    settle()
    assert names(watch_one.until_idle()) == ["c.jsonl.gz"]


def test_a_file_that_grows_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read when its writer has been silent for a while, not before."""
    monkeypatch.setattr(watch, "SETTLE_SECONDS", 0.6)
    one = watching(tmp_path)
    for _ in range(4):
        with (tmp_path / "slow.txt").open("a") as file:
            file.write("word ")
        time.sleep(0.2)
        assert names(one.until_idle()) == []
    time.sleep(0.7)
    (value,) = one.until_idle()
    assert value.value.size == 20


def test_partial_and_hidden_files_and_folders_are_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Names of unfinished files are none of ours; a folder is told, once."""
    for name in (".hidden.html", "a.html.part", "b.html.tmp", "c.html~", "d.pdf"):
        (tmp_path / name).write_text("x")
    (tmp_path / "inner").mkdir()
    one = watching(tmp_path)
    settle()
    assert one.until_idle() == []
    one.until_idle()
    assert caplog.text.count("not watched: inner") == 1
    (tmp_path / "a.html.part").rename(tmp_path / "a.html")
    settle()
    assert names(one.until_idle()) == ["a.html"]


def test_an_old_file_that_is_moved_here_is_new(tmp_path: Path) -> None:
    """A rename keeps the time a file was written, however long ago; it is read, at that time."""
    folder, outside = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    outside.mkdir()
    old = 1_600_000_000
    for name in ("moved.txt", "copied.txt", "linked.txt"):
        (outside / name).write_text(name)
        os.utime(outside / name, (old, old))
    (folder / "first.txt").write_text("first")
    one = watching(folder)
    settle()
    assert names(one.until_idle()) == ["first.txt"]
    (outside / "moved.txt").rename(folder / "moved.txt")
    shutil.copy2(outside / "copied.txt", folder)
    (folder / "linked.txt").symlink_to(outside / "linked.txt")
    settle()
    values = one.until_idle()
    assert sorted(names(values)) == ["copied.txt", "linked.txt", "moved.txt"]
    assert {float(each.timestamp) for each in values} == {float(old)}


def test_a_restored_watch_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint in the middle of many files neither skips nor repeats one."""
    monkeypatch.setattr(watch, "MAX_FILES", 3)
    for number in range(10):
        (tmp_path / f"{number}.txt").write_text("x")
        time.sleep(0.01)
    settle()
    first = watching(tmp_path)
    seen = names(first.bundle())
    assert 3 <= len(seen) < 10
    seen += names(watching(tmp_path, position=first.position).until_idle())
    assert sorted(seen) == sorted(f"{number}.txt" for number in range(10))


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    """What was added to a file is not lost; what is known of it the sink tells."""
    path = tmp_path / "a.jsonl"
    path.write_text("1\n")
    one = watching(tmp_path)
    settle()
    assert names(one.until_idle()) == ["a.jsonl"]
    path.write_text("1\n2\n")
    settle()
    (value,) = one.until_idle()
    assert value.value.size == 4


def test_a_folder_that_vanishes_is_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An unmounted folder is an error in the log, and no end."""
    folder = tmp_path / "in"
    folder.mkdir()
    one = watching(folder)
    one.until_idle()
    stood = one.watermark
    folder.rmdir()
    assert one.until_idle() == []
    assert "trying again" in caplog.text
    assert (one.done, one.watermark) == (False, stood)
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    settle()
    assert names(one.until_idle()) == ["a.txt"]


def test_time_goes_on_and_a_drain_ends_it(tmp_path: Path) -> None:
    """The watermark follows the clock; the marker ends the watch."""
    marker = str(tmp_path / ".drain")
    one = watching(tmp_path, marker)
    one.until_idle()
    assert 0 < time.time() - float(one.watermark) < 20
    drain.request(marker)
    assert one.bundle() == []
    assert one.done
