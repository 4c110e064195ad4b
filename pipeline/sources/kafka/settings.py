"""The Kafka client's settings: ours, and those that say how brokers are reached.

A file of them stays where it is, read by each worker: passwords are in no graph and no state.
"""

from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import UsageError

_OURS: Mapping[str, object] = {
    # Required by the client; offsets are kept by Beam, so no broker ever hears of it.
    "group.id": "copydesk",
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "enable.partition.eof": True,
    "isolation.level": "read_committed",
    "auto.offset.reset": "error",
    "fetch.wait.max.ms": 100,
    "fetch.message.max.bytes": 2**20,
    "queued.max.messages.kbytes": 4 * 2**10,
    "reconnect.backoff.max.ms": 5_000,
    "socket.connection.setup.timeout.ms": 5_000,
    "log_level": 2,
}
_CLIENT_ID = "client.id"

_theirs: dict[str, str] = {}


def use(path: str | None) -> None:
    """Reach brokers as the file at ``path`` says from now on; None is without more ado.

    Raises ``UsageError`` when it cannot be read, or says what is not the user's to say.
    """
    _theirs.clear()
    if path is not None:
        _theirs.update(read_settings(path))


def settings(brokers: str) -> dict[str, object]:
    """Return what a consumer of these brokers is made with."""
    return {_CLIENT_ID: "copydesk", **_theirs, **_OURS, "bootstrap.servers": brokers}


def read_settings(path: str) -> dict[str, str]:
    """Return librdkafka's properties in a file of ``NAME=VALUE`` lines and ``#`` comments.

    https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md names them. Raises
    ``UsageError``, which quotes no value.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        name, equals, value = (word.strip() for word in line.partition("="))
        if not name or name.startswith("#"):
            continue
        if not equals:
            raise UsageError(f"{path}, line {number}: not NAME=VALUE")
        if name in _OURS or name in ("bootstrap.servers", "metadata.broker.list"):
            raise UsageError(f"{path}, line {number}: {name} is not to be set")
        found[name] = value
    return found
