"""CSV and TSV, streamed: one bad line costs one row, whatever is in it."""

import csv
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from ingest.tabular.encoding import Encoding
from kg.errors import DataError, UsageError

MAX_LINE = 1_000_000
"""Characters in one line; a longer one is no row of a table of municipalities."""
_MAX_RECORD = 100
_DELIMITERS = ",;\t|"
_NAMED = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
csv.field_size_limit(2 * MAX_LINE)


class Problem(DataError):
    """One row cannot be read; the next ones can."""


Line = tuple[int, list[str] | Problem]
"""(line number from 1, cells or what is wrong)."""


class _Lines:
    """Lines for the CSV reader, with a way back: an unclosed quotation mark must not swallow what follows."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self._record: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self._record) >= _MAX_RECORD:
            raise Problem("a quotation mark is opened and not closed; close it, or write two for one in a name")
        line = self._again.popleft() if self._again else self._file.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self._record.append(line)
        self._check(line)
        return line

    def _check(self, line: str) -> None:
        if len(line) >= MAX_LINE and not line.endswith("\n"):
            while (rest := self._file.readline(MAX_LINE)) and not rest.endswith("\n"):
                pass
            raise Problem(f"the line is longer than {MAX_LINE:,} characters; see whether line breaks were lost")
        if "\0" in line:
            raise Problem("the line holds NUL bytes; save the file again from the program that made it")
        if not line.isascii() and any("\udc80" <= c <= "\udcff" for c in line):
            raise Problem(
                "the line has bytes that are no UTF-8; save the file as UTF-8 or name its encoding by --option encoding"
            )

    def begin(self) -> int:
        """Begin a record; its line number."""
        self._record = []
        return self.number + 1

    def back_to_second_line(self) -> None:
        """Read the record's lines after the first again."""
        again = self._record[1:]
        self._again.extendleft(reversed(again))
        self.number -= len(again)


def delimiter_of(path: Path, encoding: Encoding, stated: str = "") -> str:
    """The character between cells: the one that gives most lines at the beginning the same number of cells.

    Raises:
        UsageError: the stated one is no single character.
        DataError: none gives more than one column.
    """
    if stated:
        stated = _NAMED.get(stated, stated)
        if len(stated) != 1:
            raise UsageError(f"delimiter={stated!r} is no single character; use comma, semicolon, tab or pipe")
        return stated
    with path.open(encoding=encoding.name, errors=encoding.errors, newline="") as file:
        sample = [line.replace("\0", "") for line in (file.readline(10_000) for _ in range(30)) if line.strip()]
    found = max(((_evenness(sample, d), -i, d) for i, d in enumerate(_DELIMITERS)), default=(0, 0, ","))
    if not found[0]:
        return ","  # one column that holds both places is a table too
    return found[2]


def _evenness(sample: list[str], delimiter: str) -> int:
    widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=delimiter) if cells)
    return max((n * (width > 1) * 100 + width for width, n in widths.items() if width > 1), default=0)


def text_rows(path: Path, encoding: Encoding, delimiter: str) -> Iterator[Line]:
    """Every row that is not blank."""
    try:
        with path.open(encoding=encoding.name, errors=encoding.errors, newline="") as file:
            yield from _rows(_Lines(file), delimiter)
    except UnicodeError as error:
        raise DataError(f"{path.name}: the bytes are not {encoding.name}; name the encoding by --option encoding=…") from error


def _rows(lines: _Lines, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = lines.begin()
        try:
            cells = next(reader, None)
        except (Problem, csv.Error) as error:
            lines.back_to_second_line()
            yield start, error if isinstance(error, Problem) else Problem(_explained(str(error)))
            continue
        if cells is None:
            return
        if cells:
            yield start, cells


def _explained(reason: str) -> str:
    return f"the quotation marks do not fit ({reason}); put names that hold marks in marks and write two for one inside"
