"""Extraction against trafilatura: by source and language, paired intervals, the worst pages.

    python -m benchmarks.extraction_report DATA [PREDICTIONS] [--against NAME=PREDICTIONS ...]

PREDICTIONS is a JSON-lines file of {id, text}, such as ``training.train_extract`` writes for pages
held back; without it the product extracts each page as it ships. Both of trafilatura's modes run
on the same pages in the same process, so the CPU times compare. ``--against`` compares with other
predictions, too, such as those of a model trained without some features.

Each figure is given twice: with the gold as it is, and without the parts about which the gold sets
differ (``benchmarks.conventions``).
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import trafilatura

from benchmarks.conventions import DISPUTED, describe_conventions, parts_of, without
from training.extract_labels import Score, mean_f1, score
from transforms.assemble import join_kept
from transforms.extract import ExtractionError, extract_html

NEWS = ("scrapinghub", "fundus")
DRAWS = 2000
WORST = 20
SHOWN = 70
Rows = dict[str, Score]
Texts = dict[str, str]
Extractor = Callable[[str, str | None], str]


def ours(html: str, url: str | None) -> str:
    """Return the product's text of a page, metadata read on the way."""
    try:
        return join_kept(extract_html(html, url).blocks)
    except ExtractionError:
        return ""


def theirs(*, precise: bool) -> Extractor:
    """Return trafilatura as an extractor of text and metadata."""

    def extract(html: str, url: str | None) -> str:
        found = trafilatura.bare_extraction(
            html, url=url, with_metadata=True, include_comments=False, favor_precision=precise
        )
        return str(getattr(found, "text", None) or "")

    return extract


def run(pages: Iterable[dict[str, Any]], extract: Extractor) -> Texts:
    """Run one extractor on all pages and print its CPU time."""
    texts, spent = {}, 0.0
    for page in pages:
        start = time.process_time()
        texts[page["id"]] = extract(page["html"], page.get("url"))
        spent += time.process_time() - start
    print(f"  {1000 * spent / max(len(texts), 1):.1f} ms of CPU a page")
    return texts


def scored(gold: Texts, texts: Texts) -> Rows:
    """Score the texts; a page without one counts as empty."""
    return {i: score(text, texts.get(i, "")) for i, text in gold.items()}


def fault(truth: str, text: str) -> str:
    """Return what went wrong: how many lines were lost or are too many, and the longest of each."""
    lines, found = truth.splitlines(), text.splitlines()
    parts = []
    for name, these, others in (("lost", lines, text), ("too much", found, truth)):
        known = " ".join(others.split())
        wrong = [line for line in map(str.strip, these) if line and line not in known]
        if wrong:
            parts.append(f"{name} {len(wrong)} of {len(these)}: {max(wrong, key=len)[:SHOWN]!r}")
    return "; ".join(parts)


def interval(sites: list[list[str]], one: Rows, other: Rows) -> tuple[float, float]:
    """Return the 95 % interval of the difference in F1, by drawing the sites again.

    Pages of one site are right or wrong together, so they are drawn together.
    """
    draw = random.Random(0)
    differences = []
    for _ in range(DRAWS):
        chosen = list(chain.from_iterable(draw.choices(sites, k=len(sites))))
        differences.append(mean_f1(one[i] for i in chosen) - mean_f1(other[i] for i in chosen))
    differences.sort()
    return differences[int(DRAWS * 0.025)], differences[int(DRAWS * 0.975)]


def describe(name: str, gold: dict[str, Any], one: Rows, others: dict[str, Rows]) -> None:
    """Print the figures of one group of pages."""
    ids = list(gold)
    by_site: dict[str, list[str]] = {}
    for i, row in gold.items():
        by_site.setdefault(row["site"], []).append(i)
    sites = list(by_site.values())
    high = sum(one[i].f1 >= 0.95 for i in ids) / len(ids)
    print(f"{name}: {len(ids)} pages, F1 {mean_f1(one[i] for i in ids):.4f}, >= .95 {high:.3f}")
    for label, rows in others.items():
        low, top = interval(sites, one, rows)
        share = sum(rows[i].f1 >= 0.95 for i in ids) / len(ids)
        value = mean_f1(rows[i] for i in ids)
        print(
            f"  {label}: F1 {value:.4f}, >= .95 {share:.3f}; ours more by {low:+.4f} to {top:+.4f}"
        )


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("predictions", type=Path, nargs="?")
    parser.add_argument("--against", action="append", default=[])
    options = parser.parse_args()
    folder = options.data / "extraction"
    with gzip.open(folder / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        gold = {row["id"]: row for row in map(json.loads, lines)}
    with gzip.open(folder / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    texts = read(options.predictions) if options.predictions else run(pages, ours)
    others = {
        label: run(pages, theirs(precise=precise))
        for label, precise in (("trafilatura", False), ("trafilatura precise", True))
    }
    for named in options.against:
        label, _, path = named.partition("=")
        others[label] = read(Path(path))
    parts = {page["id"]: parts_of(page, gold[page["id"]]["text"]) for page in pages}
    describe_conventions(parts, {i: row["source"] for i, row in gold.items()})
    truth = {i: row["text"] for i, row in gold.items()}
    print("\nwith the gold as it is")
    one = report(gold, truth, texts, others)
    print(f"\nwithout {', '.join(DISPUTED)}")

    def apart(these: Texts) -> Texts:
        return {i: without(text, parts[i].disputed) for i, text in these.items()}

    report(gold, apart(truth), apart(texts), {name: apart(these) for name, these in others.items()})
    print("\nthe worst pages")
    for i in sorted(gold, key=lambda i: one[i].f1)[:WORST]:
        row = one[i]
        print(f"{row.f1:.3f} precision {row.precision} recall {row.recall} {gold[i].get('url')}")
        print(f"  {fault(truth[i], texts.get(i, ''))}")


def read(path: Path) -> Texts:
    """Read a file of predictions."""
    with path.open(encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


def report(gold: dict[str, Any], truth: Texts, texts: Texts, others: dict[str, Texts]) -> Rows:
    """Print the figures of all groups of pages and return the scores of the first texts."""
    one = scored(truth, texts)
    rows = {name: scored(truth, these) for name, these in others.items()}
    describe("all", gold, one, rows)
    describe("news", {i: row for i, row in gold.items() if row["source"] in NEWS}, one, rows)
    for key in ("source", "lang"):
        for value in sorted({str(row[key]) for row in gold.values()}):
            chosen = {i: row for i, row in gold.items() if str(row[key]) == value}
            describe(f"{key} {value}", chosen, one, rows)
    return one


if __name__ == "__main__":
    main()
