"""Nothing lost, nothing twice, whatever dies: a short chaos run; ``make chaos`` is the long one."""

from pathlib import Path

from runners.cluster.cluster import Cluster
from tests.cluster.chaos.run import Plan, disturb

PLAN = Plan(seed=1, messages=500, rate=4.0, kills=8, between=(8.0, 16.0))


def test_killed_parts_lose_and_repeat_nothing(cluster: Cluster, tmp_path: Path) -> None:
    """Worker, TaskManager, broker and driver die; tables and ledger are what the broker holds."""
    report = disturb(PLAN, cluster, tmp_path)
    assert report["faults"] == []
    assert all(report["kills"].values())
    assert report["polls"] > PLAN.kills
