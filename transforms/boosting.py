"""Evaluation of gradient-boosted oblivious trees with numpy alone.

An oblivious tree asks the same question at every node of a level, so a tree of depth d is d
(feature, threshold) pairs and a table of 2**d leaves, and the leaf's index is the row of answers
read as a binary number (Kohavi and Li, "Oblivious decision trees, graphs, and top-down pruning",
1995; CatBoost grows such trees). That evaluates in a handful of array operations, needs no
compiled runtime and gives the same floats in every process.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

MAX_DEPTH = 8
"""The index of a leaf is a byte."""


@dataclass(frozen=True, eq=False)
class ObliviousForest:
    """A forest over ``len(feature_names)`` features that yields one raw score per class.

    ``features`` and ``thresholds`` have shape (trees, depth of the deepest tree), padded in front
    with questions that are always answered no; ``leaves`` has shape (trees, 2**depth, scores),
    padded with scores of 0 to a power of two: numpy moves leaves of such sizes without a loop.
    """

    feature_names: tuple[str, ...]
    classes: tuple[str, ...]
    features: NDArray[np.intp]
    thresholds: NDArray[np.float32]
    leaves: NDArray[np.float32]
    bias: NDArray[np.float32]

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return raw scores of shape (rows, classes) for rows of shape (rows, features)."""
        trees, size, width = self.leaves.shape
        columns = np.ascontiguousarray(rows.T)
        leaf = np.zeros((trees, len(rows)), np.uint8)
        for features, thresholds in zip(self.features.T, self.thresholds.T, strict=True):
            leaf += leaf
            leaf += (columns.take(features, axis=0) > thresholds[:, None]).view(np.uint8)
        chosen = leaf + np.arange(0, trees * size, size)[:, None]
        if width == 1:
            return self.bias + self.leaves.reshape(-1).take(chosen.T).sum(axis=1)[:, None]
        # Tree by tree, all rows at once: summing up few scores row by row takes far longer.
        total = self.leaves.reshape(-1, width).take(chosen, axis=0).sum(axis=0)
        return self.bias + total[:, : len(self.bias)]

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return class probabilities: softmax over classes, or the logistic of a single score."""
        raw = self.scores(rows)
        if raw.shape[1] == 1:
            positive = 1 / (1 + np.exp(-raw))
            return np.concatenate([1 - positive, positive], axis=1)
        exp = np.exp(raw - raw.max(axis=1, keepdims=True))
        return exp / exp.sum(axis=1, keepdims=True)


def from_json(text: str) -> ObliviousForest:
    """Build a forest from the JSON that ``training/forest_export.py`` writes.

    Raises ``ValueError`` for a tree deeper than ``MAX_DEPTH``.
    """
    model = json.loads(text)
    trees: Sequence[dict[str, list[float]]] = model["trees"]
    classes = tuple(model["classes"])
    outputs = len(model["bias"])
    deepest = max(len(tree["features"]) for tree in trees)
    if deepest > MAX_DEPTH:
        raise ValueError(f"a tree is {deepest} levels deep; {MAX_DEPTH} are the most")
    features = np.zeros((len(trees), deepest), np.intp)
    thresholds = np.full((len(trees), deepest), np.inf, np.float32)
    leaves = np.zeros((len(trees), 2**deepest, 1 << (outputs - 1).bit_length()), np.float32)
    for number, tree in enumerate(trees):
        # Padding stands in front, so that the index of a shallow tree's leaf stays the same.
        first = deepest - len(tree["features"])
        features[number, first:] = tree["features"]
        thresholds[number, first:] = tree["thresholds"]
        values = np.asarray(tree["leaves"], np.float32).reshape(-1, outputs)
        leaves[number, : len(values), :outputs] = values
    return ObliviousForest(
        tuple(model["feature_names"]),
        classes,
        features,
        thresholds,
        leaves,
        np.asarray(model["bias"], np.float32),
    )


@cache
def load(package: str, name: str) -> ObliviousForest:
    """Load a model file that ships inside ``package``, once per process."""
    return from_json(files(package).joinpath(name).read_text(encoding="utf-8"))
