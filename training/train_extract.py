"""Train the block classifier of ``transforms.extract`` on labelled pages.

    python -m training.train_extract DATA                     # writes the models the product ships
    python -m training.train_extract DATA --cross-validate P  # predictions of pages held back, to P

DATA is a folder with ``extraction/pages.jsonl.gz`` and ``gold.jsonl.gz``. Folds are made of whole
sites. ``--without PREFIX`` leaves out the features of that name, for an ablation.
"""

import argparse
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier

from training.extract_ablation import (
    GROUPS,
    group_of,
    plain_text,
    print_ablation,
    silenced,
    typical,
)
from training.extract_labels import mean_f1, score
from training.extract_network import fit_network
from training.extract_samples import FOLDS, Made, Sample, read_samples
from training.forest_export import forest_json
from transforms.extract.arrays import Floats
from transforms.extract.columns import Layout
from transforms.extract.confidence import linear_logistic, page_summary
from transforms.extract.decode import choose_blocks, repeats
from transforms.extract.features import NEVER_TEXT
from transforms.extract.following import next_article
from transforms.extract.model import joined
from transforms.extract.network import Network, from_json
from transforms.extract.stated import with_stated_text

MODEL = Path(__file__).parent.parent / "transforms" / "extract" / "blocks.json"
NETWORK = MODEL.with_name("network.json")
CONFIDENCE = MODEL.with_name("confidence.json")
NEWS_WEIGHT = 2.0
CUTS = (0.05, 0.1, 0.12, 0.14, 0.15, 0.16, 0.17, 0.18, 0.2, 0.22, 0.25, 0.3, 0.5)
SETTINGS = {
    "iterations": 350, "depth": 6, "learning_rate": 0.07, "l2_leaf_reg": 5, "rsm": 0.25,
    "border_count": 48, "random_seed": 0, "thread_count": 1, "verbose": 0,
    "allow_writing_files": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Models:
    """A forest, and a network with its JSON, that judge blocks together."""

    forest: Any
    stored: str
    network: Network

    def probability(self, rows: Floats, layout: Layout) -> Floats:
        """Return the probability that each block is text, as ``keep_probability`` does."""
        odds = self.forest.predict(rows, prediction_type="RawFormulaVal").astype(np.float32)
        both = joined(odds, self.network, rows, layout)
        return (1 / (1 + np.exp(-both))).astype(np.float32)


def fit(samples: list[Sample], columns: list[int]) -> Models:
    """Fit both models on the pages given, on some of their features."""
    stored = fit_network(samples, columns, NEWS_WEIGHT)
    return Models(fit_forest(samples, columns), stored, from_json(stored))


def fit_forest(samples: list[Sample], columns: list[int]) -> Any:
    """Fit the forest: of ``NEVER_TEXT``, a greater value may only raise the probability."""
    names = samples[0].names
    rising = [int(names[column] in NEVER_TEXT) for column in columns]
    rows = np.concatenate([sample.rows[sample.chosen][:, columns] for sample in samples])
    labels = np.concatenate([np.asarray(sample.labels)[sample.chosen] for sample in samples])
    weight = np.concatenate(
        [sample.weight[sample.chosen] * (NEWS_WEIGHT if sample.news else 1) for sample in samples]
    )
    model = CatBoostClassifier(**SETTINGS, monotone_constraints=rising)
    model.fit(rows, labels.astype(int), sample_weight=weight * len(weight) / weight.sum())
    return model


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What models that saw no page of the site say.

    The probabilities of each page's blocks; those before the page's own statement of its text is
    heard and those with a group of features silenced, of news pages; and the summaries of all
    pages, of the briefs made from them and of what is no article: bare pages and lists.
    """

    probability: dict[str, Floats]
    stated_apart: dict[str, Floats]
    silenced: dict[str, dict[str, Floats]]
    pages: list[list[float]]
    briefs: list[list[float]]
    bare: list[list[float]]
    lists: list[list[float]]


def held_back(samples: list[Sample], columns: list[int]) -> HeldBack:
    """Predict each page by a model that was trained on the other folds."""
    found = HeldBack({}, {}, {group: {} for group in GROUPS}, [], [], [], [])
    names = samples[0].names
    groups = {group: group_of([names[column] for column in columns], group) for group in GROUPS}
    for fold in range(FOLDS):
        known = [sample for sample in samples if sample.fold != fold]
        model = fit(known, columns)
        usual = typical(sample.rows[:, columns] for sample in known)
        for sample in samples:
            if sample.fold == fold:
                rows = sample.rows[:, columns]
                raw = model.probability(rows, sample.layout)
                seen = with_stated_text(raw, sample.page.texts, sample.hints.body)
                found.probability[sample.id] = seen
                if sample.news:
                    found.stated_apart[sample.id] = raw
                    for group, chosen in groups.items():
                        quiet = silenced(rows, chosen, usual)
                        found.silenced[group][sample.id] = model.probability(quiet, sample.layout)
                named = dict(zip(sample.names, sample.rows.T, strict=True))
                found.pages.append(page_summary(seen, sample.layout, named))
                for made, summaries in (
                    (sample.briefs, found.briefs),
                    (sample.bare, found.bare),
                    (sample.lists, found.lists),
                ):
                    summaries += [_summary(model, features, columns) for features in made]
    return found


def _summary(model: Models, made: Made, columns: list[int]) -> list[float]:
    features, layout = made
    rows = features.matrix()
    named = dict(zip(features.names, rows.T, strict=True))
    return page_summary(model.probability(rows[:, columns], layout), layout, named)


def text_of(sample: Sample, probability: Floats) -> str:
    """Return the article's text that the probabilities lead to."""
    keep, _ = choose_blocks(probability, sample.layout.weight)
    keep[next_article(sample.page, keep, sample.hints.title) :] = False
    texts = sample.page.texts
    again = repeats(texts, keep.tolist())
    return "\n\n".join(
        text for number, text in enumerate(texts) if keep[number] and number not in again
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


def ablation(samples: list[Sample], found: HeldBack) -> None:
    """Print what each idea adds on the news pages, without the page's statement of its text."""
    by_id = {sample.id: sample for sample in samples if sample.news}
    raw = found.stated_apart
    ways: dict[str, Callable[[str], str]] = {
        "everything": lambda i: text_of(by_id[i], found.probability[i]),
        "articleBody not heard": lambda i: text_of(by_id[i], raw[i]),
        "– no cut at a second article": lambda i: plain_text(
            by_id[i].page.texts, raw[i], weight=by_id[i].layout.weight
        ),
        "– cut at one half": lambda i: plain_text(by_id[i].page.texts, raw[i], weight=None),
    }
    for group, probability in found.silenced.items():
        ways[f"– no {group}"] = partial(_text_by, by_id, probability)
    print("  ablation, news pages held back")
    print_ablation({i: sample.gold for i, sample in by_id.items()}, ways)


def _text_by(by_id: dict[str, Sample], probability: dict[str, Floats], page: str) -> str:
    return text_of(by_id[page], probability[page])


def fit_confidence(samples: list[Sample], found: HeldBack) -> str:
    """Return the JSON of two maps from a page's summary, made from held-back pages alone.

    ``quality`` gives the F1 to expect of the text, ``article`` the probability that the page is
    an article and neither what is left of one when its article is taken out nor a list.
    """
    by_id = {sample.id: sample for sample in samples}
    texts = {i: text_of(by_id[i], seen) for i, seen in found.probability.items()}
    rows = np.asarray(found.pages)
    truth = np.asarray([score(by_id[i].gold, text).f1 for i, text in texts.items()])
    quality = logistic(rows, truth)
    groups = [rows, *map(np.asarray, (found.briefs, found.bare, found.lists))]
    both = np.concatenate(groups)
    sizes = [len(group) for group in groups]
    article = logistic(both, np.repeat([1.0, 1.0, 0.0, 0.0], sizes))
    print("  confidence: pages, F1 said, F1 found")
    said = np.asarray([linear_logistic(quality, list(row)) for row in rows])
    for low, high in itertools.pairwise((0, 0.7, 0.85, 0.92, 0.96, 1.01)):
        chosen = (said >= low) & (said < high)
        if chosen.any():
            print(f"  {chosen.sum():4} {said[chosen].mean():.3f} {truth[chosen].mean():.3f}")
    squares = [4 * linear_logistic(quality, list(row)) ** 2 for row in both]
    likely = np.asarray([linear_logistic(article, list(row)) for row in both])
    for name, values in (("article", likely), ("with confidence", np.minimum(likely, squares))):
        for cut in CUTS:
            under = np.split(values < cut, np.cumsum(sizes)[:-1])
            shares = " ".join(f"{part.mean():.3f}" for part in under)
            print(f"  {name} below {cut}: {shares} of articles, briefs, bare pages, lists")
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
        ablation(samples, found)
        if not options.without:
            CONFIDENCE.write_text(fit_confidence(samples, found), encoding="utf-8")
        return
    model = fit(samples, columns)
    MODEL.write_text(forest_json(model.forest, names, ("remove", "keep")), encoding="utf-8")
    NETWORK.write_text(model.stored, encoding="utf-8")


if __name__ == "__main__":
    main()
