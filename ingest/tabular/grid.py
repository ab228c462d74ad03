"""One way to the rows of any table file."""

import codecs
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.files import head_of
from ingest.rows import Row
from ingest.tabular.encoding import encoding_of
from ingest.tabular.markup import MarkedTable, html_tables, markdown_tables
from ingest.tabular.sheets import SUFFIXES, Sheet, open_sheet
from ingest.tabular.structured import json_rows
from ingest.tabular.text import Line, Problem, delimiter_of, text_rows
from kg.errors import DataError, UsageError

ALL = "all"
"""What the option ``sheet`` says for every sheet or table."""
_SHOWN = 20
_LOOKED_AT = 512
_MARKDOWN = frozenset({".md", ".markdown"})
_PAGES = frozenset({".html", ".htm", ".xhtml"})
_PAGE = (b"<!doctype html", b"<html", b"<table")
_JSON = frozenset({".json", ".geojson"})
_JSON_LINES = frozenset({".jsonl", ".ndjson"})
_OLD = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table file that can be read from its beginning as often as needed."""

    path: Path
    rows: Callable[[], Iterator[Line]]
    notes: tuple[str, ...] = ()
    sheet: str = ""
    """The sheet of a workbook, by its name."""
    others: tuple[str, ...] = ()
    """The workbook's other sheets that are shown and filled."""

    def records(self, header: Sequence[str], line: int) -> Iterator[Row]:
        """The rows below the header, which stands in ``line``, by column; one that is damaged or of another length says so."""
        for number, found in self.rows():
            if number <= line:
                continue
            if isinstance(found, Problem):
                yield Row(self.path.name, number, {}, f"{found}; correct the row")
            elif len(found) != len(header):
                wrong = f"the row has {len(found)} cells where the header has {len(header)}; correct the row"
                yield Row(self.path.name, number, {}, wrong)
            else:
                yield Row(self.path.name, number, dict(zip(header, map(str.strip, found), strict=True)))


def open_grid(path: Path, options: Mapping[str, str]) -> Grid:
    """Find out format, encoding and delimiter; ``options`` may state ``encoding``, ``delimiter`` and ``sheet``.

    Raises:
        UsageError: there is no such file, or an option is none.
        DataError: it cannot be read as a table.
    """
    return open_grids(path, options)[0]


def open_grids(path: Path, options: Mapping[str, str]) -> list[Grid]:
    """Every table of the file that may be meant: one, but for the tables of a page and the sheets that ``sheet=all`` asks for.

    Raises:
        UsageError, DataError: as for `open_grid`.
    """
    head = head_of(path, _LOOKED_AT).removeprefix(codecs.BOM_UTF8).lstrip().lower()
    suffix = path.suffix.lower()
    if head.startswith(_OLD):
        raise DataError(f"{path.name}: this is an old or protected Excel file; save it as XLSX without a password, or as CSV")
    if suffix in SUFFIXES or zipfile.is_zipfile(path):
        return _sheets(path, options.get("sheet", ""))
    if suffix in _MARKDOWN:
        return _tables(path, markdown_tables(path), options.get("sheet", ""))
    if suffix in _PAGES or head.startswith(_PAGE):
        return _tables(path, html_tables(path), options.get("sheet", ""))
    if suffix in {*_JSON, *_JSON_LINES}:
        lines = json_rows(path, lines=suffix in _JSON_LINES)
        return [Grid(path, lambda: iter(lines))]
    encoding = encoding_of(path, options.get("encoding", ""))
    delimiter = delimiter_of(path, encoding, options.get("delimiter", "") or ("\t" if suffix == ".tsv" else ""))
    return [Grid(path, lambda: text_rows(path, encoding, delimiter), (encoding.note,) if encoding.note else ())]


def _sheets(path: Path, name: str) -> list[Grid]:
    sheet = open_sheet(path, "" if name == ALL else name)
    grids = [_of_sheet(path, sheet)]
    return [*grids, *(_of_sheet(path, open_sheet(path, other)) for other in sheet.others)] if name == ALL else grids


def _of_sheet(path: Path, sheet: Sheet) -> Grid:
    return Grid(path, sheet.rows, tuple(_notes(sheet)), sheet.name, sheet.others)


def _tables(path: Path, tables: Sequence[MarkedTable], name: str) -> list[Grid]:
    """The tables of a page, called by their number."""
    if not tables:
        raise DataError(f"{path.name}, line 1: there is no table of two columns on the page; save the list as CSV or XLSX")
    names = [f"table {n}" for n in range(1, len(tables) + 1)]
    if name not in {"", ALL, *names}:
        raise UsageError(
            f"{path.name} has no {name[:40]!r} but {', '.join(names[:_SHOWN])}; name another one by --option sheet=…"
        )
    several = len(tables) > 1
    grids = [_of_table(path, each, own, several) for each, own in zip(tables, names, strict=True)]
    return grids if name in {"", ALL} else [grids[names.index(name)]]


def _of_table(path: Path, table: MarkedTable, name: str, several: bool) -> Grid:
    note = f"{name}{f' ({table.name})' if table.name else ''} is read"
    return Grid(path, lambda: iter(table.rows), (note,) if several else (), name if several else "")


def _notes(sheet: Sheet) -> Iterator[str]:
    if sheet.name:
        yield f"sheet {sheet.name!r} is read"
    if sheet.others:
        yield f"not read: the sheets {', '.join(map(repr, sheet.others[:_SHOWN]))}; --option sheet=NAME or sheet=all"
    if sheet.hidden:
        yield f"not read, since they are hidden: the sheets {', '.join(map(repr, sheet.hidden[:_SHOWN]))}; --option sheet=NAME"
