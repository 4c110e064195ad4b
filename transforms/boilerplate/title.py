"""The title of a scrape, the section glued to it, its repeats and what stands above it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from transforms.boilerplate.draft import Draft, bits
from transforms.boilerplate.lexicons import compact, sections
from transforms.model import Block, BlockKind

MAX_TITLE_WORDS = 30
MAX_TITLE_CHARS = 250
TOP_BLOCKS = 60
GLUE = re.compile(
    r"[^\W\d_]{2,}(?:[ &-][^\W\d_]+){0,3}?(?<=[^\WA-Z\d_])(?=[A-Z\u00c0-\u00de\u0410-\u042f“\"«„])"
)

ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
NEVER_TITLES = bits("share", "related", "navigation", "promotion", "comment", "legal")
NEVER_OPEN = bits("date_label", "byline")
QUOTES = "\"'“”„‟«»‹›‘’"


def split_glued_section(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Split a section label off the title it is glued to ("SportLate goal saves the day").

    The label must be a known section, or the rest must occur as a block of its own.
    """
    for index, block in enumerate(blocks[:TOP_BLOCKS]):
        if len(block.text) > MAX_TITLE_CHARS:
            return tuple(blocks)
        cut = _glue(block.text, blocks[index + 1 : TOP_BLOCKS])
        if cut:
            return (*blocks[:index], *_cut(block, cut), *blocks[index + 1 :])
    return tuple(blocks)


def _glue(text: str, following: Sequence[Block]) -> int:
    match = GLUE.match(text)
    while match:
        cut = match.end()
        label, rest = text[:cut], text[cut:]
        known = label.casefold() in sections()["section"]
        if len(rest.split()) >= 3:
            key = compact(rest)
            repeated = any(
                compact(other.text) == key for other in following if len(other.text) < len(text) + 9
            )
            if repeated or (known and rest[:1].isupper()):
                return cut
        match = None
    return 0


def _cut(block: Block, cut: int) -> tuple[Block, Block]:
    start = block.source_start
    middle = None if start is None else start + cut
    return (
        replace(block, text=block.text[:cut], source_end=middle, kind=BlockKind.SECTION),
        replace(block, text=block.text[cut:], source_start=middle),
    )


def title_index(draft: Draft) -> int | None:
    """Return the block that is the title: the first headline above the text, or ``None``."""
    best: tuple[float, int] | None = None
    for index in range(min(len(draft), TOP_BLOCKS)):
        if draft.prose[index] and draft.probability[index] > 0.5:
            break
        if draft.decided[index] is not None or not _could_be_title(draft, index):
            continue
        score = _title_score(draft, index)
        if best is None or score > best[0]:
            best = score, index
    return best[1] if best and best[0] > 0 else None


def _could_be_title(draft: Draft, index: int) -> bool:
    text = draft.text(index)
    if not 2 <= draft.words[index] <= MAX_TITLE_WORDS or len(text) > MAX_TITLE_CHARS:
        return False
    if text.endswith((".", "...", "…")) and draft.words[index] > 12:
        return False
    return not draft.exact[index] & NEVER_TITLES and not draft.starting[index] & NEVER_OPEN


def _title_score(draft: Draft, index: int) -> float:
    """Prefer repeated lines, lines of headline length, lines just above the text."""
    words = draft.words[index]
    key = draft.keys[index]
    score = min(words, 8) / 8
    score += 1.0 if key and draft.keys.count(key) > 1 and words > 3 else 0.0
    score -= 0.02 * index
    score -= 0.5 if draft.ends_sentence[index] and not draft.text(index).endswith(("?", "!")) else 0
    score -= 0.6 if words < 3 else 0.0
    return score


def clean_title(text: str) -> str:
    """Return a title without trailing colon or dash."""
    return " ".join(text.split()).rstrip(" :|–—-")


def kicker_in_date_line(text: str) -> str | None:
    """Return the quoted words left over in a line that labels a date."""
    rest = ISO_DATE.sub(" ", text).strip()
    opening = rest.split(None, 1)
    if len(opening) == 2 and opening[0].rstrip(":").casefold() in sections()["date_label"]:
        rest = opening[1].strip()
    stripped = rest.strip(QUOTES)
    return stripped if stripped and stripped != rest else None
