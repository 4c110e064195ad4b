"""The rules of StripBoilerplate, and the arrays they stand on."""

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.boilerplate import split_blocks, strip
from transforms.boilerplate.features import distances, window
from transforms.boilerplate.layout import lay_out, spans_of
from transforms.boilerplate.lexicons import MAX_WORDS, SECTIONS, key_of, sections
from transforms.boilerplate.metadata import image_credit, origin, wire_credit
from transforms.boilerplate.names import names_in
from transforms.boilerplate.repetition import repetition, same_text
from transforms.boilerplate.rules import credit_tail
from transforms.boilerplate.title import clean_title, kicker_in_date_line, split_glued_section
from transforms.model import Block, BlockKind


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Hanna Oduya", ("Hanna Oduya",)),
        ("By Odile Farrant and Greg Tennyson", ("Odile Farrant", "Greg Tennyson")),
        ("Von Mareike Sandt und Paul Gierke", ("Mareike Sandt", "Paul Gierke")),
        ("Par Aurélie Montfort", ("Aurélie Montfort",)),
        ("Wieke van der Hoorn", ("Wieke van der Hoorn",)),
        ("J. K. O’Dowd | Harbour Times", ("J. K. O’Dowd",)),
        ("MARGUERITE LOWE", ("MARGUERITE LOWE",)),
        ("By train to the coast", ()),
        ("A river that changed", ()),
        ("Petra LindqvistWASHINGTON (Wire)", ()),
        ("3 Comments", ()),
        ("", ()),
    ],
)
def test_names_in_bylines(line: str, names: tuple[str, ...]) -> None:
    """A byline yields its names and nothing else."""
    assert names_in(line) == names


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("The tannery last week. (Nora Pell/Valley Notes via AP)", "Nora Pell/Valley Notes via AP"),
        ("Die Weberei am Graben. Foto: Karla Immendorf", "Karla Immendorf"),
        ("The pier at dawn. [Photo: Harbour Trust]", "Photo: Harbour Trust"),
        ("The pier at dawn. © Nora Pell", "© Nora Pell"),
        ("The vote was held in the evening (after the concert).", None),
        ("There was one rule: nobody may swim alone.", None),
        ("(" * 5000, None),
    ],
)
def test_credit_at_the_end_of_a_caption(text: str, credit: str | None) -> None:
    """A credit is found by its form at the end of a caption, and only there."""
    assert credit_tail(text) == credit


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("Images source: © Getty Images", "Getty Images"),
        ("Image: (Wire)", "Wire"),
        ("Photo: Nora Pell", "Nora Pell"),
        ("© Harbour Trust", "Harbour Trust"),
        ("©", None),
    ],
)
def test_image_credit(line: str, credit: str | None) -> None:
    """Label, brackets and copyright sign are not part of a credit."""
    assert image_credit(line) == credit


def test_origin_and_wire_credit() -> None:
    """Notices lose the words that say what they are."""
    assert origin("This article was originally published on Harbour.example.") == "Harbour.example"
    assert origin("Dieser Artikel erschien zuerst auf Wiesenblatt") == "Wiesenblatt"
    assert wire_credit("With agency wires") == "agency wires"
    assert wire_credit("Mit Material von dpa") == "dpa"


def test_titles_and_kickers() -> None:
    """A title loses a trailing colon; what a date line quotes is a kicker."""
    assert (
        clean_title("Late\xa0penalty sends Marlow through: ") == "Late penalty sends Marlow through"
    )
    assert kicker_in_date_line('date 2021-05-03 "Muddy"') == "Muddy"
    assert kicker_in_date_line("Published 2021-05-03") is None


@pytest.mark.parametrize(
    ("title", "following", "parts"),
    [
        (
            "SportLate penalty sends Marlow through",
            (),
            ["Sport", "Late penalty sends Marlow through"],
        ),
        ("Valley lifeHens move in", ("Hens move in",), ["Valley life", "Hens move in"]),
        ("Valley lifeHens move in today", (), ["Valley lifeHens move in today"]),
        ("McDougal opens a third bakery", (), ["McDougal opens a third bakery"]),
        ("iPhones banned in village school", (), ["iPhones banned in village school"]),
    ],
)
def test_glued_sections(title: str, following: tuple[str, ...], parts: list[str]) -> None:
    """A label is split off when it is a section or when the rest stands by itself below."""
    blocks = [Block(text, source_start=0, source_end=len(text)) for text in (title, *following)]
    assert [block.text for block in split_glued_section(blocks)][: len(parts)] == parts


def test_lexicon_files_are_well_formed() -> None:
    """Every file has known sections of short lower-case phrases."""
    folder = files("transforms.boilerplate").joinpath("lexicon")
    names = [file.name for file in folder.iterdir()]
    assert len(names) >= 26
    for name in names:
        for line in folder.joinpath(name).read_text(encoding="utf-8").splitlines():
            assert not line.startswith("[") or line.strip("[]") in SECTIONS, (name, line)
            assert line == line.strip(), (name, line)
    phrases = [phrase for found in sections().values() for phrase in found]
    assert all(phrase == phrase.lower() for phrase in phrases)
    assert all(len(phrase.split()) <= MAX_WORDS for phrase in phrases)


def test_hashes_know_equal_text_anywhere() -> None:
    """The same letters have the same hash wherever they stand and however they are set."""
    layout = lay_out(["Some words", "Read   MORE:", "read more", "", "more"])
    keys, copies, seen = same_text(layout)
    assert keys[1] == keys[2] == key_of("Read more")
    assert copies.tolist() == [1, 2, 2, 1, 1]
    assert seen.tolist() == [False, False, True, False, False]


def test_repetition_finds_a_quotation() -> None:
    """A pull quote is found in the longer block it was taken from."""
    quote = "we have waited long enough for somebody to mend this bridge"
    layout = lay_out([f"“Honestly, {quote}, all of us here in the village,” she said.", quote])
    elsewhere, earlier, longer = repetition(layout)
    assert elsewhere[1] == earlier[1] == longer[1] == 1
    assert earlier[0] == longer[0] == 0


def test_windows_and_distances() -> None:
    """Means leave out the block itself; distances count blocks to the next marked one."""
    assert window(np.array([1, 2, 3]), 1, spans_of([3])).tolist() == [2, 2, 2]
    back, ahead = distances(np.array([False, True, False, False]), spans_of([4]))
    assert back.tolist() == [99, 0, 1, 2]
    assert ahead.tolist() == [1, 0, 99, 99]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("aB1 .:“(©\n\r\u2028\xa0\u200b語é-…"), max_size=300))
def test_any_text_comes_back_in_order(source: str) -> None:
    """Whatever the text, blocks are slices in order, between them only white space."""
    blocks = strip(split_blocks(source)).blocks
    end = 0
    for block in blocks:
        assert block.source_start is not None
        assert block.source_end is not None
        assert not source[end : block.source_start].strip(" \t\xa0\u200b\n\r\u2028")
        slice_ = source[block.source_start : block.source_end]
        assert len(slice_) == len(block.text)
        assert slice_.split() == block.text.split()
        assert isinstance(block.kind, BlockKind)
        assert 0 <= block.score <= 1
        end = block.source_end
    assert not source[end:].strip(" \t\xa0\u200b\n\r\u2028")
