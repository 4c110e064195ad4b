"""A progress display for a person at a terminal; nothing of it reaches a log or a pipe.

Workers of a local run are other processes, so they count by appending one byte per document to a
file, and the display reads the files' sizes.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ARTICLES = "articles"
REJECTED = "rejected"
REFRESH_SECONDS = 0.25


def mark(folder: str | None, outcome: str) -> None:
    """Count one document with this outcome, when somebody watches."""
    if folder is not None:
        os.write(_counter(folder, outcome), b".")


@cache
def _counter(folder: str, outcome: str) -> int:
    return os.open(Path(folder) / outcome, os.O_WRONLY | os.O_APPEND | os.O_CREAT)


@contextmanager
def display(*, shown: bool) -> Iterator[str | None]:
    """Show a line with documents done, rejected and the rate; yield the folder to count in."""
    if not shown:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        stop = threading.Event()
        thread = threading.Thread(target=_show, args=(folder, stop), daemon=True)
        thread.start()
        try:
            yield folder
        finally:
            stop.set()
            thread.join()


def _show(folder: str, stop: threading.Event) -> None:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} documents"),
        TextColumn("{task.fields[rate]:,.0f}/s"),
        TextColumn("{task.fields[rejected]:,} rejected"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, rejected=0, rate=0.0)
        while not stop.wait(REFRESH_SECONDS):
            articles, rejected = (_size(folder, name) for name in (ARTICLES, REJECTED))
            elapsed = progress.tasks[0].elapsed or 1.0
            done = articles + rejected
            progress.update(task, completed=done, rejected=rejected, rate=done / elapsed)


def _size(folder: str, name: str) -> int:
    try:
        return (Path(folder) / name).stat().st_size
    except FileNotFoundError:
        return 0
