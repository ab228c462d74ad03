"""XLSX and ODS files are ZIP archives of XML: looked over before anything opens them.

A small archive can hold terabytes, and a sheet with one cell in its last corner takes as much memory as a full one.
"""

import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path

from kg.errors import DataError

MAX_BYTES = 300 << 20
"""Unpacked size of all parts together."""
MAX_ENTRIES = 5000
MAX_CELLS = 20_000_000
_BLOCK = 1 << 20
_KEEP = 200
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br\s*=\s*["\x27]([A-Z]{1,4})([0-9]{1,8})["\x27]')
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br\s*=\s*["\x27]([0-9]{1,8})["\x27]')
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, NotImplementedError)
"""What zipfile raises for changed bytes: places before the beginning, names that are no text, methods it does not know."""
_REPEATED = re.compile(rb'<table:table-(?:cell|row)\b[^>]*?-repeated="([0-9]+)"[^>/]*>(?!\s*<table:table-cell[^>]*/>\s*</)')


def check_archive(path: Path) -> None:
    """Unpack every part once without keeping it.

    Raises:
        DataError: no archive, a broken one, too many or too large parts, a document type declaration, or a far too large sheet.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_ENTRIES:
                raise DataError(f"{path.name}: the archive has {len(parts):,} parts, more than a workbook has; save it as CSV")
            total = 0
            for part in parts:
                total = _check_part(path, archive, part, total)
    except _DAMAGED as error:
        raise DataError(f"{path.name}: the workbook is damaged ({error}); save it again, or as CSV") from error
    except RuntimeError as error:  # what zipfile raises for an encrypted part
        raise DataError(f"{path.name}: the workbook is protected by a password; save it without, or as CSV") from error


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, total: int) -> int:
    part.file_size = 1 << 62  # what the archive states of itself is not believed
    tail, corner = b"", [0, 0]
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            total += len(block)
            if total > MAX_BYTES:
                raise DataError(f"{path.name}: the workbook unpacks to more than {MAX_BYTES >> 20} MB; save the sheet as CSV")
            _look(path, part.filename, tail + block, corner)
            tail = block[-_KEEP:]
    return total


def _look(path: Path, name: str, text: bytes, corner: list[int]) -> None:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise DataError(f"{path.name}, part {name}: the XML declares entities, which no spreadsheet does; save it as CSV")
    if name.startswith("xl/worksheets/"):
        for letters, digits in _CELL.findall(text):
            corner[0], corner[1] = max(corner[0], int(digits)), max(corner[1], _column(letters))
        for row in _ROW.split(text):  # cells need not say where they stand: then their number does
            corner[1] = max(corner[1], len(_ANY_CELL.findall(row)))
        corner[0] = max([corner[0], *map(int, _ROW_NUMBER.findall(text))])
        if corner[0] * corner[1] > MAX_CELLS:
            reach = f"the sheet reaches to row {corner[0]:,} and column {corner[1]:,}"
            raise DataError(f"{path.name}, part {name}: {reach}; remove what stands far outside")
    elif name == "content.xml" and any(int(n) > 2000 for n in _REPEATED.findall(text)):
        raise DataError(f"{path.name}, part {name}: one filled cell or row is repeated thousands of times; remove it")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
