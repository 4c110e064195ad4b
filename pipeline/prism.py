"""Where Prism, Beam's local streaming runner, is kept once ``make prism`` has built it."""

import os
from importlib.metadata import version
from pathlib import Path


def cache_folder() -> Path:
    """Return the user's folder for programs that copydesk has built: under XDG_CACHE_HOME."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "copydesk"


def prism_path() -> Path:
    """Return the path of the Prism of the installed Beam's version, which may not be there yet."""
    return cache_folder() / f"prism-{version('apache-beam')}" / "prism"
