"""S3, and what speaks its protocol."""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from apache_beam.io.aws.clients.s3.boto3_client import Client
from apache_beam.options.pipeline_options import PipelineOptions
from botocore.exceptions import BotoCoreError, ClientError

from transforms.object_store import StoredObject, bucket_and_name

ATTEMPTS = 3
"""How often a read that broke off, or a write that met another one, is tried."""

_BATCH = 1000  # what one request can remove
_NUMBERS = {403: errno.EACCES, 404: errno.ENOENT, 412: errno.ESTALE}


def connect(options: PipelineOptions) -> "S3Store":
    """Return the store that Beam's flags ``--s3_…`` and the environment name."""
    with translated("s3"):
        return S3Store(Client(options).client)


@dataclass(frozen=True, slots=True)
class S3Store:
    """An ``ObjectStore`` over a boto3 client, which retries what can be retried."""

    client: Any

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        """See ``ObjectStore``."""
        bucket, start = bucket_and_name(prefix)
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=start)
        with translated(prefix):
            for page in pages:
                for item in page.get("Contents", ()):
                    path = f"s3://{bucket}/{item['Key']}"
                    changed = item["LastModified"].timestamp()
                    yield StoredObject(path, item["Size"], item["ETag"], changed)

    def stat(self, path: str) -> StoredObject | None:
        """See ``ObjectStore``."""
        try:
            with translated(path):
                found = self.client.head_object(**_place(path))
        except FileNotFoundError:
            return None
        changed = found["LastModified"].timestamp()
        return StoredObject(path, found["ContentLength"], found["ETag"], changed)

    def read(self, path: str) -> bytes:
        """See ``ObjectStore``."""
        return self._get(path, {})

    def read_range(self, found: StoredObject, start: int, end: int) -> bytes:
        """See ``ObjectStore``."""
        return self._get(
            found.path, {"Range": f"bytes={start}-{end - 1}", "IfMatch": found.version}
        )

    def _get(self, path: str, which: dict[str, str]) -> bytes:
        # The client retries requests, but not an answer that breaks off.
        for attempt in range(1, ATTEMPTS + 1):
            with translated(path):
                answer = self.client.get_object(**_place(path), **which)
                try:
                    return bytes(answer["Body"].read())
                except BotoCoreError:
                    if attempt == ATTEMPTS:
                        raise
        raise AssertionError

    def put(self, path: str, data: bytes) -> None:
        """See ``ObjectStore``."""
        with translated(path):
            self.client.put_object(**_place(path), Body=data)

    def create(self, path: str, data: bytes) -> bool:
        """See ``ObjectStore``."""
        for attempt in range(1, ATTEMPTS + 1):
            with translated(path):
                try:
                    self.client.put_object(**_place(path), Body=data, IfNoneMatch="*")
                except ClientError as error:
                    # 409: another conditional write is under way, and may yet fail.
                    if _status(error) not in (409, 412) or attempt == ATTEMPTS:
                        raise
                else:
                    return True
            if (held := self._content(path)) is not None:
                return held == data
        raise AssertionError

    def _content(self, path: str) -> bytes | None:
        try:
            return self.read(path)
        except FileNotFoundError:
            return None

    def copy(self, source: str, target: str) -> None:
        """See ``ObjectStore``."""
        with translated(source):
            self.client.copy_object(**_place(target), CopySource=_place(source))

    def remove(self, paths: Iterable[str]) -> None:
        """See ``ObjectStore``."""
        buckets: dict[str, list[str]] = {}
        for bucket, name in map(bucket_and_name, paths):
            buckets.setdefault(bucket, []).append(name)
        for bucket, names in buckets.items():
            for start in range(0, len(names), _BATCH):
                self._remove(bucket, names[start : start + _BATCH])

    def _remove(self, bucket: str, names: list[str]) -> None:
        keys = [{"Key": name} for name in names]
        with translated(f"s3://{bucket}"):
            done = self.client.delete_objects(
                Bucket=bucket, Delete={"Objects": keys, "Quiet": True}
            )
        for failed in done.get("Errors", ()):
            path = f"s3://{bucket}/{failed['Key']}"
            raise OSError(errno.EIO, f"{failed['Code']}: {failed['Message']}", path)


def _place(path: str) -> dict[str, str]:
    bucket, name = bucket_and_name(path)
    return {"Bucket": bucket, "Key": name}


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Raise ``OSError`` about ``path`` for what the client raises."""
    try:
        yield
    except ClientError as error:
        told = error.response.get("Error", {})
        message = f"{told.get('Code', 'Error')}: {told.get('Message', error)}"
        raise OSError(_NUMBERS.get(_status(error), errno.EIO), message, path) from error
    except BotoCoreError as error:
        raise OSError(errno.EIO, str(error), path) from error
