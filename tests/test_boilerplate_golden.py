"""Fifty invented scrapes, each line labelled with what it is, in many languages.

Each file of ``golden/boilerplate`` begins with a line of JSON that says what the metadata must be
(and ``fails``, why a scrape is known to come out wrong); every other line is a kind, a tab and a
line of the scrape. A kind ``section+title`` is a line in which both are glued together.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from transforms.boilerplate import Stripped, split_blocks, strip
from transforms.model import TEXT_KINDS, BlockKind

FOLDER = Path(__file__).parent / "golden" / "boilerplate"
SCRAPES = sorted(FOLDER.glob("*.txt"))
TEXT = {kind.value for kind in TEXT_KINDS}


def read(path: Path) -> tuple[dict[str, Any], str, list[tuple[str, int, int]]]:
    """Return a scrape's expectations, its source, and kind and bounds of each line."""
    head, *rows = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    expected = json.loads(head)
    newline = expected.pop("newline", "\n")
    source, lines = "", []
    for row in rows:
        kind, _, text = row.partition("\t")
        if text:
            lines.append((kind, len(source), len(source) + len(text)))
        source += text + newline
    return expected, source, lines


def wrong_lines(stripped: Stripped, lines: list[tuple[str, int, int]]) -> list[str]:
    """Return the lines that were kept and should not have been, or the other way round."""
    wrong = []
    for kind, start, end in lines:
        parts = [
            block
            for block in stripped.blocks
            if (block.source_start or 0) < end and (block.source_end or 0) > start
        ]
        if not parts or any(block.keep != (kind in TEXT) for block in parts):
            wrong.append(f"{kind}: {[(b.kind.value, b.keep, b.rule, b.text) for b in parts]}")
    return wrong


def wrong_metadata(stripped: Stripped, expected: dict[str, Any]) -> list[str]:
    """Return the fields of the metadata that differ from what is expected."""
    found = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in ((name, getattr(stripped.page, name)) for name in expected)
    }
    return [f"{name}: {found[name]!r}" for name in expected if found[name] != expected[name]]


@pytest.mark.parametrize("path", SCRAPES, ids=lambda path: path.stem)
def test_scrape(path: Path) -> None:
    """Every line is kept or taken out as labelled, and the metadata is right."""
    expected, source, lines = read(path)
    reason = expected.pop("fails", None)
    stripped = strip(split_blocks(source))
    wrong = wrong_lines(stripped, lines) + wrong_metadata(stripped, expected)
    if reason and wrong:
        pytest.xfail(reason)
    assert not reason, "this scrape comes out right now: drop its reason"
    assert not wrong


def test_kinds_are_named_rightly() -> None:
    """Of the lines taken out, nine in ten are called what they are."""
    right = total = 0
    for path in SCRAPES:
        _, source, lines = read(path)
        kinds = {block.source_start: block.kind for block in strip(split_blocks(source)).blocks}
        for kind, start, _ in lines:
            if kind in TEXT or kind not in set(BlockKind) or start not in kinds:
                continue
            total += 1
            right += kinds[start] == kind
    assert right >= 0.9 * total, f"{right} of {total}"
