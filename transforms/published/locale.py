"""The language and country whose conventions a page's numeric dates follow."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from transforms.model import DateCandidate

KIND = "locale"
"""The kind of the pseudo-candidate that carries the language tag a page declares."""

_PATH_TAG = re.compile(r"//[^/]+/([a-z]{2}-[a-z]{2})(?:/|$)")
_COUNTRY_LETTERS = 2
_GENERIC_COUNTRIES = frozenset(("ai", "am", "cc", "co", "fm", "gg", "io", "ly", "me", "to", "tv"))
"""Country domains that are sold to anyone."""


def locale_of(
    candidates: Sequence[DateCandidate], url: str | None, language: str | None
) -> str | None:
    """Return the BCP 47 tag for reading dates: the language, and a region where one is known.

    The region is that of the tag the page declares or has in its path (``/en-gb/``), if it is the
    same language's, else the country of the domain. Without a language, the declared tag stands
    alone.
    """
    declared = next((item.raw for item in candidates if item.kind == KIND), "").replace("_", "-")
    in_path = _PATH_TAG.search((url or "")[:300].lower())
    tags = (language or "", declared, in_path[1] if in_path else "")
    base = (language or declared or tags[2]).partition("-")[0].lower()
    if not base:
        country = _country(url)
        return f"und-{country}" if country else None
    for tag in tags:
        if tag.partition("-")[0].lower() == base and "-" in tag:
            return tag
    country = _country(url)
    return f"{base}-{country}" if country else base


def country_of(tag: str | None) -> str | None:
    """Return the country of a tag in upper case: ``CH`` of ``de-CH``; ``None`` without one."""
    region = (tag or "").replace("_", "-").rpartition("-")
    return region[2].upper() if region[0] and len(region[2]) == _COUNTRY_LETTERS else None


def base_language(tag: str | None) -> str:
    """Return the language of a tag in lower case: ``de`` of ``de_CH`` and ``de-CH``."""
    return (tag or "").replace("_", "-").partition("-")[0].lower()


def _country(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return None
    last = host.rpartition(".")[2]
    return (
        last
        if len(last) == _COUNTRY_LETTERS and last.isalpha() and last not in _GENERIC_COUNTRIES
        else None
    )
