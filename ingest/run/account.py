"""Every row is accounted for: read = loaded + ignored + rejected, and what was rejected can be read again."""

import csv
import json
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingest.rows import Question, Row
from kg.store.private import open_private, private_folder

_REASONS = 10_000
_OTHER_REASONS = "another reason, as the quarantine file says"


@dataclass(slots=True)
class Account:
    """Counts of rows by what became of them, with the reasons."""

    read: int = 0
    loaded: int = 0
    ignored: Counter[str] = field(default_factory=Counter[str])
    rejected: Counter[str] = field(default_factory=Counter[str])
    first: dict[str, str] = field(default_factory=dict[str, str])
    """Where each reason occurred first, as ``file:line``."""
    corrected: Counter[str] = field(default_factory=Counter[str])
    """Rows with cells put right as the descriptor says, by reason; they are counted as loaded, ignored or rejected too."""

    cleaned: int = 0
    """Rows out of which characters were taken that no text may hold."""
    first_cleaned: str = ""

    def reject(self, reason: str, row: Row) -> None:
        """Count a rejected row; past ten thousand different reasons the rest is one, and the quarantine has each."""
        known = reason in self.rejected or len(self.rejected) < _REASONS
        self.rejected[reason if known else _OTHER_REASONS] += 1
        self.first.setdefault(reason if known else _OTHER_REASONS, row.place)

    def check(self) -> None:
        """Raise an error when a row is unaccounted for; this is a fault of the program, never of the data."""
        accounted = self.loaded + self.ignored.total() + self.rejected.total()
        if self.read != accounted:
            raise AssertionError(f"{self.read} rows were read but {accounted} accounted for")


COLUMNS = ("file", "line", "reason", "row", "question", "load", "settled")
"""Of a quarantine file: ``load`` says once what the load was asked; ``settled`` what came of a row since."""


def quarantine_path(home: Path, dataset: str, run_id: str) -> Path:
    """Where the rejected rows of a run are kept."""
    return home / "quarantine" / f"{dataset.replace(':', '-')}-{run_id}.csv"


class Quarantine:
    """Rejected rows, each with file, line, reason and the row itself, in a CSV file that exists only if it has rows."""

    def __init__(self, path: Path, load: Mapping[str, Any] | None = None) -> None:
        """Rows will be written to ``path``, with what the load was asked, so that they can be taken up again."""
        self.path, self.load = path, load
        self.count = 0

    @contextmanager
    def opened(self) -> Generator["Quarantine"]:
        """Write to a partial file and name it only when complete."""
        private_folder(self.path.parent)
        partial = self.path.with_suffix(".partial")
        try:
            with open_private(partial, encoding="utf-8", errors="backslashreplace", newline="") as file:
                self._writer = csv.writer(file)
                self._writer.writerow(COLUMNS)
                yield self
            if self.count:
                partial.replace(self.path)
        finally:
            partial.unlink(missing_ok=True)

    def add(self, row: Row, reason: str, question: Question | None = None, settled: Mapping[str, Any] | None = None) -> None:
        """Keep a row that was rejected."""
        load, self.count = (self.load if self.count == 0 else None), self.count + 1
        # A JSON object begins with a brace, so no cell of another's data can begin a formula.
        asked = asdict(question) if question else None
        self._writer.writerow([row.file, row.line, reason, *map(_json, (dict(row.values), asked, load, settled))])


def _json(value: Mapping[str, Any] | None) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)
