"""Corrections of single mentions, each with its reason.

``data/corrections/places.csv`` holds always; ``usual.csv`` says which of several namesakes a bare name usually means, and
holds only where neither coordinates nor a state nor an addition tell; ``items.csv`` says which place a Wikidata item is
whose label alone does not tell.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.countries import country
from ingest.folding import exact
from ingest.tables import DATA, rows

PATH = DATA / "corrections" / "places.csv"
ITEMS = DATA / "corrections" / "items.csv"
USUAL = DATA / "corrections" / "usual.csv"


@dataclass(frozen=True, slots=True)
class Correction:
    """``name`` in ``country`` (an ISO code, or empty for any) means ``id``; an empty ``id`` means: reject it."""

    name: str
    country: str
    id: str
    kind: str
    reason: str


class Corrections:
    """All corrections, by exact name (case forgiven, accents not: Munster is not Münster) and country."""

    def __init__(self, items: Iterable[Correction]) -> None:
        """Index ``items``; the first of two for the same mention wins."""
        self._items: dict[tuple[str, str], Correction] = {}
        for item in items:
            self._items.setdefault((exact(item.name), item.country), item)

    @classmethod
    def open(cls, path: Path = PATH) -> "Corrections":
        """Read the table."""
        table = rows(path, ("name", "country", "id", "kind", "reason"))
        return cls(Correction(r["name"], r["country"], r["id"], r["kind"], r["reason"]) for r in table)

    def find(self, name: str, codes: Iterable[str]) -> Correction | None:
        """The correction for a name in one of the countries, else for any country."""
        key = exact(name)
        return next((c for code in (*codes, "") if (c := self._items.get((key, code)))), None)

    def unused(self, mentions: Iterable[tuple[str, str]]) -> list[Correction]:
        """Corrections that none of the (name, country text) pairs calls for; a source's report lists them."""
        used = {id(c) for name, text in mentions if (c := self.find(name, country(text).codes))}
        return [c for c in self._items.values() if id(c) not in used]
