"""``watch:DIR``: the files of a local folder, each as soon as it is complete.

A file is complete when nothing has happened to it for ``SETTLE_SECONDS``: it was neither written
to nor renamed. So a file that is renamed into the folder is read soon, and one that is written
there is read when its writer pauses; what is added later makes it a new file, which is read again
as a whole, and its records that are known are not written twice. Hidden files (``.name``) and
those without a known extension (``page.html.part``) are left alone.

All that is remembered is the time of the last change of what was read, ``ctime`` in Unix, which
a rename sets and nobody can set back. Subfolders are not looked into: what is in a folder that is
moved here bears an older time, and would be passed over.
"""

import logging
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration

from pipeline.errors import UsageError
from pipeline.sources import drain
from pipeline.sources.arrival import FromTheStart, advance, arrival
from pipeline.sources.endless import END, EndlessRange
from pipeline.sources.files import InputFile
from pipeline.sources.reading import read_files
from pipeline.sources.stream import source_type
from transforms.model import RawDocument, Rejected

logger = logging.getLogger("copydesk.watch")

SCHEME = "watch:"

SETTLE_SECONDS = 3.0
"""A file is complete when nothing has happened to it for so long."""

POLL_SECONDS = 1.0
LISTING_SHARE = 5
"""A folder is listed each second, and at most a fifth of the time where it is very large."""

RETRY_SECONDS = 5.0

MAX_FILES = 1000
"""So many files are handed on before a runner may commit."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a watched folder: ``changed`` is its ctime in ns, ``arrived`` its mtime in ms."""

    changed: int
    file: InputFile
    arrived: int


def parse_address(address: str) -> str:
    """Return the absolute path of the folder an input names.

    Raises ``UsageError`` for one that is not a local folder.
    """
    path = os.path.abspath(address.removeprefix(SCHEME))
    if "://" in address:
        raise UsageError(f"{address}: only local folders can be watched")
    if not os.path.isdir(path):
        raise UsageError(f"{address}: there is no such folder")
    return path


@dataclass(eq=False)
class ReadWatched(beam.PTransform[beam.Pipeline, PCollection[RawDocument | Rejected]]):
    """Yields the records of the files that are and will be in ``folders``, at their mtimes.

    ``drain`` is the file that ends the watch, see ``pipeline.sources.drain``.
    """

    folders: Sequence[str]
    drain: str | None = None

    def expand(self, pipeline: beam.Pipeline) -> PCollection[RawDocument | Rejected]:
        """List the folders for ever, and read each file as in a batch."""
        files = (
            pipeline
            | "ListFolders" >> beam.Create(self.folders)
            | "WatchFolder" >> beam.ParDo(WatchFolder(self.drain)).with_output_types(InputFile)
        )
        return read_files(files)


_CHANGES = beam.DoFn.RestrictionParam(EndlessRange())
_WATERMARK = beam.DoFn.WatermarkEstimatorParam(FromTheStart())


class WatchFolder(beam.DoFn):
    """Yields each complete file of a folder once for each time it changed.

    A position is a ctime in nanoseconds; all files of one time are claimed together.
    """

    def __init__(self, marker: str | None) -> None:
        self._marker = marker
        self._passed_over: tuple[str, ...] = ()

    @beam.DoFn.unbounded_per_element()
    def process(
        self, folder: str, tracker: Any = _CHANGES, watermark: Any = _WATERMARK
    ) -> Iterator[TimestampedValue[InputFile]]:
        """Yield what is new, then come back."""
        if drain.requested(self._marker):
            tracker.try_claim(END)
            return
        now = time.time()
        settled = int((now - SETTLE_SECONDS) * 1e9)
        try:
            files = self._listing(folder, tracker.current_restriction().start, settled)
        except OSError as error:
            logger.error("%s cannot be listed: %s; trying again", folder, error.strerror)
            tracker.defer_remainder(Duration(RETRY_SECONDS))
            return
        listing_seconds = time.time() - now
        count = 0
        for changed, group in groupby(files, key=lambda found: found.changed):
            if count >= MAX_FILES:
                tracker.defer_remainder()
                return
            if not tracker.try_claim(changed):
                return
            for found in group:
                count += 1
                yield TimestampedValue(found.file, arrival(found.arrived))
        advance(watermark, now - SETTLE_SECONDS)
        tracker.defer_remainder(Duration(max(POLL_SECONDS, LISTING_SHARE * listing_seconds)))

    def _listing(self, folder: str, first: int, settled: int) -> list[Found]:
        """Return the files changed in ``[first, settled]``, in the order of their changes."""
        found: list[Found] = []
        folders = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    folders.append(entry.name)
                elif source_type(entry.name) is not None:
                    found += _found(entry)
        if (passed_over := tuple(sorted(folders))) != self._passed_over:
            self._passed_over = passed_over
            for name in passed_over:
                logger.error("%s: the folder in it is not watched: %s", folder, name)
        new = (each for each in found if first <= each.changed <= settled)
        return sorted(new, key=lambda each: (each.changed, each.file.name))


def _found(entry: os.DirEntry[str]) -> list[Found]:
    """Return what is to be known of a file; nothing when it is gone by now."""
    try:
        link, status = entry.stat(follow_symlinks=False), entry.stat()
    except FileNotFoundError:
        return []
    file = InputFile(entry.path, entry.name, status.st_size)
    changed = max(link.st_ctime_ns, status.st_ctime_ns)
    return [Found(changed, file, status.st_mtime_ns // 1_000_000)]
