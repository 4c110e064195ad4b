"""What one statement of a page says for or against the day it names."""

from datetime import datetime, timedelta

from transforms.published.evidence import Evidence
from transforms.published.meta_names import GENERIC
from transforms.published.parsed import ParsedDate

_PLACES = {"before": "before", "li": "listed", "a": "linked", "footer": "footer", "up1": "nearer"}
_NEAR = frozenset(("near", "up1", "up2", "up3"))
_WORDY = 0.75
"""A line with four or more words that no date line needs has less confidence than this."""


def features_of(item: Evidence, firsts: set[str]) -> list[str]:
    """Return the features that one statement gives to its day.

    ``firsts`` keeps, over the statements of a page, which day came first of each sort.
    """
    candidate, family = item.candidate, item.family
    if candidate.kind == "modified" or item.parsed.label == "modified":
        if family not in ("line", "text", "header", "scan"):
            return ["modified"]
        return ["line:modified"] if item.parsed.confidence >= _WORDY else []
    if family == "json-ld":
        return _json_ld_names(item)
    if family == "meta":
        return ["meta:generic" if candidate.source[5:] in GENERIC else "meta"]
    if family in ("text", "header"):
        return _text_names(item, firsts)
    if family == "scan":
        return _scan_names(item, firsts)
    if family not in ("microdata", "time", "line", "abbr"):
        return [family]
    if "noise" in candidate.hints:
        return _noise_names(item, firsts)
    return _element_names(item, firsts)


def _json_ld_names(item: Evidence) -> list[str]:
    """Return the features of JSON-LD; an offset other than zero says the day is the local one."""
    if item.candidate.source == "json-ld:page":
        return ["json-ld:page"]
    if item.candidate.place != "datePublished":
        return ["json-ld:created"]
    zoned = item.parsed.at is not None and offset_of(item)
    return ["json-ld", "json-ld:zoned"] if zoned else ["json-ld"]


def _text_names(item: Evidence, firsts: set[str]) -> list[str]:
    """Return the features of a line of a plain text."""
    hints, parsed = item.candidate.hints, item.parsed
    names = [item.family]
    if "labelled" in hints:
        names.append("text:kind")
    names += [f"text:{hint}" for hint in ("near", "after", "dateline") if hint in hints]
    if parsed.label == "published":
        names.append("text:labelled")
    return names + _wording(parsed) + _first("text:first", firsts, item)


def _wording(parsed: ParsedDate) -> list[str]:
    names = []
    if parsed.relative:
        names.append("line:relative")
    if parsed.yearless:
        names.append("line:yearless")
    if parsed.confidence < _WORDY:
        names.append("line:wordy")
    if parsed.clock is not None:
        names.append("clock")
    return names


def _scan_names(item: Evidence, firsts: set[str]) -> list[str]:
    """Return the features of a date found by searching all of the page's text."""
    if item.parsed.confidence < _WORDY:
        return ["scan:wordy"]
    names = ["scan"]
    if item.parsed.label == "published" or "labelled" in item.candidate.hints:
        names.append("scan:labelled")
    if item.parsed.clock is not None:
        names.append("clock")
    return names + _first("scan:first", firsts, item) if "after" in item.candidate.hints else names


def _noise_names(item: Evidence, firsts: set[str]) -> list[str]:
    """Return the features of a date among what looks like teasers, comments or navigation."""
    names = ["noise"]
    if _near(item):
        names.append("noise:near")
    if item.parsed.label == "published" or "published" in item.candidate.hints:
        names.append("noise:labelled")
    return names + _first("noise:first", firsts, item)


def _element_names(item: Evidence, firsts: set[str]) -> list[str]:
    candidate, parsed, family = item.candidate, item.parsed, item.family
    hints = candidate.hints
    if family == "microdata":
        return ["microdata"]
    machine = family == "time" and candidate.source != "time:text"
    names = ["time" if family == "time" else "line"]
    names += _first("line:first", firsts, item)
    if "published" in hints:
        names.append(f"{names[0]}:published")
    names.append("line:near" if _near(item) else "line:far")
    if parsed.label == "published":
        names.append("line:labelled")
    if not machine:
        names += _wording(parsed)
    names += [f"line:{name}" for hint, name in _PLACES.items() if hint in hints]
    return names


def _near(item: Evidence) -> bool:
    return not _NEAR.isdisjoint(item.candidate.hints)


def _first(name: str, firsts: set[str], item: Evidence) -> list[str]:
    """Return ``name`` for the first statement of its sort and for its repetitions."""
    day = f"{name} {item.parsed.day}"
    if name in firsts and day not in firsts:
        return []
    firsts.update((name, day))
    return [name]


def offset_of(item: Evidence) -> timedelta:
    """Return the offset from UTC that a statement with an instant was written in."""
    return datetime.fromisoformat(item.parsed.value).utcoffset() or timedelta(0)
