"""How far a source without an end is read, as Beam keeps it in its checkpoints."""

from typing import Any

from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.transforms.core import RestrictionProvider

END = 2**63 - 1
"""No position is as high: to claim it is to be done for good."""


class EndlessTracker(OffsetRestrictionTracker):
    """Claims positions of a range without an end."""

    def is_bounded(self) -> bool:
        """Say that more may come."""
        return False

    def try_split(self, fraction_of_remainder: float) -> tuple[OffsetRange, OffsetRange] | None:
        """Cut behind the position claimed last, nowhere else: there is no middle of no end.

        A runner that cut an endless range in halves would have both read at once, the second from
        an offset that is years away.
        """
        if fraction_of_remainder != 0:
            return None
        return super().try_split(0)


class EndlessRange(RestrictionProvider):
    """An endless range for each element; subclasses say where it starts and what is left."""

    def create_tracker(self, restriction: OffsetRange) -> EndlessTracker:
        """Return the tracker of a range."""
        return EndlessTracker(restriction)

    def initial_restriction(self, element: Any) -> OffsetRange:
        """Start at 0."""
        return OffsetRange(0, END)

    def restriction_size(self, element: Any, restriction: OffsetRange) -> int:
        """Return how much is left to read, 1 for want of anything better."""
        return 1

    def truncate(self, element: Any, restriction: OffsetRange) -> None:
        """Leave the rest when a runner drains."""
