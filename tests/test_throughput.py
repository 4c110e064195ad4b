"""The throughput benchmark: its workload is what it says, and its figures follow from it."""

import gzip
import json
import sys
from pathlib import Path

import pytest

from benchmarks import contestants, measure, workload
from benchmarks.table import HISTORY, REACH, append_history, table
from benchmarks.throughput import Bench, Samples, figures, write_files
from pipeline.sources.files import expand, read_records
from transforms.model import RawDocument

SENTENCE = "The harbour office said on Monday that the ferry would run again from next week. "


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder laid out as the benchmark's data, with invented pages."""
    folder = tmp_path / "data" / "extraction"
    folder.mkdir(parents=True)
    body = "".join(f"<p>{SENTENCE * 3}</p>" for _ in range(4))
    pages = [
        {
            "id": f"page-{number}",
            "url": f"https://example.org/{number}",
            "html": f"<html><body><article><h1>Ferry {number}</h1>{body}</article></body></html>",
        }
        for number in range(3)
    ]
    lines = [
        {"id": f"{page['id']}#{variant}", "variant": variant, "lines": ["Ferry", "", SENTENCE * 2]}
        for page in pages
        for variant in ("full", "container")
    ]
    for name, rows in (("pages", pages), ("lines", lines)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path / "data"


@pytest.fixture
def bench(data: Path, tmp_path: Path) -> Bench:
    """Return the benchmark over two pages and two text scrapes."""
    (tmp_path / "work").mkdir()
    pages, texts = workload.load_pages(data, 2), workload.load_texts(data, 2)
    return Bench(pages, texts, tmp_path / "work")


@pytest.mark.parametrize(
    ("form", "count"), [("one", 1), ("jsonl", 2), ("large", 6), ("warc", 2), ("html", 2)]
)
def test_every_form_holds_the_same_pages_under_their_own_ids(
    bench: Bench, form: str, count: int
) -> None:
    """The product's sources read as many documents as were asked for, none twice or damaged."""
    path = write_files(bench)[form]
    records = [record for file in expand([str(path)]) for record in read_records(file)]
    assert all(isinstance(record, RawDocument) for record in records)
    documents = [record for record in records if isinstance(record, RawDocument)]
    assert len({record.source_id for record in documents}) == count
    assert {record.content.decode() for record in documents} <= {p.content for p in bench.pages}


def test_pages_are_spread_over_the_data(data: Path) -> None:
    """Fewer pages than there are come from all over the file, more than there are come once."""
    assert [page.page_id for page in workload.load_pages(data, 2)] == ["page-0", "page-1"]
    assert len(workload.load_pages(data, 10)) == 3
    assert all("#container" in text.page_id for text in workload.load_texts(data, 10))


@pytest.mark.parametrize("name", ["floor", "loop", "stages"])
def test_contestants_process_the_workload(bench: Bench, name: str, tmp_path: Path) -> None:
    """Each says what its steps cost and leaves a Parquet file behind."""
    source = workload.write_jsonl(tmp_path / "pages.jsonl", bench.pages, 2)
    costs = contestants.CONTESTANTS[name](source, tmp_path)
    assert sum(costs.values()) > 0
    assert list(tmp_path.glob("*.parquet"))


def test_a_run_is_measured_with_its_children() -> None:
    """CPU of a grandchild counts, and each process has its peak of memory."""
    burn = "x = sum(range(10**7)); import time; time.sleep(0.3)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
    cost = measure.run([sys.executable, "-c", code])
    assert cost.cpu > 0.1
    assert len(cost.peaks) == 2
    with pytest.raises(RuntimeError, match="failed"):
        measure.run([sys.executable, "-c", "raise SystemExit(3)"])


def test_the_whole_pipeline_is_measured(bench: Bench) -> None:
    """The command line runs over a workload and costs something."""
    cost = bench.copydesk(write_files(bench)["jsonl"])
    assert cost.cpu > 0.1
    assert cost.peaks[0] > 50


def test_figures_follow_from_the_samples(tmp_path: Path) -> None:
    """Ratios, shares and speed-up are those of the medians."""
    samples = Samples()
    for whole in (20.0, 12.0, 11.0):
        samples.add("copydesk.1", whole)
    for name, value in {
        "loop.all": 84.0,
        "floor.all": 4.0,
        "stages.Read": 3.0,
        "stages.Extract": 6.0,
        "wall.1": 12.0,
        "wall.2": 6.0,
    }.items():
        samples.add(name, value)
    found = figures(samples, 2, 60_000)
    assert found["ratio_to_loop"] == pytest.approx(1 / 7)
    assert found["ratio_to_floor"] == pytest.approx(3)
    assert found["beam_share"] == pytest.approx(0.25)
    assert found["speed_up"] == pytest.approx(2)
    assert found["mb_per_second_and_core"] == pytest.approx(5)
    assert all(name in table(found) for name in REACH if name in found)
    history = tmp_path / "history.csv"
    append_history(history, "abc", found)
    append_history(history, "def", found)
    rows = [line.split(",") for line in history.read_text().splitlines()]
    assert rows[0] == ["commit", *HISTORY]
    assert [row[0] for row in rows[1:]] == ["abc", "def"]
