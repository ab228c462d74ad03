"""Files that a user names: there, readable, and neither a folder nor a device."""

import stat
from pathlib import Path

from kg.errors import UsageError


def head_of(path: Path, size: int = 8) -> bytes:
    """The first bytes of a file.

    Raises:
        UsageError: there is no such file, or it cannot be read; says why.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise UsageError(f"{path} is a {'folder' if stat.S_ISDIR(mode) else 'device'}; name a file")
        with path.open("rb") as file:
            return file.read(size)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: a name that no file can have
        raise UsageError(f"there is no file {path}; check its name") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); check its name and who may read it") from error


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
