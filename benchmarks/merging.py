"""Why the network is not as large as the file: ``python -m benchmarks.merging``.

A file is counted three times: as it names its places, without the rows that name a place nobody can be sure of, and with
every spelling and item of one place taken together. The differences are what resolving costs and what it brings.
"""

import csv
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, cast

import networkx as nx

from benchmarks.datasets import DATA
from ingest.names.countries import country
from ingest.places.mention import Mention
from ingest.places.resolver import Resolver
from kg.settings import settings


class KnownPlace(NamedTuple):
    """A place as the file knows it, and as it is asked about."""

    key: str
    mention: Mention


Pairs = Iterator[tuple[KnownPlace, KnownPlace]]


def wikipedia_2026() -> Pairs:
    """Lists of the English Wikipedia: a place is a name and a country, however the country is spelled."""
    with (DATA / "wikipedia-2026" / "twin_cities_raw.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _named(row["city1"], row["country1"]), _named(row["city2"], row["country2"])


def _named(name: str, text: str) -> KnownPlace:
    return KnownPlace(f"{name} | {'|'.join(country(text).codes) or text}", Mention(name, text))


def wikidata_2016() -> Pairs:
    """Wikidata's items of 2016 with nothing but a label."""
    folder = DATA / "wikidata-2016"
    labels = dict(line.split("\t")[:2] for line in (folder / "names.tsv").read_text("utf-8").splitlines())
    for line in (folder / "relations.tsv").read_text("utf-8").splitlines():
        a, b = line.split("\t")[:2]
        yield KnownPlace(a, Mention(labels.get(a, ""), qid=a)), KnownPlace(b, Mention(labels.get(b, ""), qid=b))


def wikidata_2022() -> Pairs:
    """Wikidata's items of 2022 with country, point and population."""
    graph: Any = nx.read_gexf(DATA / "wikidata-2022" / "sister_cities.gexf")
    ends = {item: KnownPlace(item, _described(item, facts)) for item, facts in graph.nodes(data=True)}
    for a, b in graph.edges():
        yield ends[a], ends[b]


def _described(item: str, facts: dict[str, Any]) -> Mention:
    point = (float(facts["lat"]), float(facts["lon"]))
    return Mention(facts["label"], facts["country"], lat=point[0], lon=point[1], qid=item, population=int(facts["pop"]))


def explain(title: str, pairs: Callable[[], Pairs], resolver: Resolver) -> None:
    """Print the three counts of one file, with what was left out and what was taken together."""
    found = {end: resolver.resolve(end.mention).id for pair in pairs() for end in pair}
    sure = [(a, b) for a, b in pairs() if found[a] and found[b]]
    steps = {
        "as the file names them": _graph((a.key, b.key) for a, b in pairs()),
        "without rows that stay open": _graph((a.key, b.key) for a, b in sure),
        "spellings and items of one place together": _graph((found[a], found[b]) for a, b in sure),
    }
    print(f"{title}: {sum(1 for _ in pairs())} rows, {sum(1 for _ in pairs()) - len(sure)} of them stay open")
    for step, graph in steps.items():
        triangles = sum(cast("dict[str, int]", nx.triangles(graph)).values()) // 3  # pyright: ignore[reportUnknownMemberType]
        wedges = sum(degree * (degree - 1) // 2 for _, degree in cast("Iterator[tuple[str, int]]", graph.degree()))
        counts = (len(graph), graph.number_of_edges(), triangles, wedges - 3 * triangles)
        print("  {:43} {:6} places {:6} pairs {:6} triangles {:7} open triads".format(step, *counts))


def _graph(pairs: Iterator[tuple[str, str]]) -> "nx.Graph[str]":
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from((a, b) for a, b in pairs if a != b)
    return graph


def main() -> int:
    """Explain every file that lies beside the project."""
    resolver = Resolver.open(settings())
    for pairs in (wikipedia_2026, wikidata_2016, wikidata_2022):
        title = pairs.__name__.replace("_", "-")
        if (DATA / title).exists():
            explain(title, pairs, resolver)
    return 0


if __name__ == "__main__":
    sys.exit(main())
