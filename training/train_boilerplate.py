"""Train the models of ``transforms.boilerplate`` on plain-text pages labelled line by line.

``python -m training.train_boilerplate DATA`` writes the models; ``--cross-validate`` scores them
on sites they were not trained on instead. DATA has ``extraction/lines*.jsonl.gz``.
"""

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from training.forest_export import forest_json
from transforms.boilerplate import features as ft
from transforms.boilerplate.hashing import HashIndex
from transforms.boilerplate.layout import Ints, Layout, lay_out

FOLDS = 5
MODELS = Path(__file__).parents[1] / "transforms" / "boilerplate" / "models"
MIN_SITES = 4
TREES = (120, 120)
CERTAIN = 0.97


@dataclass(frozen=True, eq=False)
class Document:
    """One labelled document: its blocks, and per block label, weight and line number."""

    name: str
    site: str
    layout: Layout
    features: ft.Features
    words: Any
    lines: Ints
    body: Ints
    weight: ft.Floats


def main() -> None:
    """Train, and write or score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    arguments = parser.parse_args()
    documents = list(read(arguments.data / "extraction"))
    train(documents)


def read(folder: Path) -> Iterable[Document]:
    """Yield every labelled document as it is and once more without its blank lines."""
    for path in sorted(folder.glob("lines*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for record in map(json.loads, file):
                yield document(record, blanks=True)
                if record["variant"] == "container":
                    yield document(record, blanks=False)


def document(record: dict[str, Any], *, blanks: bool) -> Document:
    """Turn a labelled record into blocks with features."""
    texts, gaps, lines, labels, gap = [], [], [], [], 1
    for number, (line, label) in enumerate(zip(record["lines"], record["labels"], strict=True)):
        text = line.strip()
        if not text:
            gap += 1
            continue
        texts.append(text)
        gaps.append(min(gap, 3) if blanks else 1)
        lines.append(number)
        labels.append(label)
        gap = 1
    layout = lay_out(texts)
    chars = np.array([len(text) for text in texts])
    known = np.array([label not in "M-" for label in labels])
    share = (0.7 if blanks else 0.3) if record["variant"] == "container" else 0.4
    return Document(
        record["id"] if blanks else "",
        record["site"],
        layout,
        ft.base_features(layout, np.array(gaps), None),
        layout.phrases(1)[0],
        np.array(lines),
        np.array([label == "B" for label in labels]).astype(np.intp),
        (known * share * np.sqrt(np.minimum(chars, 600) / 100 + 0.3)).astype(np.float32),
    )


def fold_of(site: str) -> int:
    """Return the fold of a site, the same in every run."""
    return int(hashlib.sha256(site.encode()).hexdigest(), 16) % FOLDS


def fit_evidence(documents: Sequence[Document]) -> tuple[dict[int, int], ft.Floats]:
    """Fit one linear model over words for short and one for long blocks."""
    words = np.concatenate([d.words for d in documents])
    offsets = np.cumsum([0, *(d.layout.size for d in documents)])
    rows = np.concatenate(
        [d.layout.word_line + o for d, o in zip(documents, offsets, strict=False)]
    )
    site_numbers = {site: i for i, site in enumerate(sorted({d.site for d in documents}))}
    sites = np.concatenate([np.full(len(d.words), site_numbers[d.site]) for d in documents])
    keys, ids = np.unique(words, return_inverse=True)
    seen = np.unique(np.stack([ids, sites], axis=1), axis=0)
    kept = np.flatnonzero(np.bincount(seen[:, 0], minlength=len(keys)) >= MIN_SITES)
    column = np.full(len(keys), -1)
    column[kept] = np.arange(len(kept))
    used = column[ids] >= 0
    shape = (int(offsets[-1]), len(kept))
    counts = csr_matrix((np.ones(used.sum()), (rows[used], column[ids][used])), shape=shape)
    length = np.concatenate([d.layout.word_counts for d in documents])
    body = np.concatenate([d.body for d in documents])
    known = np.concatenate([d.weight for d in documents]) > 0
    weights = np.zeros((len(kept) + 1, 2), np.float32)
    for side, chosen in enumerate((length <= ft.PROSE_WORDS, length > ft.PROSE_WORDS)):
        picked = np.flatnonzero(chosen & known)
        model = LogisticRegression(C=(0.1, 0.03)[side], solver="liblinear", random_state=0)
        model.fit(counts[picked], body[picked])
        weights[:-1, side] = model.coef_[0]
    return dict(zip(keys[kept].tolist(), range(len(kept)), strict=True)), np.round(weights, 3)


def as_evidence(fitted: tuple[dict[int, int], ft.Floats]) -> ft.Evidence:
    """Make the fitted words usable by the features."""
    return ft.Evidence(HashIndex(fitted[0]), fitted[1])


def rows_of(document: Document, evidence: ft.Evidence) -> ft.Floats:
    """Return the rows a first model sees."""
    rows = document.features.rows.copy()
    at = document.features.names.index("evidence")
    rows[:, at : at + 2] = ft._word_evidence(document.layout, document.words, evidence)
    return ft.with_neighbours(replace(document.features, rows=rows))[1]


def fit_forest(
    rows: Sequence[ft.Floats],
    documents: Sequence[Document],
    trees: int,
    certain: Sequence[ft.Floats] | None = None,
) -> Any:
    """Fit a forest; long blocks that a model of other sites is certain to be text count little."""
    weight = np.concatenate([d.weight for d in documents])
    body = np.concatenate([d.body for d in documents])
    if certain is not None:
        weight = weight * np.where((np.concatenate(certain) > CERTAIN) & (body == 0), 0.1, 1)
    picked = weight > 0
    model = CatBoostClassifier(
        iterations=trees,
        depth=6,
        learning_rate=0.1,
        thread_count=1,
        random_seed=1,
        verbose=0,
        allow_writing_files=False,
        border_count=64,
        rsm=0.3,
        bootstrap_type="Bernoulli",
        subsample=0.7,
        l2_leaf_reg=5,
    )
    model.fit(np.concatenate(rows)[picked], body[picked], sample_weight=weight[picked])
    return model


def probabilities(model: Any, rows: ft.Floats) -> ft.Floats:
    """Return the probability that each block is text."""
    return model.predict_proba(rows)[:, 1].astype(np.float32)


def train(documents: Sequence[Document]) -> None:
    """Fit all models and write them."""
    rows: dict[int, ft.Floats] = {}
    first: dict[int, ft.Floats] = {}
    for fold in range(FOLDS):
        inside = [d for d in documents if fold_of(d.site) != fold]
        evidence = as_evidence(fit_evidence(inside))
        for d in documents:
            if fold_of(d.site) == fold:
                rows[id(d)] = rows_of(d, evidence)
    for fold in range(FOLDS):
        inside = [d for d in documents if fold_of(d.site) != fold]
        model = fit_forest([rows[id(d)] for d in inside], inside, TREES[0])
        for d in documents:
            if fold_of(d.site) == fold:
                first[id(d)] = probabilities(model, rows[id(d)])
    fitted = fit_evidence(documents)
    all_rows = [rows[id(d)] for d in documents]
    certain = [first[id(d)] for d in documents]
    blocks = fit_forest(all_rows, documents, TREES[0], certain)
    context_rows = [
        np.concatenate([r, ft.context_features(r, p)], axis=1)
        for r, p in zip(all_rows, certain, strict=True)
    ]
    context = fit_forest(context_rows, documents, TREES[1], certain)
    names = ft.with_neighbours(documents[0].features)[0]
    MODELS.mkdir(exist_ok=True)
    classes = ("boilerplate", "text")
    (MODELS / "blocks.json").write_text(forest_json(blocks, names, classes), encoding="utf-8")
    (MODELS / "context.json").write_text(
        forest_json(context, names + ft.CONTEXT, classes), encoding="utf-8"
    )
    words = {"hashes": [f"{key:x}" for key in fitted[0]], "weights": fitted[1][:-1].tolist()}
    text = json.dumps(words, separators=(",", ":"))
    (MODELS / "words.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
