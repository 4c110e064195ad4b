"""Rows of the tables as they are: some articles, what was taken out of them, some dead letters."""

from collections.abc import Iterator

from pipeline.report.charts import UNKNOWN, text
from pipeline.report.tallies import Articles, Rejections, Row


def title(row: Row) -> str:
    """Return an article's title and where it comes from."""
    words = text(row["title"]) if row["title"] else "<i>no title</i>"
    return f"<bdi>{words}</bdi> <span class=quiet>{text(row['domain'] or row['source_id'])}</span>"


def article_samples(articles: Articles) -> Iterator[str]:
    """Yield the section of sample articles."""
    rows = sorted(articles.sample, key=lambda row: row["article_id"])
    yield (
        f"<section><h2>{len(rows)} articles</h2><p class=quiet>Those with the smallest ids, which"
        " are digests: a sample that is the same however the rows are stored.</p>"
    )
    yield from map(_sample, rows)
    yield "</section>"


def _sample(row: Row) -> str:
    facts = " · ".join(
        text(value)
        for value in (
            row["published"] or "date unknown",
            f"by {', '.join(row['authors'])}" if row["authors"] else None,
            f"{row['language'] or UNKNOWN}{', mixed' if row['is_mixed'] else ''}",
            row["url"] or row["source_id"],
        )
        if value
    )
    more = "…" if row["length"] > len(row["text"]) else ""
    paragraphs = "".join(
        f'<p dir="auto">{text(part)}</p>' for part in f"{row['text']}{more}".split("\n\n")
    )
    language = f' lang="{text(row["language"])}"' if row["language"] else ""
    return (
        f"<details><summary>{title(row)}</summary><p class=quiet>{facts}</p>"
        f"<article{language}>{paragraphs}</article>"
        f"{''.join(_removed(row))}</details>"
    )


def _removed(row: Row) -> Iterator[str]:
    blocks, count = row["removed_blocks"], row["removed_count"]
    if not count:
        return
    yield f"<h3>{count:,} removed</h3><ul class=removed>"
    for block in blocks:
        kind = f"{text(block['kind'])} <span class=quiet>{text(block['rule'])}</span>"
        yield f'<li><b>{kind}</b> <s dir="auto">{text(block["text"])}</s></li>'
    if count > len(blocks):
        yield f"<li class=quiet>and {count - len(blocks):,} more</li>"
    yield "</ul>"


def rejection_samples(rejections: Rejections) -> Iterator[str]:
    """Yield the section of sample dead letters, nothing when there are none."""
    if not rejections.rows:
        return
    yield "<section><h2>Rejected records</h2>"
    for (stage, reason), rows in sorted(rejections.samples.items()):
        count = rejections.counts[stage, reason]
        yield f"<h3>{text(stage)}: {text(reason)} <span class=quiet>{count:,}</span></h3>"
        items = "".join(
            f"<li><bdi>{text(row['source_id'])}</bdi> {text(row['error'])}"
            f" <span class=quiet>{row['payload_size']:,} bytes</span></li>"
            for row in rows
        )
        yield f"<ul class=plain>{items}</ul>"
    yield "</section>"
