"""The places of a load that nobody knew before: counted, listed with what is nearest, and refused where a doubt stands."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingest.places.mention import Mention, Resolution
from ingest.rows import Question, Reject
from kg.store.private import open_private, private_folder

NewPlaces = Literal["ask", "accept", "reject"]
"""What becomes of a new place that may be a known one in another form: ``ask`` a person, ``accept`` it, ``reject`` its rows."""
COLUMNS: tuple[str, ...] = ("name", "country", "kind", "id", "mentions", "why", "nearest")
_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class NewPlace:
    """One of them; ``doubt`` says why it may be a known place, ``nearest`` are known ones as people read them."""

    id: str
    name: str
    country: str
    kind: str
    why: str
    doubt: str
    nearest: tuple[str, ...]
    mentions: int = 1

    def row(self) -> dict[str, str | int]:
        """As the report lists it."""
        why = self.doubt or self.why
        cells = (self.name, self.country, self.kind, self.id, self.mentions, why, "; ".join(self.nearest))
        return dict(zip(COLUMNS, cells, strict=True))


class Newcomers:
    """Those of one run; only rows that were taken count."""

    def __init__(self, *, refuse: bool = False) -> None:
        """``refuse``: rows with a doubtful one are questions."""
        self.refuse = refuse
        self._found: dict[str, NewPlace] = {}
        self._of_this_row: list[NewPlace] = []
        self.unlisted = 0
        """Mentions beyond the first ten thousand places."""

    def meet(self, mention: Mention, found: Resolution) -> None:
        """Note a place that is new.

        Raises:
            Reject: it may be a known one, and nobody said that it is not.
        """
        if not found.is_unknown:
            return
        if found.doubt and self.refuse:
            near = f": {'; '.join(found.candidates)}" if found.candidates else ""
            way_out = "settle it (kg questions), or say --new accept"
            written = f"{mention.name!r}, {mention.country}" if mention.country else f"{mention.name!r}"
            question = Question(found.name, found.country, found.doubt, found.candidates)
            raise Reject(f"{written} would be a new place, but is {found.doubt}{near}; {way_out}", question)
        why = found.reason
        self._of_this_row.append(NewPlace(found.id, found.name, found.country, found.kind, why, found.doubt, found.candidates))

    def keep(self) -> None:
        """The row was taken."""
        for new in self._of_this_row:
            if (known := self._found.get(new.id)) is not None:
                self._found[new.id] = replace(known, mentions=known.mentions + 1)
            elif len(self._found) < _LISTED:
                self._found[new.id] = new
            else:
                self.unlisted += 1
        self._of_this_row.clear()

    def undo(self) -> None:
        """The row was not taken."""
        self._of_this_row.clear()

    def listed(self) -> list[NewPlace]:
        """The doubtful ones first, then by country and name."""
        return sorted(self._found.values(), key=lambda new: (not new.doubt, new.country, new.name))


def write_list(path: Path, places: Sequence[NewPlace]) -> None:
    """The list as CSV, for the user only."""
    private_folder(path.parent)
    with open_private(path, encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({key: _harmless(cell) for key, cell in place.row().items()} for place in places)


def _harmless(cell: str | int) -> str | int:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(("=", "+", "-", "@")) else cell
