"""A small neural network over a page's blocks, each seen with what stands around it.

A second kind of model beside the forest: every block is read by one dense layer, sends a short
message, and is judged with the messages of its neighbours and the means of those of its
containers, of the blocks of its make and of the page (message passing; Gilmer et al., "Neural
message passing for quantum chemistry", ICML 2017).

Inputs, weights and activations are whole numbers, small enough that every sum of products is
exact in single precision. So the order in which a processor adds them up does not matter, and the
result is the same to the bit on every machine (after Jacob et al., "Quantization and training of
neural networks for efficient integer-arithmetic-only inference", CVPR 2018).
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from transforms.extract.arrays import Floats, Ints
from transforms.extract.columns import Layout

PACKAGE = "transforms.extract"
FILE = "network.json"
STEPS = 16
"""Steps to one standard deviation of an input."""
MOST_INPUT = 3 * STEPS
MOST_ACTIVE = 255
MOST_WEIGHT = 127
NEIGHBOURS = (-2, -1, 1, 2)
CONTAINERS = (1, 2, 3)
BARE_LINK = 0.95
SHORT = 45
CHUNK = 1024
ONE_THREAD = 2**18
"""For products of more multiplications OpenBLAS starts threads, which spin while they wait."""
MISSING_TITLE = 99
_CODES = {"head": 12, "tail": 12, "box": 12, "heading": 7}
_NEARNESS = np.ldexp(np.float32(1), -np.arange(-1, 10))
_NEARNESS[0] = 0  # of a neighbour there is none


def bare_links(layout: Layout) -> NDArray[np.bool_]:
    """Say which blocks are short and nothing but a link: almost half, told from text at once."""
    return (layout.density > BARE_LINK) & (layout.size < SHORT)


class Inputs:
    """How the features of blocks become the network's inputs.

    Depths ("name:aside": how many levels above) become nearness, codes become one input
    for each value, and a title that is not there is an input of its own.
    """

    def __init__(self, names: Sequence[str]) -> None:
        plain, near, codes = [], [], []
        for column, name in enumerate(names):
            stem, _, by = name.partition("@")
            if stem.startswith("name:") or name in ("furniture", "beside"):
                near.append(column)
            elif stem in _CODES:
                codes += [(column, code) for code in range(-1 if by else 0, _CODES[stem])]
            else:
                plain.append(column)
        titled = [n for n, name in enumerate(names) if name in ("from_title", "good_from_title")]
        codes += [(column, MISSING_TITLE) for column in titled]
        self._plain, self._near = np.asarray(plain), np.asarray(near)
        self._titled = np.asarray([plain.index(column) for column in titled], np.intp)
        self._coded = np.asarray([column for column, _ in codes])
        self._codes = np.asarray([[code] for _, code in codes], np.float32)
        self.plain = len(plain)
        self.named = np.zeros(len(plain) + len(near) + len(codes), np.bool_)
        self.named[self.plain : self.plain + len(near)] = True

    def of(self, columns: Floats) -> Floats:
        """Return the inputs, of shape (inputs, blocks), for columns of shape (features, blocks)."""
        plain = columns.take(self._plain, axis=0)
        titled = plain[self._titled]
        plain[self._titled] = np.where(titled == MISSING_TITLE, 0, titled)
        near = _NEARNESS.take(columns.take(self._near, axis=0).astype(np.int8) + 1)
        coded = columns.take(self._coded, axis=0) == self._codes
        return np.concatenate((plain, near, coded), axis=0, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Which blocks, of those looked at, stand around each of them.

    ``ranges`` are the half-open ranges of each block's containers, by level; ``make`` numbers the
    blocks by their path of tags and classes; ``weight`` counts each block's say in a mean.
    """

    ranges: list[tuple[Ints, Ints]]
    make: Ints
    weight: NDArray[np.float64]


def surroundings(layout: Layout, looked_at: Ints) -> Surroundings:
    """Return the surroundings of the blocks looked at, the others taken for absent."""
    count = len(looked_at)
    before = np.searchsorted(looked_at, np.arange(len(layout.size) + 1))
    ranges = []
    for level in CONTAINERS:
        at = layout.levels[level][looked_at]
        ranges.append((before[layout.first[at]], before[layout.last[at]]))
    ranges.append((np.zeros(count, np.intp), np.full(count, count)))
    make = np.unique(layout.path[layout.levels[0][looked_at]], return_inverse=True)[1]
    weight = np.rint(4 * np.log1p(layout.weight[looked_at].astype(np.float64)))
    return Surroundings(ranges, make, weight)


def context(messages: Floats, around: Surroundings) -> Floats:
    """Return the messages of the neighbours of each block and the means over its surroundings."""
    count, width = messages.shape
    parts = []
    for by in NEIGHBOURS:
        moved = np.zeros_like(messages)
        if by > 0:
            moved[:-by] = messages[by:]
        else:
            moved[-by:] = messages[:by]
        parts.append(moved)
    total = np.zeros((count + 1, width + 1))
    weighted = np.column_stack((messages * around.weight[:, None], around.weight))
    np.cumsum(weighted, axis=0, out=total[1:])
    order = np.argsort(around.make, kind="stable")
    starts = np.searchsorted(around.make[order], np.arange(int(around.make.max()) + 1))
    alike = np.add.reduceat(weighted[order], starts, axis=0)[around.make]
    means = [*(total[last] - total[first] for first, last in around.ranges), alike]
    parts += [(found[:, :-1] / found[:, -1:]).astype(np.float32) for found in means]
    return np.concatenate(parts, axis=1)


@dataclass(frozen=True, slots=True)
class Layer:
    """A dense layer of whole numbers; its output is divided by ``scale`` and rounded."""

    weights: Floats
    bias: Floats
    scale: float

    def active(self, values: Floats) -> Floats:
        """Return the rectified outputs, whole numbers up to ``MOST_ACTIVE``."""
        sums = np.empty((len(values), len(self.bias)), np.float32)
        rows = max(ONE_THREAD // self.weights.size, 1)
        for at in range(0, len(values), rows):
            np.matmul(values[at : at + rows], self.weights, out=sums[at : at + rows])
        sums += self.bias
        sums /= np.float32(self.scale)
        return _bounded(np.rint(sums, out=sums), 0, MOST_ACTIVE)


def _bounded(values: Floats, low: Floats | int, high: Floats | int) -> Floats:
    """Cut the values at both ends, in place."""
    np.maximum(values, low, out=values)
    return np.minimum(values, high, out=values)


@dataclass(frozen=True, slots=True)
class Network:
    """The trained network: ``offset`` and ``slope`` of each input, and its four layers."""

    inputs: Inputs
    low: Floats
    high: Floats
    offset: Floats
    slope: Floats
    read: Layer
    tell: Layer
    judge: Layer
    end: Layer

    def scores(self, columns: Floats, around: Surroundings) -> Floats:
        """Return the log odds that each block is text, for columns of shape (features, blocks)."""
        chunks = range(0, columns.shape[1], CHUNK)
        seen = np.concatenate([self._read(columns[:, at : at + CHUNK]) for at in chunks])
        heard = np.rint(context(self.tell.active(seen), around))
        judged = self.judge.active(np.concatenate((seen, heard), axis=1))
        odds: Floats = (judged @ self.end.weights + self.end.bias)[:, 0]
        return odds / np.float32(self.end.scale)

    def _read(self, columns: Floats) -> Floats:
        values = _bounded(self.inputs.of(columns), self.low, self.high)
        values -= self.offset
        values *= self.slope
        steps = _bounded(np.rint(values, out=values), -MOST_INPUT, MOST_INPUT)
        return self.read.active(steps.T)


def from_json(text: str) -> Network:
    """Build a network from the JSON that ``training.extract_network`` writes."""
    model = json.loads(text)
    low, high, offset, slope = (
        np.asarray(model[name], np.float32)[:, None] for name in ("low", "high", "offset", "slope")
    )
    read, tell, judge, end = (_layer(model[name]) for name in ("read", "tell", "judge", "end"))
    return Network(Inputs(model["features"]), low, high, offset, slope, read, tell, judge, end)


def _layer(stored: Mapping[str, str | list[float] | float]) -> Layer:
    bias = np.asarray(stored["bias"], np.float32)
    raw = np.frombuffer(base64.b64decode(str(stored["weights"])), np.int8)
    weights = raw.reshape(-1, len(bias)).astype(np.float32)
    return Layer(weights, bias, float(str(stored["scale"])))


@cache
def load() -> Network:
    """Load the network that ships with the package, once per process."""
    return from_json(files(PACKAGE).joinpath(FILE).read_text(encoding="utf-8"))
