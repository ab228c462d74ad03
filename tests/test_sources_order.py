"""Several sources of one world: whatever the order, the same graph; one relationship, one claim for each source that tells it."""

import csv
import io
import random
from itertools import permutations
from pathlib import Path

import networkx as nx
import pytest

from ingest.names.tables import DATA
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import ingest
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.driver import LibraryText
from kg.store.queries import library_query
from tests.conftest import wipe
from tests.shared_files import shared_file
from tests.thorough import EVERYTHING

SEED, ROWS = 20261123, 200
SEED_MAPPING = """
name = "curated-seed"
kind = "relation"
since = "year"
published = "2026-11"
[first]
place = "a"
country = "a_country"
kind = "a_kind"
[second]
place = "b"
country = "b_country"
kind = "b_kind"
[kinds]
"climate partnership" = "climate"
"friendship charter" = "friendship"
"trilateral project" = "project"
"""
OWN = DATA / "partnerships" / "cities.csv"
PAIR = "partnership|gn:2875392,gn:2992938"


@pytest.fixture
def world(tmp_path, graph_settings):
    """Load a source by name, files and options."""
    settings = graph_settings.model_copy(update={"home": tmp_path / "home"})

    def load(graph, name: str, *files: Path, **options: str):
        return ingest(graph, name, Request(descriptor(name), settings, files, {"yes": "true", **options}))

    return load


Sources = list[tuple[str, tuple[Path, ...], dict[str, str]]]


def of_our_own(folder: Path) -> Sources:
    """Pairs of our own facts in the layouts of two publishers: most told by both, some by one only."""
    rows = csv.DictReader(io.StringIO(OWN.read_text("utf-8")))
    keys = sorted({tuple(sorted(row["members"].split(";"))) for row in rows if row["kind"] == "twinning"})
    pairs = [tuple(key.rsplit(" ", 1) for key in pair) for pair in keys if len(pair) == 2][:200]
    towns = sorted({tuple(end) for pair in pairs for end in pair})
    qid = {town: f"Q{number}" for number, town in enumerate(towns, 1)}
    table, relations, names = (folder / name for name in ("lists.csv", "relations.tsv", "names.tsv"))
    lines = [",".join((*a, *b)) for a, b in pairs[:150]]
    table.write_text("\n".join(["city1,country1,city2,country2", *lines]) + "\n", "utf-8")
    relations.write_text("".join(f"{qid[tuple(a)]}\t{qid[tuple(b)]}\n" for a, b in pairs[50:]), "utf-8")
    names.write_text("".join(f"{qid[town]}\t{town[0]}\n" for town in towns), "utf-8")
    return [
        ("table", (table,), {"mapping": "wikipedia-country-lists"}),
        ("wikidata", (relations, names), {"as_of": "2016-09"}),
    ]


def of_every_publisher(folder: Path) -> Sources:
    """Random rows of every file that lies beside the project, and our own facts."""
    wikipedia = drawn(shared_file("data", "wikipedia-2026", "twin_cities_raw.csv"), folder / "twin_cities_raw.csv", header=True)
    relations = drawn(shared_file("data", "wikidata-2016", "relations.tsv"), folder / "relations.tsv", header=False)
    europe = drawn(shared_file("data", "wikidata-eu-2018", "sistercities.tsv"), folder / "sistercities.tsv", header=True)
    covenant = drawn(shared_file("data", "covenant-2024", "signatories_no_mayor.csv"), folder / "signatories.csv", header=True)
    seed = folder / "seed.toml"
    seed.write_text(SEED_MAPPING, "utf-8")
    return [
        ("bundled", (), {}),
        ("table", (wikipedia,), {"mapping": "wikipedia-country-lists"}),
        ("wikidata", (relations, shared_file("data", "wikidata-2016", "names.tsv")), {"as_of": "2016-09"}),
        ("table", (europe,), {"mapping": "wikidata-eu"}),
        ("covenant", (covenant,), {}),
        ("graph", (some_ties(shared_file("data", "wikidata-2022", "sister_cities.gexf"), folder / "cities.gexf"),), {}),
        ("table", (shared_file("data", "curated", "seed.tsv"),), {"mapping": str(seed)}),
    ]


def drawn(source: Path, target: Path, header: bool) -> Path:
    """A random sample of a file's rows, of a stated seed, in the file's order."""
    lines = source.read_text("utf-8").splitlines(keepends=True)
    body = lines[header:]
    chosen = sorted(random.Random(SEED).sample(range(len(body)), ROWS))
    target.write_text("".join([*lines[:header], *(body[i] for i in chosen)]), "utf-8")
    return target


def some_ties(source: Path, target: Path) -> Path:
    """The towns around a random sample of a network's ties."""
    network: nx.Graph[str] = nx.read_gexf(source)
    chosen = random.Random(SEED).sample(sorted(network.edges), ROWS // 4)
    nx.write_gexf(network.edge_subgraph(chosen).copy(), target)
    return target


def rows_of(graph, name: str):
    query = library_query(name)
    return graph.read(LibraryText(query.text), query.arguments({}))


def test_files_in_either_order_give_the_same_graph(graph, world, tmp_path):
    assert len({digest_of(graph, world, order) for order in permutations(of_our_own(tmp_path))}) == 1


def test_every_file_in_random_orders_gives_one_graph(graph, world, tmp_path):
    sources, draw = of_every_publisher(tmp_path), random.Random(SEED)
    orders = [draw.sample(sources, len(sources)) for _ in range(6 if EVERYTHING else 2)]
    assert len({digest_of(graph, world, order) for order in orders}) == 1


def digest_of(graph, world, order) -> str:
    wipe(graph)
    for name, given, options in order:
        account = world(graph, name, *given, **options).account
        assert account.loaded > 0.7 * account.read > 20, (name, account)
    assert not [finding for finding in check(graph) if finding.broken]
    return graph_digest(graph)


# --- One relationship told by five --------------------------------------------------------------------------------------


def five(folder: Path) -> list[tuple[str, tuple[Path, ...], dict[str, str]]]:
    """Five sources that tell of Ludwigsburg and Montbéliard, two of them with another year, one with another kind."""
    header = "Stadt,Land,Partnerstadt,Partnerland,Jahr,Art\n"
    files = {
        "town.csv": header + "Ludwigsburg,Deutschland,Montbéliard,Frankreich,1962,Partnerschaft\n",
        "paper.csv": header + "Mömpelgard,Frankreich,Ludwigsburg,Deutschland,,Freundschaft\n",
        "relations.tsv": "Q1\tQ2\nQ2\tQ1\nQ1\tQ3\n",
        "names.tsv": "Q1\tLudwigsburg\nQ2\tMontbéliard\nQ3\tNový Jičín\n",
        "saved.csv": "item,partner,itemLabel,itemCountry,partnerLabel,partnerCountry,since\n"
        "Q2,Q1,Montbéliard,FR,Ludwigsburg,DE,1950-05-31\n",
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    network = nx.Graph()
    network.add_node("Q1", label="Ludwigsburg", country="Germany")
    network.add_node("Q2", label="Montbéliard", country="France")
    network.add_edge("Q1", "Q2")
    nx.write_gexf(network, folder / "network.gexf")
    return [
        ("table", (folder / "town.csv",), {"published": "2024"}),
        ("table", (folder / "paper.csv",), {"published": "2024"}),
        ("wikidata", (folder / "relations.tsv", folder / "names.tsv"), {"as_of": "2016-09"}),
        ("wikidata", (folder / "saved.csv",), {"as_of": "2024-05"}),
        ("graph", (folder / "network.gexf",), {"published": "2022"}),
    ]


def test_what_five_sources_tell_is_one_partnership_with_their_claims(graph, world, tmp_path):
    sources = five(tmp_path)
    digests: set[str] = set()
    for order in (sources, sources[::-1], random.Random(SEED).sample(sources, 5)):
        wipe(graph)
        for name, files, options in order:
            assert world(graph, name, *files, **options).account.rejected.total() == 0
        digests.add(graph_digest(graph))
    assert len(digests) == 1
    told = graph.read(
        "MATCH (p:Partnership {id: $id})<-[:ABOUT]-(c:Claim {predicate: 'kind'})-[:STATED_IN]->(s:Source) "
        "RETURN count(DISTINCT s) AS sources, count(c) AS claims, p.stated_by AS by", {"id": PAIR},
    )  # fmt: skip
    assert told == [{"sources": 5, "claims": 6, "by": ["gn:2875392", "gn:2992938"]}]  # the pairs tell it from both sides
    assert not [finding for finding in check(graph) if finding.broken]


def test_contradictions_and_single_sides_are_listed(graph, world, tmp_path):
    for name, files, options in five(tmp_path):
        world(graph, name, *files, **options)
    contested = {(row["subject"], row["property"]): row["statements"] for row in rows_of(graph, "contested")}
    assert {(subject, name) for subject, name in contested if subject == PAIR} == {(PAIR, "since"), (PAIR, "kind")}
    assert any("1962" in text for text in contested[PAIR, "since"])
    assert any("1950-05-31" in text for text in contested[PAIR, "since"])
    one_sided = {(row["listed_by"], row["not_by"]) for row in rows_of(graph, "one-sided")}
    assert one_sided == {("Ludwigsburg", "Nový Jičín")}
