"""How likely a block must be text to stay, where no rule has spoken."""

from itertools import compress

from transforms.boilerplate.draft import Draft, bits
from transforms.boilerplate.title import is_standfirst

TEXT_THRESHOLD = 0.5
# Whole sentences need more evidence to be taken out, losing text being worse than keeping a
# teaser; but not in a document that is mostly labels, the dump of a whole page with its teasers.
PROSE_THRESHOLD, SENTENCE_THRESHOLD, STANDFIRST_THRESHOLD = 0.3, 0.2, 0.05
SENTENCE_WORDS = 5
# A line as long as a headline and no sentence is rather another story's title than a subheading;
# a shorter one between paragraphs is rather a subheading.
HEADLINE_THRESHOLD, HEADLINE_WORDS = 0.7, 10
SUBHEADING_THRESHOLD, SURELY_TEXT = 0.3, 0.8
# Prose that stands apart from the article, after it, belongs to another one unless all but sure.
APART_THRESHOLD, APART = 0.9, 0.3
# A sentence that talks of newsletters, rights or comments needs no more evidence than a label.
NOTICES = bits("promotion", "legal", "comment", "related")


def thresholds(draft: Draft) -> list[float]:
    """Return how likely each block must be text to stay.

    Where the model knows no sentence for text, as in a short report among labels or in a language
    it has seen little of, the likeliest ones are the measure for the others.
    """
    end = article_end(draft)
    sure = max(compress(draft.probability, draft.prose), default=1.0)
    least = [_threshold(draft, index, sure) for index in range(len(draft))]
    while end < len(draft) and draft.probability[end] > least[end]:
        end += 1
    return least[:end] + [max(value, APART_THRESHOLD) for value in least[end:]]


def article_end(draft: Draft) -> int:
    """Return where the stretch of blocks ends that most likely is the article.

    It is the stretch with the largest sum of characters, each counting as its probability of being
    text less ``APART``, found in one pass (Bentley, "Programming pearls: algorithm design
    techniques", 1984).
    """
    best = running = 0.0
    end = len(draft)
    for index, (likely, block) in enumerate(zip(draft.probability, draft.blocks, strict=True)):
        running = max(running, 0.0) + len(block.text) * (likely - APART)
        if running > best:
            best, end = running, index + 1
    return end


def _threshold(draft: Draft, index: int, sure: float) -> float:
    if draft.mostly_labels or draft.anywhere[index] & NOTICES:
        return TEXT_THRESHOLD
    if draft.prose[index]:
        return PROSE_THRESHOLD * sure
    if is_standfirst(draft, index):
        return STANDFIRST_THRESHOLD
    if draft.exact[index]:
        return TEXT_THRESHOLD
    if draft.ends_sentence[index]:
        long = draft.words[index] >= SENTENCE_WORDS
        return SENTENCE_THRESHOLD * sure if long else TEXT_THRESHOLD
    if draft.words[index] >= HEADLINE_WORDS:
        return HEADLINE_THRESHOLD
    return SUBHEADING_THRESHOLD if _between_paragraphs(draft, index) else TEXT_THRESHOLD


def _between_paragraphs(draft: Draft, index: int) -> bool:
    """Say whether a line of several words stands above what surely is text, and below text."""
    below = index + 1
    if not 0 < index < len(draft) - 1 or draft.words[index] < 2:
        return False
    surely = draft.prose[below] and draft.probability[below] > SURELY_TEXT
    return surely and draft.probability[index - 1] > 0.5
