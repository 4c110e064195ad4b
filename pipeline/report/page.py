"""The page: one file, no network, no scripts, every text escaped."""

from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

from pipeline.report.charts import bar_table, bars, days, tenths, text
from pipeline.report.collect import Findings, records
from pipeline.report.samples import article_samples, rejection_samples, title
from pipeline.report.tallies import Articles, Rejections
from transforms.ledger import imbalance

MAX_RUNS = 20
TOP = 20


def page(output: str, findings: Findings) -> Iterator[str]:
    """Yield the page piece by piece."""
    style = files("pipeline.report").joinpath("style.css").read_text(encoding="utf-8")
    articles = findings.articles
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>copydesk report: {text(output)}</title><style>{style}</style></head><body>"
        f"<header><h1>copydesk report</h1><p>{text(output)}{_period(articles)}</p></header><main>"
    )
    yield _tiles(findings)
    yield _problems(findings)
    yield _section("Records", _runs(findings), _reasons(findings.rejections))
    yield _section("Languages", *_languages(articles))
    yield _section("Publication dates", *_dates(articles))
    yield _section("Kept and removed", *_removal(articles))
    yield _section("Where they come from", bars(articles.domains, articles.rows, TOP))
    yield from article_samples(articles)
    yield from rejection_samples(findings.rejections)
    yield "</main></body></html>\n"


def _period(articles: Articles) -> str:
    if articles.ingested is None:
        return ""
    first, last = (f"{moment:%Y-%m-%d %H:%M}" for moment in articles.ingested)
    return f" · taken in {first}{'' if first == last else f' to {last}'} UTC"


def _section(title: str, *parts: str) -> str:
    return f"<section><h2>{text(title)}</h2>{''.join(parts)}</section>"


def _tiles(findings: Findings) -> str:
    articles, entries = findings.articles, [e for run in findings.runs.values() for e in run]
    dated = articles.rows - articles.precisions[None]
    tiles = (
        ("records in", f"{records(entries, 'in'):,}"),
        ("articles", f"{articles.rows:,}"),
        ("rejected", f"{findings.rejections.rows:,}"),
        ("duplicates", f"{records(entries, 'duplicate'):,}"),
        ("languages", f"{len(articles.languages.keys() - {None}):,}"),
        ("in mixed languages", _share(articles.mixed, articles.rows)),
        ("with a date", _share(dated, articles.rows)),
    )
    listed = "".join(f"<div><b>{value}</b><span>{name}</span></div>" for name, value in tiles)
    return f'<div class="tiles">{listed}</div>'


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def _problems(findings: Findings) -> str:
    """Return what a reader must know before trusting the figures, or that all is well."""
    lines = [
        f"Run {run}: {wrong}"
        for run, entries in findings.runs.items()
        if (wrong := imbalance(entries))
    ]
    entries = [entry for run in findings.runs.values() for entry in run]
    for table, outcome, rows in (
        ("articles", "article", findings.articles.rows),
        ("rejected", "rejected", findings.rejections.rows),
    ):
        said = records(entries, outcome) - findings.taken_out.get(table, 0)
        if said != rows:
            lines.append(f"The table {table} holds {rows:,} rows; the ledgers say {said:,}.")
    lines += [f"{path}: {reason}" for path, reason in sorted(findings.problems.items())]
    if not lines:
        return (
            '<p class="verdict good">Every ledger adds up, and the tables hold what they say.</p>'
        )
    items = "".join(f"<li>{text(line)}</li>" for line in lines)
    return f'<div class="verdict bad"><p>Something does not add up.</p><ul>{items}</ul></div>'


def _runs(findings: Findings) -> str:
    rows = []
    for run, entries in list(findings.runs.items())[:MAX_RUNS]:
        numbers = "".join(
            f'<td class="n">{records(entries, outcome):,}</td>'
            for outcome in ("in", "article", "duplicate", "rejected")
        )
        verdict = "no" if imbalance(entries) else "yes"
        rows.append(f'<tr><th scope="row">{text(run)}</th>{numbers}<td>{verdict}</td></tr>')
    more = len(findings.runs) - len(rows)
    note = f"<p class=quiet>and {more:,} earlier runs</p>" if more > 0 else ""
    head = "".join(f"<th>{name}</th>" for name in ("in", "articles", "duplicates", "rejected"))
    return (
        f'<div class="wide"><table><thead><tr><th>run</th>{head}<th>adds up</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{note}"
    )


def _reasons(rejections: Rejections) -> str:
    counts: Counter[str | None] = Counter(
        {f"{stage}: {name}": n for (stage, name), n in rejections.counts.items()}
    )
    listed = bars(counts, rejections.rows, TOP)
    return f"<h3>Rejected, by stage and reason</h3>{listed}"


def _languages(articles: Articles) -> Iterator[str]:
    yield bars(articles.languages, articles.rows, TOP)
    if articles.foreign:
        total = sum(articles.foreign.values())
        yield "<h3>Passages in another language than the article's</h3>"
        yield bars(articles.foreign, total, TOP)


def _dates(articles: Articles) -> Iterator[str]:
    order = ("second", "minute", "day", "month", "year", None)
    listed = [(name, articles.precisions[name]) for name in order if articles.precisions[name]]
    yield "<h3>Known to the</h3>"
    yield bar_table(listed, articles.rows)
    yield days(articles.days)
    yield "<div class=pair>"
    yield tenths(articles.published_confidence, "Articles by confidence of that date")
    yield "</div>"


def _removal(articles: Articles) -> Iterator[str]:
    mean = articles.characters / articles.rows if articles.rows else 0
    removed = sum(articles.removed_characters.values())
    total = articles.characters + removed
    yield (
        f"<p>{articles.characters:,} characters kept, {mean:,.0f} an article;"
        f" {removed:,} removed ({_share(removed, total)}).</p><div class=pair>"
    )
    yield tenths(articles.removed_share, "Articles by share of text removed")
    yield tenths(articles.extraction_confidence, "Articles by confidence of the extraction")
    yield "</div><h3>Characters removed, by kind of block</h3>"
    yield bars(articles.removed_characters, removed, TOP)
    yield "<div class=pair>"
    for heading, rows in (("Longest", articles.longest), ("Shortest", articles.shortest)):
        items = "".join(
            f'<li><span class="n">{row["length"]:,}</span><span>{title(row)}</span></li>'
            for row in rows
        )
        yield f"<div><h3>{heading}, in characters</h3><ol class=ranked>{items}</ol></div>"
    yield "</div>"
