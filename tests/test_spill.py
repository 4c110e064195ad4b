"""Rows of a local run wait on disk: whole, apart, and gone when the run is over."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import copydesk
from transforms.spill import Spilled, spill, spill_folder


def test_threads_and_processes_get_back_what_they_gave(tmp_path: Path) -> None:
    """Each row is whole, whoever wrote it and whoever reads it."""
    rows = [bytes([number % 256]) * (number * 37 % 5000) for number in range(400)]
    with spill_folder(str(tmp_path)) as folder:
        with ThreadPoolExecutor(8) as pool:
            places = list(pool.map(lambda row: spill(folder, row), rows))
        assert [place.read() for place in places] == rows
        assert list(map(len, places)) == list(map(len, rows))
        code = f"from transforms.spill import spill; print(spill({folder!r}, b'another').path)"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        other = Spilled(done.stdout.strip(), 0, len(b"another"))
        assert other.read() == b"another"
        assert other.path not in {place.path for place in places}
        with pytest.raises(OSError, match="cut short"):
            Spilled(other.path, 3, 100).read()
        opened = len(os.listdir("/proc/self/fd"))
    assert len(os.listdir("/proc/self/fd")) == opened - 2
    assert list((tmp_path / ".staging").iterdir()) == []


def test_what_a_killed_run_left_is_removed_in_time(tmp_path: Path) -> None:
    """A day later; a run that still lasts keeps its rows."""
    old, new = (tmp_path / ".staging" / f"rows-{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "1").write_bytes(b"row")
    os.utime(old, (0, time.time() - 2 * 24 * 3600))
    with spill_folder(str(tmp_path)):
        assert not old.exists()
        assert new.exists()


def test_a_full_disk_fails_the_run(tmp_path: Path) -> None:
    """Rows that cannot wait on disk are an error of the run, not dead letters."""
    limited = (
        "import resource, sys; from pipeline.cli import main;"
        "import transforms.spill as s; s._File.append = lambda *_: (_ for _ in ()).throw("
        "OSError(28, 'No space left on device'));"
        "sys.exit(main(['run', '--input', 'sample_input', '--output', sys.argv[1]]))"
    )
    command = [sys.executable, "-c", limited, str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert not list((tmp_path / "out").glob("*/*/*.parquet"))


def test_nothing_of_it_is_left(tmp_path: Path) -> None:
    """A run with two workers leaves no row behind but those in its tables."""
    words = ("--workers", "2", "--input", "sample_input", "--output", str(tmp_path))
    assert copydesk("run", *words).returncode == 0
    assert list((tmp_path / ".staging").glob("rows-*")) == []
