"""A document while its blocks are being labelled."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.boilerplate.features import Features
from transforms.boilerplate.layout import Floats
from transforms.boilerplate.lexicons import SECTIONS
from transforms.model import Block, BlockKind

MIN_PROSE = 0.08
DATE_WORDS = 8
BITS = {name: 1 << bit for bit, name in enumerate(SECTIONS)}


def bits(*names: str) -> int:
    """Return the bit mask of some lexicon sections."""
    return sum(BITS[name] for name in names)


@dataclass(eq=False)
class Draft:
    """Blocks, what the model thinks of them and what the rules have decided so far.

    ``decided[i]`` is the labelled block, or ``None`` while the model's word stands. ``exact``,
    ``starting`` and ``anywhere`` are masks of the lexicon sections whose phrases a block is,
    begins with, or holds; the blocks ``name_like`` have capitals enough to be names, those
    ``marked`` hold a bracket, a colon or a sign.
    """

    blocks: Sequence[Block]
    features: Features
    text_probability: Floats
    title_probability: Floats
    decided: list[Block | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.decided = [None] * len(self.blocks)
        features = self.features
        words, prose = features.column("words"), features.column("prose") > 0
        shape = (features.column("capital") * words >= 2) & ~prose & (features.exact == 0)
        self.name_like: list[int] = shape.nonzero()[0].tolist()
        marked = features.column("bracket") + features.column("colon") + features.column("sign")
        self.marked: list[int] = marked.nonzero()[0].tolist()
        month = (features.column("lex_month") > 0) & (features.column("number") > 0)
        figures = features.column("numeric") + features.column("clock") >= 2
        self.dated = (month | figures) & (words <= DATE_WORDS)
        self.gaps: list[int] = features.column("gap_before").astype(int).tolist()
        self.mostly_labels = float(features.column("doc_prose")[0]) < MIN_PROSE
        self.has_blank_lines = float(features.column("doc_blank")[0]) > 0.2
        self.words: list[int] = words.astype(int).tolist()
        self.prose: list[bool] = prose.tolist()
        self.ellipsis: list[bool] = (features.column("ellipsis") > 0).tolist()
        self.ends_sentence: list[bool] = (features.column("ends_sentence") > 0).tolist()
        self.probability: list[float] = self.text_probability.tolist()
        self.keys: list[int] = features.keys.tolist()
        self.exact: list[int] = features.exact.tolist()
        self.starting: list[int] = features.starting.tolist()
        self.anywhere: list[int] = features.anywhere.tolist()

    def __len__(self) -> int:
        return len(self.blocks)

    def text(self, index: int) -> str:
        """Return a block's text."""
        return self.blocks[index].text

    def label(self, index: int, kind: BlockKind, rule: str, score: float, *, keep: bool) -> None:
        """Label a block, unless an earlier rule has spoken."""
        if self.decided[index] is None:
            block = self.blocks[index]
            self.decided[index] = Block(
                block.text,
                kind,
                keep,
                rule,
                round(score, 4),
                block.path,
                block.source_start,
                block.source_end,
            )

    def remove(self, index: int, kind: BlockKind, rule: str, score: float = 0.95) -> None:
        """Take a block out, unless an earlier rule has spoken."""
        self.label(index, kind, rule, score, keep=False)

    def kind(self, index: int) -> BlockKind | None:
        """Return the kind a rule has given to a block."""
        block = self.decided[index]
        return block.kind if block else None
