"""Gets and builds what a local cluster is made of, once, into the user's cache."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import CopydeskError
from pipeline.prism import cache_folder
from runners.cluster import versions

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Software:
    """A program, kept in one folder of the cache, and how it gets there.

    ``build`` fills an empty folder; ``needs`` maps the commands it calls to what to install for
    them.
    """

    name: str
    version: str
    needs: Mapping[str, str]
    build: Callable[[Path], None] = field(repr=False)

    @property
    def folder(self) -> Path:
        """Where it is once it is there."""
        return cache_folder() / f"{self.name}-{self.version}"


class MissingToolError(CopydeskError):
    """A command that is needed is not on PATH; the message names it and what installs it."""


def ensure(software: Software) -> Path:
    """Return the folder of ``software``, built if it is not there yet.

    Raises ``MissingToolError`` for a command that is missing, and ``CopydeskError`` with the end
    of its output when one fails.
    """
    if software.folder.is_dir():
        return software.folder
    for command, what in software.needs.items():
        require(command, f"{what}, to build {software.name} {software.version}")
    print(f"building {software.name} {software.version}, once", file=sys.stderr, flush=True)
    software.folder.parent.mkdir(parents=True, exist_ok=True)
    # A folder of this name is whole: it is filled under another name.
    with tempfile.TemporaryDirectory(prefix=".building-", dir=software.folder.parent) as scratch:
        filling = Path(scratch) / "filling"
        filling.mkdir()
        software.build(filling)
        try:
            filling.rename(software.folder)
        except OSError:
            if not software.folder.is_dir():  # else somebody else was faster
                raise
    return software.folder


def require(command: str, what: str) -> None:
    """Raise ``MissingToolError`` unless ``command`` is on PATH."""
    if shutil.which(command) is None:
        raise MissingToolError(f"`{command}` is not on PATH: install {what}")


def _call(command: Sequence[str | Path], **environment: str) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(  # noqa: S603
        words,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise CopydeskError(f"{' '.join(words)} failed:\n{done.stdout[-3000:]}")


def _maven(folder: Path, pom: str, goal: str, **properties: str) -> None:
    """Run a goal of a pom of this package with the versions as properties."""
    shutil.copy(HERE / pom, folder / "pom.xml")
    settings = [f"-D{name.replace('_', '.')}={value}" for name, value in properties.items()]
    _call(["mvn", "--quiet", "--batch-mode", "--file", folder / "pom.xml", goal, *settings])


def _build_prism(folder: Path) -> None:
    module = f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{versions.BEAM}"
    _call(["go", "install", module], GOBIN=str(folder))


def _build_job_server(folder: Path) -> None:
    _maven(
        folder,
        "flink-job-server.pom.xml",
        "package",
        beam_version=versions.BEAM_FLINK_RUNNER,
        job_service_version=versions.BEAM_JOB_SERVICE,
        slf4j_version=versions.JOB_SERVER_SLF4J,
        shade_version=versions.SHADE_PLUGIN,
    )
    (folder / "target" / "flink-job-server-1.jar").rename(folder / "flink-job-server.jar")
    shutil.rmtree(folder / "target")


def _build_flink(folder: Path) -> None:
    package = f"apache-flink-libraries=={versions.FLINK}"
    # An environment that uv made holds no pip.
    uv = ["uv", "pip", "install", "--python", sys.executable]
    installer = uv if shutil.which("uv") else [sys.executable, "-m", "pip", "install"]
    unpacked = folder / "unpacked"
    _call([*installer, "--quiet", "--no-deps", "--target", unpacked, package])
    (unpacked / "pyflink" / "lib").rename(folder / "lib")
    shutil.rmtree(unpacked)


def _build_kafka(folder: Path) -> None:
    _maven(
        folder,
        "kafka.pom.xml",
        f"org.apache.maven.plugins:maven-dependency-plugin:{versions.DEPENDENCY_PLUGIN}"
        ":copy-dependencies",
        kafka_version=versions.KAFKA,
        scala_version=versions.KAFKA_SCALA,
        slf4j_version=versions.KAFKA_SLF4J,
        outputDirectory=str(folder / "lib"),
    )


_JAVA = {"java": "Java 17", "mvn": "Maven"}

PRISM = Software("prism", versions.BEAM, {"go": "Go"}, _build_prism)
JOB_SERVER = Software("flink-job-server", versions.BEAM_FLINK_RUNNER, _JAVA, _build_job_server)
FLINK = Software("flink", versions.FLINK, {}, _build_flink)
KAFKA = Software("kafka", versions.KAFKA, _JAVA, _build_kafka)
