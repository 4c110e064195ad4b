"""Compacting a table: what is left over from a crash first, then round by round."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from pipeline.compaction.merge import Merged, merge
from pipeline.compaction.plan import bins, small_files
from pipeline.compaction.replace import MERGED, Intent, exclusive, recover, replace_files
from pipeline.tables import one_line, other_schema, require_output
from transforms.commits import AddedFile, Commit
from transforms.part_names import Span, content_digest, digest, span_of, stamps, stream_span
from transforms.publishing import STAGING
from transforms.schema import SCHEMA_VERSION, Table
from transforms.storage import OutputFile, is_local


@dataclass(frozen=True, slots=True)
class Step:
    """One merge that is done: ``target`` took the place of ``files`` files of ``size`` bytes."""

    target: OutputFile
    files: int
    size: int
    rows: int
    duplicates: int


@dataclass(slots=True)
class Outcome:
    """Merges done, interrupted ones that were finished, and files left alone, each with why."""

    steps: list[Step] = field(default_factory=list)
    recovered: int = 0
    other_schema: dict[str, str] = field(default_factory=dict)
    damaged: dict[str, str] = field(default_factory=dict)


def compact(
    output: str, table: Table, target: int, done: Callable[[Step], None] = lambda _: None
) -> Outcome:
    """Merge the small files of each partition into files of up to about ``target`` bytes.

    Merging goes on until no two files are left that fit into one, so doing it again changes
    nothing. ``done`` hears of each merge. Raises ``UsageError`` when ``output`` is none of ours.
    """
    require_output(output)
    outcome = Outcome()
    checked: set[str] = set()
    with exclusive(output):
        outcome.recovered = recover(output)
        while groups := list(bins(_mergeable(output, table, target, checked, outcome), target)):
            for group in groups:
                if step := _merge_group(output, table, group, outcome.damaged):
                    outcome.steps.append(step)
                    done(step)
    return outcome


def _mergeable(
    output: str, table: Table, target: int, checked: set[str], outcome: Outcome
) -> list[OutputFile]:
    """Return the small files that can be merged; note in ``outcome`` why others cannot."""
    files = small_files(output, table, target)
    for file in files:
        if file.path in checked:
            continue
        checked.add(file.path)
        try:
            difference = other_schema(output, file.path, table)
        except (OSError, pa.ArrowException) as error:
            outcome.damaged[file.path] = one_line(error)
        else:
            if difference:
                outcome.other_schema[file.path] = difference
    left_alone = outcome.other_schema.keys() | outcome.damaged.keys()
    return [file for file in files if file.path not in left_alone]


def _merge_group(
    output: str, table: Table, group: list[OutputFile], damaged: dict[str, str]
) -> Step | None:
    """Merge files of one partition; return None when damage leaves less than two of them."""
    scratch = str(Path(output) / STAGING) if is_local(output) else None
    merged = merge(output, group, table, scratch)
    damaged.update(merged.damaged)
    if len(merged.sources) < 2:
        return None
    target = _target(merged)
    added = AddedFile(
        path=target,
        staged="",
        rows=len(merged.ids),
        size=merged.data.size,
        content=content_digest(memoryview(merged.data)),
        ids=digest(merged.ids),
        windows=(),
    )
    removed = tuple(file.path for file in merged.sources)
    commit = Commit("compact", (added,), removed, dropped=merged.duplicates)
    replace_files(output, Intent(commit), merged.data)
    return Step(
        target=OutputFile(target, merged.data.size),
        files=len(merged.sources),
        size=sum(file.size for file in merged.sources),
        rows=len(merged.ids),
        duplicates=merged.duplicates,
    )


def _target(merged: Merged) -> str:
    """Return the path of a merged file: its name comes from its ids, and when they arrived."""
    paths = [file.path for file in merged.sources]
    span: Span | None = None
    if any(map(stream_span, paths)):
        first, last = zip(*map(span_of, paths), strict=True)
        span = min(first), max(last) - 1
    name = f"{MERGED}{stamps(span)}{digest([SCHEMA_VERSION, *merged.ids])}.parquet"
    return f"{paths[0].rpartition('/')[0]}/{name}"
