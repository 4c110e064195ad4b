"""The names of months and weekdays, and the file they are read from."""

import json
from importlib.resources import files

from training.export_cldr import cldr_tables
from transforms.published.names import FILE, ago, months, weekdays


def test_the_file_is_what_cldr_says() -> None:
    """Whoever adds a language or updates Babel must write the file again."""
    text = files("transforms.published").joinpath(FILE).read_text(encoding="utf-8")
    assert json.loads(text) == cldr_tables()


def test_what_cldr_lacks_is_added() -> None:
    """Newspapers' own spellings stand beside CLDR's."""
    assert months()["mrt"]["nl"] == 3
    assert months()["march"]["en"] == 3
    assert weekdays()["sonntag"]["de"] == 6
    assert ago()["# hrs ago"] == "hour"
