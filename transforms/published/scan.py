"""Date lines anywhere in a page's visible text, for pages that state their date no other way."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from transforms.model import DateCandidate
from transforms.published.folding import fold
from transforms.published.lexicon import label

MAX_NODES = 20_000
MAX_LINE = 160
MAX_FOUND = 12
_MIN_LINE = 6
_LABEL_CHARS = 40
_NUMBERS = re.compile(r"\d\D*\d\D*\d")
_HIDDEN = frozenset(("script", "style", "noscript", "template", "select", "option", "textarea"))


def scan(body: LexborNode, heading: LexborNode | None) -> Iterator[DateCandidate]:
    """Yield the short texts with a number, those after the title first told apart by a hint.

    A text after one that ends in a label ("Published:") is hinted ``labelled``.
    """
    passed, previous, found = heading is None, "", 0
    for _, node in zip(range(MAX_NODES), body.traverse(include_text=True), strict=False):
        if heading is not None and node.mem_id == heading.mem_id:
            passed = True
        if not node.is_text_node or node.parent is None or node.parent.tag in _HIDDEN:
            continue
        text = (node.text_content or "").strip()
        if not text:
            continue
        if _MIN_LINE <= len(text) <= MAX_LINE and _NUMBERS.search(text):
            hints = ["after" if passed else "before"]
            if _announces(previous):
                hints.append("labelled")
            yield DateCandidate(
                "published", "scan", " ".join(text.split()), str(node.parent.tag), tuple(hints)
            )
            found += 1
            if found == MAX_FOUND:
                return
        previous = text


def _announces(text: str) -> bool:
    if len(text) > _LABEL_CHARS:
        return False
    words = fold(text).replace(":", " ").split()
    return any(label(word) == "published" for word in words)
