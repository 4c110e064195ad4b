"""Capacity on paper: cores, memory, files and dollars out of what ``make bench`` measured."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.prices import MEMORY_GB, Compute
from pipeline.options import SHARD_BYTES

SIZES = {"1 million": 10**6, "100 million": 10**8, "3 billion": 3 * 10**9}
"""Pages; the last is a snapshot of Common Crawl."""

BUSY = 0.8
"""Share of the time that workers are busy: stragglers, start-up and scaling take the rest."""

KNOWN_ID_BYTES = 28
"""What the sink keeps in memory for an id of its table (``transforms.known_ids``)."""

REQUESTS_PER_FILE = 6
"""Requests that write or list, for a file in an object store: log, stage, commit, publish."""

BATCH_HOURS = 24
STREAM_DAYS = 30
WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """What so many pages need; sizes in GB of 10**9 bytes, times in hours unless named."""

    pages: int
    core_hours: float
    cores: int
    memory_gb: float
    input_gb: float
    shuffled_gb: float
    tables_gb: float
    files: int
    known_ids_gb: float
    per_second: float
    stream_cores: int
    stream_shards: int
    stream_files_a_day: int
    stream_ids_gb: float

    def dollars(self, price: Compute, *, streaming: bool = False) -> float:
        """Return what the work costs; a stream pays for its cores all the time."""
        hours = STREAM_DAYS * 24 * self.stream_cores if streaming else self.core_hours / BUSY
        rate = price.vcpu_hour + MEMORY_GB * price.memory_gb_hour
        return hours * rate + self.shuffled_gb * price.shuffled_gb


def plan(pages: int, figures: Mapping[str, float]) -> Plan:
    """Return what ``pages`` need, by the figures of ``make bench`` (ms, kB and MB a page)."""
    core_hours = pages * figures["copydesk_ms"] / 3.6e6
    cores = math.ceil(core_hours / BUSY / BATCH_HOURS)
    share = figures["article_share"]
    row_kb = share * figures["volume.article"] + (1 - share) * figures["volume.rejected"]
    input_gb = pages * figures["volume.input"] / 1e6
    per_second = pages / (STREAM_DAYS * 86400)
    stream_cores = math.ceil(per_second * figures["copydesk_ms"] / 1000 / BUSY)
    shards = math.ceil(stream_cores / 4)
    return Plan(
        pages=pages,
        core_hours=core_hours,
        cores=cores,
        memory_gb=cores * figures["worker_mb.2"] / 1000,
        input_gb=input_gb,
        shuffled_gb=pages * figures["volume.shuffled"] / 1e6,
        tables_gb=pages * row_kb / 1e6,
        files=1 + int(input_gb * 1e9 / SHARD_BYTES),
        known_ids_gb=pages * KNOWN_ID_BYTES / 1e9,
        per_second=per_second,
        stream_cores=stream_cores,
        stream_shards=shards,
        stream_files_a_day=shards * 86400 // WINDOW_SECONDS,
        stream_ids_gb=per_second * 86400 * KNOWN_ID_BYTES / 1e9,
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that is finite: how much of it a plan needs, and how much there is."""

    name: str
    unit: str
    need: Callable[[Plan], float]
    have: float
    way_out: str


LIMITS = (
    Limit(
        "known ids in the memory of each writing process (second run, replay)",
        "GB",
        lambda plan: plan.known_ids_gb,
        MEMORY_GB,
        "an output folder a snapshot; machines with more memory a core",
    ),
    Limit(
        "files that a reader lists before it reads (1,000 a request)",
        "files",
        lambda plan: plan.files,
        100_000,
        "`copydesk compact`, which makes one of a dozen",
    ),
    Limit(
        "shuffle on the workers' own disks (Flink, 100 GB a core)",
        "GB a core",
        lambda plan: plan.shuffled_gb / plan.cores,
        100,
        "Dataflow's shuffle service; larger disks",
    ),
    Limit(
        "requests that write, a second, to one prefix of an object store",
        "requests/s",
        lambda plan: plan.files * REQUESTS_PER_FILE / (BATCH_HOURS * 3600),
        3500,
        "more hours",
    ),
)
"""In batch, on a cluster. The last is S3's own figure for a prefix, the others our judgement."""

LOCAL_GB = 64
"""Memory of the machine that a local run is reckoned for."""

LOCAL_ROW_KB = 2.2
"""What Beam's in-process runner keeps of a row whose bytes wait on disk, by ``--growth``."""
