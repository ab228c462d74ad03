"""Figures of places and of the network: by hand, against networkx, against a published data set."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.network.graph.measures import Measures
from kg.network.graph.paths import NetworkTie
from tests.shared_files import shared_file


def ties(*pairs: str) -> list[NetworkTie]:
    return [NetworkTie(pair[0], pair[1], "twinning", "active", f"partnership|{pair}") for pair in pairs]


def test_the_figures_of_one_place():
    climate = NetworkTie("b", "a", "climate", "planned", "climate|a|b")
    found = Measures([*ties("ab", "ac", "bc", "ad"), climate], {"a": "DE", "b": "FR", "c": "FR", "d": "DE"}).place("a")
    assert (found.partners, found.triangles, found.countries) == (3, 1, ("FR",))
    assert (found.by_kind, found.by_status) == ({"climate": 1, "twinning": 3}, {"active": 3, "planned": 1})
    assert found.bridging == pytest.approx(2 / 3)


def test_a_place_without_a_tie_has_nothing_and_bridges_nothing():
    found = Measures(ties("ab")).place("z")
    assert (found.partners, found.countries, found.triangles, found.bridging) == (0, (), 0, None)
    assert Measures(ties("ab")).place("a").bridging is None


def test_the_figures_of_the_whole():
    found = Measures(ties("ab", "bc", "ca", "cd", "xy"), {"a": "DE", "b": "FR", "c": "IT", "x": "FR", "y": "DE"}).graph()
    assert (found.places, found.pairs, found.triangles, found.open_triads) == (6, 5, 1, 2)
    assert (found.components, found.largest, found.most_partners, found.countries) == (2, 4, 3, 3)
    assert found.transitivity == pytest.approx(3 / 5)
    assert found.country_pairs == (("DE", "FR", 2), ("DE", "IT", 1), ("FR", "IT", 1))


def test_an_empty_network_has_figures_too():
    empty = Measures([])
    assert (empty.graph().places, empty.graph().transitivity, empty.communities()) == (0, 0.0, [])


def test_two_rings_joined_by_one_tie_are_two_communities_and_the_joint_is_least_constrained():
    measures = Measures(ties("ab", "bc", "ca", "cx", "xy", "yz", "zx"))
    assert measures.communities() == [("a", "b", "c"), ("x", "y", "z")]
    assert measures.constraint("c") < measures.constraint("a")
    assert measures.constraint("nowhere") is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_the_figures_are_those_of_networkx(pairs):
    drawn = [NetworkTie(f"p{a}", f"p{b}", "twinning", "active", f"partnership|{i}") for i, (a, b) in enumerate(pairs)]
    graph = nx.Graph((tie.a, tie.b) for tie in drawn if tie.a != tie.b)
    measures = Measures(drawn)
    whole = measures.graph()
    assert (whole.places, whole.pairs) == (graph.number_of_nodes(), graph.number_of_edges())
    assert whole.components == nx.number_connected_components(graph)
    assert whole.transitivity == pytest.approx(nx.transitivity(graph))
    assert whole.triangles == sum(nx.triangles(graph).values()) // 3
    for place in graph:
        bridging = measures.place(place).bridging
        assert (1 - bridging if bridging is not None else 0) == pytest.approx(nx.clustering(graph, place))


def test_the_network_of_2016_has_its_published_figures():
    text = shared_file("data", "wikidata-2016", "relations.tsv").read_text(encoding="utf-8")
    rows = [NetworkTie(*line.split("\t"), "twinning", "unknown", line) for line in text.splitlines()]
    found = Measures(rows).graph()
    assert (found.places, found.pairs, found.triangles) == (10_055, 17_401, 6_065)
    assert (found.components, found.largest) == (1, 10_055)
