"""Dates written in a line: numeric, CJK, and with a month's name, in any order of their parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from transforms.published.calendars import (
    era_year,
    full_year,
    gregorian_year,
    jalali_to_gregorian,
)
from transforms.published.folding import folded_words
from transforms.published.names import JALALI_MONTHS, months
from transforms.published.tables import word_list, word_set
from transforms.published.tokens import Line

YEAR_FIRST = word_set("hu lt sv ja ko zh fa mn eu si")
MONTH_FIRST_REGIONS = word_set("us ph pr gu as mp")
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
_CJK = {"年": "y", "년": "y", "月": "m", "월": "m", "日": "d", "일": "d", "号": "d", "號": "d"}
RANGE_MARKS = frozenset(("-", "–", "—", "〜", "~")) | folded_words(
    "to bis au al a do до по til till tot and und et y e și até έως"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A date found in a line: tokens ``[start, end)``; ``alternative`` swaps month and day.

    ``year`` or ``day`` is ``None`` when the line does not say it; ``month_first`` tells the order
    in which month and day were read.
    """

    start: int
    end: int
    year: int | None
    month: int
    day: int | None
    alternative: date | None = None
    month_first: bool = False
    is_range: bool = False


def find(line: Line, language: str | None, reference: date | None) -> list[Span]:
    """Return the dates of the line from left to right, none overlapping another."""
    found: list[Span] = []
    index = 0
    while index < len(line):
        span = None
        if line.kinds[index] == "n":
            span = _cjk(line, index, reference) or _numeric(line, index, language, reference)
        elif line.kinds[index] == "w" and "n" in line.kinds[max(0, index - 5) : index + 6]:
            span = _named(line, index, language, reference)
        if span is not None and (not found or span.start >= found[-1].end):
            found.append(span)
            index = max(span.end, index + 1)
        else:
            index += 1
    return found


def _numeric(line: Line, i: int, language: str | None, reference: date | None) -> Span | None:
    separator = line.text(i + 1)
    if separator not in ("-", "/", ".", "–", "|") or line.text(i + 3) != separator:
        return None
    if line.kind(i + 2) != "n" or line.kind(i + 4) != "n" or not _stands_alone(line, i, separator):
        return None
    lengths = tuple(len(line.texts[i + step]) for step in (0, 2, 4))
    if max(lengths) > 4 or lengths[1] > 2:
        return None
    a, b, c = (int(line.texts[i + step]) for step in (0, 2, 4))
    base = (language or "").lower().partition("-")[0]
    if lengths[0] == 4 and lengths[2] <= 2:
        return _checked(i, i + 5, a, b, c, line, language)
    if lengths[2] == 4 and lengths[0] <= 2:
        return _day_and_month(i, c, (a, b), separator, line, language)
    if lengths[2] != 2 or lengths[0] > 2 or (base in ("", "en") and max(lengths[:2]) == 1):
        return None
    if base in YEAR_FIRST or a > 31:
        year = full_year(a, reference, language)
        return _checked(i, i + 5, year, b, c, line, language) if year else None
    year = full_year(c, reference, language)
    return _day_and_month(i, year, (a, b), separator, line, language) if year else None


def _stands_alone(line: Line, i: int, separator: str) -> bool:
    """Say whether three numbers are not part of a longer chain (an address, a phone number)."""
    before = line.text(i - 1) if line.glued(i) and line.kind(i - 1) == "p" else ""
    if before and before in "./-+:":
        prefix = line.text(i - 2) if line.kind(i - 2) == "w" else ""
        if before == "-" and len(prefix) == 1 and not prefix.isascii():
            return True
        if before != ":" or line.kind(i - 2) == "n":
            return False
    if line.glued(i) and line.kind(i - 1) == "w" and line.text(i - 1).isascii():
        return False
    after = i + 5
    chained = line.kind(after) == "p" and line.text(after) in "./-" and line.glued(after)
    if chained and line.glued(after + 1) and line.kind(after + 1) == "n":
        return False
    return separator == "." or all(
        line.glued(i + step) == line.glued(i + 1) for step in range(2, 5)
    )


def month_first(language: str | None) -> bool:
    """Say whether the locale's numeric dates start with the month, as in the United States."""
    base, _, rest = (language or "").lower().replace("_", "-").partition("-")
    region = rest.rpartition("-")[2]
    if len(region) == 2:
        return region in MONTH_FIRST_REGIONS and base in ("en", "es", "fil", "tl", "und")
    return base in ("en", "fil", "tl")


def order_is_open(language: str | None) -> bool:
    """Say whether numeric dates of the locale come in both orders: English without a region."""
    base, _, rest = (language or "").lower().replace("_", "-").partition("-")
    return not base or (base in ("en", "und", "fil", "tl") and len(rest.rpartition("-")[2]) != 2)


def _day_and_month(
    i: int, year: int, pair: tuple[int, int], separator: str, line: Line, language: str | None
) -> Span | None:
    first, second = pair
    us_order = separator != "." and (month_first(language) or second > 12)
    day, month = (second, first) if us_order else (first, second)
    span = _checked(i, i + 5, year, month, day, line, language)
    if span is None or first == second or max(pair) > 12:
        return span
    settled = separator == "." or not order_is_open(language)
    other = None if settled else _valid(span.year, day, month)
    return Span(span.start, span.end, span.year, span.month, span.day, other, us_order)


def _checked(
    start: int, end: int, year: int, month: int, day: int, line: Line, language: str | None
) -> Span | None:
    """Return the span of a full date in the Gregorian calendar, if it is one."""
    base = (language or "").lower().partition("-")[0]
    if 1300 <= year <= 1499 and base in ("fa", "ps", "prs"):
        converted = jalali_to_gregorian(year, month, day)
        if converted is None:
            return None
        return Span(start, end, converted.year, converted.month, converted.day)
    year = gregorian_year(year, base)
    return Span(start, end, year, month, day) if _valid(year, month, day) else None


def _valid(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year or 2000, month, day) if year is None or 1990 <= year <= 2060 else None
    except ValueError:
        return None


def _cjk(line: Line, i: int, reference: date | None) -> Span | None:
    """Read ``2024年12月30日`` and its Korean, era and yearless forms, starting at number ``i``."""
    parts: dict[str, int] = {}
    index, start = i, i
    while line.kind(index) == "n" and line.kind(index + 1) == "w":
        unit = _CJK.get(line.text(index + 1)[:1])
        if unit is None or unit in parts or (unit != "y" and len(line.text(index)) > 2):
            break
        parts[unit] = int(line.text(index)[:4])
        index += 2
        if len(line.text(index - 1)) > 1 or unit == "d":
            break
    if "m" not in parts:
        return None
    year: int | None = parts.get("y")
    if year is not None:
        year, start = era_year(year, line.text(i - 1), reference), i
        if year is None:
            return None
    day = parts.get("d")
    if not _valid(year, parts["m"], day or 1) or (day is None and year is None):
        return None
    return Span(start, index, year, parts["m"], day)


def _month(line: Line, i: int, language: str | None) -> tuple[int, int] | None:
    """Return the month named at token ``i`` and the number of tokens of its name."""
    table = months()
    base = (language or "").lower().replace("_", "-").partition("-")[0]
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
    aliases = {"no": "nb", "in": "id", "iw": "he", "tl": "fil", "sh": "hr", "cnr": "sr"}
    known = entry.get(aliases.get(language, language))
    if known:
        return known
    values = set(entry.values())
    return values.pop() if len(values) == 1 else None


def _named(line: Line, i: int, language: str | None, reference: date | None) -> Span | None:
    """Read a date around a month's name at token ``i``."""
    jalali = JALALI_MONTHS.get(line.texts[i])
    named = (jalali, 1) if jalali else _month(line, i, language)
    if (
        named is None
        and line.texts[i] in _ROMAN
        and line.kind(i + 1 + (line.text(i + 1) == ".")) == "n"
    ):
        named = (_ROMAN[line.texts[i]], 1)
    if named is None:
        return None
    month, width = named
    left = _leftwards(line, i)
    right = _rightwards(line, i + width)
    year, day, start, end = _assign(line, i, i + width, left, right, language, reference)
    if jalali:
        if year is None or day is None:
            return None
        converted = jalali_to_gregorian(year, month, day)
        if converted is None:
            return None
        return Span(start, end, converted.year, converted.month, converted.day)
    if line.texts[i] in _ROMAN and (year is None or day is None or left is None):
        return None
    if year is None and day is None:
        return None
    base = (language or "").lower().partition("-")[0]
    if year is not None:
        thai = "\u0e00" <= line.texts[i][0] <= "\u0e7f"
        year = gregorian_year(year, "th" if thai else base)
    if not _valid(year, month, day or 1):
        return None
    return Span(start, end, year, month, day, is_range=_is_range(line, start))


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


def _assign(
    line: Line,
    i: int,
    after: int,
    left: int | None,
    right: int | None,
    language: str | None,
    reference: date | None,
) -> tuple[int | None, int | None, int, int]:
    """Return year, day and the token range of a date whose month stands at ``[i, after)``."""
    start, end = i, after
    year = day = None
    if left is not None:
        value, size = int(line.texts[left][:5]), len(line.texts[left])
        if size <= 2 and 1 <= value <= 31:
            day, start = value, left
        elif size == 4:
            year, start = value, left
    if right is not None:
        value, size = int(line.texts[right][:5]), len(line.texts[right])
        if size == 4 and year is None:
            year, end = value, right + 1
        elif size <= 2 and day is None and 1 <= value <= 31:
            day, end = value, right + 1
            second = _rightwards(line, _past_ordinal(line, right + 1))
            if year is None and second is not None:
                size = len(line.texts[second])
                if size == 4:
                    year, end = int(line.texts[second]), second + 1
                elif size == 2 and line.text(second - 1) in "'’" and line.text(second - 1):
                    year, end = full_year(int(line.texts[second]), reference, language), second + 1
        elif size == 2 and day is not None and year is None:
            year, end = full_year(value, reference, _script_language(line, i, language)), right + 1
    if year is None and day is not None and left is not None:
        further = _leftwards(line, left)
        if further is not None and len(line.texts[further]) == 4:
            year, start = int(line.texts[further]), further
    return year, day, start, end


def _script_language(line: Line, i: int, language: str | None) -> str | None:
    return "th" if "\u0e00" <= line.texts[i][0] <= "\u0e7f" else language


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
