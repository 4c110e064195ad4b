"""Dates written with a month's name, in any order of their parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from transforms.published.calendars import full_year, gregorian_year
from transforms.published.folding import folded_words
from transforms.published.locale import base_language
from transforms.published.names import JALALI_MONTHS, months
from transforms.published.span import Span, from_jalali, valid_day
from transforms.published.tables import word_list
from transforms.published.tokens import Line

_CONNECTORS = folded_words(
    "พ ศ ค de d del do da di of the ng m г г. gada urteko ko ren den der la le el th st nd rd er e "
    "er. ste re o a th. an en n i ого го ті ב aasta ж йил yil thang nam năm al"
)
_ORDINALS = folded_words(
    "st nd rd th er re e o a an en i го ого е й er. de ste os um na ын 일 日 ad aren an in ten ter"
)
_ROMAN = {
    name: number
    for number, name in enumerate(word_list("i ii iii iv v vi vii viii ix x xi xii"), 1)
}
RANGE_MARKS = frozenset(("-", "–", "—", "〜", "~")) | folded_words(
    "to bis au al a do до по til till tot and und et y e și até έως"
)


_ALIASES = {"no": "nb", "in": "id", "iw": "he", "tl": "fil", "sh": "hr", "cnr": "sr"}
_MAX_DAY = 31


@dataclass(slots=True)
class _Parts:
    """What has been read around a month's name so far, over tokens ``[start, end)``."""

    start: int
    end: int
    year: int | None = None
    day: int | None = None

    def take(self, index: int, **found: int | None) -> None:
        """Add a part that stands at a token."""
        for name, value in found.items():
            setattr(self, name, value)
        self.start, self.end = min(self.start, index), max(self.end, index + 1)


def read_named(line: Line, i: int, language: str | None, reference: date | None) -> Span | None:
    """Read a date around a month's name at token ``i``."""
    word = line.texts[i]
    thai = "\u0e00" <= word[0] <= "\u0e7f"
    language = "th" if thai else language
    jalali, roman = JALALI_MONTHS.get(word), _ROMAN.get(word)
    named = (jalali, 1) if jalali else _month(line, i, language) or (roman, 1)
    month, width = named
    if month is None:
        return None
    parts = _Parts(i, i + width)
    _read_left(line, i, parts)
    left_day = parts.day is not None
    _read_right(line, i + width, parts, language, reference)
    complete = parts.year is not None and parts.day is not None
    if parts.year is not None and complete and jalali and parts.day is not None:
        return from_jalali(parts.start, parts.end, parts.year, month, parts.day)
    if jalali or (parts.year is None and parts.day is None):
        return None
    if roman == month and word in _ROMAN and not (complete and left_day):
        return None
    year = parts.year and gregorian_year(parts.year, base_language(language))
    if not valid_day(year, month, parts.day or 1):
        return None
    ranged = _is_range(line, parts.start)
    return Span(parts.start, parts.end, year, month, parts.day, is_range=ranged)


def _month(line: Line, i: int, language: str | None) -> tuple[int, int] | None:
    """Return the month named at token ``i`` and the number of tokens of its name."""
    table = months()
    base = base_language(language)
    gap = 2 if line.text(i + 1) == "." else 1
    if line.kind(i + gap) in ("w", "n") and (gap == 1 or len(line.texts[i]) <= 3):
        entry = table.get(f"{line.texts[i]} {line.text(i + gap)}")
        month = _agreed(entry, base) if entry else None
        if month:
            return month, gap + 1
    word = line.texts[i]
    entry = table.get(word) or table.get(word.removeprefix("ב").removeprefix("-"))
    if entry is None and len(word) > 5 and base not in ("", "en"):
        entry = next((table[word[:-cut]] for cut in (1, 2, 3) if word[:-cut] in table), None)
    month = _agreed(entry, base) if entry else None
    return (month, 1) if month else None


def _agreed(entry: Mapping[str, int], language: str) -> int | None:
    known = entry.get(_ALIASES.get(language, language))
    if known:
        return known
    values = set(entry.values())
    return values.pop() if len(values) == 1 else None


def _read_left(line: Line, i: int, parts: _Parts) -> None:
    """Read the day or the year left of a month's name, and a year left of the day."""
    left = _leftwards(line, i)
    if left is None:
        return
    _take_day_or_year(line, left, parts)
    if parts.day is not None:
        further = _leftwards(line, left)
        if further is not None and len(line.texts[further]) == 4 and _no_year(line, i):
            parts.take(further, year=int(line.texts[further]))


def _no_year(line: Line, i: int) -> bool:
    right = _rightwards(line, i + 1)
    return right is None or len(line.texts[right]) != 4


def _read_right(
    line: Line, after: int, parts: _Parts, language: str | None, reference: date | None
) -> None:
    """Read what the left side has not told: the day, the year, and a year right of the day."""
    right = _rightwards(line, after)
    if right is None:
        return
    size, had_day = len(line.texts[right]), parts.day is not None
    if size == 2 and had_day and parts.year is None:
        parts.take(right, year=full_year(int(line.texts[right]), reference, language))
        return
    _take_day_or_year(line, right, parts)
    if had_day or parts.day is None or parts.year is not None:
        return
    second = _rightwards(line, _past_ordinal(line, right + 1))
    if second is None:
        return
    size = len(line.texts[second])
    if size == 4:
        parts.take(second, year=int(line.texts[second]))
    elif size == 2 and line.text(second - 1) in ("'", "’"):
        parts.take(second, year=full_year(int(line.texts[second]), reference, language))


def _take_day_or_year(line: Line, index: int, parts: _Parts) -> None:
    value, size = int(line.texts[index][:5]), len(line.texts[index])
    if size <= 2 and parts.day is None and 1 <= value <= _MAX_DAY:
        parts.take(index, day=value)
    elif size == 4 and parts.year is None:
        parts.take(index, year=value)


def _leftwards(line: Line, i: int) -> int | None:
    """Return the index of the number that belongs to a month's name from its left."""
    index = i - 1
    for _ in range(4):
        if line.kind(index) == "n":
            return index
        text = line.text(index)
        if (line.kind(index) == "p" and text in ".,-/'’–°") or (
            line.kind(index) == "w" and (text in _CONNECTORS or text in _ORDINALS)
        ):
            index -= 1
        else:
            return None
    return None


def _rightwards(line: Line, i: int) -> int | None:
    """Return the index of the number that follows a month's name."""
    index = i
    for _ in range(5):
        if line.kind(index) == "n":
            return None if _is_clock(line, index) else index
        text = line.text(index)
        if (line.kind(index) == "p" and text in ".,-/'’") or (
            line.kind(index) == "w" and (text in _CONNECTORS or _is_second_name(line, index))
        ):
            index += 1
        else:
            return None
    return None


def _is_second_name(line: Line, i: int) -> bool:
    """Say whether a word repeats the month by another name: ``24 نيسان / أبريل 2020``."""
    return line.text(i - 1) == "/" and line.texts[i] in months()


def _is_clock(line: Line, i: int) -> bool:
    """Say whether a number starts a time of day: ``14:05``, ``14h``, ``14.05``, ``2 pm``."""
    after = line.text(i + 1)
    if after == ":" and line.kind(i + 2) == "n" and line.glued(i + 1):
        return True
    if after in ("h", "u", "uhr", "uur", "am", "pm", "시", "時", "时"):
        return True
    return (
        after == "."
        and len(line.text(i)) <= 2
        and line.glued(i + 1)
        and line.glued(i + 2)
        and len(line.text(i + 2)) == 2
        and line.kind(i + 2) == "n"
    )


def _past_ordinal(line: Line, i: int) -> int:
    return i + 1 if line.kind(i) == "w" and line.text(i) in _ORDINALS else i


def _is_range(line: Line, start: int) -> bool:
    """Say whether a date is the end of a range such as ``12–14 March`` or ``12 au 14 mars``."""
    index = start - 1
    if line.text(index) not in RANGE_MARKS:
        return False
    index -= 1
    while line.text(index) == "." or (line.text(index) in _ORDINALS and line.kind(index) == "w"):
        index -= 1
    value = line.number(index, 2)
    return value is not None and 1 <= value <= 31 and line.text(index - 1) not in (":", ".")
