"""A savepoint of an earlier release, kept in ``tests/golden``.

It holds rows that wait for their file, sums of ledger windows, and offsets of two partitions.
``python -m tests.cluster.savepoint`` writes it anew, from the code of the release that it is of.
"""

import tempfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlparse

from runners.cluster.cluster import Cluster, Ports
from tests.cluster.streams import Run, Topic
from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden" / "savepoint.zip"
TOPIC = "earlier-release"
HELD = 10
"""Articles of each partition that the savepoint holds."""

KAFKA_PORT = 19092
"""A partition is a key of the state, by the broker's address too. Nobody is given this port."""

WINDOW = "--window-seconds=60"
READ_SECONDS = 40.0
"""A job has started and read in this time, and its window is not over."""


def main() -> None:
    """Stop a job on a cluster of its own and keep its savepoint."""
    folder = Path(tempfile.mkdtemp(prefix="copydesk-savepoint-"))
    cluster = Cluster(folder / "cluster", replace(Ports.free(), kafka=KAFKA_PORT))
    cluster.start()
    try:
        topic = Topic(cluster.brokers, TOPIC, 2)
        topic.produce(range(HELD), partition=0)
        topic.produce(range(HELD, 2 * HELD), partition=1)
        words = ("@runners/flink.args", *cluster.flags, "--input", topic.address, WINDOW)
        with Run(folder / "log", folder / "out", *words) as run:
            time.sleep(READ_SECONDS)
            run.drain()
            savepoint = Path(urlparse(run.savepoint().partition("=")[2]).path)
        state = b"".join(file.read_bytes() for file in savepoint.iterdir())
        held = state.count(f"kafka://{TOPIC}/".encode())
        assert held == 2 * HELD, f"{held} rows are held"
        assert not list(folder.glob("out/articles/*/*.parquet")), "a window ended: once more"
        with zipfile.ZipFile(GOLDEN, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(savepoint.iterdir()):
                archive.write(file, file.name)
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
