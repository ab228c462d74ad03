"""Lists as a table for people, JSON and CSV for programs."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.present.tables.formats import Format, Rows, printable
from kg.store.queries import as_json_value

# A spreadsheet takes a cell that begins so, also after blanks, for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def render(rows: Rows, columns: Sequence[str], format_: Format, width: int | None = None) -> str:
    """The rows in the format asked for, ending with a line feed."""
    if format_ == "json":
        return to_json([{c: row.get(c) for c in columns} for row in rows]) + "\n"
    return to_csv(rows, columns) if format_ == "csv" else to_table(rows, columns, width)


def to_json(document: Any) -> str:
    """Any document as JSON, in which no number is NaN or infinite."""
    return json.dumps(as_json_value(document), ensure_ascii=False, indent=2, allow_nan=False)


def to_csv(rows: Rows, columns: Sequence[str]) -> str:
    """CSV (RFC 4180, UTF-8) in which no cell can begin a formula; lists are joined with semicolons."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([csv_cell(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def csv_cell(value: Any) -> Any:
    """A cell as it may stand in a CSV file: numbers as they are, text that could be a formula behind an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = plain(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def plain(value: Any) -> str:
    """A cell as text."""
    if isinstance(value, list | tuple):
        return "; ".join(plain(item) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return "" if value is None else str(as_json_value(value))


def to_table(rows: Rows, columns: Sequence[str], width: int | None = None) -> str:
    """A table for the terminal; names from data are never taken for markup or control codes."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(plain(row.get(column)))) for column in columns))
    out = io.StringIO()
    Console(file=out, width=width or 140, color_system=None).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
