"""Reads the small tables under ``ingest/data``: UTF-8 CSV with a header, one fact a row."""

import csv
from collections.abc import Iterator
from pathlib import Path

from kg.errors import DataError

DATA = Path(__file__).parents[1] / "data"


def rows(path: Path, required: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Rows of a table as dictionaries of stripped text.

    Raises:
        DataError: a required column is missing or a row has more cells than the header; names file and line.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restkey="")
        missing = [column for column in required if column not in (reader.fieldnames or ())]
        if missing:
            raise DataError(f"{path.name} line 1 lacks the column {missing[0]!r}; add it to the header.")
        for row in reader:
            if "" in row:
                raise DataError(f"{path.name} line {reader.line_num} has more cells than the header; quote cells with commas.")
            yield {key: (value or "").strip() for key, value in row.items()}


def split(cell: str) -> list[str]:
    """The values of a cell that holds several, separated by ``|``."""
    return [part for value in cell.split("|") if (part := value.strip())]
