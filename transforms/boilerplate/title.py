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
MIN_TITLE_PROBABILITY = 0.05
KICKER_WORDS, KICKER_BLOCKS = 4, 6
STANDFIRST_WORDS = 70
FEW_WORDS, MAX_BELOW_PROBABILITY = 6, 0.25
GLUED_RULE = "title:glued_section"
GLUE = re.compile(
    r"[^\W\d_]{2,}(?:[ &-][^\W\d_]+){0,3}?(?<=[^\WA-Z\d_])(?=[A-Z\u00c0-\u00de\u0410-\u042f“\"«„])"
)

ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
TITLES = (BlockKind.TITLE, BlockKind.TITLE_REPEAT)
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
        cut = _glue(block.text, blocks, index + 1)
        if cut:
            return (*blocks[:index], *_cut(block, cut), *blocks[index + 1 :])
    return tuple(blocks)


def _glue(text: str, blocks: Sequence[Block], first: int) -> int:
    match = GLUE.match(text)
    if match:
        cut = match.end()
        label, rest = text[:cut], text[cut:]
        known = label.casefold() in sections()["section"]
        if len(rest.split()) >= 3:
            key = compact(rest)
            repeated = any(
                compact(other.text) == key
                for other in blocks[first:TOP_BLOCKS]
                if len(other.text) < len(text) + 9
            )
            if repeated or (known and rest[:1].isupper()):
                return cut
    return 0


def _cut(block: Block, cut: int) -> tuple[Block, Block]:
    start = block.source_start
    middle = None if start is None else start + cut
    return (
        replace(block, text=block.text[:cut], source_end=middle, kind=BlockKind.SECTION),
        replace(block, text=block.text[cut:], source_start=middle),
    )


def split_title(title: str, blocks: Sequence[Block]) -> tuple[str | None, str]:
    """Return the section glued to a title, if any, and the title; ``blocks`` are the page's."""
    cut = _glue(title, blocks, 0)
    return (title[:cut], title[cut:]) if cut else (None, title)


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
    if best is None or best[0] <= 0:
        return None
    key = draft.keys[best[1]]
    return draft.keys.index(key) if key else best[1]


def _could_be_title(draft: Draft, index: int) -> bool:
    text = draft.text(index)
    if not 2 <= draft.words[index] <= MAX_TITLE_WORDS or len(text) > MAX_TITLE_CHARS:
        return False
    if draft.ends_sentence[index] and (draft.words[index] > 12 or draft.probability[index] > 0.7):
        return False
    return not draft.exact[index] & NEVER_TITLES and not draft.starting[index] & NEVER_OPEN


def _title_score(draft: Draft, index: int) -> float:
    """Prefer what the model takes for a title, repeated lines, and lines of headline length."""
    words, key = draft.words[index], draft.keys[index]
    likely = float(draft.title_probability[index])
    repeated = key and words > 3 and draft.features.column("copies")[index] > 1
    if likely < MIN_TITLE_PROBABILITY and not repeated:
        return 0.0
    score = 2 * likely + 0.05 * min(words, 8) - 0.02 * index
    score += 0.5 if repeated else 0.0
    score -= 0.5 if draft.ends_sentence[index] and draft.text(index)[-1] not in "?!" else 0.0
    return score - (0.4 if words < 3 else 0.0)


def label_above(draft: Draft, title: int) -> None:
    """Label the few words that stand between the top of a scrape and its title as a kicker."""
    above = title - 1
    if not 0 <= above < KICKER_BLOCKS or draft.words[above] > KICKER_WORDS:
        return
    plain = not draft.exact[above] and not any(c.isdigit() for c in draft.text(above))
    if plain and draft.probability[above] < 0.5:
        draft.remove(above, BlockKind.KICKER, "title:above", 1 - draft.probability[above])


def is_standfirst(draft: Draft, index: int) -> bool:
    """Say whether a block stands between the title and what follows a title below it.

    That is a byline, a date, or a few words that are no text, such as a section or a role.
    """
    above = draft.decided[index - 1] if 0 < index < TOP_BLOCKS else None
    if above is None or above.kind not in TITLES:
        return False
    if index == len(draft) - 1 or draft.words[index] > STANDFIRST_WORDS:
        return False
    if draft.kind(index + 1) in (BlockKind.BYLINE, BlockKind.DATE_LINE):
        return True
    few = draft.words[index + 1] <= FEW_WORDS < draft.words[index]
    return few and draft.probability[index + 1] < MAX_BELOW_PROBABILITY


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
