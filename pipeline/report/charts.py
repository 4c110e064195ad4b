"""Charts as HTML and inline SVG; what they show stands in them as text, too."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape

from pipeline.printable import printable

UNKNOWN = "unknown"
WIDE, NARROW, HEIGHT, BASE = 720, 360, 150, 20
MAX_BARS = 400
MAX_BREADTH = 40


def text(value: object) -> str:
    """Return ``value`` for HTML: escaped, without characters that could steer a display."""
    return escape(printable(str(value)))


def bars(counts: Counter[str | None], total: int, size: int) -> str:
    """Return the ``size`` largest counts as labelled bars with their shares of ``total``.

    Ties are ordered by name; what is left is summed up in words.
    """
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0] or ""))
    rest = ordered[size:]
    others = sum(count for _, count in rest)
    return bar_table(ordered[:size], total) + (
        f"<p class=quiet>{len(rest):,} more: {others:,}</p>" if rest else ""
    )


def bar_table(counts: Sequence[tuple[str | None, int]], total: int) -> str:
    """Return labelled bars with their numbers and shares of ``total``, in the order given."""
    rows = []
    longest = max((count for _, count in counts), default=0)
    for name, count in counts:
        share = f"{count / total:.1%}" if total else ""
        label = f"<i>{UNKNOWN}</i>" if name is None else text(name)
        rows.append(
            f'<tr><th scope="row"><bdi>{label}</bdi></th><td class="bar">'
            f'<span style="width:{100 * count / max(longest, 1):.1f}%"></span></td>'
            f'<td class="n">{count:,}</td><td class="n quiet">{share}</td></tr>'
        )
    return f'<table class="bars">{"".join(rows)}</table>' if rows else "<p>none</p>"


def tenths(counts: Mapping[int, int], title: str) -> str:
    """Return a histogram of shares from 0 to 1 in ten bins."""
    labels = [f"{number / 10:.1f} to {(number + 1) / 10:.1f}" for number in range(10)]
    columns = [(label, counts.get(number, 0)) for number, label in enumerate(labels)]
    return columns_svg(columns, ("0", "0.5", "1"), title, NARROW)


def days(counts: Counter[date]) -> str:
    """Return a histogram over time: by day, or by month or year when the span asks for it.

    It shows the span that holds all but the first and last hundredth; the others are counted.
    """
    if not counts:
        return "<p>no date is known to the day</p>"
    first, last = _span(counts)
    unit = _unit(first, last)
    binned: Counter[str] = Counter()
    before = after = 0
    for day, count in counts.items():
        if day < first:
            before += count
        elif day > last:
            after += count
        else:
            binned[_label(day, unit)] += count
    labels = _bins(first, last, unit)
    middle = labels[len(labels) // 2]
    ends = (labels[0], middle, labels[-1]) if len(labels) > 2 else (labels[0], "", "")
    chart = columns_svg(
        [(name, binned[name]) for name in labels], ends, f"Articles by {unit}", WIDE
    )
    if before or after:
        chart += f"<p class=quiet>Not shown: {before:,} before and {after:,} after.</p>"
    return chart


def _unit(first: date, last: date) -> str:
    days = (last - first).days
    return "day" if days < MAX_BARS else "month" if days < MAX_BARS * 30 else "year"


def _span(counts: Counter[date]) -> tuple[date, date]:
    total = sum(counts.values())
    passed = 0
    inside = []
    for day in sorted(counts):
        if passed + counts[day] > total / 100 and passed < total * 99 / 100:
            inside.append(day)
        passed += counts[day]
    return inside[0], inside[-1]


def _label(day: date, unit: str) -> str:
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[unit]]


def _bins(first: date, last: date, unit: str) -> Sequence[str]:
    """Return the labels of all bins from ``first`` to ``last``."""
    if unit == "year":
        return [f"{year:04}" for year in range(first.year, last.year + 1)]
    if unit == "month":
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]
    span = (last - first).days
    return [(first + timedelta(number)).isoformat() for number in range(span + 1)]


def columns_svg(
    columns: Sequence[tuple[str, int]], ends: tuple[str, str, str], title: str, width: int
) -> str:
    """Return a column chart; ``ends`` are the labels at the axis's start, middle and end."""
    highest = max(max((count for _, count in columns), default=0), 1)
    step = width / max(len(columns), 1)
    parts = [
        f'<svg viewBox="0 0 {width} {HEIGHT + BASE}" role="img"><title>{text(title)}</title>'
        f'<line class="axis" x1="0" x2="{width}" y1="{HEIGHT}" y2="{HEIGHT}"/>'
    ]
    for number, (label, count) in enumerate(columns):
        if count:
            height = max(count / highest * (HEIGHT - 16), 1)
            breadth = min(step * 0.88, MAX_BREADTH)
            parts.append(
                f'<rect x="{(number + 0.5) * step - breadth / 2:.1f}" y="{HEIGHT - height:.1f}"'
                f' width="{breadth:.1f}" height="{height:.1f}">'
                f"<title>{text(label)}: {count:,}</title></rect>"
            )
    places = ((0, "start"), (width // 2, "middle"), (width, "end"))
    parts += [
        f'<text x="{x}" y="{HEIGHT + 15}" text-anchor="{anchor}">{text(label)}</text>'
        for (x, anchor), label in zip(places, ends, strict=True)
    ]
    parts.append(f'<text x="{width}" y="10" text-anchor="end">most: {highest:,}</text></svg>')
    return f"<figure><figcaption>{text(title)}</figcaption>{''.join(parts)}</figure>"
