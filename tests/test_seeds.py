"""The five articles the product was specified by come out right, line by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, rows_of

GOLD: dict[str, dict[str, Any]] = json.loads(
    (ROOT / "tests/golden/seeds.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def articles(main_job: Path) -> dict[str, dict[str, Any]]:
    """Return the rows of the seeds by file name."""
    return {
        row["source_id"].removeprefix("seeds/"): row
        for row in rows_of(main_job)
        if row["source_id"].startswith("seeds/")
    }


@pytest.fixture(params=sorted(GOLD))
def seed(request: pytest.FixtureRequest, articles: dict[str, dict[str, Any]]) -> tuple[str, Any]:
    """Return one seed's name and row."""
    return request.param, articles[request.param]


def lines_of(name: str) -> list[str]:
    """Return a seed's lines."""
    return (ROOT / "sample_input/seeds" / name).read_text(encoding="utf-8").split("\n")


def test_every_line_is_kept_or_removed_as_labelled(seed: tuple[str, Any]) -> None:
    """The text holds the article's lines in order, and nothing else."""
    name, row = seed
    lines = lines_of(name)
    expected = [lines[item["line"] - 1].strip() for item in GOLD[name]["lines"] if item["in_text"]]
    assert row["text"].split("\n\n") == expected


def test_every_other_line_is_in_removed_blocks(seed: tuple[str, Any]) -> None:
    """What was taken out is shown, with a kind and a rule, at its place in the source."""
    name, row = seed
    source = "\n".join(lines_of(name))
    for block in row["removed_blocks"]:
        assert block["kind"]
        assert block["rule"]
        assert source[block["source_start"] : block["source_end"]].split() == block["text"].split()
    removed = " ".join(block["text"] for block in row["removed_blocks"])
    for item in GOLD[name]["lines"]:
        if not item["in_text"]:
            line = lines_of(name)[item["line"] - 1].strip()
            assert line.replace("News", "", 1) in removed.replace("News", "", 1) or line in removed


def test_metadata(seed: tuple[str, Any]) -> None:
    """Title, section, kicker, authors, credits, publication and languages are the gold's."""
    name, row = seed
    gold = GOLD[name]["metadata"]
    assert row["title"] == gold["title"]
    assert row["section"] == gold["section"]
    assert row["kicker"] == gold.get("kicker")
    assert row["authors"] == gold["authors"]
    assert row["syndicated_from"] == gold["syndicated_from"]
    assert row["wire_credit"] == gold.get("wire_credit")
    assert row["image_credits"] == [gold["image_credit"]] * bool(gold["image_credit"])
    assert row["language"] == gold["language"]
    assert row["is_mixed"] == gold["mixed"]
    expected = gold["published"] or {"value": None, "precision": None}
    assert row["published"] == expected["value"]
    assert row["published_precision"] == expected["precision"]


def test_foreign_spans_are_the_labelled_lines(seed: tuple[str, Any]) -> None:
    """Each foreign line is one span, at its place in the source, in its language."""
    name, row = seed
    source = "\n".join(lines_of(name))
    spans = [
        (source[span["source_start"] : span["source_end"]], span["language"], span["where"])
        for span in row["language_spans"]
    ]
    lines = lines_of(name)
    assert spans == [
        (lines[item["line"] - 1].strip(), item["lang"], "caption")
        for item in GOLD[name]["metadata"]["foreign"]
    ]


def test_captions(articles: dict[str, dict[str, Any]]) -> None:
    """Captions are kept apart from the text, a repeated one once."""
    for name, gold in GOLD.items():
        lines = lines_of(name)
        expected = [
            lines[item["line"] - 1].strip() for item in gold["lines"] if item["kind"] == "caption"
        ]
        assert articles[name]["captions"] == expected


def test_related_posts_are_removed_as_such(articles: dict[str, dict[str, Any]]) -> None:
    """All eight related posts stand in removed_blocks, title and snippet, as related."""
    (name,) = [name for name in GOLD if GOLD[name]["lines"][-1]["kind"] == "related_snippet"]
    lines = lines_of(name)
    related = {
        block["text"] for block in articles[name]["removed_blocks"] if block["kind"] == "related"
    }
    labelled = [
        lines[item["line"] - 1].strip()
        for item in GOLD[name]["lines"]
        if item["kind"] in ("related_title", "related_snippet")
    ]
    assert len(labelled) == 16
    assert set(labelled) <= related


def test_temporal_expressions_point_at_their_words(seed: tuple[str, Any]) -> None:
    """Offsets into the text and the source both give the expression's words."""
    name, row = seed
    source = "\n".join(lines_of(name))
    assert row["temporal_expressions"]
    for item in row["temporal_expressions"]:
        assert row["text"][item["start"] : item["end"]] == item["text"]
        assert source[item["source_start"] : item["source_end"]] == item["text"]
