"""The parts of closeness: by hand, as properties, and the ranking they add up to."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.network.graph.areas import Areas
from kg.network.graph.arrays import Network, PlaceFacts
from kg.network.graph.closeness import PARTS, Closeness, checked, default_weights, weighted
from tests.network_examples import as_graph, network_of, networks

FACTS = {
    "Ludwigsburg": PlaceFacts("DE", 48.897, 9.192, 93_000, ("de",)),
    "Montbéliard": PlaceFacts("FR", 47.510, 6.798, 25_000, ("fr",)),
    "Mulhouse": PlaceFacts("FR", 47.749, 7.340, 108_000, ("fr",)),
    "Bergamo": PlaceFacts("IT", 45.695, 9.670, 120_000, ("it",)),
    "Salzburg": PlaceFacts("AT", 47.800, 13.045, 155_000, ("de",)),
    "Kongoussi": PlaceFacts("BF", 13.326, -1.535, 73_000, ("fr",)),
    "Nowhere": PlaceFacts(),
}
EVEN = dict.fromkeys(PARTS, 1.0)


def towns(*ties: tuple[str, str]) -> Closeness:
    return Closeness(Network.from_pairs(FACTS, [a for a, _ in ties], [b for _, b in ties], facts=FACTS))


def part(close: Closeness, name: str, a: str, b: str) -> float:
    position = close.network.position
    return close.pair(position(a), position(b))[name]


@st.composite
def peopled(draw: st.DrawFn) -> Network:
    """A small network whose places have facts, some of them unknown."""
    network = draw(networks(12))
    a, b, _ = network.pairs()
    maybe = st.builds(
        PlaceFacts,
        st.sampled_from(["", "DE", "FR", "IT"]),
        st.none() | st.floats(-90, 90),
        st.none() | st.floats(-180, 180),
        st.none() | st.integers(0, 10**8),
        st.sampled_from([(), ("de",), ("fr", "it"), ("en",)]),
    )
    facts = {name: draw(maybe) for name in network.ids}
    return Network.from_positions(network.ids, a, b, facts=facts)


def test_shared_partners_and_three_hops_by_hand():
    close = Closeness(network_of("ab", "bc", "cd"))
    assert close.resource_allocation(0)[[2, 3]].tolist() == [0.5, 0]
    assert close.three_hops(0)[3] == pytest.approx(1 / 2)  # one path a-b-c-d over two places with two partners each
    assert close.reference(0)[3] == pytest.approx(0.005)


def test_distance_and_size_of_two_towns():
    close = towns(("Ludwigsburg", "Bergamo"))
    km = close.kilometres(close.network.position("Ludwigsburg"), np.array([close.network.position("Montbéliard")]))
    assert km[0] == pytest.approx(236, abs=3)
    assert part(close, "distance", "Ludwigsburg", "Montbéliard") == pytest.approx(1 - np.log1p(2.36) / np.log(201), abs=0.005)
    assert part(close, "size", "Ludwigsburg", "Montbéliard") == pytest.approx(1 - np.log(93 / 25) / 5)


def test_a_language_is_shared_related_or_foreign():
    close = towns(("Ludwigsburg", "Bergamo"))
    assert part(close, "language", "Ludwigsburg", "Salzburg") == 1
    assert part(close, "language", "Bergamo", "Montbéliard") == 0.5
    assert part(close, "language", "Ludwigsburg", "Kongoussi") == 0


def test_a_country_is_new_until_there_is_a_partner_in_it():
    close = towns(("Ludwigsburg", "Montbéliard"), ("Bergamo", "Salzburg"))
    assert part(close, "new_country", "Ludwigsburg", "Bergamo") == 1
    assert part(close, "new_country", "Ludwigsburg", "Kongoussi") == 1
    assert part(close, "new_country", "Ludwigsburg", "Mulhouse") == 0.5  # new for one of them only
    assert part(close, "new_country", "Ludwigsburg", "Montbéliard") == 0


def test_countries_that_have_more_ties_than_expected_are_closer():
    ids = [f"{country}{i}" for country in ("DE", "FR", "IT", "PL") for i in range(4)]
    facts = {name: PlaceFacts(name[:2]) for name in ids}
    pairs = [("DE0", "FR0"), ("DE1", "FR1"), ("DE2", "FR2"), ("IT0", "PL0"), ("IT1", "PL1"), ("DE0", "PL2")]
    network = Network.from_pairs(ids, [a for a, _ in pairs], [b for _, b in pairs], facts=facts)
    areas = Areas(network, network.country)
    france, poland = (np.array([network.position(name)]) for name in ("FR3", "PL3"))
    germany = network.position("DE3")
    assert (areas.ties(germany, france)[0], areas.ties(germany, poland)[0]) == (3, 1)
    assert areas.expected(germany, france)[0] == pytest.approx(4 * 3 / 12)
    affinity = Closeness(network).parts(germany)["country_affinity"]
    assert affinity[france[0]] > affinity[network.position("IT3")]


def test_what_is_unknown_counts_in_the_middle():
    close = towns(("Ludwigsburg", "Bergamo"))
    assert part(close, "size", "Ludwigsburg", "Nowhere") == 0.6
    for name in ("area_120", "abroad", "new_country"):
        assert part(close, name, "Ludwigsburg", "Nowhere") == 0.5
    assert 0 < part(close, "distance", "Ludwigsburg", "Nowhere") < 1


def test_partners_are_not_proposed_and_equal_places_are_in_the_order_of_their_ids():
    ranking = Closeness(network_of("ab", alone="cde")).ranked(0, weights=EVEN)
    assert ranking.places.tolist() == [2, 3, 4]
    assert len(set(ranking.score.tolist())) == 1


def test_only_chosen_places_are_ranked():
    ranking = Closeness(network_of("ab", "bc", "bd")).ranked(0, 5, EVEN, among=np.array([1, 3]))
    assert ranking.places.tolist() == [3]


def test_the_stored_weights_name_every_part():
    assert set(default_weights()) == set(PARTS)
    assert sum(default_weights().values()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("change", "said"), [({"size": -1.0}, "'size'"), ({"sise": 1.0}, "'sise'.*unknown"), ({"size": float("nan")}, "'size'")]
)
def test_wrong_weights_are_refused_by_name(change, said):
    with pytest.raises(DataError, match=said):
        checked({**EVEN, **change})
    with pytest.raises(DataError, match="'abroad' is missing"):
        checked({name: 1.0 for name in PARTS if name != "abroad"})


@given(peopled())
def test_parts_lie_between_nought_and_one_and_do_not_depend_on_the_side(network):
    close, n = Closeness(network), network.n_places
    rows = [close.parts(place) for place in range(n)]
    for name in PARTS:
        table = np.array([row[name] for row in rows]).reshape(n, n)
        assert ((table >= 0) & (table <= 1)).all(), name
        apart = np.array([not network.tied(np.array([a]), np.array([b]))[0] for a in range(n) for b in range(n)], bool).reshape(
            n, n
        )
        assert table[apart] == pytest.approx(table.T[apart]), name


@given(peopled())
def test_pairs_and_rows_have_the_same_parts(network):
    close = Closeness(network)
    pairs = close.top_pairs(10, EVEN)
    for a, b, score in zip(pairs.a, pairs.b, pairs.score, strict=True):
        assert score == pytest.approx(float(close.score(int(a), np.array([b]), EVEN)[0]), abs=1e-8)


@given(peopled(), st.integers(1, 12))
def test_the_best_pairs_are_the_head_of_the_whole_list(network, k):
    close, graph = Closeness(network), as_graph(network)
    open_ = [(a, b) for a, b in combinations(graph, 2) if not graph.has_edge(a, b) and list(nx.common_neighbors(graph, a, b))]
    everything = sorted((-float(weighted(close.parts(a, np.array([b])), EVEN)[0]), a, b) for a, b in open_)
    found = close.top_pairs(k, EVEN)
    assert found.score.tolist() == pytest.approx([-score for score, _, _ in everything[:k]], abs=1e-8)


@given(networks(10))
def test_three_hop_paths_are_those_that_one_finds_by_walking(network):
    close, graph = Closeness(network), as_graph(network)
    for a, b in combinations(graph, 2):
        if not graph.has_edge(a, b):
            paths = [path for path in nx.all_simple_paths(graph, a, b, cutoff=3) if len(path) == 4]
            expected = sum((graph.degree(u) * graph.degree(v)) ** -0.5 for _, u, v, _ in paths)
            assert close.three_hops(a)[b] == pytest.approx(expected)
