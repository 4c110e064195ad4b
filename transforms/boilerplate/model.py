"""The sequence model: how likely each block of a document is the article's own text."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from transforms.boilerplate.features import (
    Evidence,
    Features,
    Floats,
    base_features,
    context_features,
    with_neighbours,
)
from transforms.boilerplate.hashing import HashIndex
from transforms.boilerplate.layout import Ints, lay_out
from transforms.boosting import ObliviousForest, from_json


@dataclass(frozen=True, eq=False)
class Models:
    """What training leaves behind: word weights, a forest over blocks, one over their context."""

    evidence: Evidence
    blocks: ObliviousForest
    context: ObliviousForest


@cache
def models() -> Models:
    """Load the models, once per process."""
    folder = files(__package__).joinpath("models")
    words = json.loads(folder.joinpath("words.json").read_text(encoding="utf-8"))
    weights = np.array([*words["weights"], [0, 0]], np.float32)
    index = HashIndex(int(key, 16) for key in words["hashes"])
    blocks, context = (
        from_json(folder.joinpath(name).read_text(encoding="utf-8"))
        for name in ("blocks.json", "context.json")
    )
    return Models(Evidence(index, weights), blocks, context)


def text_probabilities(texts: list[str], gaps: Ints) -> tuple[Features, Floats]:
    """Return the features of a document's blocks and the probability that each is text."""
    trained = models()
    features = base_features(lay_out(texts), gaps, trained.evidence)
    _, rows = with_neighbours(features)
    first = trained.blocks.probabilities(rows)[:, 1]
    rows = np.concatenate([rows, context_features(rows, first)], axis=1)
    return features, trained.context.probabilities(rows)[:, 1]
