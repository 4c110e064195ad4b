"""Write ``transforms/published/cldr.json``: ``python -m training.export_cldr``.

CLDR's names of months and weekdays and its ways of saying how long ago, folded, in all languages
that date lines are read in. Babel takes half a second and 80 MB to look them up, which every worker
would pay.
"""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from babel import Locale

from transforms.published.folding import fold
from transforms.published.names import FILE, LANGUAGES, add, words


def cldr_tables() -> dict[str, dict[str, Any]]:
    """Return the tables ``months``, ``weekdays`` and ``ago`` as Babel's CLDR has them."""
    return {"months": months(), "weekdays": weekdays(), "ago": ago()}


def months() -> dict[str, dict[str, int]]:
    """Return folded month name → language → month, for one- and two-word names."""
    table: dict[str, dict[str, int]] = {}
    for language, locale in _locales():
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in dict(locale.months[form][width]).items():
                    add(table, name, language, month)
    return table


def weekdays() -> dict[str, dict[str, int]]:
    """Return folded weekday name → language → weekday, Monday being 0."""
    table: dict[str, dict[str, int]] = {}
    for language, locale in _locales():
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for weekday, name in dict(locale.days[form][width]).items():
                    add(table, name, language, weekday)
    return table


def ago() -> dict[str, str]:
    """Return a folded phrase such as ``# hours ago`` → its unit; ``#`` stands for the number."""
    table: dict[str, str] = {}
    units = ("second", "minute", "hour", "day", "week", "month")
    for _, locale in _locales():
        for unit in units:
            for width in ("", "-short", "-narrow"):
                for pattern in _past_patterns(locale, unit + width):
                    phrase = " ".join(words(fold(pattern.replace("{0}", " # "))))
                    if "#" in phrase and not _is_duration(phrase):
                        table.setdefault(phrase, unit)
    return table


def _locales() -> Iterator[tuple[str, Locale]]:
    for name in LANGUAGES:
        yield name.partition("_")[0], Locale.parse(name)


def _is_duration(phrase: str) -> bool:
    """Say whether a phrase is but a number and an abbreviation, as in "7 min read"."""
    rest = phrase.replace("#", "").split()
    return not rest or (len(rest) == 1 and rest[0].isascii() and len(rest[0]) <= 4)


def _past_patterns(locale: Locale, unit: str) -> list[str]:
    fields: dict[str, Any] = locale._data["date_fields"].get(unit, {})
    past = fields.get("past", {})
    return [str(pattern) for pattern in dict(past).values()]


def main() -> None:
    """Write the file."""
    path = files("transforms.published").joinpath(FILE)
    with open(str(path), "w", encoding="utf-8") as file:
        json.dump(cldr_tables(), file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
