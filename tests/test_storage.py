"""The files of an output folder on this machine: which are found, and what is not hidden."""

import os
from pathlib import Path
from typing import Any

import pytest

from transforms.storage import find


def paths(output: Path, pattern: str) -> list[str]:
    """Return the paths that are found."""
    return [file.path for file in find(str(output), pattern)]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return an output folder whose name is a pattern."""
    folder = tmp_path / "out[1]*"
    for name in ("articles/ingest_date=2026-01-02/part-b.parquet", "articles/loose.parquet"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"1234")
    (folder / "_commits" / "0").mkdir(parents=True)
    (folder / "_commits" / "0" / "1.json").write_bytes(b"{}")
    return folder


def test_a_star_stays_in_its_folder_and_two_do_not(output: Path) -> None:
    """Sorted paths, relative to the folder, whose own name is no pattern."""
    assert paths(output, "*/*.parquet") == ["articles/loose.parquet"]
    assert paths(output, "articles/*/*.parquet") == [
        "articles/ingest_date=2026-01-02/part-b.parquet"
    ]
    assert paths(output, "articles/**.parquet") == [
        "articles/ingest_date=2026-01-02/part-b.parquet",
        "articles/loose.parquet",
    ]
    (found,) = find(str(output), "articles/*.parquet")
    assert found.size == 4
    assert found.changed == (output / found.path).stat().st_mtime


def test_nothing_is_found_where_nothing_is(output: Path) -> None:
    """A folder that does not exist, or is a file, holds no files."""
    assert paths(output / "missing", "*/*.parquet") == []
    assert paths(output, "articles/loose.parquet/*") == []


def test_other_folders_are_not_listed(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table is found without a walk over the commits, of which there may be very many."""
    listed: list[str] = []

    def scandir(path: str) -> Any:
        listed.append(os.path.basename(path))
        return original(path)

    original = os.scandir
    monkeypatch.setattr(os, "scandir", scandir)
    assert paths(output, "articles/*/*.parquet")
    assert "articles" in listed
    assert not {"_commits", "0"} & set(listed)


def test_an_error_is_not_an_empty_folder(tmp_path: Path) -> None:
    """What cannot be listed raises; taken for empty, its rows would be written again."""
    with pytest.raises(OSError, match="File name too long"):
        find(str(tmp_path / ("x" * 300)), "*/*.parquet")


def test_a_file_that_vanishes_is_left_out(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers rename theirs while others look."""
    (output / "articles" / "gone.parquet").symlink_to("nowhere")
    assert paths(output, "articles/*.parquet") == ["articles/loose.parquet"]

    class Entry:
        name = "moved.parquet"

        def is_file(self) -> bool:
            return True

        def is_dir(self) -> bool:
            return False

        def stat(self) -> os.stat_result:
            raise FileNotFoundError(self.name)

    class Listing(list[Entry]):
        def __enter__(self) -> "Listing":
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", lambda _: Listing([Entry()]))
    assert paths(output, "*.parquet") == []
