"""Tables on object stores: each row once whatever breaks, and the commands over them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
from apache_beam.io.filesystems import FileSystems
from google.api_core.retry import Retry

from pipeline.cli import main
from tests.conftest import ROOT, copydesk, rows_of
from tests.object_stores import Faults
from tests.table_rows import NOW, numbered_letter
from transforms import object_store_gcs
from transforms.ledger import Entry, add
from transforms.object_store import store_of
from transforms.schema import REJECTED
from transforms.shard_writer import ShardWriter, Target
from transforms.storage import find, join, open_parquet

ROWS = [numbered_letter(number, offset=number) for number in range(3)]


@pytest.fixture(autouse=True)
def _no_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no flags of one test to the next."""
    monkeypatch.setattr(FileSystems, "_pipeline_options", None)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clients give up at the first failure, so that it reaches the writer."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    never = Retry(predicate=lambda _: False)
    monkeypatch.setattr(object_store_gcs, "DEFAULT_RETRY", never)


def writer(output: str) -> ShardWriter:
    """Return a new writer of the table of dead letters, always of the same run."""
    return ShardWriter(Target(output, REJECTED, shards=1, run_id="run", ingested_at=NOW))


def ids(output: str) -> list[str]:
    """Return the ids in the table, each as often as it stands there."""
    found = []
    for file in find(output, "rejected/*/*.parquet"):
        found += open_parquet(join(output, file.path)).read(["record_id"])[0].to_pylist()
    return sorted(found)


def sums(entries: list[Entry]) -> dict[object, object]:
    """Return the ledger that entries add up to."""
    keys = {key for key, _ in entries}
    return {key: add(found for one, found in entries if one == key) for key in keys}


def download(store_path: str, folder: Path) -> Path:
    """Copy an output folder from a store to the local disk."""
    store = store_of(store_path)
    for found in store.listed(store_path + "/"):
        target = folder / found.path[len(store_path) + 1 :]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(store.read(found.path))
    return folder


def upload(folder: Path, store_path: str) -> None:
    """Copy a local folder to a store."""
    for path in folder.rglob("*"):
        if path.is_file():
            place = f"{store_path}/{path.relative_to(folder).as_posix()}"
            store_of(store_path).put(place, path.read_bytes())


def a_page() -> bytes:
    """Return a document that becomes an article."""
    return min((ROOT / "sample_input/seeds").glob("*.txt")).read_bytes()


def nth(number: int, methods: Sequence[str]) -> Callable[[str, str], bool]:
    """Return a test that is true of the request of that number, counted from 0."""
    requests = count()
    return lambda method, _: method in methods and next(requests) == number


def breaking(faults: Faults, kind: str) -> Iterator[Callable[[], bool]]:
    """Break the first request, then the second, and so on; the yielded function asks if it did.

    A request that only asks is broken in one way: for it an answer lost is nothing done.
    """
    methods = {"before": "GET HEAD PUT POST DELETE", "after": "PUT POST DELETE"}[kind].split()
    for number in count():
        faults.hits = nth(number, methods)
        setattr(faults, kind, 1)
        yield lambda: getattr(faults, kind) == 0


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", ["before", "after"])
def test_a_write_that_breaks_anywhere_is_finished_by_the_next(
    bucket: str, faults: Faults, kind: str
) -> None:
    """Whichever request fails, undone or done but unanswered, each row stands there once."""
    expected = sums(writer(f"{bucket}/calm").write(0, ROWS))
    whole = ids(f"{bucket}/calm")
    for number, broke in enumerate(breaking(faults, kind)):
        output = f"{bucket}/{kind}-{number}"
        try:
            writer(output).write(0, ROWS)
        except OSError:
            assert broke()
        if not broke():
            break
        faults.hits = lambda *_: False
        assert set(ids(output)) <= set(whole)
        assert sums(writer(output).write(0, ROWS)) == expected
        assert ids(output) == whole
    assert number > 3


def test_writers_at_once_write_each_row_once(bucket: str) -> None:
    """Writers get rows that overlap; the store lets one commit at a time."""
    parts = [ROWS[:2], ROWS[1:], ROWS]
    # moto looks and writes in two steps, so it cannot be raced.
    with ThreadPoolExecutor(3 if bucket.startswith("gs:") else 1) as writers:
        list(writers.map(lambda rows: writer(f"{bucket}/out").write(0, rows), parts))
    assert ids(f"{bucket}/out") == sorted(row.row_id for row in ROWS)
    assert not find(f"{bucket}/out", ".staging/**")


def test_a_writer_that_wakes_up_late_brings_nothing_back(bucket: str) -> None:
    """What another one published for it, and compaction removed, stays removed."""
    output = f"{bucket}/out"
    late = writer(output)
    held: list[object] = []
    late._publish = held.append  # type: ignore[method-assign, assignment]
    late.write(0, ROWS)
    writer(output).write(0, ROWS[:1])
    published = find(output, "rejected/*/*.parquet")
    assert len(published) == 1
    store_of(output).remove([join(output, published[0].path)])
    ShardWriter._publish(late, held[0])  # type: ignore[arg-type]
    assert find(output, "rejected/*/*.parquet") == []


def test_the_job_over_a_store_gives_the_same_rows(
    bucket: str, main_job: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Input and output on the store, two worker processes; then the other commands over it."""
    upload(ROOT / "sample_input", f"{bucket}/in [1]")
    output = f"{bucket}/out"
    words = ["--input", f"{bucket}/in [1]", "--output", output]
    done = copydesk("run", *words, "--workers", "2")
    assert (done.returncode, done.stderr) == (0, "")
    local = download(output, tmp_path / "first")
    for table in ("articles", "rejected"):
        assert rows_of(local, table) == rows_of(main_job, table)
    assert "/".join(sorted({path.name for path in local.iterdir()})) == "articles/ledger/rejected"

    assert main(["report", output]) == 0
    assert b"<html" in store_of(output).read(f"{output}/report.html")
    assert main(["run", "--input", str(ROOT / "sample_input"), "--output", output]) == 0
    assert "22 duplicates" in capsys.readouterr().out
    assert main(["replay", output]) == 0
    local = download(output, tmp_path / "second")
    for table in ("articles", "rejected"):
        assert rows_of(local, table) == rows_of(main_job, table)


def test_compact_merges_files_on_a_store(bucket: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Small files become one, with every row, and nothing else is left."""
    for row in ROWS:
        writer(f"{bucket}/out").write(0, [row])
    assert len(find(f"{bucket}/out", "rejected/*/*.parquet")) == 3
    assert main(["compact", f"{bucket}/out", "--table", "rejected"]) == 0
    assert "3 files" in capsys.readouterr().out
    assert len(find(f"{bucket}/out", "rejected/*/*.parquet")) == 1
    assert ids(f"{bucket}/out") == sorted(row.row_id for row in ROWS)
    assert not find(f"{bucket}/out", ".staging/**")


@pytest.mark.parametrize("served", ["s3"], indirect=True)
def test_flags_say_where_the_store_is(
    bucket: str, served: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beam's flags for S3 hold for input and output, in this process and in workers."""
    store_of(bucket).put(f"{bucket}/in/a.txt", a_page())
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    flags = [
        f"--s3_endpoint_url={served[1]}",
        "--s3_access_key_id=tester",
        "--s3_secret_access_key=secret",
    ]
    words = ["--input", f"{bucket}/in", "--output", f"{bucket}/out", *flags]
    done = copydesk("run", "--workers", "2", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert main(["report", f"{bucket}/out", *flags]) == 0
    assert main(["compact", f"{bucket}/out", "--s3_endpoint=typo"]) == 2


def test_a_missing_bucket_is_one_clear_line(
    bucket: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """As input or as output it ends the run before anything is read, with exit code 2."""
    missing = bucket.replace("bucket-", "no-bucket-")
    seeds = str(ROOT / "sample_input/seeds")
    for words in (
        ["run", "--input", seeds, "--output", f"{missing}/out"],
        ["run", "--input", f"{missing}/in", "--output", str(tmp_path / "out")],
        ["report", f"{missing}/out"],
        ["compact", f"{missing}/out"],
        ["replay", f"{missing}/out"],
    ):
        assert main(words) == 2
        errors = capsys.readouterr().err
        assert errors.startswith("copydesk: cannot ") or missing in errors
        assert errors.count("\n") == 1


@pytest.mark.parametrize("served", ["s3"], indirect=True)
def test_a_store_without_conditional_writes_is_refused(
    bucket: str, faults: Faults, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where If-None-Match means nothing, commits of two writers would overwrite each other."""
    faults.dropped_header = "if-none-match"
    words = ["run", "--input", str(ROOT / "sample_input/seeds"), "--output", f"{bucket}/out"]
    assert main(words) == 2
    assert "does not honour conditional writes" in capsys.readouterr().err


def test_a_file_that_goes_while_the_run_reads_is_a_dead_letter(
    bucket: str, faults: Faults, tmp_path: Path
) -> None:
    """What cannot be read is accounted for as unreadable; the run goes on."""
    good = a_page()
    store_of(bucket).put(f"{bucket}/in/a.txt", good)
    store_of(bucket).put(f"{bucket}/in/gone.txt", good + b" ")

    def hits(method: str, path: str) -> bool:
        if "gone" in path and method != "DELETE":
            store_of(bucket).remove([f"{bucket}/in/gone.txt"])
        return False

    faults.hits = hits
    assert main(["run", "--input", f"{bucket}/in", "--output", str(tmp_path / "out")]) == 0
    (letter,) = rows_of(tmp_path / "out", "rejected")
    assert (letter["reason"], letter["source_id"]) == ("unreadable", "gone.txt")
    assert len(rows_of(tmp_path / "out")) == 1
