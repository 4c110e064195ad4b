"""Figures that grow batch by batch, in memory that does not grow with the number of rows."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SAMPLES = 20
EXTREMES = 5
SAMPLES_PER_REASON = 3
BINS = 10
MAX_TEXT = 1200
MAX_BLOCKS = 15
MAX_BLOCK_TEXT = 240

Row = dict[str, Any]


@dataclass(slots=True)
class Smallest:
    """The ``size`` rows with the smallest keys; with ids as keys, which are digests, a sample.

    That sample depends on the rows alone, not on the files they stand in or their order.
    """

    size: int
    rows: list[tuple[Any, Row]] = field(default_factory=list)

    def offer(self, keyed: Iterable[tuple[Any, int]], batch: pa.RecordBatch) -> None:
        """Take in the rows of ``batch`` at the given places that belong here."""
        for key, place in heapq.nsmallest(self.size, keyed):
            if len(self.rows) < self.size or key < self.rows[-1][0]:
                self.rows.append((key, cut(batch.slice(place, 1).to_pylist()[0])))
                self.rows.sort(key=lambda item: item[0])
                del self.rows[self.size :]

    def __iter__(self) -> Iterator[Row]:
        return (row for _, row in self.rows)


def cut(row: Row) -> Row:
    """Return the row with its long fields cut to what is shown."""
    if "text" not in row:
        return row
    blocks = row["removed_blocks"] or []
    shown = [{**block, "text": (block["text"] or "")[:MAX_BLOCK_TEXT]} for block in blocks]
    return {
        **row,
        "text": row["text"][:MAX_TEXT],
        "length": len(row["text"]),
        "removed_blocks": shown[:MAX_BLOCKS],
        "removed_count": len(blocks),
    }


@dataclass(slots=True)
class Articles:
    """Figures of the table ``articles``.

    Counters count articles, ``removed`` blocks and ``removed_characters`` characters; those of
    shares and confidences have tenths (0 to 9) as keys. A key of None stands for unknown.
    """

    rows: int = 0
    mixed: int = 0
    characters: int = 0
    languages: Counter[str | None] = field(default_factory=Counter)
    foreign: Counter[str | None] = field(default_factory=Counter)
    precisions: Counter[str | None] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    published_confidence: Counter[int] = field(default_factory=Counter)
    extraction_confidence: Counter[int] = field(default_factory=Counter)
    removed_share: Counter[int] = field(default_factory=Counter)
    removed: Counter[str | None] = field(default_factory=Counter)
    removed_characters: Counter[str | None] = field(default_factory=Counter)
    domains: Counter[str | None] = field(default_factory=Counter)
    ingested: tuple[datetime, datetime] | None = None
    sample: Smallest = field(default_factory=lambda: Smallest(SAMPLES))
    longest: Smallest = field(default_factory=lambda: Smallest(EXTREMES))
    shortest: Smallest = field(default_factory=lambda: Smallest(EXTREMES))

    COLUMNS = (
        "article_id",
        "source_id",
        "url",
        "domain",
        "title",
        "authors",
        "text",
        "removed_blocks.list.element.text",
        "removed_blocks.list.element.kind",
        "removed_blocks.list.element.rule",
        "published",
        "published_date",
        "published_precision",
        "published_source",
        "published_confidence",
        "language",
        "is_mixed",
        "language_spans.list.element.language",
        "quality.extraction_confidence",
        "quality.removed_share",
        "ingested_at",
    )

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in a batch of ``COLUMNS``."""
        self.rows += batch.num_rows
        self.mixed += pc.sum(batch["is_mixed"]).as_py() or 0
        _count(self.languages, batch["language"])
        _count(self.foreign, pc.list_flatten(batch["language_spans"]).field("language"))
        _count(self.precisions, batch["published_precision"])
        _count(self.days, batch["published_date"].drop_null())
        _count(self.domains, batch["domain"])
        _tenths(self.published_confidence, batch["published_confidence"])
        quality = batch["quality"]
        _tenths(self.extraction_confidence, pc.struct_field(quality, "extraction_confidence"))
        _tenths(self.removed_share, pc.struct_field(quality, "removed_share"))
        self._add_removed(pc.list_flatten(batch["removed_blocks"]))
        self._add_ingested(pc.min_max(batch["ingested_at"]).as_py())
        self._add_rows(batch)

    def _add_removed(self, blocks: pa.Array) -> None:
        _count(self.removed, blocks.field("kind"))
        lengths = pa.table(
            {"kind": blocks.field("kind"), "n": pc.utf8_length(blocks.field("text"))}
        )
        for row in lengths.group_by("kind").aggregate([("n", "sum")]).to_pylist():
            self.removed_characters[row["kind"]] += row["n_sum"] or 0

    def _add_ingested(self, span: dict[str, datetime | None]) -> None:
        first, last = span["min"], span["max"]
        if first and last:
            earlier, later = self.ingested or (first, last)
            self.ingested = min(first, earlier), max(last, later)

    def _add_rows(self, batch: pa.RecordBatch) -> None:
        ids = batch["article_id"].to_pylist()
        lengths = pc.utf8_length(batch["text"]).to_pylist()
        self.characters += sum(lengths)
        self.sample.offer(zip(ids, range(len(ids)), strict=True), batch)
        places = range(len(ids))
        by_length = list(zip(lengths, ids, places, strict=True))
        self.shortest.offer((((n, name), place) for n, name, place in by_length), batch)
        self.longest.offer((((-n, name), place) for n, name, place in by_length), batch)


@dataclass(slots=True)
class Rejections:
    """Figures of the table ``rejected``: records and a sample by stage and reason."""

    rows: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    samples: dict[tuple[str, str], Smallest] = field(default_factory=dict)

    COLUMNS = ("record_id", "source_id", "url", "stage", "reason", "error", "payload_size")

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in a batch of ``COLUMNS``."""
        self.rows += batch.num_rows
        places: dict[tuple[str, str], list[tuple[str, int]]] = {}
        columns = (batch[name].to_pylist() for name in ("stage", "reason", "record_id"))
        for place, (stage, reason, name) in enumerate(zip(*columns, strict=True)):
            places.setdefault((stage, reason), []).append((name, place))
        for key, keyed in places.items():
            self.counts[key] += len(keyed)
            self.samples.setdefault(key, Smallest(SAMPLES_PER_REASON)).offer(keyed, batch)


def _count(counter: Counter[Any], values: pa.Array) -> None:
    for found in pc.value_counts(values).to_pylist():
        counter[found["values"]] += found["counts"]


def _tenths(counter: Counter[int], values: pa.Array) -> None:
    """Count shares from 0 to 1 by tenth; the last bin has 1 in it."""
    numbers = values.drop_null().to_numpy(zero_copy_only=False)
    numbers = numbers[np.isfinite(numbers)]
    bins = np.clip(np.floor(numbers * BINS), 0, BINS - 1).astype(np.int64)
    for number, count in zip(*np.unique(bins, return_counts=True), strict=True):
        counter[int(number)] += int(count)
