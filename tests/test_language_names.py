"""Name-neutrality: what has no language of its own, and what is left without the names."""

import pytest

from transforms.language.names import is_neutral, without_names
from transforms.language.units import MAX_UNIT, split
from transforms.language.words import clean, script, shape


def neutral(text: str, quoted: bool = False) -> bool:
    """Judge a text as a unit would be."""
    cleaned = clean(text)
    return is_neutral(cleaned, shape(cleaned), quoted)


@pytest.mark.parametrize(
    "text",
    [
        "Zbigniew Brzeziński",
        "Museo Nacional de Antropología",
        "Köln, Łódź, São Paulo, Malmö",
        "Foto: Ulla Järvinen/Lehtikuva",
        "© 2019 Verlagsgesellschaft mit beschränkter Haftung. Alle Rechte vorbehalten.",
        "A Winter of Salt and Ash",
        "TOMASZ NOWAK, KRAKÓW",
        "Accueil Monde Culture Sports Santé Voyage Musique",
        "العربية",
        "中文网",
        "東京 大阪 京都 奈良 神戸",
        "const total = rows.map(row => row.size);",
        "mehr",
        "suomi русский العربية ελληνικά magyar",
        "max-w-3xl mx-auto py-2",
        "speed = distance / time",
    ],
)
def test_names_labels_and_code_are_neutral(text: str) -> None:
    """They are written in a language without saying anything in it."""
    assert neutral(text)


@pytest.mark.parametrize(
    "text",
    [
        "Der Minister kam nicht.",
        "Kodėl jis tai padarė vakar?",
        "Les habitants de Saint-Denis attendent le train",
        "Мы ждали его весь вечер",
        "橋は来年まで閉鎖されたままだ",
        "الجسر مغلق حتى العام القادم",
    ],
)
def test_sentences_are_not_neutral(text: str) -> None:
    """Words in lower case, or enough of them where there is no case, have a language."""
    assert not neutral(text)


def test_a_few_quoted_words_are_a_term() -> None:
    """The same words are a title inside quotation marks and a phrase outside."""
    assert neutral("la casa blanca", quoted=True)
    assert not neutral("la casa blanca")


def test_without_names_leaves_the_sentence() -> None:
    """Capitalised words go, and the particles between them; the first word stays."""
    assert without_names("Write to Maria de la Cruz at the office") == "Write to at the office"
    assert without_names("nothing to leave out") == "nothing to leave out"


def test_scripts() -> None:
    """The script of most letters counts; those of Japanese are one."""
    assert script("Всё OK") == "CYRILLIC"
    assert script("東京タワーへ行く") == "CJK"
    assert script("12 %") == ""


def test_units_are_sentences_and_quotations() -> None:
    """Initials do not end a sentence; a quotation stands apart, without its marks."""
    text = "J. R. Ewing left. He said: “we will never come back here”.\n\nThen he came back."
    assert [text[unit.start : unit.end] for unit in split(text)] == [
        "J. R. Ewing left.",
        "He said: “",
        "we will never come back here",
        "”.",
        "Then he came back.",
    ]


def test_units_are_bounded() -> None:
    """A run without spaces or stops is cut."""
    assert max(unit.end - unit.start for unit in split("x" * 5000)) <= MAX_UNIT
    assert all(unit.end - unit.start <= MAX_UNIT for unit in split("word " * 5000))
