"""Which blocks of a page are its gold text: the choice that scores best against it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHINGLE = 4
SURE = 8
REACH = 6
PASSES = 3
_WIDE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_TOKEN = re.compile(f"[{_WIDE}]|[^\\W{_WIDE}]+")

Shingles = Counter[tuple[str, ...]]


def tokens(text: str) -> list[str]:
    """Return the words of a text; a character of a script without spaces is a word."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text))


def shingles(words: Sequence[str]) -> Shingles:
    """Return the counts of the runs of four words; a shorter text is one run."""
    last = max(1, len(words) - SHINGLE + 1)
    return Counter(run for i in range(last) if (run := tuple(words[i : i + SHINGLE])))


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of one text against its gold; undefined ones are None."""

    precision: float | None
    recall: float | None
    f1: float


def score(gold: str, text: str) -> Score:
    """Compare two texts by their runs of four words."""
    wanted, found = shingles(tokens(gold)), shingles(tokens(text))
    hits = (wanted & found).total()
    precision = hits / found.total() if found else None
    recall = hits / wanted.total() if wanted else None
    both = 2 * precision * recall / (precision + recall) if precision and recall else 0.0
    return Score(precision, recall, both)


def mean_f1(scores: Iterable[Score]) -> float:
    """Return the harmonic mean of mean precision and mean recall, the benchmark's F1."""
    rows = list(scores)
    precisions = [row.precision for row in rows if row.precision is not None]
    recalls = [row.recall for row in rows if row.recall is not None]
    precision = sum(precisions) / max(len(precisions), 1)
    recall = sum(recalls) / max(len(recalls), 1)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def label_blocks(blocks: Sequence[Sequence[str]], gold: Sequence[str]) -> list[bool]:
    """Say for each block, given as its words, whether it belongs to the gold text.

    Long blocks start by the share of their three-word runs that the gold has, short ones by that
    and a sure neighbour; then each block is turned over where that raises the F1 of the whole.
    """
    shares = _shares(blocks, gold)
    keep = [len(b) >= SURE and s >= 0.5 for b, s in zip(blocks, shares, strict=True)]
    for number, block in enumerate(blocks):
        if 0 < len(block) < SURE and shares[number] >= 0.5:
            keep[number] = any(keep[max(0, number - REACH) : number + REACH + 1])
    _improve(blocks, gold, shares, keep)
    return keep


def _shares(blocks: Sequence[Sequence[str]], gold: Sequence[str]) -> list[float]:
    runs = [set(zip(*(gold[i:] for i in range(n)), strict=False)) for n in (1, 2, 3)]
    shares = []
    for block in blocks:
        size = min(len(block), 3)
        own = list(zip(*(block[i:] for i in range(size)), strict=False)) if size else []
        shares.append(sum(run in runs[size - 1] for run in own) / max(len(own), 1))
    return shares


def _improve(
    blocks: Sequence[Sequence[str]], gold: Sequence[str], shares: list[float], keep: list[bool]
) -> None:
    wanted = shingles(gold)
    chosen = [word for block, kept in zip(blocks, keep, strict=True) if kept for word in block]
    have = _runs(chosen)
    hits, size, total = (have & wanted).total(), have.total(), wanted.total()
    for _ in range(PASSES):
        changed = False
        for number, block in enumerate(blocks):
            if not block or (shares[number] == 0 and not keep[number]):
                continue
            before, after = _around(blocks, keep, number)
            apart, joined = _runs(before + after), _runs([*before, *block, *after])
            old, new = (joined, apart) if keep[number] else (apart, joined)
            gained = 0
            for run in old.keys() | new.keys():
                count = have[run] - old[run] + new[run]
                gained += min(count, wanted[run]) - min(have[run], wanted[run])
            grown = new.total() - old.total()
            if (hits + gained) * (size + total) > hits * (size + grown + total):
                keep[number] = not keep[number]
                have.subtract(old)
                have.update(new)
                hits, size, changed = hits + gained, size + grown, True
        if not changed:
            return


def _runs(words: Sequence[str]) -> Shingles:
    return shingles(words) if len(words) >= SHINGLE else Counter()


def _around(
    blocks: Sequence[Sequence[str]], keep: Sequence[bool], number: int
) -> tuple[list[str], list[str]]:
    """Return the three kept words before and after a block."""
    before: list[str] = []
    for at in range(number - 1, -1, -1):
        if len(before) >= SHINGLE - 1:
            break
        if keep[at]:
            before = [*blocks[at][-(SHINGLE - 1 - len(before)) :], *before]
    after: list[str] = []
    for at in range(number + 1, len(blocks)):
        if len(after) >= SHINGLE - 1:
            break
        if keep[at]:
            after = [*after, *blocks[at][: SHINGLE - 1 - len(after)]]
    return before, after
