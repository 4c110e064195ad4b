"""Fit the weights of the language pool and print them with their quality on the other half.

usage: python -m training.language_pool DATA

Reads ``language/mixed.jsonl.gz`` and ``language/lines.jsonl.gz`` under DATA. Documents are split
in two halves by a digest of the id of their main source; weights are fitted on the first half of
both files, and on transliterations of its Cyrillic and Greek lines, whose language is ``und``.
"""

import gzip
import hashlib
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from training.transliterate import transliterate
from transforms.language import pool
from transforms.language.codes import fold
from transforms.language.names import is_neutral
from transforms.language.units import split
from transforms.language.words import clean, lowered, shape, usual_script

RIDGE = 3.0
EXPERT_WEIGHTS = 7
PRIORS_OF_TRANSLITERATED = (None, "en", "de", "pl")


@dataclass(frozen=True)
class Example:
    """The candidates of a unit: their features, shape (candidates, features), and the answer."""

    half: int
    origin: str
    text: str
    prior: str | None
    candidates: tuple[str, ...]
    rows: NDArray[np.float64]
    answer: int


def main() -> None:
    """Fit on the first half, report on the second."""
    examples = list(_examples(Path(sys.argv[1]) / "language"))
    weights = fit([example for example in examples if example.half == 0])
    for name, weight in zip(pool.WEIGHTS, weights, strict=True):
        print(f'    "{name}": {weight:.3f},')
    for half in (0, 1):
        for origin in ("mixed", "lines", "transliterated"):
            chosen = [e for e in examples if e.half == half and e.origin == origin]
            print(half, origin, len(chosen), dict(_verdicts(weights, chosen)))


def fit(examples: list[Example]) -> NDArray[np.float64]:
    """Return the weights that make the answers likeliest, the experts' not below zero."""
    widest = max(len(example.rows) for example in examples)
    count = len(pool.WEIGHTS)
    rows = np.zeros((len(examples), widest, count))
    absent = np.full((len(examples), widest), -1e9)
    for number, example in enumerate(examples):
        rows[number, : len(example.rows)] = example.rows
        absent[number, : len(example.rows)] = 0
    index, answers = np.arange(len(examples)), np.array([e.answer for e in examples])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        potential = rows @ weights + absent
        potential -= potential.max(axis=1, keepdims=True)
        probability = np.exp(potential)
        probability /= probability.sum(axis=1, keepdims=True)
        value = -np.log(probability[index, answers] + 1e-12).sum()
        probability[index, answers] -= 1
        gradient = np.einsum("ij,ijk->k", probability, rows)
        return value + RIDGE * weights @ weights / 2, gradient + RIDGE * weights

    bounds = [(0.0, None)] * EXPERT_WEIGHTS + [(None, None)] * (count - EXPERT_WEIGHTS)
    return minimize(loss, np.zeros(count), jac=True, method="L-BFGS-B", bounds=bounds).x


def _verdicts(weights: NDArray[np.float64], examples: list[Example]) -> Counter[str]:
    verdicts: Counter[str] = Counter()
    for example in examples:
        said = example.candidates[int((example.rows @ weights).argmax())]
        gold = example.candidates[example.answer]
        if said == gold:
            verdicts["right"] += 1
        elif said == example.prior:
            verdicts["missed"] += 1
        elif gold == example.prior:
            verdicts["false alarm"] += 1
        else:
            verdicts["wrong language"] += 1
    return verdicts


def _examples(data: Path) -> Iterator[Example]:
    for row in _read(data / "mixed.jsonl.gz"):
        yield from _document(row)
    for row in _read(data / "lines.jsonl.gz"):
        half = _half(row["text"])
        yield from _unit(half, "lines", row["text"], None, fold(row["lang"]))
        latin = transliterate(row["text"], row["lang"])
        if latin is not None:
            prior = PRIORS_OF_TRANSLITERATED[len(latin) % len(PRIORS_OF_TRANSLITERATED)]
            yield from _unit(half, "transliterated", latin, prior, pool.UNDETERMINED)


def _document(row: dict[str, Any]) -> Iterator[Example]:
    text, prior, half = row["text"], fold(row["doc_lang"]), _half(row["src"][0])
    for unit in split(text):
        gold = prior
        for span in row["spans"]:
            if 2 * (min(unit.end, span["end"]) - max(unit.start, span["start"])) > (
                unit.end - unit.start
            ):
                gold = fold(span["lang"])
        yield from _unit(half, "mixed", text[unit.start : unit.end], prior, gold, unit.quoted)


def _unit(
    half: int, origin: str, text: str, prior: str | None, gold: str, quoted: bool = False
) -> Iterator[Example]:
    cleaned = clean(text)
    measured = shape(cleaned)
    if not measured.letters or (origin == "mixed" and is_neutral(cleaned, measured, quoted)):
        return
    cleaned = lowered(cleaned, measured)
    script = usual_script(prior) if prior else ""
    if prior == "hbs" and gold == prior:
        script = measured.script
    rows = pool.features(cleaned, measured, pool.screen(cleaned), prior, script)
    if gold in rows and all(map(math.isfinite, rows[gold])):
        candidates = tuple(rows)
        answer = candidates.index(gold)
        yield Example(half, origin, text, prior, candidates, np.array(list(rows.values())), answer)


def _half(source: str) -> int:
    return int(hashlib.sha256(source.encode()).hexdigest(), 16) % 2


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


if __name__ == "__main__":
    main()
