"""The languages of texts and articles: exact spans, names left alone, one verdict everywhere."""

import multiprocessing
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.assemble import join_kept
from transforms.language import BACKENDS, ForeignSpan, detect_article, detect_text
from transforms.model import Article, Block, BlockKind, PageMetadata, RawDocument

ENGLISH = (
    "The council voted on Tuesday to reopen the old harbour bridge before the winter. "
    "Engineers had warned for months that the northern pillar was no longer safe.\n\n"
    "Residents said they were relieved, although many still doubt that the money will be found."
)
POLISH = "Mieszkańcy od miesięcy czekali na ponowne otwarcie starego mostu."


def passages(text: str, **options: str) -> list[tuple[str, str]]:
    """Return each foreign span of a text as its language and its words."""
    found = detect_text(text, **options)
    return [(span.language, text[span.start : span.end]) for span in found.spans]


def test_a_repeated_caption_gives_a_span_per_occurrence() -> None:
    """Two equal lines are two passages, each with its own place."""
    text = f"{ENGLISH}\n\n{POLISH}\n{POLISH}\n\nThe work starts next week."
    assert passages(text) == [("pl", POLISH), ("pl", POLISH)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_both_backends_find_the_line(backend: str) -> None:
    """A backend is a way to the same answer on a clear case."""
    found = detect_text(f"{ENGLISH}\n{POLISH}", backend=backend)
    start = len(ENGLISH) + 1
    assert found.language == "en"
    assert [(s.start, s.end, s.language) for s in found.spans] == [
        (start, start + len(POLISH), "pl")
    ]


def test_an_unknown_backend_is_an_error() -> None:
    """A misspelt option must not choose a default."""
    with pytest.raises(ValueError, match="langdetekt"):
        detect_text(ENGLISH, backend="langdetekt")


def test_a_quote_is_its_own_span() -> None:
    """The marks around a foreign quotation stay with the sentence."""
    quote = "Wir haben den ganzen Sommer lang auf diese Nachricht gewartet"
    text = f"{ENGLISH} “{quote}”, she told reporters on her way out of the meeting."
    assert passages(text) == [("de", quote)]


def test_single_quotation_marks_are_not_apostrophes() -> None:
    """A quotation in single marks ends at the mark that no letter follows."""
    quote = "C’est la première fois que l’on entend une telle chose ici"
    text = f"{ENGLISH} ‘{quote}’, the mayor’s deputy said."
    assert passages(text) == [("fr", quote)]


def test_neighbouring_sentences_merge() -> None:
    """A paragraph of several sentences in one language is one span."""
    line = (
        "Il ponte era chiuso da due anni. Nessuno sapeva quando sarebbe stato riaperto. "
        "Adesso i lavori possono finalmente cominciare."
    )
    assert passages(f"{ENGLISH}\n{line}\n{ENGLISH}") == [("it", line)]


def test_code_switching_inside_a_paragraph() -> None:
    """Sentences of two languages in one line are told apart."""
    spanish = "La gente del barrio llevaba mucho tiempo esperando esta noticia."
    text = f"Everybody was in the street that evening. {spanish} Then the music started again."
    assert passages(f"{ENGLISH}\n{text}") == [("es", spanish)]


@pytest.mark.parametrize(
    "line",
    [
        "Foto: Grzegorz Brzęczyszczykiewicz/dpa",
        "© Jean-Pierre Lefèvre (AFP)",
        "Nguyễn Văn Thành, Trần Thị Bích, Jürgen Müller, Łódź",
        'He was reading "Der Zauberberg" on the train to Kraków.',
        "The Hall of the Mountain King",
        "Universidad Nacional Autónoma de México",
    ],
)
def test_names_titles_and_credits_are_not_foreign(line: str) -> None:
    """What is written as its bearer writes it does not make a document mixed."""
    assert passages(f"{ENGLISH}\n\n{line}\n\n{ENGLISH}") == []


@pytest.mark.parametrize(
    ("prior", "line"),
    [
        ("cs", "Vláda sa však rozhodla, že tento návrh zákona ešte nebude predkladať."),
        ("es", "O governo não quis comentar a decisão, mas os trabalhadores já estão em greve."),
        ("ru", "Уряд вирішив, що цього року підвищення цін не буде, але люди йому не вірять."),
        ("ca", "El gobierno ha decidido que este año no habrá más dinero para las escuelas."),
        ("no", "Regeringen meddelade i går, at den ikke længere ønsker at støtte forslaget."),
    ],
)
def test_close_languages(prior: str, line: str) -> None:
    """A sentence in the nearest relative of the prior is foreign."""
    assert [(span.start, span.end) for span in detect_text(line, prior=prior).spans] == [
        (0, len(line))
    ]


def test_mutually_intelligible_standards_are_one_language() -> None:
    """A Croatian sentence is not foreign in a Serbian article."""
    line = "Vlada je jučer odlučila da se povećaju mirovine i plaće u javnom sektoru."
    assert detect_text(line, prior="sr").spans == ()


def test_a_cyrillic_relative_is_foreign_in_a_document_in_latin_letters() -> None:
    """The bonus of the document's language does not reach text in another script."""
    serbian = (
        "Vlada je juče odlučila da poveća penzije i plate u javnom sektoru. "
        "Radnici su zadovoljni, ali kažu da će sačekati da vide prvu uplatu.\n"
    )
    macedonian = "Владата вчера одлучи да ги зголеми пензиите и платите во јавниот сектор."
    assert passages(serbian * 3 + macedonian) == [("mk", macedonian)]


def test_the_standard_of_a_macrolanguage_is_named() -> None:
    """Indonesian is reported as such, not as the macrolanguage."""
    text = "Pemerintah mengatakan bahwa harga beras akan turun karena panen raya sudah dimulai."
    assert detect_text(text).language == "id"


@pytest.mark.parametrize(
    "line",
    [
        "Pravitelstvo reshilo, chto v etom godu povysheniya tsen ne budet, no nikto ne verit.",
        "mujhe nahi pata ki ye sab kab tak chalega lekin sarkar ko kuch karna chahiye",
        "I kyvernisi apofasise oti fetos den tha auxithoun oi times, alla kaneis den to pistevei.",
    ],
)
def test_transliterated_text_is_unknown(line: str) -> None:
    """Russian, Hindi and Greek in Latin letters are foreign, and in no language we could name."""
    assert detect_text(line).language == "und"
    assert passages(f"{ENGLISH}\n{line}\n{ENGLISH}") == [("und", line)]


def test_less_text_must_be_surer() -> None:
    """The same words that pass in a sentence do not pass alone."""
    assert passages(f"{ENGLISH}\nmit Video\n{ENGLISH}") == []
    line = "Den ganzen Bericht mit Video gibt es auf unserer Seite."
    assert passages(f"{ENGLISH}\n{line}") == [("de", line)]


def test_capitals_are_read_as_words() -> None:
    """A shouted sentence is judged like a spoken one."""
    line = "DIE BRÜCKE BLEIBT AUCH IM NÄCHSTEN JAHR NOCH GESPERRT"
    assert passages(f"{ENGLISH}\n{line}\n{ENGLISH}") == [("de", line)]
    assert passages(f"{ENGLISH}\nTHE BRIDGE STAYS CLOSED FOR ANOTHER YEAR\n{ENGLISH}") == []


def test_two_languages_in_equal_parts_are_both_seen() -> None:
    """In a bilingual document one half is foreign to the other."""
    german = (
        "Der Stadtrat hat am Dienstag beschlossen, die alte Brücke wieder zu öffnen.\n"
        "Die Fachleute hatten seit Monaten gewarnt, der Pfeiler sei nicht mehr sicher."
    )
    assert passages(f"{ENGLISH}\n{german}") == [("de", line) for line in german.split("\n")]


@given(st.text(max_size=300), st.sampled_from(["", ENGLISH + "\n"]))
@settings(max_examples=60, deadline=None)
def test_spans_are_in_order_and_in_the_text(noise: str, before: str) -> None:
    """Whatever the text, spans have content, do not overlap and do not cross a line."""
    text = before + noise
    after = 0
    for span in detect_text(text).spans:
        assert after <= span.start < span.end <= len(text)
        assert "\n" not in text[span.start : span.end]
        assert 0.5 < span.score <= 1
        after = span.end


def test_offsets_are_code_points() -> None:
    """Characters outside the basic plane before a span do not move it."""
    text = f"🚢🌉 {ENGLISH}\n{POLISH}"
    assert passages(text) == [("pl", POLISH)]


def test_text_without_words_has_no_language() -> None:
    """Numbers and punctuation say nothing."""
    assert detect_text("12:30 – 14:45 ***\n\n").language is None
    assert detect_text("").spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        "\ud800 \x00\x01\u2028" * 20_000,
        "„" * 100_000,
        ". " * 100_000,
        "слово word " * 20_000,
        "這" * 100_000,
    ],
    ids=["no-spaces", "controls", "quotes", "stops", "two-scripts", "cjk"],
)
def test_hostile_text_is_bounded(text: str) -> None:
    """Any text is judged, in time linear in its size."""
    assert all(0 <= span.start < span.end <= len(text) for span in detect_text(text).spans)


@pytest.mark.parametrize("backend", BACKENDS)
def test_threads_agree(backend: str) -> None:
    """Eight threads that start at once give the answer of one."""
    texts = [f"{ENGLISH}\n{POLISH}", POLISH, "Ein kurzer Satz.", "ok"] * 4
    expected = [detect_text(text, backend=backend) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda text: detect_text(text, backend=backend), texts))
    assert found == expected


_COLD_START = """
import sys
from concurrent.futures import ThreadPoolExecutor
from transforms.language import detect_text
texts = ["Ein kurzer Satz.", "une phrase", "tre parole qui", "ok then"] * 2
with ThreadPoolExecutor(8) as threads:
    print(list(threads.map(lambda text: detect_text(text, backend=sys.argv[1]), texts)))
"""


@pytest.mark.parametrize("backend", BACKENDS)
def test_cold_processes_agree(backend: str) -> None:
    """Models loaded by eight threads at once, under other hash seeds, say the same."""
    said = {
        subprocess.run(
            [sys.executable, "-c", _COLD_START, backend],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("0", "77")
    }
    assert len(said) == 1
    assert "TextLanguages" in said.pop()


def _article(*blocks: Block, source: str = "", title: str | None = None) -> Article:
    return Article(
        RawDocument("x", b""),
        source=source,
        blocks=blocks,
        page=PageMetadata(title=title),
        text=join_kept(blocks),
    )


def _blocks(*lines: tuple[str, BlockKind, bool]) -> tuple[str, list[Block]]:
    source = "\n\n".join(text for text, _, _ in lines)
    blocks, offset = [], 0
    for text, kind, keep in lines:
        blocks.append(Block(text, kind, keep, source_start=offset, source_end=offset + len(text)))
        offset += len(text) + 2
    return source, blocks


def test_an_article_is_searched_everywhere() -> None:
    """Text, title, captions and removed blocks each give spans with their place."""
    source, blocks = _blocks(
        (POLISH, BlockKind.TITLE, False),
        (ENGLISH.replace("\n\n", " "), BlockKind.PARAGRAPH, True),
        (POLISH, BlockKind.CAPTION, False),
        (POLISH, BlockKind.REPEAT, False),
        (POLISH, BlockKind.PARAGRAPH, True),
        ("Czytaj więcej o tym, co wydarzyło się na moście", BlockKind.RELATED, False),
        ("Katarzyna Wiśniewska", BlockKind.BYLINE, False),
    )
    found = detect_article(_article(*blocks, source=source, title=POLISH))
    assert found.language == "en"
    assert found.is_mixed
    assert [span.where for span in found.language_spans] == [
        "text",
        "title",
        "caption",
        "caption",
        "removed",
    ]
    for span in found.language_spans:
        assert span.source_start is not None
        assert source[span.source_start : span.source_end] == span.text
    text_span = found.language_spans[0]
    assert found.text[text_span.start : text_span.end] == POLISH
    assert found.language_spans[1].start is None


def test_the_labels_of_a_page_are_not_content() -> None:
    """A menu in the language of the software does not make the article mixed."""
    _, blocks = _blocks(
        (ENGLISH.replace("\n\n", " "), BlockKind.PARAGRAPH, True),
        ("Startseite Politik Wirtschaft Sport", BlockKind.NAVIGATION, False),
        ("Auf Facebook teilen", BlockKind.SHARE, False),
        ("Von unserem Korrespondenten Jörg Schäfer", BlockKind.BYLINE, False),
    )
    found = detect_article(_article(*blocks))
    assert (found.is_mixed, found.language_spans) == (False, ())


def test_html_spans_have_no_place_in_the_source() -> None:
    """Blocks without source offsets give spans without them."""
    blocks = (Block(ENGLISH.replace("\n\n", " ")), Block(POLISH))
    (span,) = detect_article(_article(*blocks)).language_spans
    assert (span.source_start, span.source_end) == (None, None)
    assert span.start is not None


def test_an_empty_article_has_no_language() -> None:
    """Nothing is foreign to an article without text."""
    found = detect_article(_article(Block(POLISH, BlockKind.CAPTION, False)))
    assert (found.language, found.language_score, found.is_mixed) == (None, None, False)


def test_results_pickle_and_models_do_not_travel() -> None:
    """A result goes between processes; a spawned one loads its own models."""
    span = detect_text(f"{ENGLISH}\n{POLISH}").spans[0]
    assert pickle.loads(pickle.dumps(span)) == span  # noqa: S301
    with multiprocessing.get_context("spawn").Pool(1) as workers:
        remote = workers.apply(detect_text, (f"{ENGLISH}\n{POLISH}",))
    assert remote.spans == (ForeignSpan(span.start, span.end, span.language, span.score),)
