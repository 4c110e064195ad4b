"""How throughput figures are shown and kept."""

import csv
from collections.abc import Mapping
from pathlib import Path

REACH = {
    "ratio_to_loop": "≤ 0.167",
    "ratio_to_floor": "≤ 3",
    "beam_share": "≤ 0.15",
    "speed_up": "≥ 1.8",
    "worker_mb.2": "≤ 350",
    "startup_seconds": "≤ 4",
}
"""What we mean to reach, by figure."""

HISTORY = (
    "copydesk_ms",
    "loop_ms",
    "floor_ms",
    "stages_ms",
    "ratio_to_loop",
    "ratio_to_floor",
    "beam_share",
    "speed_up",
    "worker_mb.2",
    "startup_seconds",
    "startup_cpu_seconds",
    "linearity",
)
"""The columns of the history, behind the commit."""


def table(figures: Mapping[str, float]) -> str:
    """Return the figures as a Markdown table; single names are milliseconds of CPU a document."""
    lines = ["| figure | value | reach |", "|---|---:|---|"]
    lines += [
        f"| {name} | {value:,.3f} | {REACH.get(name, '')} |" for name, value in figures.items()
    ]
    return "\n".join(lines)


def append_history(path: Path, commit: str, figures: Mapping[str, float]) -> None:
    """Append the figures of a commit to a CSV file, which gets its header with the first row."""
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        if new:
            rows.writerow(("commit", *HISTORY))
        rows.writerow((commit, *(f"{figures.get(name, float('nan')):.3f}" for name in HISTORY)))
