"""What commands print: results to stdout, everything for people to stderr."""

import os
import sys
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from kg.present.tables.formats import Format, Rows, StreamFormat, printable

if TYPE_CHECKING:
    from ingest.places.newcomers import NewPlace
    from ingest.run.runner import Progress as ProgressCall
    from ingest.run.runner import Report

_SHOWN_REASONS = 8
_SHOWN_NEW = 20
_COUNT_SECONDS = 2.0
CUT = 3
"""Exit code when a limit left rows out."""


def say(text: str) -> None:
    """Tell the person something that is no result."""
    print(printable(text), file=sys.stderr, flush=True)


def show(rows: Rows, columns: Sequence[str], format_: StreamFormat) -> None:
    """Print rows to stdout, as wide as the terminal."""
    from kg.present.tables.tabular import render

    width = os.get_terminal_size().columns if sys.stdout.isatty() else None
    with _until_the_reader_stops():
        sys.stdout.write(render(rows, columns, format_, width))
        sys.stdout.flush()


@contextmanager
def _until_the_reader_stops() -> Generator[None]:
    """Whoever read the output has seen enough (``kg … | head``): that is no failure, though Typer would make it one."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def show_stream(
    rows: Iterator[Mapping[str, Any]], columns: Sequence[str], format_: StreamFormat, limit: int | None = None
) -> str:
    """Print rows to stdout as they come; what the limit left out, in words, empty when nothing."""
    from kg.present.tables.tabular import streamed

    with _until_the_reader_stops():
        for text in streamed(rows if limit is None else islice(rows, limit), columns, format_):
            sys.stdout.write(text)
        sys.stdout.flush()
    if limit is None or not (left := _counted(rows)):
        return ""
    of = f"{limit + left}" if left > 0 else f"more than {limit - left}"
    return f"{limit} rows of {of} were written, because --limit says so"


def _counted(rows: Iterator[Mapping[str, Any]]) -> int:
    """How many rows are left; negative when there are more than could be counted quickly."""
    until, left = time.monotonic() + _COUNT_SECONDS, 0
    for left, _ in enumerate(rows, 1):
        if time.monotonic() > until:
            return -left
    return left


@contextmanager
def progress_of(source: str) -> Generator["ProgressCall"]:
    """A counter of rows on a terminal, plain lines otherwise; on stderr."""
    if not sys.stderr.isatty():
        yield lambda done, rows: say(f"{source}: {rows} rows {done}")
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"{source}, rows", total=None)
        yield lambda done, rows: progress.update(task, description=f"{source}, rows {done}", completed=rows)


def row_of(report: "Report") -> dict[str, object]:
    """The account of a run; the keys are stable."""
    account, changes = report.account, report.changes
    return {
        "dataset": report.dataset, "run": report.run_id, "read": account.read, "loaded": account.loaded,
        "ignored": account.ignored.total(), "rejected": account.rejected.total(), "changes": changes.total,
        "claims_new": changes.new, "claims_changed": changes.changed, "claims_removed": changes.removed,
        "claims_unchanged": changes.unchanged, "quarantine": str(report.quarantine or ""),
        "new_places": len(report.new), "new_places_list": str(report.new_list or ""),
    }  # fmt: skip


def _say_new(report: "Report") -> None:
    """The new places: every one of them if few, else how many and where they are listed."""
    for new in report.new[:_SHOWN_NEW]:
        near = f"; nearest: {'; '.join(new.nearest[:2])}" if new.nearest else ""
        say(f"new place: {new.name} ({new.country}, {new.kind}): {new.doubt or new.why}{near}")
    if report.new:
        say(f"{len(report.new)} new places, listed in {report.new_list}")


def ask_about_new(doubtful: "Sequence[NewPlace]") -> bool:
    """Ask at the terminal whether new places that may be known ones are new; no makes their rows questions."""
    for new in doubtful[:_SHOWN_NEW]:
        say(f"  {new.name} ({new.country}): {new.doubt}: {'; '.join(new.nearest[:3])}")
    more = f" ({len(doubtful) - _SHOWN_NEW} more)" if len(doubtful) > _SHOWN_NEW else ""
    print(
        f"{len(doubtful)} new places may be known ones{more}. Load them as new places? [y/N] ",
        end="",
        file=sys.stderr,
        flush=True,
    )
    return input().strip().casefold() in {"y", "yes", "j", "ja"}


def print_report(report: "Report", format_: Format, every: bool = False) -> None:
    """The account to stdout, one line a figure for people; reasons, or ``every`` one of them, and warnings to stderr."""
    row = row_of(report)
    if format_ == "table":
        show([{"figure": name, "value": value} for name, value in row.items()], ("figure", "value"), format_)
    else:
        listed = {"new": [new.row() for new in report.new]} if format_ == "json" else {}
        show([{**row, **listed}], (*row, *listed), format_)
    _say_new(report)
    account = report.account
    for what, reasons in (("corrected", account.corrected), ("ignored", account.ignored), ("rejected", account.rejected)):
        for reason, count in reasons.most_common(None if every else _SHOWN_REASONS):
            say(f"{what} {count}: {reason}")
        if len(reasons) > _SHOWN_REASONS and not every:
            say(f"{what}: {len(reasons) - _SHOWN_REASONS} more reasons")
    for warning in report.warnings:
        say(f"note: {warning}")
    if report.quarantine:
        say(f"rejected rows are kept in {report.quarantine}")
