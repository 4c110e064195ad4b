"""Throughput: copydesk against a bare loop over trafilatura, and against parsing alone.

``python -m benchmarks.throughput --data DIR``. All contestants see the same pages in the same run,
in turns; figures are medians over the rounds. CPU time counts, children included; the cost of a
document is the slope between two sizes, so that start-up is a figure of its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks import workload
from benchmarks.contestants import installed
from benchmarks.measure import Cost, run
from benchmarks.table import append_history, table
from benchmarks.volume import volume
from benchmarks.workload import Page

LARGE = 3
"""The larger run of a pair has so many times the pages of the smaller one."""

Figures = dict[str, float]


@dataclass
class Samples:
    """Every measurement by name; ``middle`` is the median."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, value: float) -> None:
        """Add a measurement."""
        self.values[name].append(value)

    def middle(self, name: str) -> float:
        """Return the median of the measurements of this name."""
        return median(self.values[name])

    def __contains__(self, name: str) -> bool:
        return name in self.values


@dataclass(frozen=True)
class Bench:
    """Where the workload is and where runs write; ``datatrove`` is a Python that has it."""

    pages: Sequence[Page]
    texts: Sequence[Page]
    folder: Path
    datatrove: Path | None = None

    def copydesk(self, source: Path, workers: int = 1) -> Cost:
        """Run the whole pipeline over ``source``."""
        with tempfile.TemporaryDirectory(dir=self.folder) as output:
            words = ["run", "--input", str(source), "--output", output, "--quiet"]
            program = [sys.executable, "-m", "pipeline.cli", *words, "--workers", str(workers)]
            return run(program)

    def alone(self, name: str, source: Path) -> Figures:
        """Run one contestant over ``source`` and return the CPU seconds of its steps."""
        with tempfile.TemporaryDirectory(dir=self.folder) as output:
            python = self.datatrove if name == "datatrove" and self.datatrove else sys.executable
            program = [str(python), "-m", "benchmarks.contestants", name, str(source), output]
            done = run(program)
            costs: Figures = json.loads(done.output.splitlines()[-1])
            return costs


def measure_round(bench: Bench, files: dict[str, Path], cores: int, samples: Samples) -> None:
    """Run every contestant once, in turns."""
    count = len(bench.pages)
    for name in dict.fromkeys([*installed(), *(["datatrove"] if bench.datatrove else [])]):
        for step, seconds in bench.alone(name, files["jsonl"]).items():
            samples.add(f"{name}.{step}", seconds * 1000 / count)
    first = bench.copydesk(files["one"])
    samples.add("startup_seconds", first.wall)
    samples.add("startup_cpu_seconds", first.cpu)
    for workers in sorted({1, cores}):
        small = bench.copydesk(files["jsonl"], workers)
        large = bench.copydesk(files["large"], workers)
        more = (LARGE - 1) * count
        samples.add(f"copydesk.{workers}", (large.cpu - small.cpu) * 1000 / more)
        samples.add(f"wall.{workers}", (large.wall - small.wall) * 1000 / more)
        samples.add(f"fixed_cpu.{workers}", small.cpu - (large.cpu - small.cpu) / (LARGE - 1))
        samples.add(f"main_mb.{workers}", large.peaks[0])
        samples.add(f"worker_mb.{workers}", max(large.peaks[1:] or large.peaks))
    for kind, files_of_kind in (("warc", count), ("html", count), ("text", len(bench.texts))):
        cost = bench.copydesk(files[kind])
        spent = cost.cpu - samples.middle("fixed_cpu.1")
        samples.add(f"source.{kind}", spent * 1000 / files_of_kind)


def write_files(bench: Bench) -> dict[str, Path]:
    """Write the workload in every form and return the paths."""
    folder, pages = bench.folder, bench.pages
    return {
        "one": workload.write_jsonl(folder / "one.jsonl", pages, 1),
        "jsonl": workload.write_jsonl(folder / "pages.jsonl", pages, len(pages)),
        "large": workload.write_jsonl(folder / "large.jsonl", pages, LARGE * len(pages)),
        "warc": workload.write_warc(folder / "pages.warc.gz", pages, len(pages)),
        "html": workload.write_html(folder / "html", pages, len(pages)),
        "text": workload.write_texts(folder / "text", bench.texts, len(bench.texts)),
    }


def figures(samples: Samples, cores: int, page_bytes: float) -> Figures:
    """Return the figures to publish: milliseconds of CPU per document, and what follows."""
    stages = {name: samples.middle(name) for name in samples.values if name.startswith("stages.")}
    whole = samples.middle("copydesk.1")
    found = {name: samples.middle(name) for name in samples.values if not name.startswith("wall.")}
    found |= {
        "loop_ms": samples.middle("loop.all"),
        "floor_ms": samples.middle("floor.all"),
        "copydesk_ms": whole,
        "stages_ms": sum(stages.values()),
        "ratio_to_loop": whole / samples.middle("loop.all"),
        "ratio_to_floor": whole / samples.middle("floor.all"),
        "beam_share": 1 - sum(stages.values()) / whole,
        "documents_per_second_and_core": 1000 / whole,
        "mb_per_second_and_core": page_bytes / 1000 / whole,
    }
    if cores > 1:
        found["speed_up"] = samples.middle("wall.1") / samples.middle(f"wall.{cores}")
    return found


def growth(bench: Bench, sizes: Sequence[int], cores: int) -> Figures:
    """Return CPU per document and peak memory of runs of each size, on all cores.

    The documents are text scrapes: a hundred thousand pages would take an hour, most of it on what
    does not depend on how many there are.
    """
    found: Figures = {}
    for size in sizes:
        source = workload.write_jsonl(bench.folder / "growth.jsonl", bench.texts, size, "text")
        cost = bench.copydesk(source, cores)
        source.unlink()
        found[f"growth_ms.{size}"] = cost.cpu * 1000 / size
        found[f"growth_main_mb.{size}"] = cost.peaks[0]
        found[f"growth_worker_mb.{size}"] = max(cost.peaks[1:] or cost.peaks)
    return found


def linearity(bench: Bench, times: int = 8) -> float:
    """Return what a byte of a page costs when its body stands there ``times`` times, to once."""
    page = sorted(bench.pages, key=lambda page: page.size)[len(bench.pages) // 2]
    head, opening, rest = page.content.partition("<body")
    attributes, _, body = rest.partition(">")
    inner, closing, _ = body.rpartition("</body>")
    longer = f"{head}{opening}{attributes}>{inner * times}{closing}</html>"
    costs = []
    for content in (page.content, longer):
        pages = [Page(page.page_id, page.url, content)]
        source = workload.write_jsonl(bench.folder / "linear.jsonl", pages, 10)
        costs.append(sum(bench.alone("stages", source).values()) / pages[0].size)
    return costs[1] / costs[0]


def commit() -> str:
    """Return the commit measured, with a ``+`` when files differ from it."""
    describe = ["git", "describe", "--always", "--dirty=+"]
    done = subprocess.run(describe, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def main() -> None:
    """Measure, print one table, write ``build/bench.json`` and a row of the history."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=200, help="pages taken (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="repeats (default: %(default)s)")
    parser.add_argument("--cores", type=int, default=2, help="compared with one core")
    parser.add_argument("--datatrove", type=Path, help="a Python with datatrove[io,processing]")
    parser.add_argument("--growth", type=int, nargs="*", default=[], metavar="DOCUMENTS")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    parser.add_argument("--history", type=Path, default=Path("benchmarks/history.csv"))
    args = parser.parse_args()
    samples = Samples()
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as folder:
        pages = workload.load_pages(args.data, args.pages)
        texts = workload.load_texts(args.data, args.pages)
        bench = Bench(pages, texts, Path(folder), args.datatrove)
        files = write_files(bench)
        for number in range(args.rounds):
            print(f"round {number + 1} of {args.rounds}", file=sys.stderr, flush=True)
            measure_round(bench, files, args.cores, samples)
        page_bytes = sum(page.size for page in pages) / len(pages)
        found = figures(samples, args.cores, page_bytes)
        found["linearity"] = linearity(bench)
        found |= volume(files["warc"], len(pages))
        found |= growth(bench, args.growth, args.cores)
    print(table(found))
    about = {"commit": commit(), "pages": len(pages), "page_kb": page_bytes / 1000}
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps({**about, **found}, indent=2) + "\n", encoding="utf-8")
    append_history(args.history, str(about["commit"]), found)


if __name__ == "__main__":
    main()
