"""How two places are connected: by hand and against networkx."""

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.network.graph.paths import RESTING, Connections, NetworkTie
from kg.vocabulary import STATUSES


def ties(*texts: str) -> list[NetworkTie]:
    """``ties("ab", "bc dormant")``."""
    split = [(*text.split(), "active")[:2] for text in texts]
    return [NetworkTie(pair[0], pair[1], "twinning", status, f"partnership|{pair}") for pair, status in split]


def chains(connection) -> list[str]:
    return ["".join(path.places) for path in connection.paths]


def test_a_direct_tie_comes_first_then_the_detour():
    found = Connections(ties("ab", "bc", "ac")).between("a", "c")
    assert chains(found) == ["ac", "abc"]
    assert [path.cost for path in found.paths] == [1.0, 2.0]


def test_a_detour_over_living_ties_is_preferred_to_a_dormant_one():
    found = Connections(ties("ac dormant", "ab", "bc")).between("a", "c")
    assert chains(found) == ["abc", "ac"]
    assert [path.living for path in found.paths] == [True, False]


def test_a_dormant_tie_still_connects_where_nothing_else_does():
    (path,) = Connections(ties("ab", "bc dormant")).between("a", "c").paths
    assert (path.places, path.cost, path.living) == (("a", "b", "c"), 1 + RESTING, False)


@pytest.mark.parametrize("status", ["ended", "rejected", "proposed"])
def test_what_is_no_tie_connects_nobody(status):
    assert Connections(ties(f"ab {status}")).between("a", "b").paths == ()


def test_a_step_shows_every_tie_of_the_two_and_counts_the_best():
    both = [
        NetworkTie("b", "a", "climate", "active", "climate|a|b"),
        NetworkTie("a", "b", "twinning", "dormant", "partnership|a|b"),
    ]
    (path,) = Connections(both).between("a", "b").paths
    assert [tie.kind for tie in path.steps[0].ties] == ["climate", "twinning"]
    assert path.cost == 1.0


def test_equal_connections_are_ordered_by_id_whatever_the_order_of_the_ties():
    square = ties("ad", "dz", "ac", "cz", "ab", "bz")
    for order in (square, square[::-1]):
        assert chains(Connections(order).between("a", "z", k=2)) == ["abz", "acz"]


def test_no_connection_says_how_far_each_side_reaches_and_where_they_come_nearest():
    places = {"a": (48.9, 9.2), "b": (47.75, 7.34), "x": (45.7, 9.67), "y": (0.0, 100.0)}
    gap = Connections(ties("ab", "xy")).between("a", "x", locations=places).gap
    assert gap
    assert (gap.reach_a, gap.reach_b, gap.nearest) == (2, 2, ("b", "x"))
    assert gap.kilometres == pytest.approx(289, abs=3)


def test_a_place_without_ties_is_no_error():
    gap = Connections(ties("ab")).between("a", "q").gap
    assert gap
    assert (gap.reach_a, gap.reach_b, gap.nearest, gap.kilometres) == (2, 1, None, None)


def test_a_place_needs_no_connection_to_itself():
    assert Connections(ties("ab")).between("a", "a") == Connections([]).between("q", "q")


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(sorted(STATUSES))), max_size=20))
def test_the_connections_are_the_cheapest_of_all_simple_paths(rows):
    drawn = [NetworkTie(f"p{a}", f"p{b}", "twinning", status, f"partnership|{i}") for i, (a, b, status) in enumerate(rows)]
    graph = nx.Graph()
    for tie in drawn:
        if tie.cost is not None and tie.a != tie.b:
            known = graph.get_edge_data(tie.a, tie.b, {"cost": 99})["cost"]
            graph.add_edge(tie.a, tie.b, cost=min(known, tie.cost))
    for a, b in combinations(sorted(graph), 2):
        expected = sorted(nx.path_weight(graph, path, "cost") for path in nx.all_simple_paths(graph, a, b))[:3]
        found = Connections(drawn).between(a, b)
        assert [path.cost for path in found.paths] == pytest.approx(expected)
        assert bool(found.paths) != bool(found.gap)
