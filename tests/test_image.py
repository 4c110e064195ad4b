"""The image, without building it, as `make image` does: what it is pinned to and what it holds."""

import re

from tests.conftest import ROOT

DOCKERFILE = (ROOT / "runners" / "Dockerfile").read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    """Return the versions a lock file names, by package."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))


def test_the_image_holds_what_is_tested() -> None:
    """Every package of the image has the version the tests ran with, and none is missing."""
    image = pins("requirements-image.lock")
    assert image.items() <= pins("requirements-dev.lock").items()
    assert pins("requirements.lock").items() <= image.items()


def test_the_start_program_is_beams_of_the_same_version() -> None:
    """Beam's worker and the program that starts it are released together."""
    beam = pins("requirements-image.lock")["apache-beam"]
    assert f"ARG BEAM_IMAGE=apache/beam_python3.11_sdk:{beam}\n" in DOCKERFILE


def test_all_that_the_image_copies_is_sent_to_the_builder() -> None:
    """The ignore file leaves everything out but what the image copies."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert {name for line in copied for name in line.split()} == sent
    assert all((ROOT / name).exists() for name in sent)


def test_the_image_does_not_run_as_root() -> None:
    """The last user of the file is the one it runs as."""
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1:] == ["1000"]
