"""Month names, weekdays and "ago" phrases of many languages, from CLDR.

One merged table serves every language, because a page's language is often unknown when its date
lines are read. A name that means different months in different languages (``listopad``) counts only
when the language is known.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

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


FILE = "cldr.json"
"""CLDR's part of the tables, written by ``training/export_cldr.py``."""


@cache
def months() -> dict[str, dict[str, int]]:
    """Return folded month name → language → month, for one- and two-word names."""
    table: dict[str, dict[str, int]] = _cldr("months")
    for language, names in EXTRA_MONTHS.items():
        for month, spellings in enumerate(names.split(","), 1):
            for name in spellings.split():
                add(table, name, language, month)
    return table


@cache
def weekdays() -> dict[str, dict[str, int]]:
    """Return folded weekday name → language → weekday, Monday being 0."""
    return _cldr("weekdays")


@cache
def ago() -> dict[str, str]:
    """Return a folded phrase such as ``# hours ago`` → its unit; ``#`` stands for the number."""
    table: dict[str, str] = _cldr("ago")
    for unit, phrases in EXTRA_AGO.items():
        table |= dict.fromkeys(phrases.split(","), unit)
    return table


def _cldr(name: str) -> dict[str, Any]:
    text = files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)[name]
    return table


def words(folded: str) -> list[str]:
    """Return the runs of letters and digits of a folded text; full stops are no part of a word."""
    return "".join(char if char not in _NO_WORD else " " for char in folded).split()


_NO_WORD = frozenset(".,;:|()[]{}<>/\\'\"·•–—-‘’“”«»՝،।")


def add(table: dict[str, dict[str, int]], name: str, language: str, value: int) -> None:
    """Put a name into a table, unless it is there or holds no letter."""
    key = " ".join(words(fold(name)))
    if key and not key.isdigit():
        table.setdefault(key, {}).setdefault(language, value)
