"""A lock on a file that the operating system releases when its holder dies, however it dies.

That is the whole reason for it: a pid in a file says nothing once the number has been given to another process.
"""

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

_RETRY = 0.05

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int, *, shared: bool = False) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBRLCK if shared else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int, *, shared: bool = False) -> None:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


class FileLock:
    """An exclusive lock on one file between processes (and between two objects of one process)."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is touched yet."""
        self.path = path
        self._descriptor: int | None = None

    def take(self, *, shared: bool = False) -> bool:
        """Take the lock without waiting; ``False`` when someone else holds it. Shared holders do not exclude each other."""
        # Python's descriptors are not inherited by child processes, so a child never holds the lock of its parent.
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(descriptor, shared=shared)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give it back; closing the file is what unlocks it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_held(path: Path) -> bool:
    """Whether any living process holds the lock on ``path``.

    On Windows a shared lock is an exclusive one in truth, so two who ask at one moment see each other; hence the second look.
    """
    return path.exists() and not wait_until(lambda: _is_free(path), _RETRY if sys.platform == "win32" else 0)


def _is_free(path: Path) -> bool:
    lock = FileLock(path)
    free = lock.take(shared=True)
    lock.release()
    return free


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    """Ask ``done`` again and again; ``False`` when it did not come true within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_RETRY)
    return True


@contextmanager
def held(path: Path, seconds: float = 600) -> Generator[None]:
    """Hold the lock on ``path`` for a block, waiting for the one who has it.

    Raises:
        TimeoutError: nobody gave it back within ``seconds``.
    """
    lock = FileLock(path)
    if not wait_until(lock.take, seconds):
        raise TimeoutError(f"{path} is locked by another process")
    try:
        yield
    finally:
        lock.release()
