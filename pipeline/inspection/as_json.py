"""The outcome for machines: one JSON object."""

import json
from datetime import date, datetime

from pipeline.printable import escaped_json
from transforms import rows
from transforms.model import Article, Rejected


def as_json(outcome: Article | Rejected, ingested_at: datetime) -> str:
    """Return the row of the table ``articles``, or that of ``rejected`` without its payload.

    Times are ISO 8601. Characters that could steer a terminal are written as escapes.
    """
    if isinstance(outcome, Rejected):
        row = rows.rejected_row(outcome, ingested_at)
        del row["payload"]
    else:
        row = rows.article_row(outcome, ingested_at)
    return escaped_json(json.dumps(row, ensure_ascii=False, indent=2, default=_iso))


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
