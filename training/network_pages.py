"""Labelled pages as the network over blocks learns from them: scaled inputs and who hears whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from training.extract_samples import Sample
from transforms.extract.arrays import Floats
from transforms.extract.network import (
    CONTAINERS,
    MOST_INPUT,
    NEIGHBOURS,
    STEPS,
    Inputs,
    Surroundings,
    bare_links,
    surroundings,
)

KINDS = len(NEIGHBOURS) + len(CONTAINERS) + 2
"""What each block hears of: neighbours, containers, the page and the blocks of its make."""


@dataclass(frozen=True, slots=True)
class Example:
    """A page's blocks but bare links: inputs, labels, weights, and the operator of their context.

    The context of messages ``m`` is ``spread @ (gather @ m)``, one part below the other.
    """

    inputs: Floats
    labels: Floats
    weight: Floats
    gather: Any
    spread: Any


def operator(around: Surroundings) -> tuple[Any, Any]:
    """Return the matrices (gather, spread) that ``transforms.extract.network.context`` stands for.

    Each row of ``gather`` is the mean over one set of blocks, or one neighbour; ``spread`` says
    which of them each block hears of, ``KINDS`` times as many rows as blocks.
    """
    count = len(around.make)
    rows: list[NDArray[np.intp]] = []
    columns: list[NDArray[np.intp]] = []
    heard = np.full(KINDS * count, -1)
    place, sets = np.arange(count), 0
    for kind, by in enumerate(NEIGHBOURS):
        there = (place + by >= 0) & (place + by < count)
        heard[kind * count + place[there]] = sets + np.arange(there.sum())
        rows.append(sets + np.arange(there.sum()))
        columns.append((place + by)[there])
        sets += int(there.sum())
    for kind, (first, last) in enumerate(around.ranges, len(NEIGHBOURS)):
        unique, which = np.unique(first * (count + 1) + last, return_inverse=True)
        heard[kind * count : (kind + 1) * count] = sets + which
        for number, key in enumerate(unique.tolist()):
            low, high = divmod(key, count + 1)
            rows.append(np.full(high - low, sets + number))
            columns.append(np.arange(low, high))
        sets += len(unique)
    heard[(KINDS - 1) * count :] = sets + around.make
    rows.append(sets + around.make)
    columns.append(place)
    sets += int(around.make.max()) + 1
    row, column = np.concatenate(rows), np.concatenate(columns)
    total = np.bincount(row, around.weight[column], sets)
    share = (around.weight[column] / total[row]).astype(np.float32)
    some = np.flatnonzero(heard >= 0)
    ones = np.ones(len(some), np.float32)
    gather = csr_matrix((share, (row, column)), (sets, count))
    return gather, csr_matrix((ones, (some, heard[some])), (KINDS * count, sets))


@dataclass(frozen=True, slots=True)
class Scaling:
    """The bounds, the middle and the spread of each input; ``named`` are those made of names."""

    low: Floats
    high: Floats
    middle: Floats
    spread: Floats
    named: NDArray[np.bool_]

    def of(self, inputs: Floats) -> Floats:
        """Return the inputs with middle nought and spread one, in the steps of the network."""
        scaled = np.clip(inputs, self.low, self.high) - self.middle
        steps = np.rint(scaled * (STEPS / self.spread))
        bounded: Floats = np.clip(steps, -MOST_INPUT, MOST_INPUT).astype(np.float32)
        return bounded / np.float32(STEPS)


def fit_scaling(raw: Floats, inputs: Inputs) -> Scaling:
    """Measure the inputs; measures are cut at their hundredths, codes and nearness are not."""
    low, high = raw.min(0), raw.max(0)
    measures = slice(0, inputs.plain)
    low[measures], high[measures] = np.quantile(raw[:, measures], (0.01, 0.99), axis=0)
    bounded = np.clip(raw, low, high)
    middle, spread = bounded.mean(0), bounded.std(0) + np.float32(1e-2)
    return Scaling(low, high, middle, spread, inputs.named)


def examples(
    samples: Sequence[Sample], columns: Sequence[int], inputs: Inputs, news_weight: float
) -> tuple[list[Example], Scaling]:
    """Return the pages as the network learns from them."""
    some = [(sample, np.flatnonzero(~bare_links(sample.layout))) for sample in samples]
    some = [(sample, seen) for sample, seen in some if len(seen)]
    raw = [inputs.of(s.rows[seen][:, columns].T).T for s, seen in some]
    scaling = fit_scaling(np.concatenate(raw), inputs)
    found = []
    for (sample, seen), values in zip(some, raw, strict=True):
        labels = np.asarray(sample.labels)[seen].astype(np.float32)
        weight = sample.weight[seen] * np.float32(news_weight if sample.news else 1)
        around = surroundings(sample.layout, seen)
        found.append(Example(scaling.of(values), labels, weight, *operator(around)))
    return found, scaling
