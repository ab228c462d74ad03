"""Runs a reader of hostile formats as a program of its own, with limits, so that no file can take this one down with it."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingest.tabular.sheet_reader import NO_ROOM, TOO_LONG
from kg.errors import DataError, UsageError


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost, in bytes and seconds."""

    memory: int = 3 << 30
    output: int = 1 << 30
    seconds: int = 300


@dataclass(frozen=True, slots=True)
class Reader:
    """A reading program, with the words for its files: ``what`` (the workbook) and the ``way_out`` (save it as CSV)."""

    script: Path
    packages: Path
    what: str
    way_out: str
    argument: str = "an argument"
    """What is handed over besides the file, such as a sheet's name."""


def run_reader(reader: Reader, path: Path, argument: str, file: IO[bytes], limits: Limits) -> None:
    """Let the reader write what it finds into ``file``; -I and -S because it needs nothing of the environment and starts faster.

    Raises:
        DataError: it did not end well; says what stopped it and the way out.
        UsageError: ``argument`` holds a character that no argument can hold.
    """
    bounds = map(str, (limits.memory, limits.output, limits.seconds))
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(reader.script), str(reader.packages), str(path.absolute()), argument]
    try:
        code = subprocess.run(
            [*command, *bounds],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise DataError(f"{path.name}: {reader.what} could not be read within {limits.seconds} s; {reader.way_out}") from error
    except ValueError as error:
        raise UsageError(f"{argument[:40]!r} cannot be {reader.argument}") from error
    except OSError as error:
        raise DataError(
            f"{path.name}: the reader of {reader.what} cannot be started ({error.strerror}); {reader.way_out}"
        ) from error
    if code:
        raise DataError(f"{path.name}: {_stopped(code, reader, limits)}")


def _stopped(code: int, reader: Reader, limits: Limits) -> str:
    if code == TOO_LONG:
        return f"{reader.what} holds more than {limits.output >> 20} MB of text; {reader.way_out}, a part of it"
    if code == NO_ROOM:
        return no_room()
    return (
        f"{reader.what} cannot be read: its reader stopped ({code}), as it does when a file is damaged or needs more than"
        f" {limits.memory >> 20} MB of memory; {reader.way_out}"
    )


def no_room() -> str:
    """What to say when what a reader writes cannot be kept."""
    return f"what it holds cannot be kept in {tempfile.gettempdir()}; make room there, or let TMPDIR name another folder"
