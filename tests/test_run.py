"""The main job end to end: what it writes, that it is always the same, and what bad input does."""

import gzip
import json
import os
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from tests.conftest import ROOT, copydesk, rows_of
from transforms.schema import ARTICLES, LEDGER, REJECTED

PARAGRAPH = (
    "The town council approved the new tram line on Tuesday after a long debate about its cost."
    " Work on the first two stations begins in the spring, officials told residents."
)
TEXT = f"Council approves tram line\n\n{PARAGRAPH}\n\n{PARAGRAPH.replace('tram', 'bus')}\n"


def warc_record(name: str) -> bytes:
    """Return a WARC record of a plain text fetched over HTTP."""
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + TEXT.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{name}>\r\n"
        f"WARC-Target-URI: https://news.example/{name}\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
        f"Content-Type: application/http\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def run(output: Path, *inputs: Path | str, **env: str) -> tuple[int, str, str]:
    """Run the job and return its exit code, output and errors."""
    words = [word for path in inputs for word in ("--input", str(path))]
    done = copydesk("run", *words, "--output", str(output), env=os.environ | env if env else None)
    return done.returncode, done.stdout, done.stderr


def test_duckdb_reads_the_table(main_job: Path) -> None:
    """The line the summary prints works, with the partition as a column."""
    pattern = main_job / "articles/*/*.parquet"
    query = f"FROM '{pattern}' SELECT article_id, title, ingest_date"
    rows = duckdb.connect().execute(query).fetchall()
    assert len(rows) == len(rows_of(main_job))
    assert all(row[2] is not None for row in rows)


def test_pandas_and_pyarrow_read_the_table(main_job: Path) -> None:
    """Both see the columns of the schema and no other but the partition's."""
    names = [column.name for column in ARTICLES.columns]
    frame = pd.read_parquet(main_job / "articles")
    assert list(frame.columns) == [*names, "ingest_date"]
    assert ds.dataset(main_job / "articles").to_table().schema.names == names


def test_every_file_has_the_one_schema(main_job: Path) -> None:
    """No file of a table differs in columns, types or the schema's version."""
    for table in (ARTICLES, REJECTED, LEDGER):
        files = sorted((main_job / table.name).rglob("*.parquet"))
        assert files
        for file in files:
            schema = pq.read_schema(file)
            assert schema.equals(table.schema)
            assert schema.metadata == table.schema.metadata


def test_nothing_but_tables_and_no_torn_file(main_job: Path) -> None:
    """Nothing stays behind in staging, and every file in a table is Parquet."""
    files = [path for path in main_job.rglob("*") if path.is_file()]
    assert {path.suffix for path in files if "_commits" not in path.parts} == {".parquet"}
    assert not [path for path in files if ".staging" in path.parts]


def test_broken_records_of_the_samples_are_kept(main_job: Path) -> None:
    """The broken JSON line, the picture and the error page are dead letters with payloads."""
    reasons = {row["reason"] for row in rows_of(main_job, "rejected")}
    assert {"malformed_record", "http_error", "not_article"} <= reasons
    assert all(row["payload"] for row in rows_of(main_job, "rejected"))


def test_same_rows_with_any_workers_and_hash_seed(main_job: Path, tmp_path: Path) -> None:
    """Two silent processes, another hash seed and another clock give equal rows."""
    words = ["run", "--input", "sample_input", "--output", str(tmp_path / "out"), "--workers", "2"]
    done = copydesk(*words, env=os.environ | {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"})
    assert (done.returncode, done.stderr) == (0, "")
    for table in ("articles", "rejected"):
        assert rows_of(tmp_path / "out", table) == rows_of(main_job, table)


def test_recurring_blocks_of_a_site_are_taken_out_on_request(tmp_path: Path) -> None:
    """A promotion in every story of a site goes; the same stories without the flag keep it."""
    promotion = "Our town letter brings you the stories of the week every Friday, from all of us."
    topics = ("tram", "bus", "ferry", "library", "market", "bridge")
    records = [
        {
            "id": topic,
            "url": f"https://news.example/{topic}",
            "text": f"The {topic} opens\n\n{PARAGRAPH.replace('tram', topic)} {topic * 3}\n\n"
            f"{promotion}\n\nWhy the {topic} was late, nobody in the {topic} office could say.",
        }
        for topic in topics
    ]
    lines = tmp_path / "in.jsonl"
    lines.write_text("\n".join(map(json.dumps, records)))
    words = ["run", "--input", str(lines), "--output"]
    assert copydesk(*words, str(tmp_path / "kept")).returncode == 0
    assert copydesk(*words, str(tmp_path / "cut"), "--remove-recurring").returncode == 0
    assert all(promotion in row["text"] for row in rows_of(tmp_path / "kept"))
    for row in rows_of(tmp_path / "cut"):
        assert promotion not in row["text"]
        assert any(block["rule"] == "recurring:site" for block in row["removed_blocks"])


def test_a_second_run_repeats_nothing(tmp_path: Path) -> None:
    """Running again adds what is new and counts the rest as duplicates."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(TEXT)
    assert run(tmp_path / "out", tmp_path / "in")[0] == 0
    (tmp_path / "in/b.txt").write_text(TEXT.replace("tram", "ferry"))
    code, printed, _ = run(tmp_path / "out", tmp_path / "in")
    assert code == 0
    assert "1 duplicates" in printed
    assert [row["source_id"] for row in rows_of(tmp_path / "out")] == ["a.txt", "b.txt"]


def test_good_records_beside_bad_ones_come_through(tmp_path: Path) -> None:
    """Each bad record is one dead letter; none takes a good one with it."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(TEXT)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (folder / "invalid.txt").write_bytes(TEXT.encode().replace(b"tram", b"tr\xe4m"))
    (folder / "utf16.txt").write_text(TEXT, encoding="utf-16")
    good = json.dumps({"id": "line-1", "text": TEXT})
    (folder / "lines.jsonl").write_text(f"{good}\n{{broken\n{good.replace('1', '3')}\n")
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(good.encode() * 50)[:-20])
    (folder / "cut.warc").write_bytes((warc_record("1") + warc_record("2"))[:-60])
    code, _, errors = run(tmp_path / "out", folder)
    assert (code, errors) == (0, "")
    kept = [row["source_id"] for row in rows_of(tmp_path / "out")]
    assert kept == ["good.txt", "invalid.txt", "line-1", "line-3", "urn:uuid:1", "utf16.txt"]
    letters = {row["source_id"]: row["reason"] for row in rows_of(tmp_path / "out", "rejected")}
    assert letters["empty.txt"] == "empty"
    assert letters["picture.html"] == "unsupported_media_type"
    assert letters["lines.jsonl#2"] == "malformed_record"
    assert letters["urn:uuid:2"] == "truncated"
    assert len(letters) == 5


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing", "does not exist"), ("nothing", "nothing"), ("other.xyz", "other.xyz")],
)
def test_an_input_that_cannot_be_read_is_one_clear_line(
    name: str, words: str, tmp_path: Path
) -> None:
    """Exit code 2, one line, no traceback, and no output folder."""
    (tmp_path / "nothing").mkdir()
    (tmp_path / "other.xyz").write_text("x")
    code, _, errors = run(tmp_path / "out", tmp_path / name)
    assert code == 2
    assert errors.startswith("copydesk: ")
    assert words in errors
    assert errors.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    """A file where the output folder should be is named, before anything is read."""
    (tmp_path / "out").write_text("in the way")
    code, _, errors = run(tmp_path / "out", ROOT / "sample_input/seeds")
    assert code == 2
    assert errors.startswith("copydesk: cannot write to ")
    assert errors.count("\n") == 1


def test_a_slip_of_the_pen_in_a_flag_is_refused(tmp_path: Path) -> None:
    """A flag neither copydesk nor Beam knows does not pass in silence."""
    done = copydesk(
        "run", "--input", "sample_input", "--output", str(tmp_path / "o"), "--extracter=x"
    )
    assert done.returncode == 2
    assert done.stderr == "copydesk: unknown argument: --extracter=x\n"


def test_replay_feeds_dead_letters_back(tmp_path: Path) -> None:
    """What passes now becomes an article, what fails again stays rejected, once."""
    folder = tmp_path / "in"
    folder.mkdir()
    samples = sorted((ROOT / "sample_input/html").glob("*.html"))
    (folder / "page.html").write_bytes(samples[0].read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    words = ["--input", str(folder), "--output", str(tmp_path / "out")]
    assert copydesk("run", *words, "--not-article-below", "1.01").returncode == 0
    assert [row["reason"] for row in rows_of(tmp_path / "out", "rejected")] == [
        "empty",
        "not_article",
    ]
    assert copydesk("replay", str(tmp_path / "out")).returncode == 0
    assert [row["source_id"] for row in rows_of(tmp_path / "out")] == ["page.html"]
    assert [row["reason"] for row in rows_of(tmp_path / "out", "rejected")] == ["empty"]
    assert copydesk("replay", str(tmp_path / "out")).returncode == 0
    assert [row["reason"] for row in rows_of(tmp_path / "out", "rejected")] == ["empty"]
