"""One of several readers of a file that has no place to start in the middle."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """Each reader takes every record whose number, modulo ``of``, is its own."""

    number: int = 0
    of: int = 1

    def holds(self, record: int) -> bool:
        """Return whether the record of this number is this reader's."""
        return record % self.of == self.number


WHOLE = Share()
