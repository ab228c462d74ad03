"""Folders and files that only their user can read, whatever the umask says."""

import os
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

_FOLDER = 0o700
_FILE = 0o600


def private_folder(path: Path, *, new_only: bool = False) -> None:
    """Make a folder of mode 0700, and its parents alike where they are missing; one that is there already is made so too.

    With ``new_only`` one that is there stays as it is: an office may have set up a cache for several accounts.

    Raises:
        OSError: it cannot be made.
    """
    if not path.parent.exists():
        private_folder(path.parent)
    made = not path.is_dir()
    path.mkdir(mode=_FOLDER, exist_ok=True)
    if os.name == "posix" and (made or not new_only):
        with suppress(PermissionError):  # somebody else's, who may have let us in
            path.chmod(_FOLDER)


def open_private(path: Path, mode: str = "w", **options: Any) -> IO[Any]:
    """Open a file for writing as ``open`` does; a new one has mode 0600 from the first byte on."""
    return open(path, mode, opener=lambda name, flags: os.open(name, flags, _FILE), **options)


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, readable by its user alone from the first byte on."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    with open_private(part, "x", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
