"""Lists as a table for people, JSON and CSV for programs."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg.present.tables.formats import Rows, StreamFormat, printable
from kg.store.queries import as_json_value

# A spreadsheet takes a cell that begins so, also after blanks, for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def render(rows: Rows, columns: Sequence[str], format_: StreamFormat, width: int | None = None) -> str:
    """The rows in the format asked for, ending with a line feed."""
    return to_table(rows, columns, width) if format_ == "table" else "".join(streamed(rows, columns, format_))


def streamed(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], format_: StreamFormat) -> Iterator[str]:
    """The rows for a program, one portion of text a row: JSON is one array, NDJSON one object a line."""
    if format_ == "csv":
        yield csv_line(columns)
        yield from (csv_line([csv_cell(row.get(column)) for column in columns]) for row in rows)
        return
    objects = (json_text({column: as_json_value(row.get(column)) for column in columns}) for row in rows)
    if format_ == "ndjson":
        yield from (each + "\n" for each in objects)
        return
    between = "[\n"
    for each in objects:
        yield between + each
        between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def json_text(value: Any) -> str:
    """One value as JSON on one line; NaN is none."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def csv_line(cells: Sequence[Any]) -> str:
    """One row of CSV (RFC 4180)."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue()


def to_json(document: Any) -> str:
    """Any document as JSON, in which no number is NaN or infinite."""
    return json.dumps(as_json_value(document), ensure_ascii=False, indent=2, allow_nan=False)


def to_csv(rows: Rows, columns: Sequence[str]) -> str:
    """CSV (RFC 4180, UTF-8) in which no cell can begin a formula; lists are joined with semicolons."""
    return "".join(streamed(rows, columns, "csv"))


def csv_cell(value: Any) -> Any:
    """A cell as it may stand in a CSV file: numbers as they are, text that could be a formula behind an apostrophe."""
    if value is None or as_json_value(value) is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = plain(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def plain(value: Any) -> str:
    """A cell as text."""
    if isinstance(value, list | tuple):
        return "; ".join(plain(item) for item in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    known = as_json_value(value)
    return json_text(known) if isinstance(known, dict) else "" if known is None else str(known)


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
