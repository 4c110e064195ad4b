"""What becomes of a record a stage cannot handle, apart from how that is wired."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from transforms.events import log_record, origin
from transforms.limits import MAX_PAYLOAD_BYTES
from transforms.model import Article, RawDocument, Reason, Rejected, RejectionError


def reject(raw: RawDocument, stage: str, reason: Reason, error: str) -> Rejected:
    """Return the dead letter of ``raw``, its payload cut at ``MAX_PAYLOAD_BYTES``."""
    size = len(raw.content)
    if size > MAX_PAYLOAD_BYTES:
        raw = replace(raw, content=raw.content[:MAX_PAYLOAD_BYTES])
    return Rejected(raw, stage, reason, error, size)


def attempt(
    stage: str, function: Callable[[Any], Any], element: RawDocument | Article
) -> Any | Rejected:
    """Return ``function(element)``, or the dead letter that says why there is none.

    A stage says what it cannot handle by raising ``RejectionError``; any other exception is a
    fault of ours and becomes ``internal_error`` with its type and message.
    """
    raw = element.raw if isinstance(element, Article) else element
    try:
        return function(element)
    except RejectionError as error:
        return reject(raw, stage, error.reason, str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, the record must not be lost
        log_record(logging.ERROR, "internal_error", raw, stage=stage, error=origin(error))
        return reject(raw, stage, Reason.INTERNAL_ERROR, f"{type(error).__name__}: {error}"[:1000])
