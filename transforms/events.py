"""Log lines for machines: one JSON object each, with the record's id and never its content.

The message itself is the JSON, so that it arrives whole through any worker's log channel: Beam
hands workers' records to the runner as plain messages, whatever formatter a handler has.
"""

import json
import logging
import traceback

from transforms.model import RawDocument

logger = logging.getLogger("copydesk")


def log(level: int, event: str, **fields: str | int | None) -> None:
    """Log ``event`` with ``fields``, none of which may hold text of a document."""
    if logger.isEnabledFor(level):
        logger.log(level, "%s", json.dumps({"event": event, **fields}, ensure_ascii=True))


def log_record(level: int, event: str, raw: RawDocument, **fields: str | int | None) -> None:
    """Log ``event`` about a record, by its id and where it stood."""
    log(
        level,
        event,
        record_id=raw.record_id,
        source_file=raw.source_file,
        source_offset=raw.source_offset,
        **fields,
    )


def origin(error: BaseException) -> str:
    """Return the type of an error and the line that raised it, without its message.

    A message may quote the document.
    """
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    return f"{type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno}"
