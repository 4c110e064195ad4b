"""``python -m tests.cluster.chaos``: a run on a cluster of its own, and its report as JSON."""

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path

from runners.cluster.cluster import Cluster, Ports
from tests.cluster.chaos.kill import VICTIMS
from tests.cluster.chaos.run import Plan, disturb


def main() -> int:
    """Run and return 0 when nothing was lost, repeated, torn or miscounted."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=5.0, help="messages a second")
    parser.add_argument("--messages", type=int, default=1000, help="at least")
    parser.add_argument("--between", type=float, nargs=2, default=(10.0, 20.0), metavar="SECONDS")
    parser.add_argument("--window", type=int, default=10, metavar="SECONDS")
    parser.add_argument("--victims", nargs="+", choices=VICTIMS, default=VICTIMS)
    parser.add_argument("--once", action="store_true", help="no undisturbed run to compare with")
    parser.add_argument("--folder", type=Path, help="where everything goes; default: a new one")
    args = parser.parse_args()
    # Told to end, it still stops its cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = args.folder or Path(tempfile.mkdtemp(prefix="copydesk-chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    plan = Plan(
        seed=args.seed,
        messages=args.messages,
        rate=args.rate,
        kills=args.kills,
        between=tuple(args.between),
        window_seconds=args.window,
        again=not args.once,
        victims=args.victims,
    )
    cluster = Cluster(folder / "cluster", Ports.free())
    cluster.start()
    try:
        report = disturb(plan, cluster, folder)
    finally:
        cluster.stop()
    text = json.dumps({"plan": vars(args) | {"folder": str(folder)}, **report}, indent=2)
    (folder / "report.json").write_text(text + "\n")
    print(text)
    return 1 if report["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
