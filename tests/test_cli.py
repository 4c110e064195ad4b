"""The command line: clear errors, exit codes that scripts can use, a fast start."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import cli, options
from pipeline.cli import COMMANDS, main


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`copydesk --help` is the way in."""
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    printed = capsys.readouterr().out
    assert all(command in printed for command in COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`copydesk COMMAND --help` describes its arguments."""
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert "usage: copydesk" in capsys.readouterr().out


def test_readme_names_every_command(root: Path) -> None:
    """No command is left undocumented."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert all(f"copydesk {command}" in readme for command in COMMANDS)


def test_no_command_prints_help_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """A bare `copydesk` is wrong usage."""
    assert main([]) == 2
    assert "usage: copydesk" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The version is the distribution's."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("copydesk ")


def test_help_does_not_wait_for_beam() -> None:
    """Commands are imported when they run."""
    code = (
        "import sys; from pipeline.cli import parser; parser(); print('apache_beam' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_flags_files_may_hold_comments_and_several_flags_a_line(tmp_path: Path) -> None:
    """`@FILE` reads Beam's flags as a person writes them down."""
    flags = tmp_path / "some.args"
    flags.write_text("# a comment\n--quiet --workers=2  # two\n\n--input 'a b.txt'\n")
    args, rest = cli.parser("run").parse_known_args(
        ["run", f"@{flags}", "--output", "out", "--parallelism=3"]
    )
    assert (args.quiet, args.workers, args.input) == (True, 2, ["a b.txt"])
    assert rest == ["--parallelism=3"]


def test_choices_are_those_of_the_stages() -> None:
    """The command line offers what the stages have, without importing them."""
    from transforms.extract import EXTRACTORS
    from transforms.language import BACKENDS

    assert options.EXTRACTORS == EXTRACTORS
    assert options.LANGUAGE_BACKENDS == BACKENDS
