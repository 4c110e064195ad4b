"""Rules for blocks whose neighbours tell what they are: captions, biographies, bylines, teasers."""

from itertools import compress

from transforms.boilerplate.draft import Draft, bits
from transforms.boilerplate.names import names_in
from transforms.boilerplate.rules import credit_tail
from transforms.model import BlockKind

CAPTION_WORDS = 90
BIO_WORDS = 120
BYLINE_WORDS = 20
TEASER_WORDS = 60
MAX_HEADLINE_PROBABILITY = 0.9
SUBHEADING_WORDS, MIN_SUBHEADING_PROBABILITY, SURELY_TEXT = 14, 0.4, 0.8
NAME_WORDS = 5
MAX_BYLINE_PROBABILITY = 0.6
MAX_BIO_PROBABILITY = 0.8

MAX_CAPTION_PROBABILITY = 0.6

COMMENT_HEADING_WORDS, COMMENTED_PROSE, MAX_COMMENT_PROBABILITY = 3, 2, 0.8

BYLINE, BIO, COMMENT = bits("byline"), bits("bio"), bits("comment")
CAPTION, CREDIT = bits("caption"), bits("credit")
BESIDE_BYLINES = frozenset(
    {
        BlockKind.CREDIT,
        BlockKind.CAPTION,
        BlockKind.DATE_LINE,
        BlockKind.TITLE,
        BlockKind.TITLE_REPEAT,
        BlockKind.BYLINE,
        BlockKind.BIO,
        BlockKind.SHARE,
    }
)


def label_groups(draft: Draft) -> None:
    """Label the blocks whose neighbours tell what they are."""
    _captions(draft)
    _bios(draft)
    _teasers(draft)
    _comments(draft)
    _bylines(draft)


def _captions(draft: Draft) -> None:
    """Label captions: a credit at their end, or twice the same right above a credit line."""
    for index in draft.marked:
        if draft.words[index] > CAPTION_WORDS:
            continue
        text = draft.text(index)
        known = draft.anywhere[index] & (CREDIT | CAPTION)
        if (known or draft.probability[index] < MAX_CAPTION_PROBABILITY) and credit_tail(text):
            draft.remove(index, BlockKind.CAPTION, "caption:credit_tail")
    keys = draft.keys
    for above in range(1, len(draft) - 1):
        twice = keys[above] and keys[above] == keys[above - 1]
        if twice and draft.kind(above + 1) is BlockKind.CREDIT:
            draft.remove(above, BlockKind.CAPTION, "caption:twice_above_credit")
            draft.remove(above - 1, BlockKind.CAPTION, "caption:twice_above_credit")


def _bios(draft: Draft) -> None:
    """Label a block that opens with a name, itself a line, and says what its bearer does."""
    openings: dict[int, list[str]] = {}
    for index, found in enumerate(draft.anywhere):
        if found & BIO and draft.words[index] <= BIO_WORDS:
            openings[index] = draft.text(index).split(None, NAME_WORDS)[: NAME_WORDS - 1]
    names = _name_lines(draft, {word for words in openings.values() for word in words})
    for index, words in openings.items():
        possible = (" ".join(words[:count]) for count in range(2, NAME_WORDS))
        lines = next((names[name] for name in possible if name in names), ())
        near = any(0 < index - line <= 2 for line in lines)
        if lines and (near or draft.probability[index] < MAX_BIO_PROBABILITY):
            draft.remove(index, BlockKind.BIO, "bio:opens_with_author")
            for line in lines:
                draft.remove(line, BlockKind.BYLINE, "byline:of_bio")


def _name_lines(draft: Draft, words: set[str]) -> dict[str, list[int]]:
    """Return the lines that are names made of ``words``, by name."""
    names: dict[str, list[int]] = {}
    for index in draft.name_like if words else ():
        if draft.words[index] > NAME_WORDS:
            continue
        if not words.isdisjoint(draft.text(index).split()):
            for name in names_in(draft.text(index)):
                names.setdefault(name, []).append(index)
    return names


def _bylines(draft: Draft) -> None:
    """Label lines of names: with a byline word, or beside a credit, a date, a title, a twin."""
    for index in draft.name_like:
        if draft.decided[index] is not None or draft.words[index] > BYLINE_WORDS:
            continue
        marked = draft.starting[index] & BYLINE
        unlikely = draft.probability[index] < MAX_BYLINE_PROBABILITY
        if (marked or (unlikely and _byline_place(draft, index))) and names_in(draft.text(index)):
            draft.remove(index, BlockKind.BYLINE, "byline:names")


def _byline_place(draft: Draft, index: int) -> bool:
    around = [near for near in (index - 1, index + 1) if 0 <= near < len(draft)]
    return any(
        draft.kind(near) in BESIDE_BYLINES or draft.keys[near] == draft.keys[index]
        for near in around
    )


def _comments(draft: Draft) -> None:
    """Label what follows the heading of the readers' comments below an article."""
    read = [i for i in compress(range(len(draft)), draft.prose) if draft.probability[i] > 0.5]
    if len(read) < COMMENTED_PROSE:
        return
    for index in range(max(read[COMMENTED_PROSE - 1], len(draft) // 2) + 1, len(draft)):
        heading = draft.anywhere[index] & COMMENT and draft.words[index] <= COMMENT_HEADING_WORDS
        if heading and draft.probability[index] < 0.5:
            if max(draft.probability[index:]) <= MAX_COMMENT_PROBABILITY:
                for comment in range(index, len(draft)):
                    draft.remove(comment, BlockKind.COMMENT, "comment:below_heading", 0.8)
            return


def _teasers(draft: Draft) -> None:
    """Label what follows a heading such as "Related articles", until whole sentences come back."""
    end = 0
    for index, mask in enumerate(draft.exact):
        if mask and index >= end and draft.kind(index) is BlockKind.RELATED:
            end = _teaser_run(draft, index + 1)


def _teaser_run(draft: Draft, first: int) -> int:
    """Label a run of teasers, headlines and snippets that break off; return where it ends."""
    end = _run_end(draft, first)
    last = end - 1
    heading = last > first and _could_head_text(draft, last)
    for index in range(first, last if heading else end):
        draft.remove(index, BlockKind.RELATED, "related:run", 0.9)
    return end


def _run_end(draft: Draft, first: int) -> int:
    listed = draft.has_blank_lines
    for index in range(first, len(draft)):
        likely = draft.probability[index] > 0.5
        if draft.words[index] > TEASER_WORDS or (draft.prose[index] and likely):
            return index
        in_list = listed and draft.gaps[index] == 1 and index > first
        pointed_at = index == first and _could_be_headline(draft, index)
        if draft.probability[index] > 0.7 and not (in_list or pointed_at or _rhythm(draft, index)):
            return index
    return len(draft)


def _could_head_text(draft: Draft, index: int) -> bool:
    """Say whether the last line of a run may be the subheading of the text that comes back."""
    below = index + 1
    if below == len(draft) or not draft.prose[below] or draft.probability[below] < SURELY_TEXT:
        return False
    alone = draft.gaps[index] > 1 and draft.words[index] <= SUBHEADING_WORDS
    return alone and draft.probability[index] > MIN_SUBHEADING_PROBABILITY


def _could_be_headline(draft: Draft, index: int) -> bool:
    """Say whether a block right below "Read more" may be the headline that this points at."""
    likely = draft.probability[index] > MAX_HEADLINE_PROBABILITY
    return not likely and not draft.ends_sentence[index] and draft.words[index] >= 3


def _rhythm(draft: Draft, index: int) -> bool:
    """Say whether a block breaks off, or is a headline above one that does."""
    above = index + 1 < len(draft) and draft.ellipsis[index + 1]
    return draft.ellipsis[index] or (above and not draft.ends_sentence[index])
