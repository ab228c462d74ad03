"""The file of a backup: lines of JSON in gzip, and a seal over every byte before it.

::

    {"format": "cityties backup", "version": 1, "vocabulary": 2, "made": "…", "program": "…", "neo4j": "…"}
    ["source", {…}]      every source
    ["run", {…}]         every run
    ["mark", {…}]        what is kept of forgotten persons
    ["claim", {…}]       every claim, those about one subject together, what others refer to first
    {"end": {"source": 3, "run": 1, "mark": 0, "claim": 250}}
    SHA-256 of all bytes of the file before this line's own gzip member

``zcat FILE`` shows it all. The last line is a gzip member of its own with a fixed length, so one byte changed anywhere is
noticed.
"""

import gzip
import hashlib
import json
import os
import struct
import zlib
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from kg.errors import BackupError
from kg.store.version import VERSION

FORMAT, FORMAT_VERSION = "cityties backup", 1
Kind = Literal["source", "run", "mark", "claim"]
KINDS: tuple[Kind, ...] = ("source", "run", "mark", "claim")
Properties = dict[str, Any]
Record = tuple[Kind, Properties]

_LEVEL = 4
_CHUNK = 1 << 20
_MAX_LINE = 32 << 20
"""Bytes of one record: more is no claim, and would not fit into memory."""


def seal(digest: str) -> bytes:
    """The last gzip member for the SHA-256 of what stands before it: one stored block, alike on every machine."""
    text = f"{digest}\n".encode()
    block = b"\x01" + struct.pack("<HH", len(text), len(text) ^ 0xFFFF) + text
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block + struct.pack("<II", zlib.crc32(text), len(text))


_SEAL = len(seal("0" * 64))


class Writer:
    """Writes records; memory is one buffer, whatever their number."""

    def __init__(self, file: BinaryIO) -> None:
        """Write to ``file``, which is at its beginning."""
        self._file, self._hash = file, hashlib.sha256()
        self._packer = zlib.compressobj(_LEVEL, wbits=31)
        self._lines: list[str] = []
        self.counts: Counter[str] = Counter(dict.fromkeys(KINDS, 0))

    def begin(self, neo4j: str, made: str) -> None:
        """Write the first line; ``made`` is an ISO 8601 time."""
        program = metadata.version("cityties")
        said = {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "vocabulary": VERSION,
            "made": made,
            "program": program,
            "neo4j": neo4j,
        }
        self._line(said)

    def add(self, kind: Kind, properties: Mapping[str, Any]) -> None:
        """Write one record."""
        self.counts[kind] += 1
        self._line([kind, properties])

    def end(self) -> str:
        """Write the last lines; returns the checksum."""
        self._line({"end": self.counts})
        self._drain()
        self._put(self._packer.flush())
        digest = self._hash.hexdigest()
        self._file.write(seal(digest))
        return digest

    def _line(self, value: object) -> None:
        self._lines.append(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n")
        if len(self._lines) >= 1000:
            self._drain()

    def _drain(self) -> None:
        self._put(self._packer.compress("".join(self._lines).encode()))
        self._lines.clear()

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._file.write(data)


@contextmanager
def new_file(path: Path) -> Generator[Writer]:
    """A writer to a partial file for this user alone, which gets its name when the block ends well.

    Raises:
        BackupError: the file cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield Writer(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except (OSError, ValueError) as error:
        raise BackupError(f"the backup cannot be written to {path}: {_reason(error)}") from error
    finally:
        with suppress(OSError, ValueError):
            part.unlink(missing_ok=True)


@contextmanager
def opened(path: Path) -> Generator[BinaryIO]:
    """The file, open for reading; whoever replaces it meanwhile changes nothing for the block.

    Raises:
        BackupError: it cannot be read.
    """
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        raise BackupError(f"{path} cannot be read: {_reason(error)}") from error
    with file:
        yield file


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def checksum(file: BinaryIO, name: str) -> str:
    """The checksum of a file whose seal fits; reads it from beginning to end.

    Raises:
        BackupError: it is cut, changed, or no backup.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read(2) != b"\x1f\x8b":
        raise BackupError(f"{name} is no backup of this program; nothing was touched")
    file.seek(0)
    found, left = hashlib.sha256(), max(size - _SEAL, 0)
    while left and (data := file.read(min(left, _CHUNK))):
        found.update(data)
        left -= len(data)
    if file.read() != seal(found.hexdigest()):
        raise BackupError(
            f"{name} is cut, was changed, or is no backup of this program (its checksum does not fit); nothing was touched."
            " Take another copy of it, or another backup."
        )
    return found.hexdigest()


def records(file: BinaryIO, name: str) -> Iterator[Record]:
    """The records one by one, after `checksum`.

    Raises:
        BackupError: the format is another one, or a line is no record.
    """
    counts: Counter[str] = Counter(dict.fromkeys(KINDS, 0))
    lines = _lines(file, name)
    _check_header(next(lines, None), name)
    for number, line in enumerate(lines, 2):
        if isinstance(line, dict):
            _check_end(cast(dict[str, Any], line), counts, f"{name}, line {number}")
            return
        record = _record(line, f"{name}, line {number}")
        counts[record[0]] += 1
        yield record
    raise BackupError(f"{name} has no last line; nothing was touched")


def origin(file: BinaryIO, name: str) -> tuple[str, str]:
    """The version of Neo4j that a backup comes from, and when it was made."""
    header = cast(dict[str, Any], next(_lines(file, name)))
    return str(header.get("neo4j", "")), str(header.get("made", ""))


def _lines(file: BinaryIO, name: str) -> Iterator[object]:
    file.seek(0)
    number = 0
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as text:
            while line := text.readline(_MAX_LINE):
                number += 1
                if not line.endswith(b"\n"):
                    raise BackupError(f"{name}, line {number}: is longer than {_MAX_LINE >> 20} MB or cut; nothing was touched")
                yield json.loads(line, parse_constant=_refuse)
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise BackupError(f"{name}, line {number or 1}: cannot be read ({error}); nothing was touched") from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no value")


def _check_header(line: object, name: str) -> None:
    header = cast(dict[str, Any], line) if isinstance(line, dict) else {}
    if header.get("format") != FORMAT:
        raise BackupError(f"{name} is no backup of this program; nothing was touched")
    version, vocabulary = header.get("version"), header.get("vocabulary")
    if not isinstance(version, int) or not isinstance(vocabulary, int):
        raise BackupError(f"{name} does not say its version; nothing was touched")
    if version > FORMAT_VERSION or vocabulary > VERSION:
        made = header.get("program", "a newer version")
        raise BackupError(f"{name} was made by a newer version of this program ({made}); update this one. Nothing was touched.")
    if version < FORMAT_VERSION:
        raise BackupError(f"{name} has the format {version}, which this version no longer reads; nothing was touched")


def _record(line: object, where: str) -> Record:
    kind, properties = cast(list[Any], line) if isinstance(line, list) and len(cast(list[Any], line)) == 2 else (None, None)
    if kind in KINDS and isinstance(properties, dict):
        values = cast(Properties, properties)
        if all(_storable(value) for value in values.values()):
            return kind, values
    raise BackupError(f"{where}: is no source, run, mark or claim; nothing was touched")


def _storable(value: object) -> bool:
    """Whether it is a text or a number as Neo4j keeps them: UTF-8, 64 bits."""
    match value:
        case bool():
            return False
        case str():
            return not any("\ud800" <= letter <= "\udfff" for letter in value) if not value.isascii() else True
        case int():
            return -(1 << 63) <= value < 1 << 63
        case _:
            return isinstance(value, float)


def _check_end(line: dict[str, Any], counts: Counter[str], where: str) -> None:
    if line.get("end") != dict(counts):
        raise BackupError(f"{where}: the records do not add up to what the end states; nothing was touched")
