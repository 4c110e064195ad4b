"""Language codes: which of them count as one language, and which are seldom met.

Written standards that are mutually intelligible count as one language, so that a Croatian passage
is not foreign in a Serbian article.
"""

from collections.abc import Mapping

MACRO: Mapping[str, str] = {
    **dict.fromkeys(("bs", "hr", "sr", "sh"), "hbs"),
    **dict.fromkeys(("id", "ms", "in"), "msa"),
    **dict.fromkeys(("nb", "nn"), "no"),
    **dict.fromkeys(("iw", "hbo"), "he"),
    **dict.fromkeys(("zh-cn", "zh-tw", "zh-Hant", "yue", "wuu"), "zh"),
    **dict.fromkeys(("arz", "ary"), "ar"),
    "fil": "tl",
    "grc": "el",
    "ltg": "lv",
}
"""From an identifier's code to the language it counts as: macrolanguages of ISO 639-3."""

MEMBERS: Mapping[str, tuple[str, ...]] = {"hbs": ("hr", "bs", "sr"), "msa": ("id", "ms")}
"""The written standards a macrolanguage is reported as."""

SELDOM = frozenset("an br co eo gd gv ia ie io la lb oc sc sco vec vo wa war".split())
"""Regional, ancient and constructed languages: seldom quoted, and easily seen in odd words."""


def fold(code: str) -> str:
    """Return the language that an ISO 639 code counts as."""
    return MACRO.get(code, code)
