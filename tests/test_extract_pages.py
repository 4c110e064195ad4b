"""Whole pages, written for these tests, against the text they hold."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import ROOT
from tests.test_extract import PARAGRAPHS, page, paragraphs
from transforms.assemble import join_kept
from transforms.extract import extract_html
from transforms.extract.columns import Hints
from transforms.extract.features import FAR, NEVER_TEXT, page_features
from transforms.extract.model import HOPELESS, forest_odds
from transforms.extract.page import read_page
from transforms.model import BlockKind

GOLDEN = Path(__file__).parent / "golden" / "extract"
PAGES = sorted(path.stem for path in GOLDEN.glob("*.html"))


def golden(name: str) -> str:
    """Return the page of that name."""
    return (GOLDEN / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_golden_page(name: str) -> None:
    """The text of each golden page is its text file, to the character."""
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")
    assert join_kept(extract_html(golden(name), None).blocks) == expected


def test_kinds_of_the_articles_own_parts() -> None:
    """List items, quotes, headings and table rows are text, each of its kind."""
    kept = [block.kind for block in extract_html(golden("parts"), None).blocks if block.keep]
    assert kept == [
        *(BlockKind.PARAGRAPH,) * 2,
        *(BlockKind.LIST_ITEM,) * 3,
        BlockKind.QUOTE,
        BlockKind.HEADING,
        *(BlockKind.TABLE,) * 3,
        BlockKind.PARAGRAPH,
    ]


def test_removed_blocks_say_what_they_are() -> None:
    """What was taken out between the parts of an article is there, with kind, rule and path."""
    removed = [block for block in extract_html(golden("split"), None).blocks if not block.keep]
    kinds = {block.text: block.kind for block in removed}
    assert kinds["By Sanna Vik"] is BlockKind.BYLINE
    assert kinds["Ferry timetable changes again"] is BlockKind.RELATED
    assert kinds["Glassworks lights its third furnace"] is BlockKind.TITLE
    assert all(block.rule and block.path.startswith("html") for block in removed)


def test_the_same_page_gives_the_same_blocks_in_every_process() -> None:
    """Nothing depends on the seed of string hashes."""
    code = (
        "import sys, hashlib; from transforms.extract import extract_html; "
        "print(hashlib.sha256(repr(extract_html(sys.stdin.read(), None)).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=golden("split"),
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_an_article_that_only_a_script_holds() -> None:
    """A page that shows nothing but carries its article's markup in a script yields the article."""
    parts = (GOLDEN / "split.txt").read_text(encoding="utf-8").rstrip("\n").split("\n\n")
    state = {"page": {"title": "Lamps", "body": "".join(f"<p>{part}</p>" for part in parts)}}
    script = json.dumps(state).replace("<", "\\u003c")
    for text in (script, f"self.push([1,{json.dumps(script)}])"):
        html = f"<html><body><div id=app></div><script>{text}</script></body></html>"
        assert join_kept(extract_html(html, None).blocks) == "\n\n".join(parts)


SECOND = (
    "Teachers in the valley schools will strike for a day next week, their union announced after "
    "talks about class sizes broke down late on Thursday night.",
    "The union wants no more than twenty-four children in a room. The county says that it cannot "
    "hire enough teachers to promise that before the end of next year.",
    "A mediator has invited both sides to meet again on Tuesday. If that fails, a longer strike "
    "could follow in the winter term, said Tor Halden, a head teacher.",
)


def with_second(heading: str) -> str:
    """Return the page with another story of the same make behind the first one."""
    story = "".join(f"<p>{text}</p>" for text in SECOND)
    second = f'<article class="story"><h1>{heading}</h1>{story}</article>'
    return page(paragraphs()).replace("</article>", "</article>" + second, 1)


def test_a_second_article_under_the_first_is_cut() -> None:
    """A page that loads the next story under the one asked for yields the first alone."""
    blocks = extract_html(with_second("Valley teachers to strike"), None).blocks
    assert join_kept(blocks) == "\n\n".join(PARAGRAPHS)
    cut = [block.rule for block in blocks if block.text in SECOND]
    assert cut == ["rule:next_article"] * len(SECOND)


def test_a_second_article_of_another_make_is_cut() -> None:
    """The next story is cut, too, where its template differs, if it is an article by its tag."""
    other = with_second("Valley teachers to strike").replace(
        '</article><article class="story"><h1>', '</article><article class="under"><h1 class="big">'
    )
    assert join_kept(extract_html(other, None).blocks) == "\n\n".join(PARAGRAPHS)


def test_main_headings_of_one_article_do_not_cut_it() -> None:
    """A long text whose chapters have headings of the first level stays whole."""
    chapters = "".join(f'<h1 class="chapter">Part {n}</h1><p>{t}</p>' for n, t in enumerate(SECOND))
    text = join_kept(extract_html(page(paragraphs() + chapters), None).blocks)
    assert all(part in text for part in PARAGRAPHS + SECOND)


def test_the_prose_of_readers_is_no_text() -> None:
    """Comments under an article are left out, though they read like more of it."""
    comments = "".join(f'<div class="comment_content"><p>{text}</p></div>' for text in SECOND)
    section = f'</article><section class="comments">{comments}</section>'
    blocks = extract_html(page(paragraphs()).replace("</article>", section, 1), None).blocks
    assert join_kept(blocks) == "\n\n".join(PARAGRAPHS)
    assert {block.kind for block in blocks if block.text in SECOND} == {BlockKind.COMMENT}


@pytest.mark.parametrize("name", NEVER_TEXT)
def test_nothing_is_likelier_text_for_standing_in_what_is_none(name: str) -> None:
    """The shipped forest holds to its constraints, but for blocks it gives up on at once."""
    root = LexborHTMLParser(golden("split")).root
    assert root is not None
    columns, _ = page_features(read_page(root), Hints())
    near, far = columns.matrix(), columns.matrix()
    near[:, columns.names.index(name)] = 0
    far[:, columns.names.index(name)] = FAR
    assert (forest_odds(near) <= np.maximum(forest_odds(far), HOPELESS) + 1e-5).all()


def test_a_repeated_title_does_not_cut_the_article() -> None:
    """A further heading that only says the page's title again starts no other article."""
    text = join_kept(extract_html(with_second("Ferry pier to be rebuilt"), None).blocks)
    assert [part for part in text.split("\n\n") if part in PARAGRAPHS + SECOND] == [
        *PARAGRAPHS,
        *SECOND,
    ]


def texts_of(body: str) -> list[str]:
    """Return the texts of the blocks of a page with that body."""
    root = LexborHTMLParser(f"<html><body>{body}</body></html>").root
    assert root is not None
    return read_page(root).texts


MENU = "<ul><li><a href=/a>Sport</a></li><li><a href=/b>Local news</a></li></ul>"
SENTENCE = "The council will vote on the new bridge over the river on the second Monday of May."


@pytest.mark.parametrize("tag", ["nav", "footer", "div class=main-nav", "ul class='footer links'"])
def test_a_menu_is_one_block(tag: str) -> None:
    """A menu is one block, in its place, all of it a link."""
    body = f"<p>before</p><{tag}>{MENU}</{tag.split()[0]}><p>after</p>"
    root = LexborHTMLParser(f"<html><body>{body}</body></html>").root
    assert root is not None
    found = read_page(root)
    assert found.texts == ["before", "Sport Local news", "after"]
    assert found.links[1] == len(found.texts[1])


@pytest.mark.parametrize(
    "body",
    [
        f"<nav>{MENU}<p>{SENTENCE}</p></nav>",
        f"<nav>{MENU}<p>{'word ' * 40}</p></nav>",
        f"<nav>{MENU}<p>議会は五月の第二月曜日に新しい橋について投票する予定だ。</p></nav>",
        f"<nav>{MENU}<h1>Bridge</h1></nav>",
        f"<article><footer>{MENU}</footer></article>",
        f"<body class=nav-open>{MENU}</body>",
    ],
)
def test_what_may_hold_text_is_no_menu(body: str) -> None:
    """A sentence, long text or a main heading in it, or an article around it, opens a menu."""
    assert texts_of(body)[:2] == ["Sport", "Local news"]


def test_menus_in_menus_cost_no_square() -> None:
    """Twenty thousand menus, each of which holds the next and a sentence, are read in a second."""
    nested = "<div class=nav>" * 20_000 + f"<p>{SENTENCE}</p>" + "</div>" * 20_000
    start = time.process_time()
    assert texts_of(nested) == [SENTENCE]
    assert time.process_time() - start < 2
