"""The page of capacity: ``python -m benchmarks.capacity_page --figures build/bench.json``."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.capacity import (
    BATCH_HOURS,
    BUSY,
    LIMITS,
    LOCAL_GB,
    LOCAL_ROW_KB,
    REQUESTS_PER_FILE,
    SIZES,
    STREAM_DAYS,
    Plan,
    plan,
)
from benchmarks.prices import BATCH, MEMORY_GB, STORAGE_GB_MONTH, STREAMING, WRITES_PER_DOLLAR


def row(name: str, cells: Sequence[str]) -> str:
    """Return a line of a Markdown table."""
    return f"| {name} | {' | '.join(cells)} |"


def number(value: float) -> str:
    """Return a figure with two digits that count."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"


def batch_table(plans: Sequence[Plan]) -> list[str]:
    """Return the table of a batch run within a day."""
    lines = [row("pages", [*SIZES]), "|---|" + "---:|" * len(plans)]
    for name, value in (
        ("core hours", lambda p: p.core_hours),
        (f"cores, to be done in {BATCH_HOURS} hours", lambda p: p.cores),
        ("memory of their workers, GB", lambda p: p.memory_gb),
        ("input, gzip WARC, GB", lambda p: p.input_gb),
        ("through the shuffle, GB", lambda p: p.shuffled_gb),
        ("tables, GB", lambda p: p.tables_gb),
        ("files before compaction", lambda p: p.files),
        ("known ids, GB a process", lambda p: p.known_ids_gb),
    ):
        lines.append(row(name, [number(value(found)) for found in plans]))
    return lines


def stream_table(plans: Sequence[Plan]) -> list[str]:
    """Return the table of a stream that brings the same pages within a month."""
    lines = [row(f"pages in {STREAM_DAYS} days", [*SIZES]), "|---|" + "---:|" * len(plans)]
    for name, value in (
        ("pages a second", lambda p: p.per_second),
        ("cores, all the time", lambda p: p.stream_cores),
        ("shards (one for four cores)", lambda p: p.stream_shards),
        ("files a day, one-minute windows", lambda p: p.stream_files_a_day),
        ("ids known for 24 hours, GB a process", lambda p: p.stream_ids_gb),
    ):
        lines.append(row(name, [number(value(found)) for found in plans]))
    return lines


def price_table(plans: Sequence[Plan]) -> list[str]:
    """Return dollars for a million pages, by where it runs."""
    lines = [row("dollars a million pages", [*SIZES]), "|---|" + "---:|" * len(plans)]
    for streaming, prices in ((False, BATCH), (True, STREAMING)):
        for price in prices:
            name = price.name if price.name.startswith("Dataflow") else f"{price.name}, own Flink"
            cells = [
                f"{found.dollars(price, streaming=streaming) * 1e6 / found.pages:,.2f}"
                for found in plans
            ]
            lines.append(row(f"{name}{', stream' if streaming else ''}", cells))
    writes = [p.files * REQUESTS_PER_FILE / WRITES_PER_DOLLAR * 1e6 / p.pages for p in plans]
    storage = [p.tables_gb * STORAGE_GB_MONTH * 1e6 / p.pages for p in plans]
    lines.append(row("requests that write, batch", [f"{cost:.4f}" for cost in writes]))
    lines.append(row("storage of the tables, a month", [f"{cost:.2f}" for cost in storage]))
    return lines


def limit_table(plans: Sequence[Plan]) -> list[str]:
    """Return how much of what is finite is used, and what gives first."""
    lines = [row("what is finite", ["there is", *SIZES, "way out"])]
    lines.append("|---|---:|" + "---:|" * len(plans) + "---|")
    for limit in LIMITS:
        shares = [limit.need(found) / limit.have for found in plans]
        cells = [f"**{share:,.1%}**" if share > 1 else f"{share:,.1%}" for share in shares]
        there = f"{number(limit.have)} {limit.unit}"
        lines.append(row(limit.name, [there, *cells, limit.way_out]))
    return lines


def page(figures: Mapping[str, float]) -> str:
    """Return the page ``docs/capacity.md``."""
    plans = [plan(pages, figures) for pages in SIZES.values()]
    prices = {price.name: price for price in (*BATCH, *STREAMING)}.values()
    return "\n".join(
        [
            "# What a run needs and costs",
            "",
            *_assumptions(figures),
            "",
            f"## Batch, within {BATCH_HOURS} hours",
            *batch_table(plans),
            "",
            f"## A stream, over {STREAM_DAYS} days",
            *stream_table(plans),
            "",
            "## Dollars",
            *price_table(plans),
            "",
            f"List prices for {MEMORY_GB:.0f} GB of memory a vCPU: no discount, no disks, no"
            " traffic out of the region. A stream pays for cores that wait.",
            "",
            *(f"- {price.name}: {price.source}; {price.checked}." for price in prices),
            "",
            "## What gives first",
            *limit_table(plans),
            "",
            *_first(plans),
            "",
            *_elsewhere(figures),
        ]
    )


def _assumptions(figures: Mapping[str, float]) -> list[str]:
    return [
        "Made by `make capacity` from the figures of `make bench`: nothing here was measured at"
        " these sizes. It assumes",
        f"- pages like those measured: {figures['page_kb']:,.0f} kB of HTML,"
        f" {figures['volume.input']:,.0f} kB in a gzip WARC, {figures['article_share']:.0%} of them"
        " articles;",
        f"- {figures['copydesk_ms']:.0f} ms of CPU a page and {figures['worker_mb.2']:,.0f} MB a"
        f" worker process, one a core, as measured at commit {figures['commit']};",
        "- a vCPU as fast as a core of the machine that measured, work that grows as the pages do,"
        f" and workers that are busy {BUSY:.0%} of the time.",
    ]


def _first(plans: Sequence[Plan]) -> list[str]:
    lines = ["On a cluster the first to give is"]
    for name, found in zip(SIZES, plans, strict=True):
        worst = max(LIMITS, key=lambda limit: limit.need(found) / limit.have)
        share = worst.need(found) / worst.have
        verdict = "enough" if share <= 1 else "not enough"
        lines.append(f"- at {name} pages: {worst.name} ({share:,.0%}, {verdict}).")
    return lines


def _elsewhere(figures: Mapping[str, float]) -> list[str]:
    local = LOCAL_GB * 1e6 / LOCAL_ROW_KB
    mixed = 0.2 * figures["volume.shuffled"] + 0.8 * figures["volume.rejected"]
    return [
        "A local run is another matter: rows wait on disk, but Beam's in-process runner holds in"
        f" memory where each stands ({LOCAL_ROW_KB} kB), so {LOCAL_GB} GB are enough for some"
        f" {local / 1e6:,.0f} million pages a run.",
        "",
        "A whole crawl is not all articles. What is rejected keeps its bytes, so that it can be"
        f" replayed: {figures['volume.rejected']:,.0f} kB a page in the shuffle and in the table"
        f" `rejected`, where an article takes {figures['volume.article']:.1f}. With one article in"
        f" five, three billion pages carry {3 * mixed:,.0f} TB through the shuffle instead of"
        f" {3 * figures['volume.shuffled']:,.0f}.",
        "",
        "The ledger is not on the list: its sums are taken in each bundle before they meet, so its"
        " few keys get an entry a bundle, not one a record.",
    ]


def main() -> None:
    """Print the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--figures", type=Path, default=Path("build/bench.json"))
    args = parser.parse_args()
    print(page(json.loads(args.figures.read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()
