"""The words of a language: a tree of phrases, each with what it can be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from transforms.temporal.operations import Frame, Value
from transforms.temporal.tokens import tokenise

_BRACES = re.compile(r"\{([^{}]*)\}")
# Categories whose value goes by another name than their own.
FIELD_OF = {
    "LAST": "rel",
    "NEXT": "rel",
    "THIS": "rel",
    "SAME": "rel",
    "TEXTREL": "rel",
    "NUM": "n",
    "TENS": "n",
    "HUNDRED": "n",
    "UNITS": "unit",
    "QUARTER": "unit",
    "LONG": "unit",
    "VAGUELONG": "unit",
    "NIGHT": "part",
    "PARTLOWER": "part",
    "DAYREL": "rel",
    "THENEXT": "rel",
    "FALL": "season",
    "WEEKDAYS": "weekday",
    "WEEKDAYSHORT": "weekday",
    "SUMMER": "season",
    "MONTHWORD": "month",
    "MONTHNAME": "month",
    "MONTHABBR": "month",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word or phrase can be: its category and its fields.

    ``case`` is ``upper`` when it needs a capital, ``lower`` when one makes it part of a name.
    """

    category: str
    frame: Frame
    case: str = ""

    def allows(self, capital: bool, named: bool) -> bool:
        """Say whether it can be written so."""
        return capital if self.case == "upper" else not (named and self.case == "lower")


@dataclass(slots=True)
class Node:
    """A node of the tree of phrases, by token.

    ``readings`` are the frames of the phrase that ends here by category, when it is not ``cased``:
    then they depend on how it is written.
    """

    children: dict[str, "Node"] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    readings: dict[str, Frame] = field(default_factory=dict)
    cased: bool = False


def expand(form: str) -> Iterator[str]:
    """Yield the forms that ``nächst{e,en}`` stands for."""
    forms = [""]
    position = 0
    for match in _BRACES.finditer(form):
        plain = form[position : match.start()]
        endings = match.group(1).split(",")
        forms = [start + plain + ending for start in forms for ending in endings]
        position = match.end()
    for start in forms:
        yield start + form[position:]


def literal(text: str) -> Value:
    """Return ``text`` as an integer when it is one."""
    return int(text) if text.lstrip("-").isdecimal() else text


def add_words(root: Node, category: str, table: Mapping[str, Sequence[str]], case: str) -> None:
    """Put the forms of one ``[words.CATEGORY]`` table into the tree.

    ``case`` is that of ``Entry``; ``upper`` holds for the forms written with a capital only.
    """
    name = FIELD_OF.get(category, category.lower())
    for key, forms in table.items():
        frame = {name: literal(key)}
        for form in forms:
            for phrase in expand(form):
                own = "" if case == "upper" and not phrase[0].isupper() else case
                add_phrase(root, phrase, Entry(category, frame, own))


def add_phrase(root: Node, phrase: str, entry: Entry) -> None:
    """Put one phrase into the tree."""
    node = root
    for word in tokenise(phrase).words:
        node = node.children.setdefault(word, Node())
    node.entries.append(entry)
    node.readings[entry.category] = entry.frame
    node.cased = node.cased or bool(entry.case)


def add_compounds(
    root: Node, words: Mapping[str, Any], compounds: Mapping[str, Sequence[str]]
) -> None:
    """Add the words that a language writes as one of two others, with the fields of both."""
    for category, patterns in compounds.items():
        for pattern in patterns:
            first, joint, second = pattern.split()
            for entry, form in _forms(words, first):
                for other, tail in _forms(words, second):
                    frame = {**entry, **other}
                    if "n" in entry and "n" in other:
                        frame["n"] = int(entry["n"]) + int(other["n"])
                    case = "upper" if form[:1].isupper() else ""
                    phrase = form + ("" if joint == "+" else joint) + tail.lower()
                    add_phrase(root, phrase, Entry(category, frame, case))


def _forms(words: Mapping[str, Any], category: str) -> Iterator[tuple[dict[str, Value], str]]:
    name = FIELD_OF.get(category, category.lower())
    name = "n" if category.startswith("NUM_") else name
    for key, forms in words[category].items():
        for form in forms:
            for phrase in expand(form):
                yield {name: literal(key)}, phrase
