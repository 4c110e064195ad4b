"""Train the block classifier of ``transforms.extract`` on labelled pages.

    python -m training.train_extract DATA                     # writes the model the product ships
    python -m training.train_extract DATA --cross-validate P  # predictions of pages held back, to P

DATA is a folder with ``extraction/pages.jsonl.gz`` and ``gold.jsonl.gz``. Folds are made of whole
sites. ``--without PREFIX`` leaves out the features of that name, for an ablation.
"""

import argparse
import gzip
import itertools
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from selectolax.lexbor import LexborHTMLParser

from training.extract_labels import label_blocks, mean_f1, score, tokens
from training.forest_export import forest_json
from transforms.extract.arrays import Floats
from transforms.extract.article import page_hints
from transforms.extract.columns import Columns, Layout
from transforms.extract.confidence import linear_logistic, page_summary
from transforms.extract.decode import choose_blocks, repeats
from transforms.extract.features import page_features
from transforms.extract.metadata import read_head
from transforms.extract.page import Page, read_page
from transforms.extract.stated import with_stated_text

MODEL = Path(__file__).parent.parent / "transforms" / "extract" / "blocks.json"
CONFIDENCE = MODEL.with_name("confidence.json")
FOLDS = 5
NEWS = ("scrapinghub", "fundus")
NEWS_WEIGHT = 2.0
MAX_SHARE = 0.5
WHOLE = 0.95
PER_BLOCK = (
    "texts", "boxes", "links", "bold", "italic", "link_count", "inline", "images_before",
)  # fmt: skip
SETTINGS = {
    "iterations": 350, "depth": 6, "learning_rate": 0.07, "l2_leaf_reg": 5, "rsm": 0.25,
    "border_count": 48, "random_seed": 0, "thread_count": 1, "verbose": 0,
    "allow_writing_files": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """One page: its blocks, features and labels.

    ``weight`` is each block's share of the text; ``bare`` are the features of the page without
    its article, as an example of a page that is none.
    """

    id: str
    site: str
    news: bool
    gold: str
    body: str
    texts: list[str]
    bare: tuple[Columns, Layout] | None
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
                bare = without_article(page, labels)
                yield Sample(
                    id=row["id"],
                    site=truth["site"],
                    news=truth["source"] in NEWS,
                    gold=truth["text"],
                    body=hints.body,
                    texts=page.texts,
                    bare=page_features(bare, hints) if bare else None,
                    names=columns.names,
                    rows=columns.matrix(),
                    layout=layout,
                    labels=labels,
                    weight=_shares(words, labels),
                )


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


def without_article(page: Page, labels: list[bool]) -> Page | None:
    """Return the page without the smallest element around its gold text; None if that is all."""
    sizes = [len(text) * kept for text, kept in zip(page.texts, labels, strict=True)]
    held = np.concatenate(([0], np.cumsum(sizes)))
    first, last = np.asarray(page.first), np.asarray(page.last)
    whole = np.flatnonzero(held[last] - held[first] >= WHOLE * held[-1])
    at = int(whole[np.argmin((last - first)[whole])])
    stays = np.ones(len(page.texts), bool)
    stays[first[at] : last[at]] = False
    before = np.concatenate(([0], np.cumsum(stays)))
    kept = np.flatnonzero(stays).tolist()
    if not kept:
        return None
    lists: dict[str, Any] = {name: [getattr(page, name)[n] for n in kept] for name in PER_BLOCK}
    return replace(page, first=before[first].tolist(), last=before[last].tolist(), **lists)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Probabilities of models that saw no page of the site, and summaries of the bare pages."""

    probability: dict[str, Floats]
    bare: list[list[float]]


def held_back(samples: list[Sample], columns: list[int]) -> HeldBack:
    """Predict each page by a model that was trained on the other folds."""
    found: dict[str, Floats] = {}
    bare: list[list[float]] = []
    for fold in range(FOLDS):
        model = fit([sample for sample in samples if sample.fold != fold], columns)
        for sample in samples:
            if sample.fold == fold:
                seen = model.predict_proba(sample.rows[:, columns])[:, 1]
                found[sample.id] = with_stated_text(seen, sample.texts, sample.body)
                if sample.bare is not None:
                    features, layout = sample.bare
                    seen = model.predict_proba(features.matrix()[:, columns])[:, 1]
                    bare.append(page_summary(seen, layout))
    return HeldBack(found, bare)


def text_of(sample: Sample, probability: Floats) -> str:
    """Return the article's text that the probabilities lead to."""
    keep, _ = choose_blocks(probability, sample.layout.weight)
    again = repeats(sample.texts, keep.tolist())
    return "\n\n".join(
        text for number, text in enumerate(sample.texts) if keep[number] and number not in again
    )


def logistic(rows: Floats, truth: Floats) -> list[float]:
    """Return bias and slopes of the logistic map fitted to ``truth`` by its cross entropy."""
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    scaled = np.column_stack([np.ones(len(rows)), (rows - mean) / spread])
    weights = np.zeros(scaled.shape[1])
    for _ in range(20_000):
        expected = 1 / (1 + np.exp(-scaled @ weights))
        weights -= 0.5 * (scaled.T @ (expected - truth) / len(truth) + 1e-4 * weights)
    slopes = weights[1:] / spread
    return [round(float(value), 5) for value in (weights[0] - slopes @ mean, *slopes)]


def fit_confidence(samples: list[Sample], found: HeldBack) -> str:
    """Return the JSON of two maps from a page's summary, made from held-back pages alone.

    ``quality`` gives the F1 to expect of the text, ``article`` the probability that the page is
    an article and not what is left of one when its article is taken out.
    """
    probability = found.probability
    rows = np.asarray([page_summary(probability[s.id], s.layout) for s in samples])
    truth = np.asarray([score(s.gold, text_of(s, probability[s.id])).f1 for s in samples])
    quality = logistic(rows, truth)
    both = np.concatenate([rows, np.asarray(found.bare)])
    article = logistic(both, np.repeat([1.0, 0.0], [len(rows), len(found.bare)]))
    print("  confidence: pages, F1 said, F1 found")
    said = np.asarray([linear_logistic(quality, list(row)) for row in rows])
    for low, high in itertools.pairwise((0, 0.7, 0.85, 0.92, 0.96, 1.01)):
        chosen = (said >= low) & (said < high)
        if chosen.any():
            print(f"  {chosen.sum():4} {said[chosen].mean():.3f} {truth[chosen].mean():.3f}")
    likely = np.asarray([linear_logistic(article, list(row)) for row in both])
    for cut in (0.02, 0.05, 0.1, 0.2, 0.5):
        under = likely < cut
        lost, caught = under[: len(rows)].mean(), under[len(rows) :].mean()
        print(f"  below {cut}: {lost:.3f} of the articles, {caught:.3f} of the bare pages")
    return json.dumps({"quality": quality, "article": article}) + "\n"


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
                row = {"id": sample.id, "text": text_of(sample, found.probability[sample.id])}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        for name, news in (("news", True), ("other", False)):
            part = [s for s in samples if s.news == news]
            scores = [score(s.gold, text_of(s, found.probability[s.id])) for s in part]
            print(f"{name}: {len(scores)} pages, F1 {mean_f1(scores):.4f}")
        if not options.without:
            CONFIDENCE.write_text(fit_confidence(samples, found), encoding="utf-8")
        return
    model = fit(samples, columns)
    MODEL.write_text(forest_json(model, names, ("remove", "keep")), encoding="utf-8")


if __name__ == "__main__":
    main()
