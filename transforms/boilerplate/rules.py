"""Rules for what has a form of its own: labels, credits, bylines, notices, teasers.

Each rule labels blocks of a draft; the first rule to speak on a block wins. What none of them
knows is left to the model.
"""

import re

from transforms.boilerplate.draft import Draft
from transforms.boilerplate.lexicons import compact, sections
from transforms.boilerplate.names import is_name, names_in
from transforms.boilerplate.phrases import after_phrase
from transforms.model import BlockKind

LABEL_KINDS = {
    "share": BlockKind.SHARE,
    "related": BlockKind.RELATED,
    "source": BlockKind.SOURCE_LINK,
    "date_label": BlockKind.DATE_LINE,
    "promotion": BlockKind.PROMOTION,
    "legal": BlockKind.LEGAL,
    "comment": BlockKind.COMMENT,
    "navigation": BlockKind.NAVIGATION,
    "section": BlockKind.SECTION,
    "byline": BlockKind.BYLINE,
    "caption": BlockKind.CREDIT,
    "credit": BlockKind.CREDIT,
}
SURE_LABELS = frozenset(("share", "related", "source", "date_label"))
MAX_LABEL_PROBABILITY = 0.85
NOTICE_WORDS = 40
CREDIT_WORDS = 14
CAPTION_WORDS = 90
BIO_WORDS = 120
DATE_WORDS = 12
BYLINE_WORDS = 20
WIRE_WORDS = 12
TEASER_WORDS = 60

CREDIT_TAIL = re.compile(
    r"[(\[]([^()\[\]]{2,80})[)\]]\s*\.?$|(?:^|[.!?»”\"]\s+)(©\s*[^.]{2,60})\.?$"
)
AGENCY_FORM = re.compile(r"\bvia [A-Z]|\w[\w. ]+/ ?[A-Z][\w. ]+$|©|\b(?:AP|AFP|EPA|dpa)\b")


def label_lines(draft: Draft) -> None:
    """Label the blocks whose own words tell what they are."""
    for index in range(len(draft)):
        _notice(draft, index)
        _label(draft, index)
        _date_line(draft, index)
        _credit(draft, index)


def label_groups(draft: Draft) -> None:
    """Label the blocks whose neighbours tell what they are."""
    _captions(draft)
    _bios(draft)
    _teasers(draft)
    _bylines(draft)


def label_titled(draft: Draft, title: str | None) -> None:
    """Label the blocks that say the title once more, in whatever quotes and white space."""
    key = compact(title) if title else ""
    for index in range(len(draft)):
        if key and draft.keys[index] == key:
            draft.remove(index, BlockKind.TITLE_REPEAT, "title:repeat", 0.99)


def label_repeats(draft: Draft) -> None:
    """Label whole sentences that stood before as a block of their own."""
    seen: set[str] = set()
    for index in range(len(draft)):
        key = draft.keys[index]
        if draft.decided[index] is not None or not draft.prose[index] or not key:
            continue
        if key in seen:
            draft.remove(index, BlockKind.REPEAT, "repeat:block", 0.99)
        seen.add(key)


def _label(draft: Draft, index: int) -> None:
    """Blocks that are nothing but a phrase of the lexicon, such as "Share this:"."""
    if not draft.exact[index]:
        return
    label = draft.text(index).endswith(":")
    for section, kind in LABEL_KINDS.items():
        if draft.has(index, "exact", section):
            sure = section in SURE_LABELS and (label or draft.words[index] > 1)
            if sure or draft.probability[index] < MAX_LABEL_PROBABILITY:
                draft.remove(index, kind, f"label:{section}")
            return


def _date_line(draft: Draft, index: int) -> None:
    """Lines that open with a date label and go on with figures."""
    if draft.words[index] > DATE_WORDS or not draft.has(index, "starting", "date_label"):
        return
    if any(character.isdigit() for character in draft.text(index)):
        draft.remove(index, BlockKind.DATE_LINE, "date:label")


def _notice(draft: Draft, index: int) -> None:
    """Say-so lines: where a text first appeared, and which agencies it draws on."""
    if draft.words[index] > NOTICE_WORDS:
        return
    if draft.has(index, "anywhere", "syndication"):
        draft.remove(index, BlockKind.SYNDICATION, "notice:syndication")
    elif _is_wire_credit(draft, index):
        draft.remove(index, BlockKind.WIRE_CREDIT, "notice:wire_credit")


def _is_wire_credit(draft: Draft, index: int) -> bool:
    """Say whether a short line begins like a credit and ends on agencies or a desk's wires."""
    if not draft.has(index, "starting", "wire_open"):
        return draft.has(index, "starting", "wire_credit")
    if draft.words[index] > WIRE_WORDS or not draft.has(index, "anywhere", "wire_agency"):
        return False
    rest = after_phrase(draft.text(index), "wire_agency")
    return rest is not None and not rest.strip(" .)/")


def _credit(draft: Draft, index: int) -> None:
    """Short lines that name the source of a picture."""
    if draft.words[index] > CREDIT_WORDS:
        return
    text = draft.text(index)
    marked = draft.has(index, "starting", "caption", "credit")
    signed = "©" in text or draft.has(index, "anywhere", "credit")
    formed = ":" in text or "/" in text or "(" in text
    labelled = marked and (signed or (formed and draft.probability[index] < 0.9))
    if labelled or (signed and text.startswith(("©", "(c)", "(C)"))):
        draft.remove(index, BlockKind.CREDIT, "credit:line")


def credit_tail(text: str) -> str | None:
    """Return the credit in brackets at the end of a caption, ``None`` without one."""
    match = CREDIT_TAIL.search(text)
    found = ((match.group(1) or match.group(2)) if match else "").strip()
    label, colon, _ = found.partition(":")
    labelled = bool(colon) and label.strip().casefold() in sections()["caption"]
    return found if found and (labelled or AGENCY_FORM.search(found)) else None


def _captions(draft: Draft) -> None:
    """Captions end in a bracketed credit, or stand, often twice, right before a credit line."""
    for index in range(len(draft)):
        if draft.words[index] <= CAPTION_WORDS and credit_tail(draft.text(index)):
            draft.remove(index, BlockKind.CAPTION, "caption:credit_tail")
    for index in range(1, len(draft)):
        if draft.kind(index) is not BlockKind.CREDIT:
            continue
        above = index - 1
        twin = above > 0 and draft.keys[above] and draft.keys[above] == draft.keys[above - 1]
        if twin:
            draft.remove(above, BlockKind.CAPTION, "caption:twice_above_credit")
            draft.remove(above - 1, BlockKind.CAPTION, "caption:twice_above_credit")


def _bios(draft: Draft) -> None:
    """Label a block that opens with a name, itself a line, and says what its bearer does."""
    names = [index for index in range(len(draft)) if is_name(draft.text(index))]
    for index in names:
        for near in range(index + 1, min(index + 3, len(draft))):
            text = draft.text(near)
            opens = text.startswith(draft.text(index)) and len(text) > len(draft.text(index)) + 9
            if opens and draft.has(near, "anywhere", "bio") and draft.words[near] <= BIO_WORDS:
                draft.remove(near, BlockKind.BIO, "bio:after_name")
                for name in range(near - 1, max(near - 3, -1), -1):
                    if draft.text(name) == draft.text(index):
                        draft.remove(name, BlockKind.BYLINE, "byline:before_bio")


def _bylines(draft: Draft) -> None:
    """Lines of names: with a byline word, twice in a row, or beside a credit, a date, a title."""
    for index in range(len(draft)):
        if draft.decided[index] is not None or draft.words[index] > BYLINE_WORDS:
            continue
        if not names_in(draft.text(index)):
            continue
        marked = draft.has(index, "starting", "byline")
        if marked or (draft.probability[index] < 0.6 and _byline_place(draft, index)):
            draft.remove(index, BlockKind.BYLINE, "byline:names")


def _byline_place(draft: Draft, index: int) -> bool:
    telling = (
        BlockKind.CREDIT,
        BlockKind.CAPTION,
        BlockKind.DATE_LINE,
        BlockKind.TITLE,
        BlockKind.TITLE_REPEAT,
        BlockKind.BYLINE,
        BlockKind.BIO,
        BlockKind.STANDFIRST,
    )
    around = [near for near in (index - 1, index + 1) if 0 <= near < len(draft)]
    twice = any(draft.keys[near] == draft.keys[index] for near in around)
    return twice or any(draft.kind(near) in telling for near in around)


def _teasers(draft: Draft) -> None:
    """Label what follows a heading such as "Related articles", until whole sentences come back.

    Teasers alternate a headline with a snippet that breaks off.
    """
    index = 0
    while index < len(draft):
        if draft.kind(index) is BlockKind.RELATED and draft.exact[index]:
            index = _teaser_run(draft, index + 1)
        else:
            index += 1


def _teaser_run(draft: Draft, first: int) -> int:
    index = first
    while index < len(draft):
        if draft.prose[index] and draft.probability[index] > 0.5:
            break
        if draft.words[index] > TEASER_WORDS:
            break
        if draft.probability[index] > 0.7 and not _rhythm(draft, index):
            break
        draft.remove(index, BlockKind.RELATED, "related:run", 0.9)
        index += 1
    return max(index, first)


def _rhythm(draft: Draft, index: int) -> bool:
    """Say whether a block breaks off, or is a headline above one that does."""
    following = index + 1 < len(draft) and draft.ellipsis[index + 1]
    return draft.ellipsis[index] or (following and not draft.ends_sentence[index])
