"""The gazetteer: places by geonameid, by name and by point, read from the index on disk."""

import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ingest.gazetteer.details import display_names, kind_of, nuts_of
from ingest.gazetteer.index import build, cells_around, index_path
from ingest.names.keys import skeleton
from kg.model.geo import distance_km
from kg.model.identity import fold

_BY_ID = """SELECT p.id, p.name, p.country, p.admin1, p.lat, p.lon, p.population, p.part, p.aliases
            FROM place p WHERE p.id = ?"""
_BY_NAME = """SELECT p.id, p.name, p.country, p.admin1, p.lat, p.lon, p.population, p.part, p.aliases
              FROM name n JOIN place p ON p.id = n.id WHERE n.key = ?"""
_BY_SKELETON = """SELECT p.id, p.name, p.country, p.admin1, p.lat, p.lon, p.population, p.part, p.aliases
                  FROM skeleton s JOIN place p ON p.id = s.id WHERE s.key = ?"""
_BY_ADDITION = """SELECT p.id, p.name, p.country, p.admin1, p.lat, p.lon, p.population, p.part, p.aliases
                  FROM addition a JOIN place p ON p.id = a.id WHERE a.key = ?"""
_BY_BEGINNING = """SELECT p.id, p.name, p.country, p.admin1, p.lat, p.lon, p.population, p.part, p.aliases
                   FROM name n JOIN place p ON p.id = n.id
                   WHERE n.key >= ? AND n.key < ? AND p.country = ? AND p.population >= ? AND (n.main OR NOT ?)"""
_BY_CELL = """SELECT p.id, p.name, p.country, p.admin1, p.lat, p.lon, p.population, p.part, p.aliases
              FROM place p WHERE p.cell = ?"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the gazetteer; ``lat``/``lon`` in degrees, ``nuts`` as fine as known, else empty.

    ``part`` is 1 where the place is probably a quarter of a large city (see ``gazetteer_index``).
    """

    geonameid: int
    name: str
    country: str
    admin1: str
    lat: float
    lon: float
    population: int
    part: int
    alias_text: str

    @property
    def id(self) -> str:
        """Identity of the place in the graph."""
        return f"gn:{self.geonameid}"

    @property
    def aliases(self) -> tuple[str, ...]:
        """Alternate names of any language, unordered by language."""
        return tuple(self.alias_text.split("\n")) if self.alias_text else ()

    @property
    def names(self) -> dict[str, str]:
        """Name per language (de, en, fr, it) where one is known that differs from ``name``."""
        return display_names(self.geonameid)

    @property
    def nuts(self) -> str:
        """NUTS code (Eurostat 2021), as fine as country, first-level division and the list of cities tell."""
        return nuts_of(self.country, self.admin1, self.geonameid)

    @property
    def kind(self) -> str:
        """``city``, or ``borough`` where the gazetteer lists a part of a city."""
        return kind_of(self.geonameid)


class Gazetteer:
    """Read-only view of the index; safe to share between threads, holds one file open."""

    def __init__(self, path: Path) -> None:
        """Open an index that exists."""
        self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._named = lru_cache(maxsize=60_000)(self._load_named)
        self._in_cell = lru_cache(maxsize=20_000)(self._load_cell)
        self._beginning = lru_cache(maxsize=2_000)(self._load_beginning)
        self._bearing = lru_cache(maxsize=5_000)(self._load_bearing)

    @classmethod
    def open(cls, cache_dir: Path) -> "Gazetteer":
        """Open the index under ``cache_dir``, building it first (about 20 s) where it is missing or of another version."""
        path = index_path(cache_dir)
        return cls(path if path.is_file() else build(cache_dir))

    def close(self) -> None:
        """Close the file; the object is of no use afterwards."""
        self._db.close()

    def get(self, geonameid: int | str) -> Entry | None:
        """The place with this geonameid (7 or ``gn:7``), or None."""
        number = str(geonameid).removeprefix("gn:")
        found = self._rows(_BY_ID, int(number)) if number.isdecimal() and len(number) < 15 else ()
        return found[0] if found else None

    def candidates(self, name: str, country: str | None = None) -> list[Entry]:
        """Every place with this main or alternate name (accents, case and punctuation forgiven), largest first."""
        return [e for e in self._named(fold(name)) if country is None or e.country == country]

    def folded(self, key: str) -> tuple[Entry, ...]:
        """As ``candidates`` of all countries, for a key that is already folded."""
        return self._named(key)

    def romanised(self, key: str) -> tuple[Entry, ...]:
        """Places that have a name with the same skeleton as the folded ``key``, largest first."""
        bones = skeleton(key)
        return self._rows(_BY_SKELETON, bones) if bones else ()

    def bearing(self, key: str) -> tuple[Entry, ...]:
        """Places with a name that has this folded addition (``neckar``: Wendlingen am Neckar), largest first."""
        return self._bearing(key)

    def beginning(self, start: str, country: str, people: int = 0, *, main: bool = True) -> tuple[Entry, ...]:
        """Places of a country with at least so many people of which a (main) name begins with the folded ``start``."""
        return self._beginning(start, country, people, main)

    def near(self, lat: float, lon: float, radius_km: float) -> list[tuple[float, Entry]]:
        """Places within ``radius_km`` (at most 20) of a point with their distance, nearest first."""
        found: list[tuple[float, Entry]] = []
        for number in cells_around(lat, lon):
            found += [(distance_km(lat, lon, e.lat, e.lon), e) for e in self._in_cell(number)]
        return sorted(((d, e) for d, e in found if d <= radius_km), key=lambda pair: (pair[0], pair[1].geonameid))

    def _load_beginning(self, start: str, country: str, people: int, main: bool) -> tuple[Entry, ...]:
        last = start[:-1] + chr(ord(start[-1]) + 1)
        return tuple(dict.fromkeys(self._rows(_BY_BEGINNING, start, last, country, people, main)))

    def _load_cell(self, number: int) -> tuple[Entry, ...]:
        return self._rows(_BY_CELL, number)

    def _load_bearing(self, key: str) -> tuple[Entry, ...]:
        return self._rows(_BY_ADDITION, key) if key else ()

    def _load_named(self, key: str) -> tuple[Entry, ...]:
        return self._rows(_BY_NAME, key) if key else ()

    def _rows(self, statement: str, *values: str | int) -> tuple[Entry, ...]:
        entries = [Entry(*row) for row in self._db.execute(statement, values).fetchall()]
        return tuple(sorted(entries, key=lambda e: (-e.population, e.geonameid)))
