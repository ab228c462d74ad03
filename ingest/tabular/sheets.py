"""XLSX and ODS: read by a process of its own, so that no workbook can take the program down with it.

The process writes the rows once into a file without a name, from which they are streamed as often as they are needed.
"""

import json
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from ingest.child import Limits, Reader, no_room, run_reader
from ingest.tabular.archive import check_archive
from ingest.tabular.text import Line
from kg.errors import DataError, UsageError

SUFFIXES = frozenset({".xlsx", ".xlsm", ".ods"})
READER = Path(__file__).with_name("sheet_reader.py")
_BLOCK = 1 << 20


LIMITS = Limits(memory=3 << 30, output=1 << 30, seconds=300)
"""More than twice what the largest workbook takes that `archive` lets pass."""


class Sheet:
    """The rows of one sheet; they can be read from the beginning as often as needed, one reading at a time or several."""

    def __init__(self, found: Mapping[str, Any], file: IO[bytes], start: int) -> None:
        """Take over ``file``, whose rows begin at the byte ``start``; ``found`` is what the reader says of the workbook."""
        self.name: str = found["sheet"]
        self.others: tuple[str, ...] = tuple(found["others"])
        """Other sheets that are filled."""
        self.hidden: tuple[str, ...] = tuple(found["hidden"])
        """Filled ones that the workbook does not show."""
        self._file, self._start = file, start
        weakref.finalize(self, file.close)

    def rows(self) -> Iterator[Line]:
        """Every row that is not empty, with its number in the sheet."""
        place = self._start
        while True:
            self._file.seek(place)
            lines = self._file.readlines(_BLOCK)
            if not lines:
                return
            place = self._file.tell()
            for line in lines:
                number, texts = json.loads(line)
                yield number, texts


def open_sheet(path: Path, name: str = "") -> Sheet:
    """The sheet called ``name``, or the first one that is shown and not empty.

    Raises:
        DataError: the file cannot be opened, costs more than a workbook may, or has no filled sheet.
        UsageError: there is no such sheet; names those that are.
    """
    check_archive(path)
    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the sheet closes it, or what comes next where there is none
    except OSError as error:
        raise DataError(f"{path.name}: {no_room()} ({error.strerror})") from error
    with ExitStack() as unless_read:
        unless_read.callback(file.close)
        _run(path, name, file)
        file.seek(0)
        first: dict[str, Any] = json.loads(file.readline())
        if "sheet" not in first:
            raise _refused(path, name, first)
        unless_read.pop_all()
        return Sheet(first, file, file.tell())


def _run(path: Path, name: str, file: IO[bytes]) -> None:
    found = find_spec("python_calamine")
    packages = Path(found.origin).parents[1] if found and found.origin else Path()
    argument = "a sheet's name; name another one by --option sheet=…"
    run_reader(Reader(READER, packages, "the workbook", "save the sheet as CSV", argument), path, name, file, LIMITS)


def _refused(path: Path, name: str, answer: dict[str, Any]) -> DataError | UsageError:
    match answer["refused"]:
        case "name":
            there = ", ".join(map(repr, answer["names"])) or "none"
            return UsageError(f"{path.name} has no sheet {name[:40]!r} but {there}; name another one by --option sheet=…")
        case "broken":
            return DataError(f"{path.name}: the workbook cannot be read ({answer['reason']}); save it again, or as CSV")
        case _:
            return DataError(f"{path.name}, line 1: the workbook is empty; give one with a header and at least one row")
