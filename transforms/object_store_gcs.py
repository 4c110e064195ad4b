"""Google Cloud Storage."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from apache_beam.io.gcp.gcsio import create_storage_client
from apache_beam.options.pipeline_options import PipelineOptions
from google.api_core.exceptions import GoogleAPICallError, NotFound, PreconditionFailed, RetryError
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage import Blob, Client
from google.cloud.storage.retry import DEFAULT_RETRY
from requests.exceptions import RequestException

from transforms.object_store import StoredObject, bucket_and_name

_BINARY = "application/octet-stream"
_NUMBERS = {401: errno.EACCES, 403: errno.EACCES, 404: errno.ENOENT, 412: errno.ESTALE}


def connect(options: PipelineOptions) -> "GcsStore":
    """Return the store, as Beam's flags and the environment say who asks."""
    with translated("gs"):
        # Beam would look for credentials for 20 seconds, which an emulator does not ask for.
        emulated = "STORAGE_EMULATOR_HOST" in os.environ
        return GcsStore(create_storage_client(options, use_credentials=not emulated))


@dataclass(frozen=True, slots=True)
class GcsStore:
    """An ``ObjectStore`` over Google's client. Requests are retried for up to two minutes."""

    client: Client

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        """See ``ObjectStore``."""
        bucket, start = bucket_and_name(prefix)
        with translated(prefix):
            for blob in self.client.list_blobs(bucket, prefix=start, retry=DEFAULT_RETRY):
                yield _stored(f"gs://{bucket}/{blob.name}", blob)

    def stat(self, path: str) -> StoredObject | None:
        """See ``ObjectStore``."""
        blob = self._blob(path)
        try:
            with translated(path):
                blob.reload(retry=DEFAULT_RETRY)
        except FileNotFoundError:
            return None
        return _stored(path, blob)

    def read(self, path: str) -> bytes:
        """See ``ObjectStore``."""
        with translated(path):
            return bytes(self._blob(path).download_as_bytes(raw_download=True, retry=DEFAULT_RETRY))

    def read_range(self, found: StoredObject, start: int, end: int) -> bytes:
        """See ``ObjectStore``."""
        with translated(found.path):
            data = self._blob(found.path).download_as_bytes(
                start=start,
                end=end - 1,
                raw_download=True,
                if_generation_match=int(found.version),
                retry=DEFAULT_RETRY,
            )
        return bytes(data)

    def put(self, path: str, data: bytes) -> None:
        """See ``ObjectStore``."""
        with translated(path):
            self._blob(path).upload_from_string(data, _BINARY, retry=DEFAULT_RETRY)

    def create(self, path: str, data: bytes) -> bool:
        """See ``ObjectStore``."""
        with translated(path):
            try:
                self._blob(path).upload_from_string(
                    data, _BINARY, if_generation_match=0, retry=DEFAULT_RETRY
                )
            except PreconditionFailed:
                return self.read(path) == data
        return True

    def copy(self, source: str, target: str) -> None:
        """See ``ObjectStore``."""
        origin = self._blob(source)
        copied = self._blob(target)
        token = None
        with translated(source):
            while token := copied.rewrite(origin, token=token, retry=DEFAULT_RETRY)[0]:
                pass

    def remove(self, paths: Iterable[str]) -> None:
        """See ``ObjectStore``."""
        for path in paths:
            with translated(path):
                try:
                    self._blob(path).delete(retry=DEFAULT_RETRY)
                except NotFound:
                    continue

    def _blob(self, path: str) -> Blob:
        bucket, name = bucket_and_name(path)
        return self.client.bucket(bucket).blob(name)


def _stored(path: str, blob: Blob) -> StoredObject:
    return StoredObject(path, blob.size, str(blob.generation), blob.updated.timestamp())


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Raise ``OSError`` about ``path`` for what the client raises."""
    try:
        yield
    except GoogleAPICallError as error:
        number = _NUMBERS.get(error.code or 0, errno.EIO)
        told = next((found["message"] for found in error.errors if "message" in found), "")
        phrase = HTTPStatus(error.code or 500).phrase
        raise OSError(number, told or phrase, path) from error
    except (GoogleAuthError, RetryError, RequestException) as error:
        raise OSError(errno.EIO, next(iter(str(error).splitlines()), ""), path) from error
