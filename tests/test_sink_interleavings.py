"""The sink under random interleavings of panes, crashes, restarts, zombies and restores."""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.compaction.compact import compact
from pipeline.validation.files import check_files
from pipeline.validation.logs import read_logs
from tests.faults import Killed, stopped_at
from tests.table_rows import STREAM, numbered_letter, target
from tests.test_sink_faults import START, numbers
from transforms.ledger import Entry, add, reconcile, tally
from transforms.part_files import EncodedRow
from transforms.schema import REJECTED
from transforms.shard_writer import ShardWriter

WORKERS = 3
MEMORY = Path("/dev/shm")  # noqa: S108


@dataclass
class Runner:
    """What a runner with exactly-once state does to a sink: pending input, done bundles.

    The broker's content is a list of ids; a record's place in it is its offset.
    """

    output: Path
    topic: list[int]
    pending: list[int] = field(default_factory=list)
    done: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pending = list(range(len(self.topic)))
        self.checkpoint = (list(self.pending), list(self.done))
        self.workers = [ShardWriter(target(self.output, stream=STREAM)) for _ in range(WORKERS)]

    def rows(self, offsets: list[int]) -> list[EncodedRow]:
        """Return the rows at these offsets; one arrives each seven seconds."""
        return [
            numbered_letter(self.topic[offset], offset=offset, arrived=START + 7 * offset)
            for offset in offsets
        ]

    def pane(self, worker: int, offsets: list[int], crash: int | None) -> None:
        """Hand a pane to a worker, which may be killed at a moment; then the pane stays pending."""
        try:
            if crash is None:
                entries = self.workers[worker].write(0, self.rows(offsets))
            else:
                with stopped_at(crash):
                    entries = self.workers[worker].write(0, self.rows(offsets))
        except Killed:
            self.restart(worker)
            return
        self.done += entries
        self.pending = [offset for offset in self.pending if offset not in offsets]

    def restart(self, worker: int) -> None:
        """Replace a worker by a new process."""
        self.workers[worker] = ShardWriter(target(self.output, stream=STREAM))

    def restore(self) -> None:
        """Go back to the checkpoint; what was written since stays written."""
        pending, done = self.checkpoint
        self.pending, self.done = list(pending), list(done)

    def take_checkpoint(self) -> None:
        """Remember input and state together, as a runner does."""
        self.checkpoint = (list(self.pending), list(self.done))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(data=st.data())
def test_nothing_is_lost_or_repeated_and_the_ledger_is_exact(data: st.DataObject) -> None:
    """Each id stands in the table once, and the ledger counts each record that came in once."""
    topic = data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=20), label="topic")
    folder = tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None)
    try:
        runner = Runner(Path(folder), topic)
        for _ in range(data.draw(st.integers(0, 12), label="events")):
            event = data.draw(
                st.sampled_from(
                    ("pane", "pane", "crash", "restart", "checkpoint", "restore", "compact")
                )
            )
            disturb(runner, event, data)
        while runner.pending:
            runner.pane(0, runner.pending[:5], None)
        check(runner)
    finally:
        shutil.rmtree(folder)


def disturb(runner: Runner, event: str, data: st.DataObject) -> None:
    """Let one thing happen."""
    if event in ("pane", "crash") and runner.pending:
        worker = data.draw(st.integers(0, WORKERS - 1), label="worker")
        offsets = data.draw(st.lists(st.sampled_from(runner.pending), min_size=1, unique=True))
        crash = data.draw(st.integers(0, 40), label="moment") if event == "crash" else None
        runner.pane(worker, offsets, crash)
    elif event == "restart":
        runner.restart(data.draw(st.integers(0, WORKERS - 1), label="worker"))
    elif event == "checkpoint":
        runner.take_checkpoint()
    elif event == "restore":
        runner.restore()
    elif event == "compact" and numbers(runner.output):
        compact(str(runner.output), REJECTED, 2**20)


def check(runner: Runner) -> None:
    """Compare table, logs and ledger with what the broker held."""
    assert numbers(runner.output) == sorted(set(runner.topic))
    logs = read_logs(str(runner.output), REJECTED)
    assert [*logs.problems, *check_files(str(runner.output), REJECTED, logs)] == []
    came_in = [tally("in", row.row_id) for row in runner.rows(list(range(len(runner.topic))))]
    reconcile([*came_in, *runner.done])
    outcomes = Counter(key[0] for key, _ in runner.done)
    repeats = len(runner.topic) - len(set(runner.topic))
    assert outcomes == +Counter(rejected=len(set(runner.topic)), duplicate=repeats)
    written = add(logs.written.values())
    assert written == add(count for key, count in runner.done if key[0] == "rejected")
