"""One way to the rows of any table file."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.files import head_of
from ingest.tabular.encoding import encoding_of
from ingest.tabular.sheets import SUFFIXES, open_sheet
from ingest.tabular.text import Line, delimiter_of, text_rows
from kg.errors import DataError

_OLD = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table file that can be read from its beginning as often as needed."""

    path: Path
    rows: Callable[[], Iterator[Line]]
    notes: tuple[str, ...] = ()


def open_grid(path: Path, options: Mapping[str, str]) -> Grid:
    """Find out format, encoding and delimiter; ``options`` may state ``encoding``, ``delimiter`` and ``sheet``.

    Raises:
        UsageError: there is no such file, or an option is none.
        DataError: it cannot be read as a table.
    """
    if head_of(path).startswith(_OLD):
        raise DataError(f"{path.name}: this is an old or protected Excel file; save it as XLSX without a password, or as CSV")
    if path.suffix.lower() in SUFFIXES or zipfile.is_zipfile(path):
        sheet = open_sheet(path, options.get("sheet", ""))
        return Grid(path, sheet.rows, (f"sheet {sheet.name!r} is read",) if sheet.name else ())
    encoding = encoding_of(path, options.get("encoding", ""))
    delimiter = delimiter_of(path, encoding, options.get("delimiter", "") or ("\t" if path.suffix.lower() == ".tsv" else ""))
    return Grid(path, lambda: text_rows(path, encoding, delimiter), (encoding.note,) if encoding.note else ())
