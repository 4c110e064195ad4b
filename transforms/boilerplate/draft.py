"""A document while its blocks are being labelled."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from transforms.boilerplate.features import Features, Floats
from transforms.boilerplate.lexicons import SECTIONS, compact
from transforms.model import Block, BlockKind

MAX_KEY = 4000
BITS = {name: 1 << bit for bit, name in enumerate(SECTIONS)}


@dataclass(eq=False)
class Draft:
    """Blocks, what the model thinks of them and what the rules have decided so far.

    ``decided[i]`` is the labelled block, or ``None`` while the model's word stands.
    """

    blocks: Sequence[Block]
    features: Features
    text_probability: Floats
    decided: list[Block | None] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.decided = [None] * len(self.blocks)
        self.keys = [
            compact(block.text) if len(block.text) < MAX_KEY else "" for block in self.blocks
        ]
        column = self.features.names.index
        rows = self.features.rows
        self.words = rows[:, column("words")].astype(int).tolist()
        self.prose = rows[:, column("prose")].astype(bool).tolist()
        self.ellipsis = rows[:, column("ellipsis")].astype(bool).tolist()
        self.ends_sentence = rows[:, column("ends_sentence")].astype(bool).tolist()
        self.probability = self.text_probability.tolist()
        self.exact = self.features.exact.tolist()
        self.starting = self.features.starting.tolist()
        self.anywhere = self.features.anywhere.tolist()

    def __len__(self) -> int:
        return len(self.blocks)

    def text(self, index: int) -> str:
        """Return a block's text."""
        return self.blocks[index].text

    def remove(self, index: int, kind: BlockKind, rule: str, score: float = 0.95) -> None:
        """Take a block out, unless an earlier rule has spoken."""
        if self.decided[index] is None:
            self.decided[index] = replace(
                self.blocks[index], kind=kind, keep=False, rule=rule, score=score
            )

    def kind(self, index: int) -> BlockKind | None:
        """Return the kind a rule has given to a block."""
        block = self.decided[index]
        return block.kind if block else None

    def has(self, index: int, where: str, *names: str) -> bool:
        """Say whether phrases of the lexicon sections ``names`` are in a block.

        ``where`` is ``exact`` (the block is a phrase), ``starting`` or ``anywhere``.
        """
        mask = int(getattr(self, where)[index])
        return any(mask & BITS[name] for name in names)
