"""A full disk, a read-only one, and staging on another: the job says so, and a retry is exact."""

import errno
import os
import resource
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.validation.validate import validate
from tests.conftest import copydesk
from tests.table_rows import STREAM, numbered_letter, target
from tests.test_sink_faults import START, numbers, outcomes, problems, rows, sink
from transforms.shard_writer import ShardWriter

MIB = 2**20


def test_a_file_too_large_for_the_disk_leaves_nothing(tmp_path: Path) -> None:
    """The kernel cuts the write short; what was written goes, and there is no commit."""
    big = numbered_letter(1, content=os.urandom(MIB), offset=1, arrived=START)
    writer = ShardWriter(sink(tmp_path))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MIB // 2, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            writer.write(0, [big, *rows(2)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert outcomes(writer.write(0, [big, *rows(2)])) == Counter(rejected=2)
    assert problems(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of its own, 1 MiB large; without the right to mount, skip."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("may not mount a disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_fails_the_bundle_and_the_retry_is_exact(small_disk: Path) -> None:
    """It fills up in the middle of a stream, and is cleared."""
    ballast = small_disk / "ballast"
    output = small_disk / "out"
    writer = ShardWriter(sink(output))
    writer.write(0, rows(1))
    free = os.statvfs(small_disk)
    ballast.write_bytes(bytes(free.f_bavail * free.f_frsize))
    with pytest.raises(OSError, match="No space left"):
        writer.write(0, rows(1, 2, 3))
    assert not [path for path in (output / ".staging").rglob("*") if path.is_file()]
    assert numbers(output) == [1]
    ballast.unlink()
    assert outcomes(writer.write(0, rows(1, 2, 3))) == Counter(rejected=3)
    assert numbers(output) == [1, 2, 3]
    assert problems(output) == []


def test_a_read_only_disk_fails_the_bundle_and_the_retry_is_exact(small_disk: Path) -> None:
    """It is mounted read-only in the middle of a stream, and then writable again."""
    writer = ShardWriter(sink(small_disk))
    writer.write(0, rows(1))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(OSError, match="Read-only file system") as caught:
        writer.write(0, rows(1, 2))
    assert caught.value.errno == errno.EROFS
    assert numbers(small_disk) == [1]
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert outcomes(writer.write(0, rows(1, 2))) == Counter(rejected=2)
    assert problems(small_disk) == []


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on another filesystem than the temporary one."""
    folder = Path("/dev/shm", f"copydesk-test-{os.getpid()}")  # noqa: S108
    folder.mkdir()
    assert folder.stat().st_dev != tmp_path.stat().st_dev
    yield folder
    shutil.rmtree(folder)


def test_staging_on_another_filesystem_fails_the_bundle(tmp_path: Path, elsewhere: Path) -> None:
    """Beam's fileio ends well and writes nothing; here the error names both places."""
    staging = tmp_path / ".staging"
    staging.symlink_to(elsewhere)
    writer = ShardWriter(target(tmp_path, stream=STREAM))
    with pytest.raises(OSError, match="Invalid cross-device link"):
        writer.write(0, rows(1, 2))
    assert numbers(tmp_path) == []
    staging.unlink()
    assert outcomes(writer.write(0, rows(2, 1))) == Counter(rejected=2)
    assert numbers(tmp_path) == [1, 2]
    assert problems(tmp_path) == []


def test_a_job_that_cannot_write_says_so_and_its_repair_is_exact(
    tmp_path: Path, elsewhere: Path
) -> None:
    """The command fails with the cause; repaired and run again, all adds up."""
    text = "The council met on Tuesday and approved the budget for the new school.\n\n" * 5
    inputs, output = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    output.mkdir()
    for number in range(5):
        (inputs / f"{number}.txt").write_text(f"Council approves budget {number}\n\n{text}")
    (inputs / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (output / ".staging").symlink_to(elsewhere)
    words = ("run", "--input", str(inputs), "--output", str(output))
    failed = copydesk(*words)
    assert failed.returncode == 1
    assert "Invalid cross-device link" in failed.stderr
    (output / ".staging").unlink()
    done = copydesk(*words)
    assert done.returncode == 0, done.stderr
    assert "6 records in" in done.stdout
    assert validate(str(output)).problems == []
