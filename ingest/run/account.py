"""Every row is accounted for: read = loaded + ignored + rejected, and what was rejected can be read again."""

import csv
import json
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingest.rows import Row
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


class Quarantine:
    """Rejected rows, each with file, line, reason and the row itself, in a CSV file that exists only if it has rows."""

    def __init__(self, path: Path) -> None:
        """Rows will be written to ``path``."""
        self.path = path
        self.count = 0

    @contextmanager
    def opened(self) -> Generator["Quarantine"]:
        """Write to a partial file and name it only when complete."""
        private_folder(self.path.parent)
        partial = self.path.with_suffix(".partial")
        try:
            with open_private(partial, encoding="utf-8", errors="backslashreplace", newline="") as file:
                self._writer = csv.writer(file)
                self._writer.writerow(["file", "line", "reason", "row"])
                yield self
            if self.count:
                partial.replace(self.path)
        finally:
            partial.unlink(missing_ok=True)

    def add(self, row: Row, reason: str) -> None:
        """Keep a row that was rejected."""
        self.count += 1
        # A JSON object begins with a brace, so no cell of another's data can begin a formula.
        self._writer.writerow([row.file, row.line, reason, json.dumps(dict(row.values), ensure_ascii=False, default=str)])
