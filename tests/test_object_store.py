"""The object stores' operations, over real servers on loopback and with faults on the way."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.object_stores import Faults
from transforms.object_store import ObjectStore, matching, open_object, store_of

NAMES = (
    "plain.txt",
    "with space.txt",
    "é+%2F?#&=.txt",
    "a[1]*.txt",
    "tab\tquote'\".txt",
    "日本.txt",
)


def writes(method: str, path: str) -> bool:
    """Tell a request that writes an object."""
    return method == "PUT" or (method == "POST" and "/upload/" in path)


def test_names_of_all_kinds_come_back_as_they_were(bucket: str) -> None:
    """What is written under an odd name is listed, found, read and removed under it."""
    store = store_of(bucket)
    for name in NAMES:
        store.put(f"{bucket}/in [x]/{name}", name.encode())
    listed = sorted(found.path for found in store.listed(f"{bucket}/in [x]/"))
    assert listed == sorted(f"{bucket}/in [x]/{name}" for name in NAMES)
    for path in listed:
        assert store.read(path) == path.rpartition("/in [x]/")[2].encode()
    store.remove(listed[1:])
    assert [found.path for found in store.listed(f"{bucket}/in")] == listed[:1]


def test_an_object_is_created_by_one_writer_alone(bucket: str) -> None:
    """Of four writers one succeeds; its bytes stay."""
    path = f"{bucket}/log/00000001.json"
    # moto looks and writes in two steps, so it cannot be raced.
    at_once = 4 if bucket.startswith("gs:") else 1
    together = threading.Barrier(at_once)

    def create(number: int) -> bool:
        store = store_of(bucket)
        together.wait()
        return store.create(path, b"writer %d" % number)

    with ThreadPoolExecutor(at_once) as writers:
        won = list(writers.map(create, range(4)))
    assert won.count(True) == 1
    assert store_of(bucket).read(path) == b"writer %d" % won.index(True)


def test_a_create_whose_answer_is_lost_is_not_taken_for_a_lost_race(
    bucket: str, faults: Faults
) -> None:
    """The retry finds the object there, compares, and knows it for its own."""
    faults.hits, faults.after = writes, 1
    assert store_of(bucket).create(f"{bucket}/record", b"mine")
    assert len(faults.seen) >= 2
    assert not store_of(bucket).create(f"{bucket}/record", b"another's")
    assert store_of(bucket).read(f"{bucket}/record") == b"mine"


def test_a_write_that_fails_once_is_tried_again(bucket: str, faults: Faults) -> None:
    """A store that answers 503 gets the object at the next attempt."""
    faults.hits, faults.before = writes, 1
    store_of(bucket).put(f"{bucket}/object", b"content")
    assert len(faults.seen) >= 2
    assert store_of(bucket).read(f"{bucket}/object") == b"content"


def test_an_answer_that_breaks_off_is_asked_for_again(bucket: str, faults: Faults) -> None:
    """Reading goes on where the connection was cut."""
    store_of(bucket).put(f"{bucket}/object", b"content")
    faults.hits, faults.after = (lambda method, _: method == "GET"), 1
    faults.seen.clear()
    assert store_of(bucket).read(f"{bucket}/object") == b"content"
    assert faults.after == 0


def test_what_is_missing_says_so(bucket: str) -> None:
    """A missing object or bucket is an error of its own, and never an empty list."""
    store = store_of(bucket)
    assert store.stat(f"{bucket}/none") is None
    assert list(store.listed(f"{bucket}/none")) == []
    store.remove([f"{bucket}/none"])
    with pytest.raises(FileNotFoundError):
        store.read(f"{bucket}/none")
    missing = bucket.replace("bucket-", "no-bucket-")
    for ask in (lambda: list(store.listed(missing)), lambda: store.put(f"{missing}/x", b"")):
        with pytest.raises(FileNotFoundError):
            ask()
    with pytest.raises(OSError, match="names no bucket"):
        list(store.listed(f"{bucket.partition('/')[0]}///x"))


def test_a_large_object_is_read_in_pieces(bucket: str) -> None:
    """A megabyte and a bit come whole, and from the middle."""
    data = os.urandom(2**20 + 17)
    store_of(bucket).put(f"{bucket}/large", data)
    with open_object(store_of(bucket), f"{bucket}/large") as handle:
        assert handle.read() == data
        handle.seek(2**20 - 5)
        assert handle.read(10) == data[2**20 - 5 : 2**20 + 5]
        handle.seek(-3, 2)
        assert handle.read() == data[-3:]
    store_of(bucket).put(f"{bucket}/empty", b"")
    with open_object(store_of(bucket), f"{bucket}/empty") as handle:
        assert handle.read() == b""


def test_a_copy_needs_its_source(bucket: str) -> None:
    """Copying is one request, which fails when the source is gone."""
    store = store_of(bucket)
    store.put(f"{bucket}/staged", b"rows")
    store.copy(f"{bucket}/staged", f"{bucket}/table/part")
    assert store.read(f"{bucket}/table/part") == b"rows"
    store.remove([f"{bucket}/staged"])
    with pytest.raises(FileNotFoundError):
        store.copy(f"{bucket}/staged", f"{bucket}/table/other")
    assert store.stat(f"{bucket}/table/other") is None


def test_patterns_match_within_folders(bucket: str) -> None:
    """One star stays in a folder, two go below."""
    store: ObjectStore = store_of(bucket)
    for name in ("t/a/1.parquet", "t/a/b/2.parquet", "t/1.parquet", "t/a/1.json"):
        store.put(f"{bucket}/{name}", b"")
    found = [found.path for found in matching(store, f"{bucket}/t/*/*.parquet")]
    assert found == [f"{bucket}/t/a/1.parquet"]
    assert len(list(matching(store, f"{bucket}/t/**.parquet"))) == 3
    assert len(list(matching(store, f"{bucket}/t/a/1.json"))) == 1


# fake-gcs-server does not look at the generation that it is asked for.
@pytest.mark.parametrize("served", ["s3"], indirect=True)
def test_an_object_that_changes_while_it_is_read_is_an_error(bucket: str) -> None:
    """Half of one version and half of another are never handed out as one file."""
    data = os.urandom(2 * 2**20)
    store_of(bucket).put(f"{bucket}/file", data)
    with open_object(store_of(bucket), f"{bucket}/file") as handle:
        assert handle.read(10) == data[:10]
        store_of(bucket).put(f"{bucket}/file", data[::-1])
        with pytest.raises(OSError, match="file"):
            handle.read()


def test_an_unknown_filesystem_is_an_error() -> None:
    """A scheme that nobody knows is told at once."""
    with pytest.raises(OSError, match="Unable to get filesystem"):
        list(store_of("zz://there").listed("zz://there/x"))
