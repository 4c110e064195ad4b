"""Train the models of ``transforms.boilerplate`` on plain-text pages labelled line by line.

``python -m training.train_boilerplate DATA`` writes the models. With ``--cross-validate FILE`` it
also writes which lines the product keeps when its models have seen none of a page's site, in
the form that the scorer of DATA reads. DATA has ``extraction/lines*.jsonl.gz``.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from training.boilerplate_data import FOLDS, Document, read
from training.forest_export import forest_json
from transforms.boilerplate.context import CONTEXT, context_features, with_neighbours
from transforms.boilerplate.evidence import BITS, SCALE, SHORT_WORDS, evidence
from transforms.boilerplate.layout import Floats
from transforms.boilerplate.stripping import label

MODELS = Path(__file__).parents[1] / "transforms" / "boilerplate" / "models"
MIN_SITES = 3
REGULARISATION = (0.02, 0.002)
TREES = (150, 100)
DEPTH = (6, 4)
LEAF_REGULARISATION = (5, 20)
CERTAIN = 0.95
CERTAIN_CHARS = 100


@dataclass(eq=False)
class Sample:
    """A document on its way through the models; ``first`` was given by models of other sites."""

    document: Document
    rows: Floats
    first: Floats | None = None
    context: Floats | None = None


def main() -> None:
    """Train, and write models or predictions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cross-validate", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    documents = list(read(arguments.data / "extraction"))
    samples = first_pass(documents)
    write_models(samples)
    if arguments.cross_validate:
        cross_validate(samples, arguments.cross_validate)


def first_pass(documents: Sequence[Document]) -> list[Sample]:
    """Give every document what models of other sites say of its blocks."""
    samples = []
    for fold in range(FOLDS):
        weights = fit_evidence([d for d in documents if d.fold != fold])
        samples += [Sample(d, rows_of(d, weights)) for d in documents if d.fold == fold]
    for fold in range(FOLDS):
        forest = fit_blocks([s for s in samples if s.document.fold != fold])
        for sample in samples:
            if sample.document.fold == fold:
                sample.first = forest.predict_proba(sample.rows).astype(np.float32)
    for sample in samples:
        assert sample.first is not None  # noqa: S101
        document = sample.document
        around = context_features(document.layout, document.features, sample.first)
        sample.context = np.concatenate([sample.rows, around], axis=1)
    return samples


def rows_of(document: Document, weights: NDArray[np.int8]) -> Floats:
    """Return the rows that the first forest sees."""
    rows = document.features.rows.copy()
    at = document.features.names.index("evidence")
    rows[:, at : at + 2] = evidence(document.layout, document.slots, weights)
    return with_neighbours(replace(document.features, rows=rows))[1]


def fit_evidence(documents: Sequence[Document]) -> NDArray[np.int8]:
    """Fit one linear model over runs of characters for short and one for long blocks."""
    documents = [d for d in documents if d.record["variant"] != "crop"]
    bounds = np.cumsum([0, *(d.layout.size for d in documents)])
    rows = np.concatenate([d.layout.line + b for d, b in zip(documents, bounds, strict=False)])
    columns = np.concatenate([d.slots for d in documents])
    numbers = {site: n for n, site in enumerate(sorted({d.record["site"] for d in documents}))}
    sites = np.concatenate([np.full(len(d.slots), numbers[d.record["site"]]) for d in documents])
    seen = np.unique(columns * len(numbers) + sites) // len(numbers)
    common = np.bincount(seen, minlength=2**BITS)[columns] >= MIN_SITES
    shape = (int(bounds[-1]), 2**BITS)
    ones = np.ones(int(common.sum()), np.float32)
    counts = csr_matrix((ones, (rows[common], columns[common])), shape=shape)
    counts.data[:] = 1
    words = np.concatenate([d.layout.word_counts for d in documents])
    text = np.concatenate([d.classes == 1 for d in documents])
    known = np.concatenate([d.weight > 0 for d in documents])
    weights = np.zeros((2, 2**BITS), np.int8)
    for side, chosen in enumerate((words <= SHORT_WORDS, words > SHORT_WORDS)):
        picked = np.flatnonzero(chosen & known)
        model = LogisticRegression(
            C=REGULARISATION[side], solver="liblinear", random_state=0, tol=0.03
        )
        model.fit(counts[picked], text[picked])
        weights[side] = np.clip(np.round(model.coef_[0] * SCALE), -127, 127)
    return weights


def fit_blocks(samples: Sequence[Sample]) -> Any:
    """Fit the first forest: boilerplate, text, title."""
    classes = np.concatenate([s.document.classes for s in samples])
    return _fit(samples, [s.rows for s in samples], classes, 0)


def fit_context(samples: Sequence[Sample]) -> Any:
    """Fit the second forest: text or not."""
    text = np.concatenate([s.document.classes == 1 for s in samples]).astype(np.intp)
    return _fit(samples, [s.context for s in samples], text, 1)


def _fit(samples: Sequence[Sample], rows: Sequence[Any], classes: Any, stage: int) -> Any:
    """Fit a forest; long blocks labelled boilerplate that read like text to others count little.

    Such blocks are mostly passages that a page's ground truth has left out.
    """
    weight = np.concatenate([s.document.weight for s in samples])
    if stage:
        first = np.concatenate([s.first for s in samples if s.first is not None])[:, 1]
        long = np.concatenate([s.document.features.column("chars") for s in samples])
        doubtful = (first > CERTAIN) & (classes == 0) & (long > CERTAIN_CHARS)
        weight = weight * np.where(doubtful, 0.05, 1)
    known = weight > 0
    forest = CatBoostClassifier(
        iterations=TREES[stage],
        depth=DEPTH[stage],
        learning_rate=0.1,
        thread_count=1,
        random_seed=1,
        verbose=0,
        allow_writing_files=False,
        border_count=64,
        rsm=0.3,
        bootstrap_type="Bernoulli",
        subsample=0.7,
        l2_leaf_reg=LEAF_REGULARISATION[stage],
        loss_function="Logloss" if stage else "MultiClass",
    )
    return forest.fit(np.concatenate(rows)[known], classes[known], sample_weight=weight[known])


def cross_validate(samples: Sequence[Sample], target: Path) -> None:
    """Write the kept lines of every document, as models of other sites keep them."""
    with target.open("w", encoding="utf-8") as sink:
        for fold in range(FOLDS):
            forest = fit_context([s for s in samples if s.document.fold != fold])
            for sample in samples:
                document = sample.document
                if document.fold != fold or document.record["variant"] == "crop":
                    continue
                second = forest.predict_proba(sample.context)[:, 1].astype(np.float32)
                assert sample.first is not None  # noqa: S101
                text = (sample.first[:, 1] + second) / 2
                title = sample.first[:, 2]
                labelled = label(document.blocks, document.features, text, title)
                kept = {b.source_start for b in labelled if b.keep}
                keep = [
                    line
                    for line, block in zip(document.lines, document.blocks, strict=True)
                    if block.source_start in kept
                ]
                record = {
                    "id": document.record["id"],
                    "keep": keep,
                    "first": sample.first.tolist(),
                    "second": second.tolist(),
                }
                sink.write(json.dumps(record) + "\n")


def write_models(samples: Sequence[Sample]) -> None:
    """Fit on everything and write what the product loads."""
    documents = [s.document for s in samples]
    np.save(MODELS / "runs.npy", fit_evidence(documents))
    names = with_neighbours(documents[0].features)[0]
    first = forest_json(fit_blocks(samples), names, ("boilerplate", "text", "title"))
    (MODELS / "blocks.json").write_text(first, encoding="utf-8")
    second = forest_json(fit_context(samples), names + CONTEXT, ("boilerplate", "text"))
    (MODELS / "context.json").write_text(second, encoding="utf-8")


if __name__ == "__main__":
    main()
