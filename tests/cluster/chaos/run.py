"""One chaos run from its first message to its report."""

import itertools
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.cli import COMMANDS
from runners.cluster.cluster import Cluster
from tests.cluster.chaos.drive import Driver
from tests.cluster.chaos.figures import latency, recovery
from tests.cluster.chaos.kill import VICTIMS, Killer
from tests.cluster.chaos.messages import Sender, held, make_topic, planned
from tests.cluster.chaos.sample import Samples
from tests.cluster.chaos.verify import compare, differing, ids_in
from tests.cluster.chaos.watch import Watch
from tests.conftest import copydesk

STEP_SECONDS = 0.5
SETTLE_SECONDS = 600.0
DRAIN_SECONDS = 300.0
STARVED_SECONDS = 180.0
"""After so long without a new row the next kill waits: rows must come through between kills."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent at least, how fast, and how often something is killed.

    ``rate`` is in messages a second; kills come ``between`` so many seconds apart, the first when
    rows are there. ``again`` compares every row with those of an undisturbed run.
    """

    seed: int
    messages: int
    rate: float
    kills: int
    between: tuple[float, float]
    window_seconds: int = 10
    again: bool = True
    victims: Sequence[str] = VICTIMS
    topic: str = "chaos"


def disturb(plan: Plan, cluster: Cluster, folder: Path) -> dict[str, Any]:
    """Run ``plan`` and return its report; ``faults`` in it is empty when all is as it must be."""
    make_topic(cluster.brokers, plan.topic)
    output = folder / "out"
    source = f"kafka://{cluster.brokers}/{plan.topic}"
    driver = Driver(cluster, source, output, folder / "driver.log", plan.window_seconds)
    began = time.time()
    samples = Samples(cluster, plan.topic, output, folder / "samples.csv")
    with Watch(output) as watch, samples:
        killer = Killer(cluster, driver, watch, random.Random(plan.seed), plan.victims)
        driver.start()
        killed = threading.Event()
        sending = threading.Thread(target=_send, args=(plan, cluster, killed), daemon=True)
        sending.start()
        _kill(plan, killer)
        killed.set()
        while sending.is_alive():
            killer.revive()
            time.sleep(STEP_SECONDS)
        truth = held(cluster.brokers, plan.topic)
        wanted = {record.record_id for record in truth}
        settled = _settle(watch, wanted, killer.revive)
        exit_code = driver.drain(DRAIN_SECONDS)
        watch.look()
    validated = copydesk("validate", str(output)) if "validate" in COMMANDS else None
    arrived = {
        record.record_id: record.arrived / 1000 for record in reversed(truth) if not record.late
    }
    faults = [*watch.faults, *compare(output, truth, plan.window_seconds)]
    if plan.again:
        faults += differing(output, undisturbed(plan, cluster, folder, wanted))
    faults += [] if settled else ["not everything was there in time"]
    faults += [] if exit_code == 0 else [f"the drained driver ended with {exit_code}"]
    if validated and validated.returncode:
        faults.append(f"validate: {validated.stdout[-2000:]}{validated.stderr[-2000:]}")
    return {
        "seconds": round(time.time() - began),
        "messages": len(truth),
        "rows": len(set(ids_in(output))),
        "polls": watch.polls,
        "kills": {victim: sum(k.victim == victim for k in killer.kills) for victim in VICTIMS},
        "recovery": recovery(killer.kills),
        "latency": latency(arrived, watch.visible, killer.kills),
        "samples": samples.summary(),
        "faults": faults,
    }


def _send(plan: Plan, cluster: Cluster, killed: threading.Event) -> None:
    sender = Sender(cluster.brokers, plan.topic)
    due = time.monotonic()
    for number in itertools.count():
        if number >= plan.messages and killed.is_set():
            break
        for message in planned(number, plan.seed):
            sender.send(message)
        due += 1 / plan.rate
        time.sleep(max(0.0, due - time.monotonic()))
    sender.close()


def _kill(plan: Plan, killer: Killer) -> None:
    due = time.monotonic() + killer.chance.uniform(*plan.between)
    seen = 0
    while len(killer.kills) < plan.kills:
        killer.revive()
        growth = killer.watch.growth
        starved = time.time() - (growth[-1][0] if growth else 0) > STARVED_SECONDS
        if growth and time.monotonic() > due and (not starved or len(growth) > seen):
            seen = len(growth)
            killer.kill()
            due = time.monotonic() + killer.chance.uniform(*plan.between)
        time.sleep(STEP_SECONDS)


def _settle(watch: Watch, wanted: set[str], meanwhile: Callable[[], None]) -> bool:
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        meanwhile()
        if wanted <= watch.visible.keys():
            return True
        time.sleep(STEP_SECONDS)
    return False


def undisturbed(plan: Plan, cluster: Cluster, folder: Path, wanted: set[str]) -> Path:
    """Run over the same topic again, without a kill, and return that run's output."""
    output = folder / "undisturbed"
    source = f"kafka://{cluster.brokers}/{plan.topic}"
    driver = Driver(cluster, source, output, folder / "undisturbed.log", plan.window_seconds)
    with Watch(output) as watch:
        driver.start()
        assert _settle(watch, wanted, lambda: None), "the undisturbed run did not come to its end"
        assert driver.drain(DRAIN_SECONDS) == 0
    return output
