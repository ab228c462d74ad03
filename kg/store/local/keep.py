"""How long rejected rows and logs are kept."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kg.store.local.folder import DataFolder

_DAY = 86_400.0


def remove_old(home: Path, days: int) -> None:
    """Remove rejected rows, details of faults and former logs that were last written more than ``days`` ago; nothing else."""
    oldest = time.time() - days * _DAY
    for path in _kept(home):
        # What is locked, gone or not ours to remove stays until another time.
        with suppress(OSError):
            if path.is_file() and not path.is_symlink() and path.lstat().st_mtime < oldest:
                path.unlink()


def _kept(home: Path) -> Iterator[Path]:
    kept = {
        home / "quarantine": ("*.csv", "*.partial"),
        home / "logs": ("fault-*.txt",),
        DataFolder(home).database / "logs": ("*.log.*", "*.zip"),
    }
    for folder, patterns in kept.items():
        if folder.is_dir() and not folder.is_symlink():
            for pattern in patterns:
                yield from folder.glob(pattern)
