"""``copydesk schema``: the columns of the tables, for a person, for DuckDB, for a README."""

import argparse
import json
from collections.abc import Sequence

from transforms.schema import TABLES, Table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    names = [table.name for table in TABLES]
    parser.add_argument("--table", choices=names, default=names[0], help="default: %(default)s")
    parser.add_argument(
        "--format",
        choices=("text", "markdown", "json"),
        default="text",
        help="default: %(default)s",
    )


def run(args: argparse.Namespace, _: Sequence[str]) -> int:
    """Print one table's columns."""
    table = next(table for table in TABLES if table.name == args.table)
    print({"text": text, "markdown": markdown, "json": as_json}[args.format](table))
    return 0


def text(table: Table) -> str:
    """Return the columns in aligned lines."""
    name_width = max(len(column.name) for column in table.columns)
    rows = [f"{column.name:{name_width}}  {column.meaning}" for column in table.columns]
    types = [f"{'':{name_width}}  {column.type}" for column in table.columns]
    return "\n".join(line for pair in zip(rows, types, strict=True) for line in pair)


def markdown(table: Table) -> str:
    """Return the columns as a Markdown table."""
    lines = ["| column | type | meaning |", "|---|---|---|"]
    lines += [
        f"| `{column.name}` | {_short(str(column.type))} | {column.meaning} |"
        for column in table.columns
    ]
    return "\n".join(lines)


def as_json(table: Table) -> str:
    """Return the columns as JSON."""
    columns = [
        {"name": column.name, "type": str(column.type), "meaning": column.meaning}
        for column in table.columns
    ]
    return json.dumps({"table": table.name, "columns": columns}, indent=2, ensure_ascii=False)


def _short(arrow_type: str) -> str:
    return arrow_type.replace("list<element: ", "list<").replace("list<item: ", "list<")
