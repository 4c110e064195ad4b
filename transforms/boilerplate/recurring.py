"""Blocks that recur across the articles of a site: biographies, promotions, footers.

A block is counted once per story, not once per page, so that a story republished under another
address does not look like boilerplate. Stories are told apart by sketches: the smallest three
digests of their longer blocks, a bottom-k sketch (Broder, "On the resemblance and containment of
documents", 1997). Counts keep at most ``MAX_SKETCHES`` sketches per block and are the same in
whatever order, and on however many machines, the articles come.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from transforms.boilerplate.lexicons import compact
from transforms.model import Block, BlockKind

MIN_LETTERS = 12
MAX_CHARS = 1200
SKETCH_LETTERS = 80
SKETCH_SIZE = 3
MAX_SKETCHES = 16
MIN_STORIES = 3
MAX_MEMORY = 5000
MIN_SHARE = 0.02
RULE = "recurring:site"

Sketch = tuple[int, ...]


def block_digest(site: str, text: str) -> int | None:
    """Return 63 bits that stand for a block of a site, ``None`` for one too short or too long.

    White space, punctuation, quotes and case do not count.
    """
    if len(text) > MAX_CHARS:
        return None
    letters = compact(text)
    if len(letters) < MIN_LETTERS:
        return None
    data = f"{site}\n{letters}".encode("utf-8", "surrogatepass")
    # Beam's integer coder is signed.
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") >> 1


def site_digests(site: str, blocks: Iterable[Block]) -> tuple[list[int | None], Sketch]:
    """Return the digest of each kept block (``None`` where it cannot recur) and the sketch."""
    digests: list[int | None] = []
    long: set[int] = set()
    for block in blocks:
        digest = block_digest(site, block.text) if block.keep else None
        digests.append(digest)
        if digest is not None and len(block.text) >= SKETCH_LETTERS:
            long.add(digest)
    return digests, tuple(sorted(long)[:SKETCH_SIZE])


def merge_sketches(sketches: Iterable[Sketch]) -> tuple[Sketch, ...]:
    """Return the smallest distinct sketches, at most ``MAX_SKETCHES``."""
    return tuple(sorted(set(sketches))[:MAX_SKETCHES])


def count_stories(sketches: Sequence[Sketch]) -> int:
    """Count the stories among sketches; those that share two digests are the same story."""
    stories: list[set[int]] = []
    for sketch in sketches:
        digests = set(sketch)
        need = min(2, len(digests))
        if not any(len(digests & story) >= need for story in stories):
            stories.append(digests)
    return len(stories)


def is_recurring(stories: int, site_stories: int) -> bool:
    """Say whether a block met in ``stories`` of a site's ``site_stories`` is boilerplate."""
    need = max(MIN_STORIES, math.ceil(MIN_SHARE * site_stories))
    return stories >= min(need, MAX_SKETCHES)


def without_recurring(
    blocks: Sequence[Block], digests: Sequence[int | None], recurring: Collection[int]
) -> tuple[Block, ...]:
    """Take out the recurring blocks, unless they are most of the article.

    An article most of whose text recurs is a story published again, and stays whole. So does a
    heading such as "The verdict" above text of the article's own: it is how a series is built.
    """
    hit = [digest is not None and digest in recurring for digest in digests]
    if not any(hit):
        return tuple(blocks)
    own = False
    for index in range(len(blocks) - 1, -1, -1):
        if blocks[index].keep:
            hit[index] = hit[index] and not (own and blocks[index].kind is BlockKind.HEADING)
            own = not hit[index]
    kept = sum(len(block.text) for block in blocks if block.keep)
    recurs = sum(len(block.text) for block, found in zip(blocks, hit, strict=True) if found)
    if 2 * recurs > kept:
        return tuple(blocks)
    return tuple(
        replace(block, keep=False, kind=BlockKind.REPEAT, rule=RULE, score=1.0) if found else block
        for block, found in zip(blocks, hit, strict=True)
    )


@dataclass(frozen=True)
class SiteMemory:
    """What a stream has seen of one site: articles, and the sketches per digest.

    At most ``MAX_MEMORY`` digests are held; the ones seen longest ago are forgotten first.
    """

    articles: int = 0
    sketches: dict[int, tuple[Sketch, ...]] = field(default_factory=dict)

    def updated(self, site: str, blocks: Sequence[Block]) -> "SiteMemory":
        """Return the memory after one more article."""
        digests, sketch = site_digests(site, blocks)
        held = dict(self.sketches)
        for digest in digests:
            if digest is not None:
                held[digest] = merge_sketches((*held.pop(digest, ()), sketch))
        for digest in list(held)[: max(0, len(held) - MAX_MEMORY)]:
            del held[digest]
        return SiteMemory(self.articles + 1, held)

    def recurring(self) -> frozenset[int]:
        """Return the digests that are boilerplate by now."""
        return frozenset(
            digest
            for digest, sketches in self.sketches.items()
            if len(sketches) >= MIN_STORIES and is_recurring(count_stories(sketches), self.articles)
        )
