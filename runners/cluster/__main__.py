"""``python -m runners.cluster``: start and stop a cluster on this machine, or build Prism."""

import argparse
import sys
from pathlib import Path

from pipeline.errors import CopydeskError
from pipeline.prism import cache_folder, prism_path
from runners.cluster import software
from runners.cluster.cluster import JOB_PORT, KAFKA_PORT, REST_PORT, Cluster, Ports

READY = """\
Kafka broker      {cluster.brokers}
Flink             http://localhost:{ports.rest}
Beam job server   localhost:{ports.job}
logs and data     {cluster.folder}

copydesk run @runners/flink.args {flags}--input sample_input --output out
make cluster-stop"""


def main() -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m runners.cluster", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("prism", help="build Prism and print where it is")
    for name, summary in (("start", "start a cluster"), ("stop", "stop it")):
        command = commands.add_parser(name, help=summary)
        command.add_argument("--folder", type=Path, default=cache_folder() / "cluster")
        if name == "start":
            command.add_argument("--kafka-port", type=int, default=KAFKA_PORT)
            command.add_argument("--rest-port", type=int, default=REST_PORT)
            command.add_argument("--job-port", type=int, default=JOB_PORT)
    args = parser.parse_args()
    try:
        if args.command == "prism":
            software.ensure(software.PRISM)
            print(prism_path())
        elif args.command == "start":
            start(args.folder.absolute(), Ports(args.kafka_port, args.rest_port, args.job_port))
        else:
            ended = Cluster(args.folder.absolute(), Ports()).stop()
            print(f"{ended} processes ended" if ended else "no cluster runs here")
    except CopydeskError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    return 0


def start(folder: Path, ports: Ports) -> None:
    """Start a cluster and print how to reach it."""
    cluster = Cluster(folder, ports)
    cluster.start()
    usual = (ports.rest, ports.job) == (REST_PORT, JOB_PORT)
    flags = "" if usual else " ".join([*cluster.flags, ""])
    print(READY.format(cluster=cluster, ports=ports, flags=flags))


if __name__ == "__main__":
    sys.exit(main())
