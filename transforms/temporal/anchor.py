"""What a text's relative expressions are resolved against: its publication date, and itself."""

import re
from dataclasses import dataclass
from datetime import date

from transforms.temporal.moments import DAYS, Moment

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?!\d))?)?")
UNKNOWN = {
    "CE": "XX",
    "DE": "XXX",
    "Y": "XXXX",
    "HY": "XXXX-HX",
    "Q": "XXXX-QX",
    "SE": "XXXX",
    "M": "XXXX-XX",
    "W": "XXXX-WXX",
    "WE": "XXXX-WXX-WE",
    "D": "XXXX-XX-XX",
}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A publication date: ``day`` is its first day, ``unit`` its precision (Y, M or D)."""

    day: date
    unit: str

    def knows(self, unit: str) -> bool:
        """Say whether it is precise enough to count in ``unit``."""
        return DAYS[unit] >= DAYS[self.unit] or self.unit == "D"


def parse_anchor(text: str | None) -> Anchor | None:
    """Read an ISO 8601 date of a year, a month, a day or finer; None when it is none."""
    found = _ISO.match(text or "")
    if found is None:
        return None
    year, month, day = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return Anchor(first, "D" if day else "M" if month else "Y")


# After so many dates of other years and none of its own time a text is a history, not news.
HISTORY = 2


@dataclass(slots=True)
class Discourse:
    """The thread of a text: its anchor and the dates it has mentioned so far.

    ``last`` is the last mentioned moment, ``day`` the last mentioned day with its sentence,
    ``year`` the year of the story being told when it is not the anchor's, with its sentence, and
    ``told`` how many dates of such years there were; ``news`` is set by the first expression that
    counts from the anchor.
    """

    anchor: Anchor | None
    last: Moment | None = None
    day: tuple[date, int] | None = None
    year: tuple[int, int] | None = None
    told: int = 0
    news: bool = False

    def mention(self, moment: Moment, sentence: int) -> None:
        """Remember a resolved moment."""
        self.last = moment
        if moment.unit == "D" and (day := moment.first_day()) is not None:
            self.day = (day, sentence)

    def tell(self, year: int, sentence: int) -> None:
        """Remember the year of a story that is not the anchor's own, nor to come."""
        if self.anchor is None or year < self.anchor.day.year:
            self.year = (year, sentence)
            self.told += 1

    def return_to_anchor(self) -> None:
        """Leave the story: the text speaks of its own time."""
        self.year, self.news = None, True

    def is_history(self) -> bool:
        """Say whether the text tells of other years and has never spoken of its own time."""
        return not self.news and self.told >= HISTORY
