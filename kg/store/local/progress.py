"""Tell on stderr how far a long step is: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

Report = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Called with a title and a number of bytes; the block gets a function to call with the bytes done since."""


def reporter() -> Report:
    """What suits the place where stderr goes."""
    return bar if sys.stderr.isatty() else lines


@contextmanager
def bar(title: str, total: int) -> Generator[Callable[[int], None]]:
    """A bar that ends with the block."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=total)
        yield lambda size: progress.advance(task, size)


@contextmanager
def lines(title: str, total: int) -> Generator[Callable[[int], None]]:
    """One line at the start and one at every quarter."""
    done = 0

    def advance(size: int) -> None:
        nonlocal done
        before, done = done, done + size
        quarter = done * 4 // total
        if quarter > before * 4 // total:
            say(f"{title}: {quarter * 25} %")

    say(title)
    yield advance


def say(text: str) -> None:
    """One plain line for people; standard output belongs to results."""
    print(text, file=sys.stderr, flush=True)
