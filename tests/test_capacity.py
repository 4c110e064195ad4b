"""Capacity on paper follows from the figures, and the page in the docs from the script."""

import json
from pathlib import Path

import pytest

from benchmarks.capacity import LIMITS, plan
from benchmarks.capacity_page import page
from benchmarks.prices import BATCH

FIGURES = {
    "commit": 0.0,
    "page_kb": 100.0,
    "copydesk_ms": 36.0,
    "worker_mb.2": 400.0,
    "volume.input": 134.217728,
    "volume.shuffled": 8.0,
    "volume.article": 5.0,
    "volume.rejected": 30.0,
    "article_share": 0.8,
}


def test_the_page_is_what_the_script_prints(root: Path) -> None:
    """docs/capacity.md is made from docs/capacity.json and nothing else."""
    figures = json.loads((root / "docs/capacity.json").read_text(encoding="utf-8"))
    assert (root / "docs/capacity.md").read_text(encoding="utf-8") == page(figures) + "\n"


def test_a_plan_by_hand() -> None:
    """36 ms a page are ten core hours a million; the rest is as simple."""
    found = plan(10**6, FIGURES)
    assert found.core_hours == pytest.approx(10)
    assert found.files == 1001
    assert found.shuffled_gb == pytest.approx(8)
    assert found.tables_gb == pytest.approx(0.8 * 5 + 0.2 * 30)
    assert found.known_ids_gb == pytest.approx(0.028)


def test_cost_grows_as_the_pages_do_and_waiting_costs() -> None:
    """A hundred times the pages cost a hundred times as much; a stream costs more than a batch."""
    price = BATCH[0]
    small, large = plan(10**6, FIGURES), plan(10**8, FIGURES)
    assert large.dollars(price) == pytest.approx(100 * small.dollars(price))
    assert small.dollars(price, streaming=True) > small.dollars(price)


def test_more_pages_use_more_of_what_is_finite() -> None:
    """No limit is further away with more pages."""
    small, large = plan(10**6, FIGURES), plan(3 * 10**9, FIGURES)
    for limit in LIMITS:
        assert limit.need(large) >= limit.need(small)
