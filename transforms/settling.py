"""Which rows are new, which are in the table already, and which are duplicates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transforms.known_ids import Held, occurrence
from transforms.part_files import MICROS, EncodedRow, order
from transforms.part_names import Span


@dataclass(frozen=True, slots=True)
class Settled:
    """What is to be done with rows: ``fresh`` ones are written, ``standing`` ones were."""

    fresh: Sequence[EncodedRow]
    standing: Sequence[EncodedRow]
    duplicates: Sequence[EncodedRow]


def settle(
    rows: Sequence[EncodedRow], held: Mapping[str, Sequence[Held]], horizon: float | None
) -> Settled:
    """Tell new rows, in their order, from those that are in the table and from duplicates.

    ``held`` is what the table has under their ids. A row's own occurrence is found at any
    distance of time; another one makes it a duplicate within the horizon (in seconds, None: ever).
    """
    fresh: list[EncodedRow] = []
    standing: list[EncodedRow] = []
    duplicates: list[EncodedRow] = []
    seen: set[str] = set()
    counted: set[tuple[str, int]] = set()
    for row in sorted(rows, key=order):
        there = held.get(row.row_id, ())
        place = row.row_id, occurrence(row.source_file, row.source_offset)
        if any(place[1] == one.occurrence for one in there) and place not in counted:
            counted.add(place)
            seen.add(row.row_id)
            standing.append(row)
        elif row.row_id in seen or any(_near(row, one.span, horizon) for one in there):
            duplicates.append(row)
        else:
            seen.add(row.row_id)
            counted.add(place)
            fresh.append(row)
    return Settled(fresh, standing, duplicates)


def _near(row: EncodedRow, span: Span, horizon: float | None) -> bool:
    if horizon is None or row.arrived is None:
        return True
    return span[0] - horizon <= row.arrived / MICROS <= span[1] + horizon
