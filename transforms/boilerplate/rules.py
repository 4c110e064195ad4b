"""Rules for lines whose own words tell what they are: labels, dates, credits, notices.

The first rule to speak on a block wins. What no rule knows is left to the model.
"""

import re

import numpy as np

from transforms.boilerplate.draft import Draft, bits
from transforms.boilerplate.lexicons import sections
from transforms.boilerplate.phrases import after_phrase, ends_on_phrase
from transforms.model import BlockKind

LABELS = (
    ("share", BlockKind.SHARE),
    ("related", BlockKind.RELATED),
    ("source", BlockKind.SOURCE_LINK),
    ("date_label", BlockKind.DATE_LINE),
    ("promotion", BlockKind.PROMOTION),
    ("legal", BlockKind.LEGAL),
    ("comment", BlockKind.COMMENT),
    ("navigation", BlockKind.NAVIGATION),
    ("section", BlockKind.SECTION),
    ("byline", BlockKind.BYLINE),
    ("caption", BlockKind.CREDIT),
    ("credit", BlockKind.CREDIT),
)
LABEL_RULES = tuple((bits(section), kind, f"label:{section}") for section, kind in LABELS)
SURE_LABELS = bits("share", "related", "source", "date_label")
MAX_LABEL_PROBABILITY = 0.85
NOTICE_WORDS = 40
MAX_NOTICE_PROBABILITY = 0.9
MAX_INNER_NOTICE_PROBABILITY = 0.6
WIRE_WORDS = 12
DATE_WORDS = 14
CREDIT_WORDS = 14
POINTER_WORDS, POINTERS = 25, (":", "|", "→", "»", "：")
MAX_CREDIT_PROBABILITY = 0.9

SYNDICATION, WIRE_CREDIT = bits("syndication"), bits("wire_credit")
WIRE_OPEN, WIRE_AGENCY = bits("wire_open"), bits("wire_agency")
DATE_LABEL, CAPTION, CREDIT = bits("date_label"), bits("caption"), bits("credit")
RELATED = bits("related")
TELLING_START = RELATED | WIRE_CREDIT | WIRE_OPEN | DATE_LABEL | CAPTION | CREDIT
TELLING = SYNDICATION | CREDIT

CREDIT_TAIL = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]\s*\.?$|[.!?»”\"]\s+(©[^.©]{2,60})\.?$")
LABELLED_TAIL = re.compile(r"[.!?»”\"]\s+([^\W\d_]+)\s?: ?([^:.!?]{3,60})\.?$")
CREDIT_FORM = re.compile(r"\bvia [A-Z]|\w[\w. ]+/ ?[A-Z][\w. ]+$|©|\b(?:AP|AFP|EPA|dpa)\b")


def label_lines(draft: Draft) -> None:
    """Label the blocks whose own words tell what they are."""
    features = draft.features
    telling = (features.exact | (features.starting & TELLING_START)) | (features.anywhere & TELLING)
    short = features.column("words") <= NOTICE_WORDS
    signed = (features.column("sign") > 0) & (features.column("words") <= CREDIT_WORDS)
    for index in np.flatnonzero(((telling > 0) & short) | signed | draft.dated).tolist():
        _notice(draft, index)
        _label(draft, index)
        _pointer(draft, index)
        _date_line(draft, index)
        _credit(draft, index)


def label_titled(draft: Draft, key: int) -> None:
    """Label the blocks that say the title of this key once more, in whatever quotes and spaces."""
    for index, found in enumerate(draft.keys):
        if found == key != 0:
            draft.remove(index, BlockKind.TITLE_REPEAT, "title:repeat", 0.99)


def label_repeats(draft: Draft) -> None:
    """Label whole sentences that stood before as a block of their own."""
    seen: set[int] = set()
    for index, key in enumerate(draft.keys):
        if draft.decided[index] is not None or not draft.prose[index]:
            continue
        if key in seen:
            draft.remove(index, BlockKind.REPEAT, "repeat:block", 0.99)
        seen.add(key)


def credit_tail(text: str) -> str | None:
    """Return the credit at the end of a caption, in brackets or labelled, ``None`` without one."""
    labelled = LABELLED_TAIL.search(text)
    if labelled and labelled.group(1).casefold() in sections()["caption"]:
        return labelled.group(2).strip()
    match = CREDIT_TAIL.search(text)
    found = ((match.group(1) or match.group(2)) if match else "").strip()
    label, _, _ = found.partition(":" if ":" in found else " ")
    if found and (label.strip().casefold() in sections()["caption"] or CREDIT_FORM.search(found)):
        return found
    return None


def _notice(draft: Draft, index: int) -> None:
    """Label say-so lines: where a text first appeared, which agencies it draws on."""
    likely = draft.probability[index]
    opens = draft.starting[index] & SYNDICATION and likely < MAX_NOTICE_PROBABILITY
    if opens or (draft.anywhere[index] & SYNDICATION and likely < MAX_INNER_NOTICE_PROBABILITY):
        draft.remove(index, BlockKind.SYNDICATION, "notice:syndication")
    elif _is_wire_credit(draft, index):
        draft.remove(index, BlockKind.WIRE_CREDIT, "notice:wire_credit")


def _is_wire_credit(draft: Draft, index: int) -> bool:
    """Say whether a short line begins like a credit and ends on agencies or a desk's wires."""
    if draft.starting[index] & WIRE_CREDIT:
        return draft.probability[index] < MAX_NOTICE_PROBABILITY
    if draft.words[index] > WIRE_WORDS or not draft.starting[index] & WIRE_OPEN:
        return False
    known = draft.anywhere[index] & WIRE_AGENCY
    return known > 0 and ends_on_phrase(draft.text(index), "wire_agency")


def _pointer(draft: Draft, index: int) -> None:
    """Label lines that point to another article, such as "Read more: ..."."""
    if draft.starting[index] & RELATED and draft.words[index] <= POINTER_WORDS:
        rest = after_phrase(draft.text(index), "related", opening=True)
        if rest and rest.lstrip()[:1] in POINTERS:
            draft.remove(index, BlockKind.RELATED, "related:pointer")


def _label(draft: Draft, index: int) -> None:
    """Label blocks that are nothing but a phrase of the lexicon, such as "Share this:"."""
    mask = draft.exact[index]
    if not mask:
        return
    for section, kind, rule in LABEL_RULES:
        if mask & section:
            sure = mask & SURE_LABELS and (
                draft.words[index] > 1 or draft.text(index).endswith(":")
            )
            if sure or draft.probability[index] < MAX_LABEL_PROBABILITY:
                draft.remove(index, kind, rule)
            return


def _date_line(draft: Draft, index: int) -> None:
    """Label lines that open with a date label and go on with figures, and bare dates."""
    if draft.words[index] > DATE_WORDS or not any(map(str.isdigit, draft.text(index))):
        return
    if draft.starting[index] & DATE_LABEL:
        draft.remove(index, BlockKind.DATE_LINE, "date:label")
    elif draft.dated[index] and draft.probability[index] < 0.5:
        draft.remove(index, BlockKind.DATE_LINE, "date:bare")


def _credit(draft: Draft, index: int) -> None:
    """Label short lines that name the source of a picture."""
    if draft.words[index] > CREDIT_WORDS:
        return
    text = draft.text(index)
    marked = draft.starting[index] & (CAPTION | CREDIT)
    signed = "©" in text or draft.anywhere[index] & CREDIT
    formed = ":" in text or "/" in text or "(" in text
    labelled = marked and (signed or (formed and draft.probability[index] < MAX_CREDIT_PROBABILITY))
    if labelled or (draft.anywhere[index] & CREDIT and text.startswith(("©", "(c)", "(C)"))):
        draft.remove(index, BlockKind.CREDIT, "credit:line")
