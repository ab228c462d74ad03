"""Several sources of one world: whatever the order, the same graph; one relationship, one claim for each source that tells it."""

import os
import random
from itertools import permutations
from pathlib import Path

import networkx as nx
import pytest

from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import ingest
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.driver import LibraryText
from kg.store.queries import library_query
from tests.conftest import wipe

SHARED = Path(__file__).parents[2] / "shared" / "data"
SEED, ROWS = 20261123, 400
PAIR = "partnership|gn:2875392,gn:2992938"


@pytest.fixture
def world(tmp_path, graph_settings):
    """Load a source by name, files and options."""
    settings = graph_settings.model_copy(update={"home": tmp_path / "home"})

    def load(graph, name: str, *files: Path, **options: str):
        return ingest(graph, name, Request(descriptor(name), settings, files, {"yes": "true", **options}))

    return load


def shared(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        assert not os.environ.get("CI"), f"{path} is missing"
        pytest.skip(f"{path} is not here")
    return path


def drawn(source: Path, target: Path, header: bool) -> Path:
    """A random sample of a file's rows, of a stated seed, in the file's order."""
    lines = source.read_text("utf-8").splitlines(keepends=True)
    body = lines[header:]
    chosen = sorted(random.Random(SEED).sample(range(len(body)), ROWS))
    target.write_text("".join([*lines[:header], *(body[i] for i in chosen)]), "utf-8")
    return target


def rows_of(graph, name: str):
    query = library_query(name)
    return graph.read(LibraryText(query.text), query.arguments({}))


def test_real_files_in_either_order_give_the_same_graph(graph, world, tmp_path):
    wikipedia = drawn(shared("wikipedia-2026", "twin_cities_raw.csv"), tmp_path / "twin_cities_raw.csv", header=True)
    relations = drawn(shared("wikidata-2016", "relations.tsv"), tmp_path / "relations.tsv", header=False)
    sources = [
        ("table", (wikipedia,), {"mapping": "wikipedia-country-lists"}),
        ("wikidata", (relations, shared("wikidata-2016", "names.tsv")), {"as_of": "2016-09"}),
    ]
    digests: set[str] = set()
    for order in permutations(sources):
        wipe(graph)
        for name, files, options in order:
            report = world(graph, name, *files, **options)
            assert report.account.loaded > 0.9 * ROWS
        digests.add(graph_digest(graph))
        assert not [finding for finding in check(graph) if finding.broken]
    assert len(digests) == 1


# --- One relationship told by five --------------------------------------------------------------------------------------


def five(folder: Path) -> list[tuple[str, tuple[Path, ...], dict[str, str]]]:
    """Five sources that tell of Ludwigsburg and Montbéliard, two of them with another year, one with another kind."""
    header = "Stadt,Land,Partnerstadt,Partnerland,Jahr,Art\n"
    files = {
        "town.csv": header + "Ludwigsburg,Deutschland,Montbéliard,Frankreich,1950,Partnerschaft\n",
        "paper.csv": header + "Mömpelgard,Frankreich,Ludwigsburg,Deutschland,1962,Freundschaft\n",
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
