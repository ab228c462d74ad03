"""Places that the gazetteer lacks: counties, provinces, states and boroughs of our own tables."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.names.kinds import CITY_KINDS, DISTRICT_KINDS, REGION_KINDS, body
from ingest.names.states import divisions
from ingest.names.tables import DATA, rows, split
from kg.model.identity import fold, place_id

PLACES = DATA / "places"
REGIONS = DATA / "gazetteer" / "regions.csv"
_COLUMNS = ("id", "name", "kind", "country")
_NAMES = ("name", "name_de", "name_en", "name_fr", "name_it")


@dataclass(frozen=True, slots=True)
class LocalPlace:
    """A place of our own tables; ``names`` are all its names, the first one for display."""

    id: str
    kind: str
    country: str
    names: tuple[str, ...]
    area: tuple[float, float, float] | None = None
    """Latitude and longitude of the middle and kilometres to the edge, roughly; where known."""


def kind_class(kind: str) -> str:
    """``district``, ``region``, ``city`` or ``country``: which label a kind belongs to; unknown kinds are cities."""
    if kind in DISTRICT_KINDS:
        return "district"
    return "region" if kind in REGION_KINDS else "country" if kind == "country" else "city"


class LocalPlaces:
    """Lookup by country, class of kind and name, with or without the word for the kind."""

    def __init__(self, places: Iterable[LocalPlace]) -> None:
        """Index ``places``; of two with one name the first wins, so the order of the tables is the order of trust."""
        self._by_name: dict[tuple[str, str, str], LocalPlace] = {}
        self._anywhere: dict[tuple[str, str], dict[str, LocalPlace]] = {}
        for place in places:
            for name in place.names:
                self._anywhere.setdefault((kind_class(place.kind), fold(name)), {}).setdefault(place.id, place)
            for name in place.names:
                for key in {fold(name), fold(body(name).base)} - {""}:
                    self._by_name.setdefault((place.country, kind_class(place.kind), key), place)

    @classmethod
    def open(cls, folder: Path = PLACES) -> "LocalPlaces":
        """The places of the bundled facts, then regions, then first-level divisions."""
        return cls([*_bundled(folder), *_regions(), *_divisions()])

    def find(self, name: str, country: str, kinds: Iterable[str]) -> LocalPlace | None:
        """The place of one of the classes ``kinds`` with this name in ``country``; earlier classes win."""
        key = fold(name)
        return next((p for kind in kinds if (p := self._by_name.get((country, kind, key)))), None)

    def anywhere(self, name: str, kind: str) -> LocalPlace | None:
        """The place of class ``kind`` with this name in full, when there is only one in the world."""
        found = self._anywhere.get((kind, fold(name)), {})
        return next(iter(found.values())) if len(found) == 1 else None


def _bundled(folder: Path) -> Iterator[LocalPlace]:
    for path in sorted(folder.glob("*.csv")):
        for r in rows(path, _COLUMNS):
            if r["id"] and not r["id"].startswith("gn:") and r["kind"] in CITY_KINDS | DISTRICT_KINDS | REGION_KINDS:
                names = [r[c] for c in _NAMES if r.get(c)] + split(r.get("aliases", ""))
                yield LocalPlace(r["id"], r["kind"], r["country"], tuple(dict.fromkeys(names)))


def _regions() -> Iterator[LocalPlace]:
    for r in rows(REGIONS, ("country", "name", "kind", "aliases", "lat", "lon", "km")):
        names = (r["name"], *split(r["aliases"]))
        area = (float(r["lat"]), float(r["lon"]), float(r["km"])) if r["lat"] else None
        yield LocalPlace(place_id(r["country"], r["name"], r["kind"]), r["kind"], r["country"], names, area)


def _divisions() -> Iterator[LocalPlace]:
    for d in divisions():
        if d.name:
            names = (d.name, *(a for a in d.aliases if len(fold(a)) > 3))
            yield LocalPlace(place_id(d.country, d.name), d.kind, d.country, names)
