"""Corrections of single mentions, each with its reason.

``data/corrections/places.csv`` holds always; ``usual.csv`` says which of several namesakes a bare name usually means, and
holds only where neither coordinates nor a state nor an addition tell; ``items.csv`` says which place a Wikidata item is
whose label alone does not tell. A user's own ``corrections.csv`` under ``KG_HOME`` comes before all of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.names.countries import country
from ingest.names.keys import exact
from ingest.names.tables import DATA, rows
from kg.errors import DataError

PATH = DATA / "corrections" / "places.csv"
ITEMS = DATA / "corrections" / "items.csv"
USUAL = DATA / "corrections" / "usual.csv"
OWN = "corrections.csv"
_ID = re.compile(r"gn:[1-9]\d*|wd:Q[1-9]\d*|x:[a-z]{2}-[\w.-]+|iso:[A-Z]{2}")


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

    def after(self, first: Iterable[Correction]) -> "Corrections":
        """The same with ``first`` before all others."""
        return Corrections([*first, *self._items.values()])

    def find(self, name: str, codes: Iterable[str]) -> Correction | None:
        """The correction for a name in one of the countries, else for any country."""
        key = exact(name)
        return next((c for code in (*codes, "") if (c := self._items.get((key, code)))), None)

    def unused(self, mentions: Iterable[tuple[str, str]]) -> list[Correction]:
        """Corrections that none of the (name, country text) pairs calls for; a source's report lists them."""
        used = {id(c) for name, text in mentions if (c := self.find(name, country(text).codes))}
        return [c for c in self._items.values() if id(c) not in used]


def own_corrections(path: Path, is_listed: Callable[[str], bool]) -> Iterator[Correction]:
    """The lines of a user's own file (name, country, id, reason; kind may be added), none when there is no file.

    A name is a place's, or the QID of an item; the country a code or a name in any of our languages, or empty for any.

    Raises:
        DataError: naming file, line and column, when a line cannot hold.
    """
    for line, row in enumerate(rows(path, ("name", "country", "id", "reason")) if path.is_file() else (), 2):
        code = country(row["country"]).code
        if not row["name"]:
            raise DataError(f"{path}, line {line}, column name: it is empty; write the name as the source does")
        if row["country"] and not code:
            raise DataError(f"{path}, line {line}, column country: {row['country']!r} is no country; write a code such as DE")
        if row["id"] and not _ID.fullmatch(row["id"]):
            raise DataError(f"{path}, line {line}, column id: {row['id']!r} is no id such as gn:2875392, wd:Q622 or x:de-name")
        if row["id"].startswith("gn:") and not is_listed(row["id"]):
            raise DataError(f"{path}, line {line}, column id: the gazetteer has no {row['id']}; look it up at geonames.org")
        yield Correction(row["name"], code, row["id"], row.get("kind", ""), row["reason"] or "a correction of one's own")
