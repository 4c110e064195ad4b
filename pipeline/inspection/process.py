"""One record of a file, taken through the stages as a run would take it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.sources.stream import read_stream, source_type
from transforms import stages
from transforms.dead_letter import attempt
from transforms.decode import article_id, decode
from transforms.extract import NOT_ARTICLE_THRESHOLD
from transforms.model import Article, RawDocument, Rejected

Record = RawDocument | Rejected


@dataclass(frozen=True, slots=True)
class Chosen:
    """A record, its position in the file (1 is the first), and whether others follow it."""

    record: Record
    position: int
    more: bool


def choose(file: str, wanted: str | None) -> Chosen:
    """Return the record of a local file that ``wanted`` names: a position or an id.

    A number is a position; anything else is the id the input gave or the article's id. None
    means the first. Raises ``UsageError`` when the file cannot be read or has no such record.
    """
    path = Path(file)
    if source_type(path.name) is None:
        raise UsageError(f"{file}: the name does not end in .txt, .html, .jsonl or .warc")
    position = 0
    try:
        with path.open("rb") as stream:
            records = map(identified, read_stream(stream, path.name, path.stat().st_size))
            for position, record in enumerate(records, 1):
                if _is_wanted(record, position, wanted):
                    return Chosen(record, position, more=next(records, None) is not None)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror or error}") from error
    if wanted is None or position == 0:
        raise UsageError(f"{file}: there is no record in it")
    raise UsageError(f"{file}: none of its {position} records is {wanted!r}")


def _is_wanted(record: Record, position: int, wanted: str | None) -> bool:
    if wanted is None:
        return True
    if wanted.isdecimal():
        return position == int(wanted)
    raw = record.raw if isinstance(record, Rejected) else record
    return wanted in (raw.source_id, raw.record_id)


def identified(record: Record) -> Record:
    """Return the record with its id filled in."""
    if isinstance(record, Rejected):
        return replace(record, raw=replace(record.raw, record_id=article_id(record.raw)))
    return replace(record, record_id=article_id(record))


def process(record: Record, extractor: str, language_backend: str) -> Article | Rejected:
    """Return the article a run would write for ``record``, or its dead letter."""
    if isinstance(record, Rejected):
        return record
    extract = partial(stages.extract, extractor=extractor, not_article_below=NOT_ARTICLE_THRESHOLD)
    steps: tuple[tuple[str, Callable[..., Article]], ...] = (
        ("Decode", decode),
        ("Extract", extract),
        ("StripBoilerplate", stages.strip_boilerplate),
        ("DetectLanguages", partial(stages.detect_languages, backend=language_backend)),
        ("NormaliseDates", stages.normalise_dates),
    )
    element: RawDocument | Article = record
    for stage, function in steps:
        result: Article | Rejected = attempt(stage, function, element)
        if isinstance(result, Rejected):
            return result
        element = result
    return result
