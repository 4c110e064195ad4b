"""Month names, weekdays and "ago" phrases of many languages, from CLDR through Babel.

One merged table serves every language, because a page's language is often unknown when its date
lines are read. A name that means different months in different languages (``listopad``) counts only
when the language is known.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from babel import Locale

from transforms.published.folding import fold
from transforms.published.tables import word_list, word_set

LANGUAGES: tuple[str, ...] = tuple(
    word_list(
        "en de fr es it pt nl sv da nb nn fi is pl cs sk sl hr bs sr sr_Latn bg ru uk be mk ro hu "
        "el tr az ka hy he ar ar_LB ar_DZ ar_MA fa ps ur hi bn mr ta te ml kn gu pa ne si my km "
        "lo th vi id ms fil sw af zu so ha yo ja ko zh lt lv et ca eu gl sq ga cy lb mt kk ky uz "
        "mn de_AT"
    )
)

EXTRA_MONTHS: dict[str, str] = {
    "en": "-,-,-,-,-,-,-,-,sept,-,-,-",
    "de": "janner,feber,maerz,-,-,-,-,-,sept,-,-,-",
    "nl": "-,-,mrt,-,-,-,-,-,-,-,-,-",
    "es": "-,-,-,-,-,-,-,-,setiembre sept set,-,-,-",
    "pt": "-,-,-,-,-,-,-,-,sept,-,-,-",
    "it": "-,-,-,-,-,-,-,-,sett,-,-,-",
    "id": "-,peb,-,-,-,-,-,agu agt agust,-,-,nop,-",
    "fi": "tammikuun,helmikuun,maaliskuun,huhtikuun,toukokuun,kesakuun,heinakuun,elokuun,syyskuun,"
    "lokakuun,marraskuun,joulukuun",
    "lv": "janvari,februari,marta,aprili,maija,junija,julija,augusta,septembri,oktobri,novembri,"
    "decembri",
    "eu": "urtarrilaren,otsailaren,martxoaren,apirilaren,maiatzaren,ekainaren,uztailaren,"
    "abuztuaren,irailaren,urriaren,azaroaren,abenduaren",
    "he": "-,-,מרס,-,-,-,-,-,-,-,-,-",
    "ru": "-,-,-,-,-,-,-,-,сент,-,-,-",
    "bn": "জানুয়ারি,ফেব্রুয়ারি,-,-,-,-,-,-,-,-,-,-",
    "ka": "იანვარს,თებერვალს,მარტს,აპრილს,მაისს,ივნისს,ივლისს,აგვისტოს,სექტემბერს,ოქტომბერს,"
    "ნოემბერს,დეკემბერს",
    "et": "-,-,-,-,-,-,-,-,sept,-,-,-",
}
"""Spellings newspapers use that CLDR lacks, January to December, already folded."""

EXTRA_AGO: dict[str, str] = {
    "second": "# sekundit tagasi",
    "minute": "# minutit tagasi,# perce,# perccel ezelott,# mins ago,# min. ago",
    "hour": "# ঘণ্টা আগে,# tundi tagasi,# oraja,# hrs ago,# std",
    "day": "# paeva tagasi,# napja,# nappal ezelott",
}
"""Ways of saying how long ago that CLDR lacks, already folded."""

JALALI_MONTHS: dict[str, int] = {
    name: month
    for month, names in enumerate(
        (
            "فروردین حمل",
            "اردیبهشت ثور",
            "خرداد جوزا",
            "تیر سرطان",
            "مرداد امرداد اسد",
            "شهریور سنبله",
            "مهر میزان",
            "ابان عقرب",
            "اذر قوس",
            "دی جدی",
            "بهمن دلو",
            "اسفند حوت",
        ),
        1,
    )
    for name in names.split()
}
"""Months of the Solar Hijri calendar in Persian and Dari, folded."""

HIJRI_MONTHS: frozenset[str] = word_set(
    "محرم صفر ربیع جمادی رجب شعبان رمضان شوال ذو ذی القعده الحجه"
)
"""Words of the lunar Hijri months, folded: their days cannot be known to the day."""


@cache
def months() -> dict[str, dict[str, int]]:
    """Return folded month name → language → month, for one- and two-word names."""
    table: dict[str, dict[str, int]] = {}
    for language, locale in _locales():
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in dict(locale.months[form][width]).items():
                    _add(table, name, language, month)
    for language, names in EXTRA_MONTHS.items():
        for month, spellings in enumerate(names.split(","), 1):
            for name in spellings.split():
                _add(table, name, language, month)
    return table


@cache
def weekdays() -> dict[str, dict[str, int]]:
    """Return folded weekday name → language → weekday, Monday being 0."""
    table: dict[str, dict[str, int]] = {}
    for language, locale in _locales():
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for weekday, name in dict(locale.days[form][width]).items():
                    _add(table, name, language, weekday)
    return table


@cache
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
    for unit, phrases in EXTRA_AGO.items():
        table |= dict.fromkeys(phrases.split(","), unit)
    return table


def words(folded: str) -> list[str]:
    """Return the runs of letters and digits of a folded text; full stops are no part of a word."""
    return "".join(char if char not in _NO_WORD else " " for char in folded).split()


_NO_WORD = frozenset(".,;:|()[]{}<>/\\'\"·•–—-‘’“”«»՝،।")


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


def _add(table: dict[str, dict[str, int]], name: str, language: str, value: int) -> None:
    key = " ".join(words(fold(name)))
    if key and not key.isdigit():
        table.setdefault(key, {}).setdefault(language, value)
