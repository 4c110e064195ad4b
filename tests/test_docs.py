"""The commands of docs/*.md: those that a laptop can run are run, the others are read closely."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import FlinkRunnerOptions

from pipeline.beam_flags import refuse_unknown
from pipeline.cli import COMMANDS, parser
from tests.conftest import ROOT
from transforms import metrics
from transforms.model import Reason

DOCS = sorted((ROOT / "docs").glob("*.md"))
OTHER_TOOLS = {"docker", "duckdb", "flink", "gcloud", "kubectl", "make", "python"}
FLINKS = {
    "--checkpointing_interval",
    "--finish_bundle_before_checkpointing",
    "--max_bundle_size",
    "--max_bundle_time_mills",
}
"""Flags that Beam's job server knows and the Python SDK asks it for."""


def commands(page: Path) -> list[list[str]]:
    """Return the words of every command a page shows."""
    blocks = re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [
        shlex.split(line.removeprefix("$ "))
        for block in blocks
        for line in block.splitlines()
        if line.startswith("$ ")
    ]


SHOWN = [(page.name, words) for page in DOCS for words in commands(page)]
OURS = [(page, words[1:]) for page, words in SHOWN if words[0] == "copydesk"]


def named(value: object) -> str:
    """Return the name of a test case: its page or its command, cut."""
    return value if isinstance(value, str) else " ".join(map(str, value))[:40]  # type: ignore[call-overload]


def run(folder: Path, words: list[str]) -> str:
    """Run a copydesk command in a folder and return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{words}: {done.stderr or done.stdout}"
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a folder where the paths of the pages mean what they mean in a clone."""
    for name in ("sample_input", "runners"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.mark.parametrize("page", ["direct.md", "prism.md", "dataflow.md"])
def test_commands_on_the_samples_do_what_they_say(page: str, clone: Path) -> None:
    """Each command that reads sample_input into out runs, from a fresh start."""
    found = [words for name, words in OURS if name == page and "sample_input" in words]
    assert found
    for words in found:
        said = run(clone, words)
        assert "dry run" in said or "ledger: adds up" in said
        shutil.rmtree(clone / "out", ignore_errors=True)


def test_commands_on_tables_do_what_they_say(clone: Path) -> None:
    """What operations.md does with tables works on those of the first command of direct.md."""
    run(clone, next(words for page, words in OURS if page == "direct.md"))
    found = [words for page, words in OURS if page == "operations.md"]
    assert [words[0] for words in found] == ["validate", "replay"]
    for words in found:
        run(clone, words)


@pytest.mark.parametrize(("page", "words"), OURS, ids=named)
def test_copydesk_knows_each_command_and_flag(page: str, words: list[str]) -> None:
    """Commands that need a cluster or a cloud are at least spelled right."""
    assert words[0] in COMMANDS
    flags = [word for word in words if not word.startswith("@")]
    beams = parser(words[0]).parse_known_args(flags)[1]
    refuse_unknown([flag for flag in beams if flag.partition("=")[0] not in FLINKS])


@pytest.mark.parametrize(("page", "words"), SHOWN, ids=named)
def test_files_and_targets_of_commands_are_there(page: str, words: list[str]) -> None:
    """A page names no file of ours that is not there, no tool by a slip, no target unknown."""
    assert words[0] in OTHER_TOOLS | {"copydesk"}
    for word in words:
        path = word.rpartition("=")[2].removeprefix("@")
        if path.startswith(("runners/", "tests/", "docs/")):
            assert (ROOT / path).exists(), f"{page}: {path}"
    if words[0] == "make":
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), f"{page}: make {words[1]}"


def test_links_between_pages_lead_somewhere() -> None:
    """Every relative link is a file, from where it stands."""
    for page in [*DOCS, ROOT / "README.md"]:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_versions_of_flink_are_those_beam_takes() -> None:
    """The row of the locked Beam is Beam's own list."""
    text = (ROOT / "docs" / "flink.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| 2\.77, [^|]*\| ([^|]+) \|", text, re.MULTILINE)
    assert row.split(", ") == FlinkRunnerOptions.PUBLISHED_FLINK_VERSIONS


def test_every_metric_is_documented() -> None:
    """A counter nobody knows of is of no use."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))
    names = {value for name, value in vars(metrics).items() if name.isupper()}
    fixed = {name.rstrip(".") for name in names - {metrics.NAMESPACE}}
    stages = {metrics.accepted("STAGE"), metrics.microseconds("STAGE")}
    stages.add(metrics.rejected("STAGE", Reason.EMPTY).replace("empty", "REASON"))
    fixed -= {metrics.VISIBLE}
    sinks = {metrics.sink("TABLE", what) for what in ("rows", "duplicates", metrics.VISIBLE)}
    for name in fixed | stages | sinks:
        assert any(each == name or each.startswith(f"{name}.") for each in documented), name
