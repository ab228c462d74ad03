"""Parts of large cities, however they are written: ``Warszawa-Mokotów``, ``Praha 6``, ``Wien (12. Bezirk)``, ``Mapo (Seoul)``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.gazetteer.gazetteer import Entry, Gazetteer
from ingest.gazetteer.own_places import LocalPlace, LocalPlaces
from ingest.names.kinds import body
from ingest.names.qualifiers import parts
from ingest.names.tables import DATA, rows
from ingest.places.mention import Resolution
from ingest.places.namesakes import HIT_KM, tier
from ingest.places.prepared import Asked
from kg.model.geo import distance_km
from kg.model.identity import fold, slug

_LARGE = 100_000
_WORD = (
    r"(?:arr(?:ondissement|t|\.)?|bezirk|stadtbezirk|district|kerület|ker\.?|obvod|mestsk[áa] část|kreis|sector(?:ul)?|sektor)"
)
_NUMBER = r"(?P<number>\d{1,2}|[IVX]{1,5})\s?(?:\.|º|°|er|e|ème|eme|st|nd|rd|th)?"
_NUMBERED = (
    re.compile(rf"^(?P<city>[^\d(),]+?)[\s,(-]+(?:{_WORD}\s+)?{_NUMBER}(?:\s*{_WORD})?\)?$", re.IGNORECASE),
    re.compile(rf"^{_NUMBER}\s*{_WORD}\s*(?:de|of|in|di|von|,)?\s*(?P<city>[^\d(),]+)$", re.IGNORECASE),
)
_DASHED = re.compile(r"\s*[-–—]\s*")
_ROMAN = {"I": 1, "V": 5, "X": 10}


@dataclass(frozen=True, slots=True)
class CityParts:
    """Finds a part of a city in the gazetteer near it, or in our own tables."""

    gazetteer: Gazetteer
    local: LocalPlaces

    def find(self, asked: Asked) -> Resolution | None:
        """The part that is named together with its city; None where nothing is known of such a part."""
        if not asked.codes or self.gazetteer.folded(fold(asked.name)):
            return None
        if any(self.local.find(asked.name, code, ("city",)) for code in asked.codes):
            return None
        texts = (asked.name, *parts(asked.name)[1])
        numbered = next(filter(None, (self._numbered(asked, text) for text in texts)), None)
        read = sorted(self._read(asked), key=lambda pair: -pair[0].population)
        largest = [part for city, part in read if city == read[0][0]]
        return numbered or next(filter(None, (self._part(read[0][0], part) for part in largest)), None)

    def _read(self, asked: Asked) -> Iterator[tuple[Entry, str]]:
        """City and part in every way to read the name."""
        head, added = parts(asked.name)
        pieces = _DASHED.split(asked.name)
        readings = [(head, added[0]), (added[0], head)] if len(added) == 1 else []
        readings += [(asked.name[: -len(rest) - 1], rest) for rest in ("-".join(pieces[at:]) for at in range(1, len(pieces)))]
        for city, part in readings:
            if len(fold(part)) > 1 and (entry := self._city(asked, city.strip(" –—-"))):
                yield entry, part

    def _city(self, asked: Asked, text: str) -> Entry | None:
        return next((e for e in self.gazetteer.folded(fold(text)) if asked.allows(e) and e.population >= _LARGE), None)

    def _part(self, city: Entry, part: str) -> Resolution | None:
        for name in dict.fromkeys((part, body(part).base, f"{city.name}-{part}")):
            if own := self._own(name, city):
                return _local(own)
            near = self._near(name, city)
            if near:
                return Resolution(near[0].id, near[0].name, "borough", city.country, 0.97, "part_of_city")
        return None

    def _near(self, name: str, city: Entry) -> list[Entry]:
        """Parts of the city that are called so, the better fitting first; else those that sound so."""
        key = fold(name)
        named = [e for e in self.gazetteer.folded(key) if _is_part(e, city)]
        near = sorted(named, key=lambda e: (tier(e, name, key), -e.population))
        return near or [e for e in self.gazetteer.romanised(key) if _is_part(e, city)]

    def _own(self, name: str, city: Entry) -> LocalPlace | None:
        found = self.local.find(name, city.country, ("city",))
        return found if found and found.kind == "borough" else None

    def _numbered(self, asked: Asked, text: str) -> Resolution | None:
        for pattern in _NUMBERED:
            match = pattern.match(text)
            city = self._city(asked, match["city"].strip(" -–")) if match else None
            if match and city and (number := _number(match["number"])):
                return self._known_number(city, number) or _new_number(city, number)
        return None

    def _known_number(self, city: Entry, number: int) -> Resolution | None:
        name = _by_number().get((city.geonameid, number), f"{city.name} {number}")
        starts = self.gazetteer.beginning(f"{fold(city.name)} {number:02d} ", city.country)
        listed = next((e for e in (*starts, *self.gazetteer.folded(fold(name))) if _is_part(e, city)), None)
        if listed:
            return Resolution(listed.id, listed.name, "borough", city.country, 0.98, "numbered_part")
        own = self._own(name, city) or self._own(f"{city.name} {number}", city)
        return _local(own) if own else None


def _new_number(city: Entry, number: int) -> Resolution:
    name = f"{city.name} {number}"
    doubt = "" if city.geonameid in _numbered_cities() else f"maybe {city.name} itself"
    lines = (f"{city.name} ({city.country}, {city.id})",)
    reason = f"a numbered part of {city.name}"
    return Resolution(
        f"x:{city.country.lower()}-{slug(name)}", name, "borough", city.country, 0.95, "new_part", lines, reason, doubt=doubt
    )


def _local(place: LocalPlace) -> Resolution:
    return Resolution(place.id, place.names[0], place.kind, place.country, 0.98, "part_of_city")


def _is_part(entry: Entry, city: Entry) -> bool:
    near = entry.country == city.country and distance_km(entry.lat, entry.lon, city.lat, city.lon) <= HIT_KM
    smaller = entry.geonameid != city.geonameid and entry.population < city.population
    return near and smaller and (entry.kind == "borough" or entry.part == 1)


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    values = [_ROMAN[letter] for letter in text.upper()]
    return sum(-v if any(v < later for later in values[at + 1 :]) else v for at, v in enumerate(values))


@cache
def _by_number() -> dict[tuple[int, int], str]:
    table = rows(DATA / "gazetteer" / "numbered_parts.csv", ("city", "number", "name"))
    return {(int(r["city"]), int(r["number"])): r["name"] for r in table if r["name"]}


@cache
def _numbered_cities() -> frozenset[int]:
    return frozenset(int(r["city"]) for r in rows(DATA / "gazetteer" / "numbered_parts.csv", ("city", "number", "name")))
