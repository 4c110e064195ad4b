"""The rules of StripBoilerplate, and the arrays they stand on."""

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.boilerplate import split_blocks, strip
from transforms.boilerplate.context import with_neighbours
from transforms.boilerplate.evidence import runs
from transforms.boilerplate.features import base_features, distances, windows
from transforms.boilerplate.layout import lay_out, spans_of
from transforms.boilerplate.lexicons import MAX_WORDS, SECTIONS, key_of, sections
from transforms.boilerplate.metadata import image_credit, origin, wire_credit
from transforms.boilerplate.names import names_in
from transforms.boilerplate.repetition import repetition, same_text
from transforms.boilerplate.rules import credit_tail
from transforms.boilerplate.stripping import label
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
    values = np.array([[1, 2, 3], [2, 0, 4]])
    assert windows(values, (1, 2), spans_of([3])).tolist() == [[2, 2, 2], [2, 3, 1]]
    back, ahead = distances(np.array([False, True, False, False]), spans_of([4]))
    assert back.tolist() == [99, 0, 1, 2]
    assert ahead.tolist() == [1, 0, 99, 99]


def columns_of(texts: list[str], sizes: list[int]) -> dict[str, list[float]]:
    """Return the model's columns for some documents, by name."""
    features = base_features(lay_out(texts, sizes), np.full(len(texts), 2), None)
    names, rows = with_neighbours(features)
    return dict(zip(names, rows.T.tolist(), strict=True))


def test_surroundings_reach_no_further_than_the_document() -> None:
    """Labels, groups and stretches are counted within a document, on either side of a block."""
    prose = "It rained for a week, and nobody in the village could say when it would stop again."
    columns = columns_of(["Related", prose, prose + " No.", "Share", prose], [4, 1])
    assert columns["back_related"] == [0, 1, 2, 3, 60]
    assert columns["ahead_share"] == [3, 2, 1, 0, 60]
    assert columns["prose_after_8"] == pytest.approx([2 / 3, 0.5, 0, 0, 0])
    assert columns["prose_before_8"] == pytest.approx([0, 0, 0.5, 2 / 3, 0])
    assert columns["group_size"] == [1] * 5


def test_a_block_is_described_without_the_document_before_it() -> None:
    """Years at the top, single stops and a few letters look the same alone and in a batch."""
    texts = ["2024 in pictures", "Nobody knew.", ".", "ab", "...", "c"]
    together = columns_of(texts, [1] * len(texts))
    for index, text in enumerate(texts):
        alone = columns_of([text], [1])
        assert {name: values[index : index + 1] for name, values in together.items()} == alone
    assert together["year"] == [1, 0, 0, 0, 0, 0]
    assert together["ellipsis"] == [0, 0, 0, 0, 1, 0]


def test_a_run_of_letters_ends_with_its_document() -> None:
    """The runs of short documents in a batch are those of each alone."""
    texts = ["Bridge", "a", "bc", "It rained."]
    together = runs(lay_out(texts, [1] * len(texts)))
    assert together.tolist() == [slot for text in texts for slot in runs(lay_out([text])).tolist()]


def test_labels_of_advertisements_hide_no_neighbour() -> None:
    """Below one "Advertisement", the neighbour of a paragraph is the paragraph above it."""
    prose = "It rained for a week, and nobody in the village could say when it would stop again."
    columns = columns_of([prose, "Advertisement", prose + " No."], [3])
    assert columns["prose@-1"] == [-1, 1, 1]
    assert columns["prose@+1"] == [1, 1, -1]


PROSE = (
    "It rained for a week, and nobody in the village could say when it would stop again.",
    "The mayor said that the dam would hold, and that the school would open on Monday.",
    "In the end it was the wind that turned, and by Friday the road was dry once more.",
    "Those who had left came back with the first bus, and found their cellars full of mud.",
)


def kept(texts: list[str], likely: list[float]) -> list[str]:
    """Return the texts that stay when the model finds them as likely as given."""
    blocks = [Block(text) for text in texts]
    features = base_features(lay_out(texts), np.full(len(texts), 2), None)
    probabilities = np.array(likely, np.float32)
    labelled = label(blocks, features, probabilities, np.zeros_like(probabilities))
    return [block.text for block in labelled if block.keep]


def test_prose_apart_from_the_article_goes() -> None:
    """Sentences that follow the article at some distance are another one's; an aside is not."""
    labels = [f"Menu {n}" for n in range(200)]
    texts = [*PROSE[:2], "Menu", PROSE[2], *labels, PROSE[3]]
    assert kept(texts, [0.9, 0.9, 0.0, 0.9, *[0.0] * 200, 0.8]) == list(PROSE[:3])
    assert kept([*PROSE[:3], "Menu", PROSE[3]], [0.9, 0.9, 0.9, 0.0, 0.8]) == list(PROSE)


def test_prose_next_to_the_article_is_its_end() -> None:
    """A last paragraph that the model doubts is judged like any other."""
    assert kept([*PROSE, "Menu"], [0.9, 0.9, 0.9, 0.26, 0.0]) == list(PROSE[:3])
    assert kept([*PROSE, "Menu"], [0.9, 0.9, 0.9, 0.28, 0.0]) == list(PROSE)


def test_the_likeliest_sentences_are_the_measure() -> None:
    """Where the model is sure of no sentence, doubtful ones stay; beside sure ones they go."""
    assert kept(list(PROSE), [0.3, 0.2, 0.2, 0.2]) == list(PROSE)
    assert kept(list(PROSE), [0.98, 0.2, 0.98, 0.98]) == [PROSE[0], *PROSE[2:]]


def test_a_subheading_below_teasers_stays() -> None:
    """The last line of a run of teasers may head the text that comes back below it."""
    texts = [PROSE[0], "Read more", "Bridge closed until spring", "After the flood", PROSE[1]]
    assert kept(texts, [0.9, 0.1, 0.2, 0.6, 0.9]) == [PROSE[0], "After the flood", PROSE[1]]
    assert kept(texts, [0.9, 0.1, 0.2, 0.2, 0.9]) == [PROSE[0], PROSE[1]]


def test_a_line_as_long_as_a_headline_needs_more_evidence() -> None:
    """Between paragraphs a few words are a subheading, a whole headline another story's title."""
    long = "Mayor of the village says the dam is sure to hold this winter"
    assert kept([PROSE[0], long, PROSE[1]], [0.9, 0.6, 0.9]) == [PROSE[0], PROSE[1]]
    assert kept([PROSE[0], "After the flood", PROSE[1]], [0.9, 0.4, 0.9])[1] == "After the flood"


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
