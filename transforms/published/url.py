"""The date in a page's address."""

import re
from datetime import date
from urllib.parse import urlsplit

from transforms.model import DateCandidate
from transforms.published.tables import word_list

_PATTERNS = (
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[/_.-](?P<m>\d\d?)[/_.-](?P<d>\d\d?)(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)/(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)/(?P<m>[a-z]{3})/(?P<d>\d\d?)(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>[0-3]\d)[-_](?P<m>[01]\d)[-_](?P<y>20\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20[0-4]\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?=\d{4})"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)/(?P<m>[01]\d)(?=/)"),
)
_MONTHS = word_list("jan feb mar apr may jun jul aug sep oct nov dec")
_MAX_URL = 2_000


def from_url(url: str | None) -> tuple[DateCandidate, ...]:
    """Return the day, or else the month, that stands in the URL's path, as one candidate."""
    if not url:
        return ()
    try:
        path = urlsplit(url[:_MAX_URL]).path.lower()
    except ValueError:
        return ()
    for pattern in _PATTERNS:
        for match in pattern.finditer(path):
            value = _value(match)
            if value:
                return (DateCandidate("published", "url", value, match[0]),)
    return ()


def _value(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    word = parts["m"]
    month = _MONTHS.index(word) + 1 if word in _MONTHS else int(word) if word.isdigit() else 0
    try:
        day = date(int(parts["y"]), month, int(parts.get("d") or 1))
    except ValueError:
        return None
    if day.year < 1995:
        return None
    return day.isoformat() if parts.get("d") else f"{day:%Y-%m}"
