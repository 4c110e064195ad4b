"""What the pipeline is compared with, each run alone: ``python -m benchmarks.contestants NAME``.

Each reads the same JSON lines, processes every page on one core, and prints the CPU seconds of
its steps as JSON. Imports and the first page, which loads the models, are not counted.
"""

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

INGESTED_AT = datetime(2026, 1, 1, tzinfo=UTC)
PATIENCE = 60
"""Seconds that datatrove may take over a page; it takes CPU that is counted, however busy it is."""

Costs = dict[str, float]


def floor(source: Path, output: Path) -> Costs:
    """Read each page, parse it with lexbor, and write its text to Parquet: the least there is."""
    from selectolax.lexbor import LexborHTMLParser

    def text(page: dict[str, Any]) -> str:
        body = LexborHTMLParser(page["html"]).body
        return body.text() if body else ""

    return _page_by_page(source, output, lambda page: {"text": text(page)})


def loop(source: Path, output: Path) -> Costs:
    """Do as most would: trafilatura for text, metadata and date, langdetect for the language."""
    import langdetect
    import trafilatura

    langdetect.DetectorFactory.seed = 0

    def article(page: dict[str, Any]) -> dict[str, str | None]:
        found: Any = trafilatura.bare_extraction(page["html"], url=page["url"], with_metadata=True)
        if found is None:
            return {"text": None}
        try:
            language = langdetect.detect(found.text)
        except langdetect.LangDetectException:
            language = None
        return {
            "text": found.text,
            "title": found.title,
            "author": found.author,
            "date": found.date,
            "language": language,
        }

    return _page_by_page(source, output, article)


def _page_by_page(
    source: Path, output: Path, process: Callable[[dict[str, Any]], dict[str, Any]]
) -> Costs:
    def rows() -> Iterator[dict[str, Any]]:
        with source.open("rb") as lines:
            for line in lines:
                page = json.loads(line)
                yield {"id": page["id"], "url": page["url"], **process(page)}

    def write(limit: int | None) -> None:
        table = pa.Table.from_pylist(list(islice(rows(), limit)))
        pq.write_table(table, output / "pages.parquet", compression="zstd")

    write(1)
    started = time.process_time()
    write(None)
    return {"all": time.process_time() - started}


def stages(source: Path, output: Path) -> Costs:
    """Call copydesk's own stages one after the other, without Beam."""
    from pipeline.graph import encode_article
    from pipeline.options import RunOptions
    from pipeline.sources.files import expand
    from pipeline.sources.parts import Part
    from pipeline.sources.reading import read_identified
    from transforms import stages
    from transforms.dead_letter import attempt
    from transforms.decode import decode
    from transforms.extract import NOT_ARTICLE_THRESHOLD
    from transforms.model import Rejected
    from transforms.part_files import order, parquet_bytes
    from transforms.schema import ARTICLES

    options = RunOptions(
        inputs=(str(source),),
        output=str(output),
        ingested_at=INGESTED_AT,
        extractor="copydesk",
        language_backend="ensemble",
        not_article_below=NOT_ARTICLE_THRESHOLD,
        remove_recurring=False,
        shards=1,
        progress=None,
    )
    extract = partial(
        stages.extract, extractor="copydesk", not_article_below=options.not_article_below
    )
    steps: list[tuple[str, Callable[[Any], Any]]] = [
        ("Decode", decode),
        ("Extract", extract),
        ("StripBoilerplate", stages.strip_boilerplate),
        ("DetectLanguages", partial(stages.detect_languages, backend="ensemble")),
        ("NormaliseDates", stages.normalise_dates),
        ("Encode", partial(encode_article, options=options)),
    ]

    def process(limit: int | None, costs: Costs) -> list[Any]:
        rows = []
        clock = time.process_time
        mark = clock()
        for number, record in enumerate(read_identified(Part(expand([str(source)])[0]))):
            if number == limit:
                break
            costs["Read"] += clock() - mark
            value: Any = record
            for name, step in steps:
                mark = clock()
                value = attempt(name, step, value)
                costs[name] += clock() - mark
                if isinstance(value, Rejected):
                    break
            else:
                rows.append(value)
            mark = clock()
        return rows

    process(3, defaultdict(float))
    costs: Costs = defaultdict(float)
    rows = process(None, costs)
    started = time.process_time()
    (output / "articles.parquet").write_bytes(
        parquet_bytes(sorted(rows, key=order), ARTICLES, INGESTED_AT)
    )
    costs["WriteParquet"] = time.process_time() - started
    return dict(costs)


def datatrove(source: Path, output: Path) -> Costs:
    """Run datatrove's own trafilatura step between its JSON lines reader and writer.

    It extracts in a process of its own, whose start is taken off with the first page.
    """
    executor = import_module("datatrove.executor")
    extractors = import_module("datatrove.pipeline.extractors")
    readers = import_module("datatrove.pipeline.readers")
    writers = import_module("datatrove.pipeline.writers")

    def cost(limit: int, name: str) -> float:
        folder, pattern = str(source.parent), source.name
        steps = [
            readers.JsonlReader(folder, text_key="html", glob_pattern=pattern, limit=limit),
            extractors.Trafilatura(timeout=PATIENCE),
            writers.JsonlWriter(str(output / name)),
        ]
        logs = str(output / f"{name}-log")
        started = _cpu_with_children()
        executor.LocalPipelineExecutor(pipeline=steps, logging_dir=logs).run()
        return _cpu_with_children() - started

    cost(1, "warm")
    first = cost(1, "first")
    return {"all": cost(-1, "pages") - first}


def _cpu_with_children() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


CONTESTANTS: dict[str, Callable[[Path, Path], Costs]] = {
    "floor": floor,
    "loop": loop,
    "stages": stages,
    "datatrove": datatrove,
}


def installed() -> list[str]:
    """Return the contestants that can run here."""
    return [name for name in CONTESTANTS if name != "datatrove" or find_spec("datatrove")]


def main() -> None:
    """Run the contestant named on the command line over a file, into a folder."""
    name, source, output = sys.argv[1:]
    print(json.dumps(CONTESTANTS[name](Path(source), Path(output))))


if __name__ == "__main__":
    main()
