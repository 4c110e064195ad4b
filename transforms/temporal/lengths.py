"""Lengths of time and what returns, as TIMEX3 writes them."""

from transforms.temporal.anchor import UNKNOWN
from transforms.temporal.operations import Frame


def duration_value(frame: Frame) -> str:
    """Write a length of time: P3Y4M, PT24H, PXW."""
    date_part = time_part = ""
    for count, unit in ((frame.get("n"), frame.get("unit")), (frame.get("n2"), frame.get("unit2"))):
        if unit is None:
            continue
        letter = str(unit)
        amount = str(count if count is not None else 1)
        if letter in ("TH", "TM", "TS"):
            time_part += amount + letter[1]
        else:
            date_part += amount + letter
    return "P" + date_part + ("T" + time_part if time_part else "")


def recurring(frame: Frame) -> str:
    """Write what returns every week or day: every Friday, Monday evenings, every morning."""
    day = f"XXXX-WXX-{frame['weekday']}" if "weekday" in frame else UNKNOWN["D"]
    return day + (f"T{frame['part']}" if "part" in frame else "")
