"""Tell on stderr how far a long step is, once it takes more than a second: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Advance = Callable[[int], None]
"""Called with the number of things done since the last call."""
_SILENT = 1.0
_EVERY = 5.0


@contextmanager
def counted(title: str, total: int) -> Generator[Advance]:
    """The block gets a function to call with how many of ``total`` (0: nobody knows) are done since."""
    if not sys.stderr.isatty():
        yield _Lines(title, total).advance
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=total or None)
        yield lambda more: progress.advance(task, more)


class _Lines:
    """A line after the first second, and one every five."""

    def __init__(self, title: str, total: int) -> None:
        self._title, self._total, self._done = title, total, 0
        self._next = time.monotonic() + _SILENT

    def advance(self, more: int) -> None:
        self._done += more
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY
            of_all = f" of {self._total:,}" if self._total else ""
            print(f"{self._title}: {self._done:,}{of_all}", file=sys.stderr, flush=True)
