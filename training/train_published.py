"""Fit the weights that arbitrate a publication date, cross-validated by site.

usage: python -m training.train_published DATA    (a folder laid out as the quality data)
"""

import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from selectolax.lexbor import LexborHTMLParser
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from transforms.model import Block, BlockKind, DateCandidate
from transforms.published.evidence import bounds, read_all
from transforms.published.features import NAMES, hypotheses, vector
from transforms.published.html import collect_html
from transforms.published.locale import country_of, locale_of
from transforms.published.tables import word_set
from transforms.published.text import collect_text
from transforms.published.zones import localise

TARGET = Path("transforms/published/weights.json")
FOLDS = 8
REGULARISATION = 0.6
WEIGHTS = {"fundus": 3.0, "fundus, extraction": 3.0, "twins": 2.0}
"""Pages of news with exact timestamps count three times, pages without a date twice."""


@dataclass(frozen=True, eq=False)
class Page:
    """One page's hypotheses: a row of features per day, and whether the day is right."""

    site: str
    part: str
    rows: NDArray[np.float64]
    right: NDArray[np.bool_]
    weight: float
    dated: bool


PRIOR = {
    "json-ld": 2.0,
    "json-ld:zoned": 3.0,
    "meta": 2.0,
    "microdata": 1.0,
    "url": 1.0,
    "modified:later": -2.0,
    "text:kind": 1.5,
    "text:dateline": 1.0,
}
"""What the weights are pulled to: typed statements on the article outweigh lines on the page, and
a day that is said to be one of change is none of publication where an earlier one is stated.

The last two stay as they are: the data has no labelled date lines and no datelines with a year.
"""

MAX_BIAS = -1.5
"""A day that nothing speaks for is less likely than that the page does not tell its date."""

FOR = word_set(
    "json-ld json-ld:zoned json-ld:page meta microdata time:published line:published line:near "
    "line:nearer line:first line:labelled place:own url url:month scan:labelled scan:first "
    "text:labelled text:first text:near text:kind text:dateline header families script "
    "noise:labelled noise:first local-day"
)
AGAINST = word_set(
    "line:wordy line:relative line:yearless line:listed line:linked line:footer line:far "
    "place:later scan:wordy url-against tied outranked modified:later utc-day noise:sole"
)
"""Weights that can only be of one sign: data this small must not turn evidence around."""

Answer = tuple[str, float, bool]
"""A page's part of the data, the likelihood of the day given, and whether that day is right."""


def site_of(url: str) -> str:
    """Return the last two labels of a URL's host, which stand for the site."""
    return ".".join(urlsplit(url).netloc.lower().split(".")[-2:])


def language_of(tree: LexborHTMLParser) -> str | None:
    """Return the language the page declares."""
    root = tree.css_first("html")
    return root.attributes.get("lang") if root is not None else None


def make_page(
    candidates: tuple[DateCandidate, ...],
    url: str,
    language: str | None,
    reference: datetime | None,
    gold: set[date],
    weight: float,
    part: str,
) -> Page:
    """Read the candidates as arbitration does and mark the right days."""
    locale = locale_of(candidates, url, language)
    limits = bounds(language, reference, None)
    evidence = localise(read_all(candidates, locale, reference, limits), country_of(locale))
    days = hypotheses(evidence)
    rows = np.array([vector(features) for features in days.values()]).reshape(-1, len(NAMES))
    right = np.array([day in gold for day in days], bool)
    return Page(site_of(url), part, rows, right, weight, bool(gold))


def without_evidence(
    candidates: tuple[DateCandidate, ...], gold: set[date], reference: datetime | None
) -> tuple[DateCandidate, ...]:
    """Return the candidates a page would have if nothing on it told its date."""
    first, last = min(gold) - timedelta(days=7), max(gold) + timedelta(days=30)
    evidence = read_all(candidates, None, reference, bounds(None, None, None))
    near = {
        item.candidate
        for item in evidence
        if item.parsed.day is not None and first <= item.parsed.day <= last
    }
    visible = ("html:lang", "line", "time:text", "abbr", "text", "scan")
    return tuple(c for c in candidates if c.source in visible and c not in near)


def date_pages(data: Path) -> Iterator[Page]:
    """Yield the pages of the dates set; the pages without a date come with it."""
    folder = data / "dates" / "published"
    for line in (folder / "pages.jsonl").read_text("utf-8").splitlines():
        page = json.loads(line)
        with gzip.open(folder / "html" / f"{page['id']}.html.gz", "rt", errors="replace") as file:
            html = file.read()
        gold = {date.fromisoformat(page["gold_day"])} if page["gold_day"] else set()
        if page["gold_utc"]:
            gold.add(datetime.fromisoformat(page["gold_utc"]).date())
        fetched = page["crawl_date"]
        reference = datetime.fromisoformat(fetched) if fetched else None
        part = ("fundus" if page["set"] == "fundus" else "htmldate") if gold else "twins"
        yield from _with_twin(html, page["url"], reference, gold, part)


def extraction_pages(data: Path) -> Iterator[Page]:
    """Yield the pages of the extraction set whose date is known."""
    folder = data / "extraction"
    with gzip.open(folder / "gold.jsonl.gz", "rt") as file:
        dates = {row["id"]: row for row in map(json.loads, file) if row.get("date")}
    with gzip.open(folder / "pages.jsonl.gz", "rt") as file:
        for page in map(json.loads, file):
            row = dates.get(page["id"])
            if row and row["source"] == "fundus":
                stated = datetime.fromisoformat(row["date"])
                yield from _with_twin(
                    page["html"], page["url"], None, {stated.date()}, "fundus, extraction"
                )


def text_pages(data: Path) -> Iterator[Page]:
    """Yield the plain-text forms of the extraction set's pages whose date is known."""
    folder = data / "extraction"
    with gzip.open(folder / "gold.jsonl.gz", "rt") as file:
        dates = {row["id"]: row for row in map(json.loads, file) if row.get("date")}
    with gzip.open(folder / "lines.jsonl.gz", "rt") as file:
        for document in map(json.loads, file):
            row = dates.get(document["page"])
            if row and row["source"] == "fundus":
                gold = {datetime.fromisoformat(row["date"]).date()}
                candidates = collect_text(_blocks(document["lines"], document["labels"]))
                language = document["lang"]
                shown = _shown(candidates, language, gold)
                yield make_page(candidates, row["url"], language, None, shown, 0.5, "text")


def _blocks(lines: list[str], labels: str) -> list[Block]:
    kinds = {"B": BlockKind.PARAGRAPH, "T": BlockKind.TITLE}
    return [
        Block(line.strip(), kinds.get(label, BlockKind.OTHER))
        for line, label in zip(lines, labels, strict=True)
        if line.strip()
    ]


def _shown(
    candidates: tuple[DateCandidate, ...], language: str | None, gold: set[date]
) -> set[date]:
    """Return the right days if a candidate states one: else the text does not tell its date."""
    evidence = read_all(candidates, language, None, bounds(language, None, None))
    return gold if any(item.parsed.day in gold for item in evidence) else set()


def _with_twin(
    html: str, url: str, reference: datetime | None, gold: set[date], part: str
) -> Iterator[Page]:
    tree = LexborHTMLParser(html)
    language = language_of(tree)
    candidates = collect_html(tree, url)
    yield make_page(candidates, url, language, reference, gold, WEIGHTS.get(part, 1.0), part)
    if gold:
        left = without_evidence(candidates, gold, reference)
        yield make_page(left, url, language, reference, set(), 1.0, "made twins")


def fit(pages: list[Page]) -> NDArray[np.float64]:
    """Return the weights, the bias last, of a conditional logit over each page's days and null."""
    kept = [page for page in pages if len(page.rows)]
    rows = np.concatenate([with_bias(page.rows) for page in kept])
    starts = np.cumsum([0, *(len(page.rows) for page in kept)])[:-1]
    right = np.concatenate([page.right for page in kept])
    shares = np.array([page.weight for page in kept])
    sizes = [len(page.rows) for page in kept]
    known = np.logical_or.reduceat(right, starts)
    prior = np.array([PRIOR.get(name, 0.0) for name in NAMES])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        exps = np.exp(rows @ weights)
        total = 1 + np.add.reduceat(exps, starts)
        good = np.where(known, np.add.reduceat(exps * right, starts), 1.0)
        likely = exps / np.repeat(total, sizes)
        wanted = exps * right / np.repeat(np.where(known, good, 1.0), sizes)
        gradient = rows.T @ ((likely - wanted) * np.repeat(shares, sizes))
        away = np.r_[weights[:-1] - prior, 0.0]
        penalty = REGULARISATION * away
        value = shares @ (np.log(total) - np.log(good)) + penalty @ away / 2
        return float(value), gradient + penalty

    start = np.zeros(rows.shape[1])
    limits = [*map(_limits, NAMES), (None, MAX_BIAS)]
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits).x)


def _limits(name: str) -> tuple[float | None, float | None]:
    return (0.0 if name in FOR else None, 0.0 if name in AGAINST else None)


def with_bias(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rows with a column of ones at the end."""
    return np.hstack([rows, np.ones((len(rows), 1))])


def likelihoods(rows: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the likelihood of each of a page's days."""
    exps = np.exp(with_bias(rows) @ weights)
    return np.asarray(exps / (1 + exps.sum()))


def cross_validate(pages: list[Page]) -> list[Answer]:
    """Return the answers for each page from weights fitted without its site."""
    groups = [page.site for page in pages]
    answers: list[Answer] = []
    for train, test in GroupKFold(FOLDS).split(pages, groups=groups):
        model = fit([pages[i] for i in train])
        for page in (pages[i] for i in test):
            if len(page.rows):
                likelihood = likelihoods(page.rows, model)
                best = int(likelihood.argmax())
                answers.append((page.part, float(likelihood[best]), bool(page.right[best])))
            else:
                answers.append((page.part, 0.0, False))
    return answers


def calibrate(answers: list[Answer]) -> tuple[float, float]:
    """Return slope and offset of the logistic map from likelihood to share of right answers."""
    likely = np.clip([p for part, p, _ in answers if part != "text" and p > 0.2], 1e-4, 1 - 1e-4)
    right = np.array([ok for part, p, ok in answers if part != "text" and p > 0.2])
    logits = np.log(likely / (1 - likely))
    model = LogisticRegression(C=100).fit(logits[:, None], right)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def apply(answers: list[Answer], slope: float, offset: float) -> list[Answer]:
    """Return the answers with the calibrated confidence in the place of the likelihood."""
    clipped = [(part, min(max(p, 1e-6), 1 - 1e-6), ok) for part, p, ok in answers]
    return [
        (part, float(1 / (1 + np.exp(-slope * np.log(p / (1 - p)) - offset))), ok)
        for part, p, ok in clipped
    ]


def report(answers: list[Answer]) -> None:
    """Print what the answers come to at several thresholds."""
    for floor in (0.4, 0.45, 0.5, 0.6):
        shown = []
        for part in sorted({part for part, _, _ in answers}):
            own = [(p, ok) for name, p, ok in answers if name == part]
            twins = "twins" in part
            good = np.mean([p >= floor and (ok or twins) for p, ok in own])
            shown.append(f"{part}: {'invented' if twins else 'day right'} {good:.3f} of {len(own)}")
        print(f"floor {floor}:", "; ".join(shown))
    for low in (0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4):
        oks = [ok for part, p, ok in answers if p >= low and part != "made twins"]
        print(f"confidence >= {low}: {len(oks)} pages, precision {np.mean(oks):.3f}")


def main(data: Path) -> None:
    """Train, print the cross-validated figures and write the weights."""
    sets = {"dates": list(date_pages(data)), "extraction": list(extraction_pages(data))}
    sets["text"] = list(text_pages(data))
    pages = [page for part in sets.values() for page in part]
    answers = cross_validate(pages)
    slope, offset = calibrate(answers)
    report(apply(answers, slope, offset))
    model = fit(pages)
    weights = dict(zip(NAMES, (round(float(w), 3) for w in model), strict=False))
    written = {
        "bias": round(float(model[-1]), 3),
        "calibration": [round(slope, 3), round(offset, 3)],
        "weights": weights,
    }
    TARGET.write_text(json.dumps(written, indent=1) + "\n")
    print(TARGET.read_text())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
