"""What a run is told: parsed once, checked at launch, passed on as a frozen value."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

EXTRACTORS = ("copydesk", "trafilatura")
LANGUAGE_BACKENDS = ("ensemble", "langdetect")

WINDOW_SECONDS = 60
MIN_WINDOW_SECONDS = 10
MAX_WINDOW_SECONDS = 3600
DEDUPLICATE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class RunOptions:
    """One run: what it reads, where it writes, and how it decides.

    ``ingested_at`` is the run's start; everything else written is a function of the input.
    ``progress`` is a local folder that counts what is done, for a display; None without one.
    ``replaces`` lists the dead-letter files that a replay reads and then removes. ``streaming``
    says that the input has no end; its ledger counts by windows of ``window_seconds``, which is
    also how long a row waits for company in its file, and a record that comes again within
    ``deduplicate_within_seconds`` of arrival is a duplicate. ``spill`` is a folder where rows
    wait for their file in a run within this machine; None keeps them in memory.
    """

    inputs: tuple[str, ...]
    output: str
    ingested_at: datetime
    extractor: str
    language_backend: str
    not_article_below: float
    remove_recurring: bool
    shards: int
    progress: str | None
    replaces: tuple[str, ...] = ()
    streaming: bool = False
    window_seconds: int = WINDOW_SECONDS
    deduplicate_within_seconds: int = DEDUPLICATE_SECONDS
    spill: str | None = None

    @property
    def run_id(self) -> str:
        """The run's name in the ledger: its start and a digest of its inputs.

        A stream is one run, however often it is started again, so its start is left out.
        """
        names = hashlib.blake2b("\n".join(self.inputs).encode(), digest_size=4).hexdigest()
        if self.streaming:
            return f"stream-{names}"
        return f"{self.ingested_at:%Y%m%dT%H%M%S%fZ}-{names}"


SHARD_BYTES = 128 * 2**20
"""Input bytes for one output file, roughly: cleaned text is a fraction of a page."""


def shards_for(sizes: Sequence[int]) -> int:
    """Return how many files to write for inputs of these sizes in bytes."""
    return 1 + sum(sizes) // SHARD_BYTES
