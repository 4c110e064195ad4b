"""StripBoilerplate on plain text: blocks, labels and metadata."""

import numpy as np
import pytest

from transforms.boilerplate import split_blocks, strip, strip_many, tidy
from transforms.boilerplate.features import base_features, wording
from transforms.boilerplate.layout import lay_out
from transforms.model import Block, BlockKind, PageMetadata

BODY = (
    "The council voted on Tuesday to rebuild the old harbour bridge, which engineers closed in"
    " March after a routine inspection found cracks in two of its supports.",
    "Work is to begin in autumn and will take about eighteen months, the head of the works"
    " department told residents at a meeting in the town hall.",
    "“We have waited long enough,” said one shop owner, who has lost a third of her customers"
    " since the closure and hopes that the detour will end soon.",
    "The town will pay half of the cost; the rest comes from a regional fund that was set up"
    " after the floods and has not been touched for years.",
)


def kinds(source: str) -> list[tuple[BlockKind, bool]]:
    """Return kind and verdict of each block of a text."""
    return [(block.kind, block.keep) for block in strip(split_blocks(source)).blocks]


@pytest.mark.parametrize(
    "source",
    [
        "One.\r\n\r\nTwo\u2028three\x0cfour\xa0\n",
        "\ufeff  First\n\u200b\n second \u2029third",
        "",
        " \n\r\n\t",
        "a\rb\x85c",
    ],
)
def test_blocks_are_slices_of_the_source(source: str) -> None:
    """Every block is its slice of the source, outer white space aside, and nothing is lost."""
    blocks = split_blocks(source)
    assert all(source[b.source_start : b.source_end] == b.text for b in blocks)
    assert "".join(b.text for b in blocks) == "".join(source.split()).replace("\ufeff", "").replace(
        "\u200b", ""
    )


def test_hard_wrapped_lines_are_joined() -> None:
    """Lines broken at a column become one block, each break a space, offsets exact."""
    source = (
        "Bridge to be rebuilt\n\n"
        "The council voted on Tuesday to rebuild the old harbour bridge, which\n"
        "engineers closed in March after a routine inspection found cracks in\n"
        "two of its supports.\n"
        "\n"
        "Work is to begin in autumn and will take about eighteen months, the\n"
        "head of the works department told residents.\n"
    )
    blocks = split_blocks(source)
    assert [len(b.text) for b in blocks] == [20, 159, 112]
    assert all(source[b.source_start : b.source_end].replace("\n", " ") == b.text for b in blocks)


def test_single_lines_are_not_joined() -> None:
    """A text with one paragraph a line and no blank lines keeps its paragraphs apart."""
    assert [b.text for b in split_blocks("\n".join(BODY))] == list(BODY)


def test_related_posts_are_removed_with_kind_and_rule() -> None:
    """Teasers below a heading go, title and snippet alike, and say which rule took them."""
    teasers = (
        "Related articles",
        "Ferry line to stop in winter",
        "The operator of the ferry between both banks says the service no longer pays and will...",
        "Market square gets new trees",
        "Gardeners planted twelve lime trees on Monday, after a storm had felled most of...",
    )
    blocks = strip(
        split_blocks("\n\n".join(("Harbour bridge to be rebuilt", *BODY, *teasers)))
    ).blocks
    removed = [block for block in blocks if not block.keep]
    assert [block.text for block in removed] == ["Harbour bridge to be rebuilt", *teasers]
    assert all(block.kind is BlockKind.RELATED and block.rule for block in removed[1:])


def test_glued_section_and_repeated_title() -> None:
    """A section glued to the title is split off; a repeat in other white space is known as one."""
    source = "\n\n".join(
        ("RegionalHarbour bridge to be rebuilt", "Harbour bridge to\xa0be rebuilt", *BODY)
    )
    stripped = strip(split_blocks(source))
    assert stripped.page.title == "Harbour bridge to be rebuilt"
    assert stripped.page.section == "Regional"
    assert [b.kind for b in stripped.blocks[:3]] == [
        BlockKind.SECTION,
        BlockKind.TITLE,
        BlockKind.TITLE_REPEAT,
    ]
    assert all(source[b.source_start : b.source_end] == b.text for b in stripped.blocks)
    assert [b.text for b in stripped.blocks if b.keep] == list(BODY)


def test_no_title_is_invented() -> None:
    """A text that begins with its first sentence has no title."""
    assert strip(split_blocks("\n".join(BODY))).page.title is None


def test_an_unknown_language_keeps_its_text() -> None:
    """Prose in a language nobody trained on stays."""
    source = "\n\n".join(
        (
            "Lorana veshti om karandal",
            "Vora shemati lunda, ke karandal om veshti toru sanaka, bera lundi moraka"
            " ke shema toruni valasi om benda.",
            "Beranda moru, shemati valasi, om toruni karada ke lundi sanaka veshti moraka"
            " bera lorana sumi.",
            "Sumi toruni karandal, om shema lundi beranda ke veshti valasi moraka toru"
            " sanaka vora bendi.",
        )
    )
    assert [b.keep for b in strip(split_blocks(source)).blocks][1:] == [True, True, True]


def test_tidy_keeps_what_the_page_says() -> None:
    """Blocks from HTML lose their repeats and notices; metadata of the page stands first."""
    blocks = [
        Block("Harbour bridge to be rebuilt", BlockKind.HEADING),
        Block(BODY[0]),
        Block("Menu", BlockKind.NAVIGATION, keep=False, rule="html"),
        Block(BODY[1]),
        Block(BODY[0]),
        Block("This article was originally published on Harbour Times."),
    ]
    page = PageMetadata(title="Harbour bridge to be rebuilt", authors=("Ada Quill",))
    tidied = tidy(blocks, page)
    assert [b.keep for b in tidied.blocks] == [False, True, False, True, False, False]
    assert tidied.page.authors == ("Ada Quill",)
    assert tidied.page.syndicated_from == "Harbour Times"
    assert tidied.blocks[2].rule == "html"


def test_what_nobody_has_named_and_says_the_title_is_a_title() -> None:
    """Of removed blocks that say the title, the first is the title; named ones keep their kind."""
    title = "Harbour bridge to be rebuilt"
    said = (BlockKind.RELATED, BlockKind.OTHER, BlockKind.OTHER)
    blocks = [Block(title, kind, keep=False) for kind in said] + [Block(BODY[0])]
    other = Block("Harbour news", BlockKind.OTHER, keep=False)
    kinds = [b.kind for b in tidy([*blocks, other], PageMetadata(title=f"“{title}”")).blocks]
    assert kinds[:3] == [BlockKind.RELATED, BlockKind.TITLE, BlockKind.TITLE_REPEAT]
    assert kinds[-1] is BlockKind.OTHER


@pytest.mark.parametrize("source", ["", "\n\n", "x", "\ud800", "a" * 100_000, "a\n" * 20_000])
def test_odd_inputs_lose_nothing(source: str) -> None:
    """Empty, tiny, broken and giant inputs come back block for block."""
    blocks = split_blocks(source)
    assert len(strip(blocks).blocks) == len(blocks)


def test_a_batch_gives_what_each_document_gives_alone() -> None:
    """What comes out for a document does not depend on the documents beside it."""
    sources = [
        "\n\n".join(("Harbour bridge to be rebuilt", "By Ada Quill", *BODY)),
        "",
        "Share this:",
        "\n".join(("Home", "News", "Sport", *BODY[:2], "Advertisement", *BODY[2:], "Contact us")),
        "\n\n".join(reversed(BODY)),
    ]
    documents = [split_blocks(source) for source in sources]
    assert strip_many(documents) == [strip(blocks) for blocks in documents]


def test_a_giant_document_is_measured_in_parts() -> None:
    """A document of many thousand blocks is labelled whole, in time that grows with its size."""
    source = "\n\n".join(("Harbour bridge to be rebuilt", *BODY * 1200))
    blocks = strip(split_blocks(source)).blocks
    assert len(blocks) == 4801
    assert [b.keep for b in blocks[1:5]] == [True] * 4
    assert all(b.rule == "repeat:block" for b in blocks[5:])


def test_a_text_unlike_any_other_is_kept() -> None:
    """Five scripts word by word are not news as the model knows it, but nothing else is there."""
    source = "the совет 市議会 المجلس परिषद " * 40
    assert any(block.keep for block in strip(split_blocks(source)).blocks)
    assert not any(block.keep for block in strip(split_blocks("Home\nNews\nLogin")).blocks)


def test_the_rules_see_the_same_in_html_as_in_plain_text() -> None:
    """A page's blocks are described for the rules alone, column for column as for the model."""
    texts = [
        "Read more",
        "Foto: © Ada Example",
        "12 May 2024 10:30",
        "It rained, and it " * 9 + ".",
    ]
    gaps = np.array([1, 2, 1, 2])
    layout = lay_out(texts)
    brief, full = wording(layout, gaps), base_features(layout, gaps, None)
    for name in brief.names:
        scale = 1 if name != "lex_month" else np.maximum(full.column(name), 1)
        assert np.array_equal(brief.column(name) * scale, full.column(name)), name
    for name in ("keys", "exact", "starting", "anywhere"):
        assert np.array_equal(getattr(brief, name), getattr(full, name))
