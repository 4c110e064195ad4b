"""Flink's JobManager and TaskManager, and Beam's job server in front of them."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SLOTS = 2

_OPENED = (
    "java.base/java.lang",
    "java.base/java.lang.reflect",
    "java.base/java.net",
    "java.base/java.io",
    "java.base/java.nio",
    "java.base/java.text",
    "java.base/java.time",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/sun.nio.ch",
)
"""Packages of Java 17 that Flink's serialisers reach into."""

_SETTINGS = """\
jobmanager.rpc.address: localhost
jobmanager.rpc.port: {rpc_port}
jobmanager.bind-host: localhost
rest.address: localhost
rest.bind-address: localhost
rest.port: {rest_port}
taskmanager.host: localhost
taskmanager.bind-host: localhost
taskmanager.numberOfTaskSlots: {slots}
taskmanager.memory.network.min: 256mb
taskmanager.memory.network.max: 256mb
state.backend.type: hashmap
state.checkpoints.dir: file://{folder}/checkpoints
state.savepoints.dir: file://{folder}/savepoints
execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
execution.checkpointing.tolerable-failed-checkpoints: 2147483647
# A TaskManager that is killed is given up after three seconds, not after fifty: a killed
# process closes its connections, which the second failed heartbeat tells.
heartbeat.interval: 1000
heartbeat.timeout: 8000
heartbeat.rpc-failure-threshold: 2
# A request for slots waits for a TaskManager to come back; else each failed request counts as one
# more failure of the job, and the next attempt waits longer.
resourcemanager.standalone.start-up-time: 20000000000
slot.request.timeout: 600000
# No restart strategy is named: then a batch job fails at once, and one with checkpoints restarts
# for ever, by itself after up to a minute and forgetting a failure only after an hour.
restart-strategy.exponential-delay.initial-backoff: 500ms
restart-strategy.exponential-delay.max-backoff: 5s
restart-strategy.exponential-delay.reset-backoff-threshold: 30s
# A machine with every core taken needs more than ten seconds for this.
pekko.startup-timeout: 90s
classloader.resolve-order: parent-first
"""

_LOGGING = """\
rootLogger.level = INFO
rootLogger.appenderRef.console.ref = Console
appender.console.name = Console
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss,SSS} %-5p %-40.40c{1} - %m%n
"""

_TASKMANAGER_MEMORY = {
    "taskmanager.cpu.cores": str(SLOTS),
    "taskmanager.memory.task.heap.size": "256m",
    "taskmanager.memory.task.off-heap.size": "64m",
    "taskmanager.memory.network.min": "256m",
    "taskmanager.memory.network.max": "256m",
    "taskmanager.memory.managed.size": "128m",
    "taskmanager.memory.framework.heap.size": "128m",
    "taskmanager.memory.framework.off-heap.size": "128m",
    "taskmanager.memory.jvm-metaspace.size": "256m",
    "taskmanager.memory.jvm-overhead.min": "192m",
    "taskmanager.memory.jvm-overhead.max": "192m",
}


def configure(folder: Path, rest_port: int, rpc_port: int) -> None:
    """Write Flink's settings and its logging's to ``folder/conf``."""
    conf = folder / "conf"
    conf.mkdir(parents=True, exist_ok=True)
    settings = _SETTINGS.format(folder=folder, rest_port=rest_port, rpc_port=rpc_port, slots=SLOTS)
    (conf / "config.yaml").write_text(settings)
    (conf / "log4j.properties").write_text(_LOGGING)


def jobmanager(folder: Path, jars: Path) -> list[str]:
    """Return the command that runs the JobManager of a session cluster."""
    main = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
    words = ["--configDir", str(folder / "conf"), "--executionMode", "cluster"]
    return [*_java(folder, jars, "-Xmx700m"), main, *words]


def taskmanager(folder: Path, jars: Path) -> list[str]:
    """Return the command that runs a TaskManager."""
    main = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
    memory = [f"-D{name}={value}" for name, value in _TASKMANAGER_MEMORY.items()]
    java = _java(folder, jars, "-Xmx512m", "-XX:MaxDirectMemorySize=512m")
    return [*java, main, "--configDir", str(folder / "conf"), *memory]


def job_server(folder: Path, jar: Path, job_port: int, rest_port: int) -> list[str]:
    """Return the command that runs Beam's job server; where artifacts go it chooses itself."""
    return [
        "java",
        "-Xmx512m",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-jar",
        str(jar),
        "--job-host=localhost",
        f"--job-port={job_port}",
        "--artifact-port=0",
        "--expansion-port=0",
        f"--artifacts-dir={folder / 'artifacts'}",
        f"--flink-master=localhost:{rest_port}",
    ]


def get(rest_port: int, path: str) -> Any:
    """Return what the JobManager's REST interface answers. Raises ``OSError`` if nothing."""
    url = f"http://localhost:{rest_port}{path}"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)


def answers(rest_port: int) -> bool:
    """Return whether the JobManager answers."""
    try:
        return get(rest_port, "/overview") is not None
    except (OSError, ValueError):
        return False


def slots(rest_port: int) -> int:
    """Return how many task slots the cluster offers; none when it does not answer."""
    try:
        return int(get(rest_port, "/overview")["slots-total"])
    except (OSError, ValueError):
        return 0


def taskmanagers(rest_port: int) -> frozenset[str]:
    """Return the names of the TaskManagers that the JobManager knows; none when it is silent."""
    try:
        return frozenset(each["id"] for each in get(rest_port, "/taskmanagers")["taskmanagers"])
    except (OSError, ValueError):
        return frozenset()


def _java(folder: Path, jars: Path, *flags: str) -> list[str]:
    opened = [f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED]
    exported = "--add-exports=java.base/sun.net.util=ALL-UNNAMED"
    logging = folder / "conf" / "log4j.properties"
    return [
        "java",
        exported,
        *opened,
        f"-Dlog4j.configurationFile={logging}",
        *flags,
        "-cp",
        f"{jars}/*",
    ]
