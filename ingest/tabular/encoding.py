"""Which encoding a text file has: a byte order mark, else UTF-8 if it is valid, else UTF-16 or Windows-1252, and says so.

Only what the bytes prove is taken without a word; everything else is told in a note, since a wrong encoding spoils names
without any error.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError, UsageError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MARKED = frozenset({"utf-16", "utf-32"})
_FOR_OTHER_THINGS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape"})
_PROBE = 'Ulm,1;A\t"z|\n'
_SAMPLE = 1 << 16
_BLOCK = 1 << 20
_BINARY = bytes([*range(1, 9), 11, 12, *range(14, 27), *range(28, 32)])
_HIGH = bytes(range(0x80, 0x100))
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name and what the user should know of the choice ("" when there is nothing to tell)."""

    name: str
    note: str = ""

    @property
    def errors(self) -> str:
        """Bytes that do not fit are kept apart, so that only their own line is rejected."""
        return "surrogateescape" if self.name.startswith("utf-8") else "strict"


def encoding_of(path: Path, stated: str = "") -> Encoding:
    """The encoding of a file, or the ``stated`` one if the file can be read with it.

    Raises:
        DataError: the file is empty, no text, or of no encoding known here; names the line and the way out.
        UsageError: the stated encoding does not exist.
    """
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if not sample.strip():
        raise DataError(f"{path.name}, line 1: the file is empty; give one with a header and at least one row")
    if stated:
        return _stated(path, stated)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return Encoding(name, "" if name == "utf-8-sig" else f"{path.name} is read as UTF-16, as its byte order mark says")
    return _unmarked(path, sample)


def _stated(path: Path, stated: str) -> Encoding:
    name = _known(stated)
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if name in _MARKED and not sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        raise DataError(
            f"{path.name}, line 1: there is no byte order mark, so {name} does not tell the order of its bytes; say"
            f" --option encoding={name}-le, or {name}-be"
        )
    encoding = Encoding("utf-8-sig" if name == "utf-8" else name)
    if encoding.errors == "strict":
        _decodable(path, encoding.name)
    return encoding


def _known(stated: str) -> str:
    """Python's name of an encoding of text: neither rot13, which is none, nor one that is made for other things than files."""
    try:
        name = codecs.lookup(stated).name
        if name not in _FOR_OTHER_THINGS and _PROBE.encode(name).decode(name) == _PROBE:
            return name
    except (LookupError, ValueError):  # ValueError: a name that cannot be, or the encoding "undefined"
        pass
    raise UsageError(f"encoding={stated[:40]!r} is no encoding of text; use utf-8, utf-16, windows-1252 or another one")


def _unmarked(path: Path, sample: bytes) -> Encoding:
    if wide := _wide(sample):
        return Encoding(wide, f"{path.name} has no byte order mark; every other byte is null, so it is read as {wide.upper()}")
    if len(sample.translate(None, _BINARY)) < 0.98 * len(sample) or sample.count(0) > 0.02 * len(sample):
        raise DataError(f"{path.name}, line 1: this is no text but binary data; save the table as CSV, XLSX or ODS")
    good, bad = _utf8(path)
    if not bad:
        return Encoding("utf-8")
    if good > bad:
        return Encoding("utf-8", f"{path.name} is UTF-8 but for some bytes; the lines that hold them are rejected")
    _decodable(path, "cp1252")
    return Encoding(
        "cp1252", f"{path.name} is no UTF-8 and is read as Windows-1252; if names look wrong, name it by --option encoding=…"
    )


def _wide(sample: bytes) -> str:
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.1 * half else ""


def _utf8(path: Path) -> tuple[int, int]:
    """(characters beyond ASCII, bytes that fit none), by blocks."""
    good = bad = 0
    rest = b""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            whole = rest + block
            end = whole.rfind(b"\n") + 1 or len(whole)
            part, rest = whole[:end], whole[end:]
            good, bad = _count(part, good, bad)
    return _count(rest, good, bad)


def _count(part: bytes, good: int, bad: int) -> tuple[int, int]:
    if part.isascii():
        return good, bad
    found = _MULTIBYTE.findall(part)
    high = len(part) - len(part.translate(None, _HIGH))
    return good + len(found), bad + high - sum(map(len, found))


def _decodable(path: Path, name: str) -> None:
    decoder = codecs.getincrementaldecoder(name)()
    line = 1
    with path.open("rb") as file:
        for block in file:
            try:
                decoder.decode(block)
            except UnicodeError as error:
                raise DataError(
                    f"{path.name}, line {line}: the bytes are neither UTF-8 nor {name}; save the file as UTF-8"
                    " or name its encoding by --option encoding=…"
                ) from error
            line += 1
    try:
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise DataError(f"{path.name}, line {line}: the file ends in the middle of a character; fetch it again") from error
