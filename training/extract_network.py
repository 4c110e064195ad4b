"""Train the network of ``transforms.extract.network`` by gradient descent, with numpy alone.

Pages are shown in batches. Inputs and activations are dropped at random (Srivastava et al.,
"Dropout", JMLR 2014), and of some pages all that the names of classes and tags say, since the next
site names its parts otherwise. Steps are Adam's with decoupled weight decay (Loshchilov and Hutter,
ICLR 2019). The weights are rounded to whole numbers at the end.
"""

import base64
import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.extract_samples import Sample
from training.network_pages import KINDS, Example, Scaling, examples
from transforms.extract.arrays import Floats
from transforms.extract.network import MOST_ACTIVE, MOST_WEIGHT, STEPS, Inputs

READ, TELL, JUDGE = 64, 16, 48
BATCH = 2048
EPOCHS = 24
RATE, DECAY = 3e-3, 1e-3
DROP_INPUT, DROP_ACTIVE, DROP_NAMES = 0.2, 0.4, 0.2
EXACT = 2**24
Parameters = dict[str, Floats]
Random = np.random.Generator


def fit_network(samples: Sequence[Sample], columns: Sequence[int], news_weight: float) -> str:
    """Train on the pages given, on some of their features; return the JSON of the network."""
    names = [samples[0].names[column] for column in columns]
    inputs = Inputs(names)
    pages, scaling = examples(samples, columns, inputs, news_weight)
    random = np.random.default_rng(0)
    parameters = _start(len(scaling.low), random)
    moments = {name: (np.zeros_like(p), np.zeros_like(p)) for name, p in parameters.items()}
    steps = EPOCHS * sum(1 for _ in _batches(pages, random))
    done = 0
    for _ in range(EPOCHS):
        for batch in _batches(pages, random):
            slopes = _slopes(parameters, batch, scaling.named, random)
            done += 1
            rate = RATE * 0.5 * (1 + math.cos(math.pi * min(done / steps, 1)))
            for name, slope in slopes.items():
                _adam(parameters[name], slope, moments[name], rate, done)
    return _whole_numbers(parameters, pages, scaling, names)


def _start(inputs: int, random: Random) -> Parameters:
    shapes = {"read": (inputs, READ), "tell": (READ, TELL)}
    shapes |= {"judge": (READ + KINDS * TELL, JUDGE), "end": (JUDGE, 1)}
    weights: Parameters = {}
    for name, shape in shapes.items():
        drawn = random.standard_normal(shape, np.float32)
        weights[name] = drawn * np.float32(math.sqrt(2 / shape[0]))
        weights[f"{name} bias"] = np.zeros(shape[1], np.float32)
    return weights


def _batches(pages: Sequence[Example], random: Random) -> Iterator[list[Example]]:
    batch: list[Example] = []
    for number in random.permutation(len(pages)).tolist():
        batch.append(pages[number])
        if sum(len(page.labels) for page in batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _kept(shape: tuple[int, ...], drop: float, random: Random) -> Floats:
    """Return nought for what is dropped and, for the rest, what makes up for it."""
    kept = random.random(shape, np.float32) >= drop
    return kept.astype(np.float32) / np.float32(1 - drop)


def _slopes(
    now: Parameters, batch: list[Example], named: NDArray[np.bool_], random: Random
) -> Parameters:
    """Return the slope of the weighted cross entropy of a batch, by back-propagation."""
    sizes = [len(page.labels) for page in batch]
    nameless = np.repeat(random.random(len(batch)) < DROP_NAMES, sizes)
    labels = np.concatenate([page.labels for page in batch])
    weight = np.concatenate([page.weight for page in batch])
    values = np.concatenate([page.inputs for page in batch])
    values *= _kept(values.shape, DROP_INPUT, random)
    values[np.ix_(nameless, named)] = 0
    read = np.maximum(values @ now["read"] + now["read bias"], 0)
    dropped = _kept(read.shape, DROP_ACTIVE, random)
    seen = read * dropped
    told = np.maximum(seen @ now["tell"] + now["tell bias"], 0)
    both = np.concatenate((seen, _hear(batch, sizes, told)), axis=1)
    judged = np.maximum(both @ now["judge"] + now["judge bias"], 0)
    left_out = _kept(judged.shape, DROP_ACTIVE, random)
    decided = judged * left_out
    odds = (decided @ now["end"] + now["end bias"])[:, 0]
    back = ((1 / (1 + np.exp(-odds)) - labels) * weight / weight.sum())[:, None]
    out = {"end": decided.T @ back, "end bias": back.sum(0)}
    back = (back @ now["end"].T) * left_out * (judged > 0)
    out |= {"judge": both.T @ back, "judge bias": back.sum(0)}
    back = back @ now["judge"].T
    told_back = _hear_back(batch, sizes, back[:, READ:]) * (told > 0)
    out |= {"tell": seen.T @ told_back, "tell bias": told_back.sum(0)}
    back = (back[:, :READ] + told_back @ now["tell"].T) * dropped * (read > 0)
    return out | {"read": values.T @ back, "read bias": back.sum(0)}


def _hear(batch: list[Example], sizes: list[int], told: Floats) -> Floats:
    parts = []
    for page, own in zip(batch, np.split(told, np.cumsum(sizes)[:-1]), strict=True):
        heard = page.spread @ (page.gather @ own)
        parts.append(heard.reshape(KINDS, -1, TELL).swapaxes(0, 1).reshape(-1, KINDS * TELL))
    return np.concatenate(parts)


def _hear_back(batch: list[Example], sizes: list[int], slope: Floats) -> Floats:
    parts = []
    for page, own in zip(batch, np.split(slope, np.cumsum(sizes)[:-1]), strict=True):
        spread = own.reshape(-1, KINDS, TELL).swapaxes(0, 1).reshape(-1, TELL)
        parts.append(page.gather.T @ (page.spread.T @ spread))
    return np.concatenate(parts)


def _adam(
    weights: Floats, slope: Floats, moments: tuple[Floats, Floats], rate: float, done: int
) -> None:
    mean, square = moments
    mean += (1 - 0.9) * (slope - mean)
    square += (1 - 0.999) * (slope * slope - square)
    step = (mean / (1 - 0.9**done)) / (np.sqrt(square / (1 - 0.999**done)) + 1e-8)
    weights -= np.float32(rate) * (step + np.float32(DECAY) * weights)


def _whole_numbers(
    now: Parameters, pages: Sequence[Example], scaling: Scaling, names: Sequence[str]
) -> str:
    """Return the JSON of the network, its weights rounded to steps of each layer."""
    read = np.concatenate([np.maximum(p.inputs @ now["read"] + now["read bias"], 0) for p in pages])
    told = np.maximum(read @ now["tell"] + now["tell bias"], 0)
    both = np.concatenate((read, _hear(list(pages), [len(p.labels) for p in pages], told)), axis=1)
    judged = np.maximum(both @ now["judge"] + now["judge bias"], 0)
    steps = {name: float(np.quantile(values, 0.9999)) / MOST_ACTIVE for name, values in (
        ("read", read), ("tell", told), ("judge", judged))}  # fmt: skip
    heard = np.repeat((steps["read"], steps["tell"]), (READ, KINDS * TELL))
    layers = {
        "read": _layer(now, "read", np.full(len(scaling.low), 1 / STEPS), steps["read"]),
        "tell": _layer(now, "tell", np.full(READ, steps["read"]), steps["tell"]),
        "judge": _layer(now, "judge", heard, steps["judge"]),
        "end": _layer(now, "end", np.full(JUDGE, steps["judge"]), 1.0),
    }
    numbers = {"low": scaling.low, "high": scaling.high, "offset": scaling.middle}
    model: dict[str, Any] = {"features": list(names)}
    model |= {name: _rounded(values) for name, values in numbers.items()}
    model |= {"slope": _rounded(np.float32(STEPS) / scaling.spread)} | layers
    return (
        "{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in model.items()) + "\n}\n"
    )


def _layer(now: Parameters, name: str, steps: Floats, step: float) -> dict[str, Any]:
    """Return a layer in whole numbers, for inputs in ``steps`` and outputs in one ``step``."""
    weights = now[name] * steps[:, None]
    size = float(np.abs(weights).max()) / MOST_WEIGHT
    whole = np.rint(weights / size)
    bias = np.rint(now[f"{name} bias"] / size)
    if (np.abs(whole).sum(0) * MOST_ACTIVE + np.abs(bias)).max() >= EXACT:
        raise ValueError(f"the sums of the layer {name!r} are not exact")
    packed = base64.b64encode(whole.astype(np.int8).tobytes()).decode("ascii")
    return {"scale": _round(step / size), "bias": bias.astype(int).tolist(), "weights": packed}


def _rounded(values: Floats) -> list[float]:
    return [_round(value) for value in values.tolist()]


def _round(value: float) -> float:
    return float(f"{value:.6g}")
