"""Quality on labelled data: predict with the product's own transforms, then score.

``python -m benchmarks.quality --data DIR [--task NAME] [--out DIR]``. DIR is laid out as its
scorers expect (``extraction/``, ``language/``, ``dates/``); what is not there is left out. All
predictions are written before any scorer runs, and only scorers read the gold.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import (
    scores,
    task_extraction,
    task_language,
    task_lines,
    task_published,
    task_temporal,
)


@dataclass(frozen=True, slots=True)
class Scoring:
    """One run of a scorer; paths with ``OUT/`` are predictions, others are data.

    ``read`` turns what it prints into figures by name, by data set.
    """

    title: str
    command: tuple[str, ...]
    read: Callable[[str], scores.Figures]


@dataclass(frozen=True, slots=True)
class Task:
    """Predictions of one stage, the data they need, and the scorers that judge them."""

    predict: Callable[[Path, Path], None]
    needs: str
    scorings: tuple[Scoring, ...]


def _lines(name: str) -> Scoring:
    command = (
        "extraction/score_lines.py",
        f"extraction/{name}.jsonl.gz",
        "extraction/gold.jsonl.gz",
        "OUT/extraction/lines.jsonl",
        "--by",
        "variant",
    )
    return Scoring(f"boilerplate, {name}", command, scores.named_json)


def _html(by: str) -> Scoring:
    command = (
        "extraction/score_html.py",
        "extraction/gold.jsonl.gz",
        "OUT/extraction/html.jsonl",
        "--by",
        by,
    )
    return Scoring(f"extraction by {by}", command, scores.named_json)


META = (
    "extraction/score_meta.py",
    "extraction/gold.jsonl.gz",
    "OUT/extraction/meta.jsonl",
    "--source",
    "fundus",
)
MIXED = ("language/score.py", "language/mixed.jsonl.gz", "OUT/language/mixed.jsonl", "--json")
PUBLISHED = ("dates/published/score.py", "dates/published/pages.jsonl", "OUT/dates/published.jsonl")


def _temporal(name: str) -> Scoring:
    command = ("dates/temporal/score.py", f"dates/temporal/{name}", "OUT/dates/temporal.jsonl")
    return Scoring(f"temporal, {name.split('.')[0]}", command, scores.pairs)


TASKS = {
    "extraction": Task(
        task_extraction.predict,
        "extraction/pages.jsonl.gz",
        (
            _html("source"),
            _html("news"),
            Scoring("metadata, fundus", META, scores.named_json),
        ),
    ),
    "lines": Task(
        task_lines.predict, "extraction/lines.jsonl.gz", (_lines("lines"), _lines("lines_wcxb"))
    ),
    "language": Task(
        task_language.predict,
        "language/mixed.jsonl.gz",
        (
            Scoring("mixed language", MIXED, scores.named_json),
            Scoring(
                "language of lines",
                ("benchmarks.scores", "language/lines.jsonl.gz", "OUT/language/lines.jsonl"),
                scores.named_json,
            ),
        ),
    ),
    "published": Task(
        task_published.predict,
        "dates/published/pages.jsonl",
        (Scoring("published", PUBLISHED, scores.pairs),),
    ),
    "temporal": Task(
        task_temporal.predict,
        "dates/temporal/timex.jsonl.gz",
        (_temporal("timex.jsonl.gz"), _temporal("seeds_timex_gold.jsonl")),
    ),
}


def main() -> None:
    """Predict and score the tasks asked for, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--task", choices=sorted(TASKS), action="append")
    parser.add_argument("--out", type=Path, default=Path("build/quality"))
    args = parser.parse_args()
    names = [name for name in args.task or TASKS if (args.data / TASKS[name].needs).exists()]
    if not names:
        parser.error(f"{args.data} holds no data for {', '.join(args.task or TASKS)}")
    print("| task | data | figures |\n|---|---|---|")
    for name in names:
        started = time.process_time()
        TASKS[name].predict(args.data, args.out)
        print(f"| {name} | CPU seconds | {time.process_time() - started:.1f} |", flush=True)
    for name in names:
        for scoring in TASKS[name].scorings:
            _print_scores(scoring, args.data, args.out)


def _print_scores(scoring: Scoring, data: Path, out: Path) -> None:
    script, *arguments = scoring.command
    paths = [_path(argument, data, out) for argument in arguments]
    program = [str(data / script)] if script.endswith(".py") else ["-m", script]
    needed = [path for path in (program[-1], *paths) if "/" in path]
    if missing := [path for path in needed if not Path(path).exists()]:
        print(f"| {scoring.title} | not scored | {missing[0]} is not there |")
        return
    command = [sys.executable, *program, *paths]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    for group, figures in scoring.read(done.stdout).items():
        listed = ", ".join(f"{key} {value}" for key, value in figures.items())
        print(f"| {scoring.title} | {group} | {listed} |", flush=True)


def _path(argument: str, data: Path, out: Path) -> str:
    if argument.startswith("OUT/"):
        return str(out / argument.removeprefix("OUT/"))
    return str(data / argument) if "/" in argument else argument


if __name__ == "__main__":
    main()
