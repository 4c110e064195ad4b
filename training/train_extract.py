"""Train the block classifier of ``transforms.extract`` on labelled pages.

    python -m training.train_extract DATA                     # writes the model the product ships
    python -m training.train_extract DATA --cross-validate P  # predictions of pages held back, to P

DATA is a folder with ``extraction/pages.jsonl.gz`` and ``gold.jsonl.gz``. Folds are made of whole
sites. ``--without PREFIX`` leaves out the features of that name, for an ablation.
"""

import argparse
import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from selectolax.lexbor import LexborHTMLParser

from training.extract_labels import label_blocks, mean_f1, score, tokens
from training.forest_export import forest_json
from transforms.extract.arrays import Floats
from transforms.extract.article import page_hints
from transforms.extract.confidence import page_summary
from transforms.extract.decode import choose_blocks, repeats
from transforms.extract.features import Layout, page_features
from transforms.extract.metadata import read_head
from transforms.extract.page import read_page

MODEL = Path(__file__).parent.parent / "transforms" / "extract" / "blocks.json"
CONFIDENCE = MODEL.with_name("confidence.json")
FOLDS = 5
NEWS = ("scrapinghub", "fundus")
NEWS_WEIGHT = 2.0
MAX_SHARE = 0.5
SETTINGS = {
    "iterations": 350, "depth": 6, "learning_rate": 0.07, "l2_leaf_reg": 5, "rsm": 0.25,
    "border_count": 48, "random_seed": 0, "thread_count": 1, "verbose": 0,
    "allow_writing_files": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """One page: its blocks, features and labels. ``weight`` is each block's share of the text."""

    id: str
    site: str
    news: bool
    gold: str
    texts: list[str]
    names: list[str]
    rows: Floats
    layout: Layout
    labels: list[bool]
    weight: Floats

    @property
    def fold(self) -> int:
        """The fold of the page's site, the same in every run."""
        return zlib.crc32(self.site.encode()) % FOLDS


def read_samples(data: Path) -> Iterator[Sample]:
    """Yield the labelled pages under ``data`` that show any text."""
    folder = data / "extraction"
    with gzip.open(folder / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        gold = {row["id"]: row for row in map(json.loads, lines)}
    with gzip.open(folder / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            tree = LexborHTMLParser(row["html"])
            page = read_page(tree.root) if tree.root is not None else None
            if page is not None and page.texts:
                hints = page_hints(read_head(tree, row.get("url")))
                columns, layout = page_features(page, hints)
                words = [tokens(text) for text in page.texts]
                truth = gold[row["id"]]
                labels = label_blocks(words, tokens(truth["text"]))
                yield Sample(
                    row["id"], truth["site"], truth["source"] in NEWS, truth["text"], page.texts,
                    columns.names, columns.matrix(), layout, labels, _shares(words, labels),
                )  # fmt: skip


def _shares(words: list[list[str]], labels: list[bool]) -> Floats:
    """Return how much of a page's score hangs on each block."""
    sizes = np.asarray([len(block) for block in words], np.float32)
    whole = max(float(sizes[np.asarray(labels)].sum()), 30.0) + 30
    return np.minimum((sizes + 1.5) / whole, MAX_SHARE).astype(np.float32)


def fit(samples: list[Sample], columns: list[int]) -> Any:
    """Fit the classifier on the pages given, on some of their features."""
    rows = np.concatenate([sample.rows[:, columns] for sample in samples])
    labels = np.concatenate([sample.labels for sample in samples])
    weight = np.concatenate(
        [sample.weight * (NEWS_WEIGHT if sample.news else 1) for sample in samples]
    )
    model = CatBoostClassifier(**SETTINGS)
    model.fit(rows, labels.astype(int), sample_weight=weight * len(weight) / weight.sum())
    return model


def held_back(samples: list[Sample], columns: list[int]) -> dict[str, Floats]:
    """Return for each page the probabilities of a model that saw no page of its site."""
    found = {}
    for fold in range(FOLDS):
        model = fit([sample for sample in samples if sample.fold != fold], columns)
        for sample in samples:
            if sample.fold == fold:
                found[sample.id] = model.predict_proba(sample.rows[:, columns])[:, 1]
    return found


def text_of(sample: Sample, probability: Floats) -> str:
    """Return the article's text that the probabilities lead to."""
    keep, _ = choose_blocks(probability, sample.layout.weight)
    again = repeats(sample.texts, keep.tolist())
    return "\n\n".join(
        text for number, text in enumerate(sample.texts) if keep[number] and number not in again
    )


def fit_confidence(samples: list[Sample], found: dict[str, Floats]) -> str:
    """Return the JSON of the map from a page's summary to the F1 to expect, on held-back pages.

    The map is linear in the logit of the F1 and fitted by gradient descent on the cross entropy.
    """
    rows = np.asarray([page_summary(found[s.id], s.layout) for s in samples], np.float64)
    truth = np.asarray([score(s.gold, text_of(s, found[s.id])).f1 for s in samples])
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    scaled = np.column_stack([np.ones(len(rows)), (rows - mean) / spread])
    weights = np.zeros(scaled.shape[1])
    for _ in range(20_000):
        expected = 1 / (1 + np.exp(-scaled @ weights))
        weights -= 0.5 * (scaled.T @ (expected - truth) / len(truth) + 1e-4 * weights)
    slopes = weights[1:] / spread
    bias = weights[0] - float(slopes @ mean)
    values = [round(float(value), 5) for value in (bias, *slopes)]
    expected = 1 / (1 + np.exp(-scaled @ weights))
    for low, high in ((0, 0.7), (0.7, 0.85), (0.85, 0.92), (0.92, 0.96), (0.96, 1.01)):
        chosen = (expected >= low) & (expected < high)
        if chosen.any():
            said, was = expected[chosen].mean(), truth[chosen].mean()
            print(f"confidence {low:.2f}-{high:.2f}: {chosen.sum()} pages, {said:.3f} / {was:.3f}")
    return json.dumps({"weights": values}) + "\n"


def main() -> None:
    """Train, or cross-validate, as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cross-validate", type=Path)
    parser.add_argument("--without", action="append", default=[])
    options = parser.parse_args()
    samples = list(read_samples(options.data))
    names = samples[0].names
    columns = [i for i, name in enumerate(names) if not name.startswith(tuple(options.without))]
    if options.cross_validate:
        found = held_back(samples, columns)
        with options.cross_validate.open("w", encoding="utf-8") as out:
            for sample in samples:
                row = {"id": sample.id, "text": text_of(sample, found[sample.id])}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        for name, news in (("news", True), ("other", False)):
            scores = [score(s.gold, text_of(s, found[s.id])) for s in samples if s.news == news]
            print(f"{name}: {len(scores)} pages, F1 {mean_f1(scores):.4f}")
        if not options.without:
            CONFIDENCE.write_text(fit_confidence(samples, found), encoding="utf-8")
        return
    model = fit(samples, columns)
    MODEL.write_text(forest_json(model, names, ("remove", "keep")), encoding="utf-8")


if __name__ == "__main__":
    main()
