"""XLSX and ODS by way of calamine: values as text, formulas as the values they had when the file was saved."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, WorksheetNotFound

from ingest.tabular.archive import check_archive
from ingest.tabular.text import Line
from kg.errors import DataError, UsageError

SUFFIXES = frozenset({".xlsx", ".xlsm", ".ods"})


def open_sheet(path: Path, name: str = "") -> CalamineSheet:
    """The sheet called ``name``, or the first one that is not empty.

    Raises:
        DataError: the file cannot be opened or has no filled sheet.
        UsageError: there is no such sheet; names those that are.
    """
    check_archive(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))  # pyright: ignore[reportUnknownMemberType]
        if name:
            return workbook.get_sheet_by_name(name)
        sheets = (workbook.get_sheet_by_name(each) for each in workbook.sheet_names)
        found = next((sheet for sheet in sheets if sheet.end is not None), None)
    except WorksheetNotFound as error:
        raise UsageError(f"{path.name} has no sheet {name!r}; name another one by --option sheet=…") from error
    except (CalamineError, OSError) as error:
        raise DataError(f"{path.name}: the workbook cannot be read ({error}); save it again, or as CSV") from error
    if found is None:
        raise DataError(f"{path.name}, line 1: the workbook is empty; give one with a header and at least one row")
    return found


def sheet_rows(sheet: CalamineSheet) -> Iterator[Line]:
    """Every row with its number in the sheet; a number keeps no ``.0``."""
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _text(cell: int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return str(cell)
