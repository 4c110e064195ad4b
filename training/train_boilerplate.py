"""Train the models of ``transforms.boilerplate`` on plain-text pages labelled line by line.

``python -m training.train_boilerplate DATA`` writes the models. With ``--cross-validate FILE`` it
also writes which lines the product keeps when its models have seen none of a page's site, in
the form that the scorer of DATA reads. DATA has ``extraction/lines*.jsonl.gz``, labelled by people,
and ``dates/published``, pages of further sites that ``transforms.extract`` labels.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from training.boilerplate_data import FOLDS, Document, read
from training.forest_export import forest_json
from transforms.boilerplate.context import with_neighbours
from transforms.boilerplate.evidence import BITS, SCALE, SHORT_WORDS, evidence
from transforms.boilerplate.layout import Floats
from transforms.boilerplate.model import TEXT, TITLE
from transforms.boilerplate.stripping import label

MODELS = Path(__file__).parents[1] / "transforms" / "boilerplate" / "models"
CLASSES = ("boilerplate", "text", "title")
MIN_SITES = 3
REGULARISATION = (0.02, 0.002)

Samples = Sequence[tuple[Document, Floats]]


def main() -> None:
    """Train, and write models and predictions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cross-validate", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    documents = list(read(arguments.data))
    samples = described(documents)
    np.save(MODELS / "runs.npy", fit_evidence(documents))
    names = with_neighbours(documents[0].features)[0]
    forest = forest_json(fit_forest(samples), names, CLASSES)
    (MODELS / "blocks.json").write_text(forest, encoding="utf-8")
    if arguments.cross_validate:
        cross_validate(samples, arguments.cross_validate)


def described(documents: Sequence[Document]) -> list[tuple[Document, Floats]]:
    """Return every document with its rows; their evidence was learned from other sites."""
    samples = []
    for fold in range(FOLDS):
        weights = fit_evidence([d for d in documents if d.fold != fold])
        samples += [(d, rows_of(d, weights)) for d in documents if d.fold == fold]
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


def fit_forest(samples: Samples) -> Any:
    """Fit the forest that tells boilerplate, text and title apart."""
    classes = np.concatenate([document.classes for document, _ in samples])
    weight = np.concatenate([document.weight for document, _ in samples])
    known = weight > 0
    forest = CatBoostClassifier(
        iterations=220,
        depth=6,
        learning_rate=0.1,
        thread_count=1,
        random_seed=1,
        verbose=0,
        allow_writing_files=False,
        border_count=64,
        rsm=0.15,
        bootstrap_type="Bernoulli",
        subsample=0.7,
        l2_leaf_reg=5,
        loss_function="MultiClass",
    )
    rows = np.concatenate([rows for _, rows in samples])
    return forest.fit(rows[known], classes[known], sample_weight=weight[known])


def cross_validate(samples: Samples, target: Path) -> None:
    """Write the kept lines of every document, as models of other sites keep them."""
    with target.open("w", encoding="utf-8") as sink:
        for fold in range(FOLDS):
            forest = fit_forest([sample for sample in samples if sample[0].fold != fold])
            for document, rows in samples:
                if document.fold == fold and _is_scored(document):
                    likely = forest.predict_proba(rows).astype(np.float32)
                    sink.write(json.dumps(_prediction(document, likely)) + "\n")


def _is_scored(document: Document) -> bool:
    return document.record["variant"] != "crop" and "distilled" not in document.record


def _prediction(document: Document, likely: Floats) -> dict[str, Any]:
    labelled = label(document.blocks, document.features, likely[:, TEXT], likely[:, TITLE])
    kept = {block.source_start for block in labelled if block.keep}
    lines = zip(document.lines, document.blocks, strict=True)
    keep = [line for line, block in lines if block.source_start in kept]
    return {"id": document.record["id"], "keep": keep}


if __name__ == "__main__":
    main()
