"""A Kafka broker that is its own controller (KRaft), on loopback."""

from pathlib import Path

CLUSTER_ID = "Y29weWRlc2stbG9jYWwtMQ"
"""Sixteen bytes in base64, as Kafka wants them; storage of another id is refused."""

_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={folder}/kafka
num.partitions=2
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
# What a producer was told is stored survives kill -9 of the only broker: the page cache does.
log.retention.ms=-1
"""


def configure(folder: Path, port: int, controller_port: int) -> None:
    """Write the broker's settings to ``folder/conf``."""
    conf = folder / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    settings = _SETTINGS.format(folder=folder, port=port, controller_port=controller_port)
    (conf / "kafka.properties").write_text(settings)


def formatting(folder: Path, jars: Path) -> list[str]:
    """Return the command that makes the broker's storage; storage that is there stays."""
    words = ["format", "--ignore-formatted", "--cluster-id", CLUSTER_ID, "--config"]
    return [*_java(jars), "kafka.tools.StorageTool", *words, str(folder / "conf/kafka.properties")]


def broker(folder: Path, jars: Path) -> list[str]:
    """Return the command that runs the broker."""
    return [*_java(jars), "kafka.Kafka", str(folder / "conf" / "kafka.properties")]


def _java(jars: Path) -> list[str]:
    logging = "-Dorg.slf4j.simpleLogger.showDateTime=true"
    return ["java", "-Xmx512m", logging, "-cp", f"{jars}/*"]
