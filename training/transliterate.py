"""Cyrillic and Greek text in Latin letters, as people type it, for training and tests."""

_RUSSIAN_LATIN = "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya"
_GREEK_LATIN = "a v g d e z i th i k l m n x o p r s s t y f ch ps o a e i i o y o i y"
_RUSSIAN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", _RUSSIAN_LATIN.split(), strict=True))
_GREEK = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ", _GREEK_LATIN.split(), strict=True))
_TABLES = {
    "ru": _RUSSIAN,
    "uk": _RUSSIAN | {"г": "h", "ґ": "g", "и": "y", "і": "i", "ї": "i", "є": "ie", "й": "i"},
    "be": _RUSSIAN | {"г": "h", "і": "i", "ў": "u", "ё": "io"},
    "bg": _RUSSIAN | {"х": "h", "щ": "sht", "ъ": "a", "ь": "y"},
    "el": _GREEK,
}


def transliterate(text: str, language: str) -> str | None:
    """Return ``text`` in Latin letters, or ``None`` for a language without a table."""
    table = _TABLES.get(language)
    if table is None:
        return None
    letters = []
    for character in text:
        latin = table.get(character.lower(), character).replace("_", "")
        letters.append(latin.capitalize() if character.isupper() else latin)
    return "".join(letters)
