"""Hostile pages end in bounded time, as an article or with a reason."""

import subprocess
import sys
import time

import numpy as np
import pytest

from tests.conftest import ROOT
from tests.test_extract import PARAGRAPHS, page, paragraphs
from transforms.assemble import join_kept
from transforms.boosting import load
from transforms.extract import ExtractionError, extract_html
from transforms.extract.bounds import (
    MAX_ATTRIBUTES,
    bounded_attributes,
    less_signs,
    parsing_work,
)
from transforms.extract.model import forest_odds
from transforms.extract.second_opinion import trafilatura_blocks

SECONDS = 5


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 300_000,
        "<div>" * 200_000 + "</div>" * 200_000,
        "<ul><li>" * 50_000,
        "<select>" + "<option>x" * 100_000,
        "<table><tr><td>" * 50_000,
        "<body a=b>" * 100_000,
    ],
)
def test_nesting_without_end_is_a_parser_limit(body: str) -> None:
    """What would cost the parser its square is refused before it is parsed."""
    start = time.process_time()
    with pytest.raises(ExtractionError) as error:
        extract_html(page(body + paragraphs()), None)
    assert error.value.reason == "parser_limit"
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "before",
    [
        "<p " + " ".join(f"a{n}=v" for n in range(100_000)) + ">x</p>",
        "<div>" * 400,
        "<svg><math><mi>" * 5000 + "</svg>",
        "<!--x-->" * 50_000,
        "<br>" * 50_000,
        "<script>" + "if (a<b) {" * 50_000 + "</script>",
        "<p>&#0;&#xD800;&#x110000;&#99999999999;&#xFFFF;</p>",
    ],
)
def test_an_article_is_found_behind_hostile_markup(before: str) -> None:
    """Deep nesting, endless attributes and illegal references do not hide the article."""
    start = time.process_time()
    text = join_kept(extract_html(page(paragraphs() + before), None).blocks)
    assert PARAGRAPHS[0] in text
    assert PARAGRAPHS[3] in text
    assert time.process_time() - start < SECONDS


def test_surplus_attributes_are_cut_and_others_kept() -> None:
    """A tag keeps its first attributes; other tags and texts stay as they are."""
    many = " ".join(f'a{n}="v > w"' for n in range(2 * MAX_ATTRIBUTES))
    page = f"<p id=x>one</p><p {many}>two</p><p>three</p>".encode()
    cut = bounded_attributes(page, less_signs(page))
    assert cut.count(b"v > w") == MAX_ATTRIBUTES
    assert cut.endswith(b">two</p><p>three</p>")
    plain = b"<p id=x>" + b"word " * 5000 + b"</p>"
    assert bounded_attributes(plain, less_signs(plain)) == plain


def test_work_of_an_ordinary_page_is_small() -> None:
    """Void elements and open list items are no nesting."""
    html = ("<ul>" + "<li>word<br><img src=x>" * 20_000 + "</ul>").encode()
    assert parsing_work(html, less_signs(html)) < 10_000_000


def test_leaving_hopeless_blocks_early_changes_no_decision() -> None:
    """Blocks that the first trees rule out are ruled out by all of them."""
    forest = load("transforms.extract", "blocks.json")
    draw = np.random.default_rng(0)
    low = forest.thresholds[np.isfinite(forest.thresholds)]
    rows = draw.choice(low, (300, len(forest.feature_names))).astype(np.float32)
    early, whole = forest_odds(rows), forest.scores(rows)[:, 0]
    assert ((early > 0) == (whole > 0)).mean() > 0.98


def test_noise_is_no_article() -> None:
    """Bytes that are no text, read as a page, are refused however long they are."""
    noise = np.random.default_rng(0).bytes(300_000).decode("utf-8", "replace")
    with pytest.raises(ExtractionError) as error:
        extract_html(noise, None)
    assert error.value.reason in ("not_article", "parser_limit")


@pytest.mark.parametrize("part", ['<a href="/x">link</a> ', "<td>cell</td>", "<b><p>text"])
def test_trafilatura_is_not_asked_where_it_runs_long(part: str) -> None:
    """A page of very many tags yields no second opinion, at once."""
    html = page(paragraphs()).replace("<footer>", "<footer>" + part * 100_000, 1)
    assert trafilatura_blocks(html, None) == []


def test_a_page_beyond_trafilaturas_bounds_keeps_its_text() -> None:
    """What trafilatura is not asked for is extracted by ourselves."""
    html = page(paragraphs()).replace("<footer>", "<footer>" + "<!-- -->" * 40_000, 1)
    found = extract_html(html, None, "trafilatura")
    assert found.extractor == "copydesk"
    assert PARAGRAPHS[2] in join_kept(found.blocks)


def test_trafilatura_is_loaded_only_on_request() -> None:
    """Importing the extraction does not import trafilatura."""
    code = "import sys, transforms.extract; sys.exit('trafilatura' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
