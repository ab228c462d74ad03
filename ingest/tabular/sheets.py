"""XLSX and ODS: read by a process of its own, so that no workbook can take the program down with it.

The process writes the rows once into a file without a name, from which they are streamed as often as they are needed.
"""

import json
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from ingest.tabular.archive import check_archive
from ingest.tabular.sheet_reader import NO_ROOM, TOO_LONG
from ingest.tabular.text import Line
from kg.errors import DataError, UsageError

SUFFIXES = frozenset({".xlsx", ".xlsm", ".ods"})
READER = Path(__file__).with_name("sheet_reader.py")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one workbook may cost, in bytes and seconds; more than twice what the largest one takes that `archive` lets pass."""

    memory: int = 3 << 30
    output: int = 1 << 30
    seconds: int = 300


LIMITS = Limits()


class Sheet:
    """The rows of one sheet; they can be read from the beginning as often as needed, one reading at a time or several."""

    def __init__(self, name: str, file: IO[bytes], start: int) -> None:
        """Take over ``file``, whose rows begin at the byte ``start``."""
        self.name, self._file, self._start = name, file, start
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
    """The sheet called ``name``, or the first one that is not empty.

    Raises:
        DataError: the file cannot be opened, costs more than a workbook may, or has no filled sheet.
        UsageError: there is no such sheet; names those that are.
    """
    check_archive(path)
    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the sheet closes it, or what comes next where there is none
    except OSError as error:
        raise DataError(f"{path.name}: {_no_room()} ({error.strerror})") from error
    with ExitStack() as unless_read:
        unless_read.callback(file.close)
        _run(path, name, file)
        file.seek(0)
        first: dict[str, Any] = json.loads(file.readline())
        if "sheet" not in first:
            raise _refused(path, name, first)
        unless_read.pop_all()
        return Sheet(first["sheet"], file, file.tell())


def _run(path: Path, name: str, file: IO[bytes]) -> None:
    """Let the reader write into ``file``; -I and -S because it needs nothing of the environment and starts faster so."""
    found = find_spec("python_calamine")
    packages = Path(found.origin).parents[1] if found and found.origin else Path()
    limits = map(str, (LIMITS.memory, LIMITS.output, LIMITS.seconds))
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(READER), str(packages), str(path.absolute()), name, *limits]
    try:
        code = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.DEVNULL,
            timeout=LIMITS.seconds,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise DataError(
            f"{path.name}: the workbook could not be read within {LIMITS.seconds} s; save the sheet as CSV"
        ) from error
    except ValueError as error:  # a character that no argument can hold
        raise UsageError(f"sheet={name[:40]!r} cannot be a sheet's name; name another one by --option sheet=…") from error
    except OSError as error:
        raise DataError(
            f"{path.name}: the reader of workbooks cannot be started ({error.strerror}); save the sheet as CSV"
        ) from error
    if code:
        raise DataError(f"{path.name}: {_stopped(code)}")


def _stopped(code: int) -> str:
    if code == TOO_LONG:
        return f"the sheet holds more than {LIMITS.output >> 20} MB of text; save a part of it as CSV"
    if code == NO_ROOM:
        return _no_room()
    return (
        f"the workbook cannot be read: its reader stopped ({code}), as it does when a file is damaged or needs more than"
        f" {LIMITS.memory >> 20} MB of memory; save the sheet as CSV"
    )


def _no_room() -> str:
    return f"its rows cannot be kept in {tempfile.gettempdir()}; make room there, or let TMPDIR name another folder"


def _refused(path: Path, name: str, answer: dict[str, Any]) -> DataError | UsageError:
    match answer["refused"]:
        case "name":
            there = ", ".join(map(repr, answer["names"])) or "none"
            return UsageError(f"{path.name} has no sheet {name[:40]!r} but {there}; name another one by --option sheet=…")
        case "broken":
            return DataError(f"{path.name}: the workbook cannot be read ({answer['reason']}); save it again, or as CSV")
        case _:
            return DataError(f"{path.name}, line 1: the workbook is empty; give one with a header and at least one row")
