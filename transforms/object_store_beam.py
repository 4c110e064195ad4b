"""Any other filesystem that Beam knows, with the weaker promises that it can make.

Beam has no conditional write: of two writers who look at the same instant both may create a file.
On a filesystem that shows files while they are written, a put is not one step.
"""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from transforms.object_store import StoredObject, literal

_PLAIN = CompressionTypes.UNCOMPRESSED


def connect(_: PipelineOptions) -> "BeamStore":
    """Return the store, which asks Beam anew each time."""
    return BeamStore()


class BeamStore:
    """An ``ObjectStore`` over ``FileSystems``."""

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        """See ``ObjectStore``."""
        return (found for found in _match(prefix, "**") if found.path.startswith(prefix))

    def stat(self, path: str) -> StoredObject | None:
        """See ``ObjectStore``."""
        return next((found for found in _match(path, "") if found.path == path), None)

    def read(self, path: str) -> bytes:
        """See ``ObjectStore``."""
        with translated(path), FileSystems.open(path, compression_type=_PLAIN) as handle:
            return bytes(handle.read())

    def read_range(self, found: StoredObject, start: int, end: int) -> bytes:
        """See ``ObjectStore``; a change of the file meanwhile goes unseen."""
        path = found.path
        with translated(path), FileSystems.open(path, compression_type=_PLAIN) as handle:
            handle.seek(start)
            return bytes(handle.read(end - start))

    def put(self, path: str, data: bytes) -> None:
        """See ``ObjectStore``."""
        with translated(path), FileSystems.create(path, compression_type=_PLAIN) as handle:
            handle.write(data)

    def create(self, path: str, data: bytes) -> bool:
        """See ``ObjectStore``, but for writers at the same instant."""
        if self.stat(path) is not None:
            return self.read(path) == data
        self.put(path, data)
        return True

    def copy(self, source: str, target: str) -> None:
        """See ``ObjectStore``."""
        with translated(source):
            FileSystems.copy([source], [target])

    def remove(self, paths: Iterable[str]) -> None:
        """See ``ObjectStore``."""
        for path in paths:
            if self.stat(path) is not None:
                with translated(path):
                    FileSystems.delete([path])


def _match(path: str, wildcard: str) -> list[StoredObject]:
    with translated(path):
        (matched,) = FileSystems.match([literal(path) + wildcard])
    return sorted(
        (
            StoredObject(file.path, file.size_in_bytes, "", file.last_updated_in_seconds)
            for file in matched.metadata_list
        ),
        key=lambda found: found.path,
    )


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Raise ``OSError`` about ``path`` for what Beam raises."""
    try:
        yield
    except BeamIOError as error:
        cause = next(iter((error.exception_details or {}).values()), error)
        raise OSError(errno.EIO, str(cause).splitlines()[0], path) from error
    except ValueError as error:
        raise OSError(errno.EINVAL, str(error).splitlines()[0], path) from error
