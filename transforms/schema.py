"""The three tables copydesk writes: every column, its type and its meaning, in one place."""

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version

import pyarrow as pa

SCHEMA_VERSION = "1"
"""Goes up when a column changes; stands in every file's footer as ``copydesk.schema_version``."""

UTC = pa.timestamp("us", "UTC")

SPAN_OFFSETS = [
    ("start", pa.int64()),
    ("end", pa.int64()),
    ("source_start", pa.int64()),
    ("source_end", pa.int64()),
]
REMOVED_BLOCK = pa.struct(
    [
        ("text", pa.string()),
        ("kind", pa.string()),
        ("rule", pa.string()),
        ("score", pa.float64()),
        ("source_start", pa.int64()),
        ("source_end", pa.int64()),
    ]
)
TEMPORAL_EXPRESSION = pa.struct(
    [("text", pa.string()), ("type", pa.string()), ("value", pa.string()), *SPAN_OFFSETS]
)
LANGUAGE_SPAN = pa.struct(
    [
        ("text", pa.string()),
        ("language", pa.string()),
        ("score", pa.float64()),
        ("where", pa.string()),
        *SPAN_OFFSETS,
    ]
)
QUALITY = pa.struct(
    [
        ("extraction_confidence", pa.float64()),
        ("removed_share", pa.float64()),
        ("replacement_share", pa.float64()),
    ]
)


@cache
def pipeline_version() -> str:
    """Return the version of the installed distribution, or ``unknown`` in a bare checkout."""
    try:
        return version("copydesk")
    except PackageNotFoundError:
        return "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, Arrow type and meaning."""

    name: str
    type: pa.DataType
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table under the output folder; ``id_column`` identifies a row."""

    name: str
    id_column: str
    columns: tuple[Column, ...]

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema, its version in the metadata."""
        return pa.schema(
            [pa.field(column.name, column.type) for column in self.columns],
            metadata={
                "copydesk.table": self.name,
                "copydesk.schema_version": SCHEMA_VERSION,
                "copydesk.version": pipeline_version(),
            },
        )

    @cached_property
    def struct(self) -> pa.StructType:
        """The Arrow type of a row."""
        return pa.struct(list(self.schema))


ARTICLES = Table(
    "articles",
    "article_id",
    (
        Column(
            "article_id",
            pa.string(),
            "digest of source id, URL and raw bytes: the same input, the same id",
        ),
        Column(
            "source_id",
            pa.string(),
            "the id the input gave, or its path relative to the input",
        ),
        Column("url", pa.string(), "where the page was fetched; null when unknown"),
        Column("canonical_url", pa.string(), "what the page says its URL is"),
        Column("domain", pa.string(), "host of the URL, lower case, without `www.`"),
        Column("content_hash", pa.string(), "digest of `text`, for exact duplicates"),
        Column("title", pa.string(), "without a glued section label or a repeat"),
        Column("section", pa.string(), "the site's section the article stands in"),
        Column("kicker", pa.string(), "the short line above the title"),
        Column("authors", pa.list_(pa.string()), "from byline or metadata"),
        Column(
            "text",
            pa.string(),
            "the cleaned article: paragraphs and headings, a blank line between, nothing else",
        ),
        Column("captions", pa.list_(pa.string()), "photo captions, apart from the text"),
        Column("image_credits", pa.list_(pa.string()), "whom the photos are credited to"),
        Column("syndicated_from", pa.string(), "X of “originally published on X”"),
        Column("wire_credit", pa.string(), "X of “With X”, such as “Post wires”"),
        Column(
            "removed_blocks",
            pa.list_(REMOVED_BLOCK),
            "every block taken out: what it was and which rule or model said so",
        ),
        Column(
            "published",
            pa.string(),
            "ISO 8601 at the precision known; null when unknown, never the crawl date",
        ),
        Column("published_at", UTC, "the instant, when minute and zone are known, else null"),
        Column("published_date", pa.date32(), "the day as published, when known"),
        Column("published_precision", pa.string(), "year, month, day, minute or second"),
        Column("published_raw", pa.string(), "the original words"),
        Column("published_source", pa.string(), "where they stood"),
        Column("published_confidence", pa.float64(), "how sure, 0 to 1, calibrated"),
        Column("modified_at", UTC, "when the page says it was changed"),
        Column(
            "temporal_expressions",
            pa.list_(TEMPORAL_EXPRESSION),
            "TIMEX3 type and value, resolved against the publication date",
        ),
        Column("language", pa.string(), "ISO 639-1 or -3, of the article's own text"),
        Column("language_score", pa.float64(), "how sure, 0 to 1"),
        Column("is_mixed", pa.bool_(), "foreign-language content anywhere in the source"),
        Column(
            "language_spans",
            pa.list_(LANGUAGE_SPAN),
            "each foreign span; `where` is text, title, caption or removed",
        ),
        Column(
            "quality",
            QUALITY,
            "extraction confidence; shares of the source's text removed and of it undecodable",
        ),
        Column("fetched_at", UTC, "when the input says the page was fetched"),
        Column("ingested_at", UTC, "when this run took it in: the one column a clock decides"),
        Column("source_type", pa.string(), "html, text, jsonl, warc, kafka or pubsub"),
        Column(
            "source_file",
            pa.string(),
            "the file the record stood in, relative to the input, or kafka://TOPIC/PARTITION",
        ),
        Column(
            "source_offset",
            pa.int64(),
            "byte offset of the record in its file, or its offset in the partition",
        ),
        Column("extractor", pa.string(), "which engine found the article in the page"),
        Column("pipeline_version", pa.string(), "the version of copydesk that wrote the row"),
    ),
)

REJECTED = Table(
    "rejected",
    "record_id",
    (
        Column("record_id", pa.string(), "the `article_id` the record would have had"),
        Column("source_id", pa.string(), "as in articles"),
        Column("url", pa.string(), "as in articles"),
        Column("stage", pa.string(), "the stage that could not handle it"),
        Column("reason", pa.string(), "one of a closed list"),
        Column("error", pa.string(), "what went wrong, in words"),
        Column("payload", pa.binary(), "the record's bytes, for `copydesk replay`"),
        Column("payload_size", pa.int64(), "their number before the cut at 16 MiB"),
        Column("media_type", pa.string(), "what the input said the payload is"),
        Column("charset", pa.string(), "what the input said its encoding is"),
        Column("headers", pa.map_(pa.string(), pa.string()), "HTTP headers of the record"),
        Column("fetched_at", UTC, "as in articles"),
        Column("ingested_at", UTC, "as in articles"),
        Column("source_type", pa.string(), "as in articles"),
        Column("source_file", pa.string(), "as in articles"),
        Column("source_offset", pa.int64(), "as in articles"),
        Column("pipeline_version", pa.string(), "as in articles"),
    ),
)

LEDGER = Table(
    "ledger",
    "run_id",
    (
        Column(
            "run_id",
            pa.string(),
            "start of the run and a digest of its inputs; of a stream the digest alone",
        ),
        Column("outcome", pa.string(), "in, article, duplicate or rejected"),
        Column("stage", pa.string(), "the stage that rejected; null otherwise"),
        Column("reason", pa.string(), "why it was rejected; null otherwise"),
        Column("records", pa.int64(), "how many"),
        Column(
            "id_checksum",
            pa.int64(),
            "sum of the record ids' first 63 bits, modulo 2**63: equal sums in and out mean"
            " equal records, not just equal numbers",
        ),
        Column("window_start", UTC, "of a stream, the window in which the records arrived"),
        Column("window_end", UTC, "where that window ends"),
        Column(
            "late",
            pa.int64(),
            "how many of a window's records came in after the watermark had passed its end;"
            " null but for `in`",
        ),
        Column("reconciled", pa.bool_(), "whether this file's records in and out are the same"),
        Column("ingested_at", UTC, "start of the run; of a stream, when the file was written"),
        Column("pipeline_version", pa.string(), "as in articles"),
    ),
)

TABLES = (ARTICLES, REJECTED, LEDGER)
