"""Networks as arrays, triangles, open triads and the best pairs: by hand, against networkx, against published figures."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.network.graph.arrays import Network, PlaceFacts
from kg.network.graph.triads import bridges, open_bridges, open_ends, top_pairs, triangles
from tests.network_examples import as_graph, network_of, networks, wikidata_2016

GRAIN = 2**-32
WEIGHTINGS = st.sampled_from(["common_neighbours", "adamic_adar", "resource_allocation"])
INDEX = {
    "common_neighbours": nx.common_neighbor_centrality,
    "adamic_adar": nx.adamic_adar_index,
    "resource_allocation": nx.resource_allocation_index,
}


def scores_by_definition(network: Network, weighting: str) -> dict[tuple[int, int], float]:
    """Every open pair's score, straight from the definition and in grains, so that equal scores are equal."""
    graph, weight = as_graph(network), {"common_neighbours": lambda _: 1.0, "adamic_adar": lambda d: 1 / np.log(d)}
    by = weight.get(weighting, lambda d: 1 / d)
    found = {}
    for a, b in combinations(graph, 2):
        shares = [by(graph.degree(v)) * graph[a][v]["weight"] * graph[v][b]["weight"] for v in nx.common_neighbors(graph, a, b)]
        grains = sum(round(share / GRAIN) for share in shares)
        if grains and not graph.has_edge(a, b):
            found[a, b] = grains * GRAIN
    return found


def listed(pairs):
    return list(zip(pairs.a.tolist(), pairs.b.tolist(), pairs.score.tolist(), strict=True))


def ranked(scores):
    return sorted(((a, b, score) for (a, b), score in scores.items()), key=lambda row: (-row[2], row[0], row[1]))


def test_a_row_holds_the_partners_in_order_of_their_ids():
    network = network_of("cb", "ca", "bd", alone="e")
    assert network.ids == ("a", "b", "c", "d", "e")
    assert [network.neighbours(i).tolist() for i in range(5)] == [[2], [2, 3], [0, 1], [1], []]
    assert (network.n_places, network.n_ties) == (5, 3)


def test_parallel_ties_become_the_strongest_and_a_tie_with_itself_none():
    network = Network.from_pairs(["a", "b"], ["a", "b", "a"], ["b", "a", "a"], [0.2, 0.9, 1.0])
    assert network.strengths(0).tolist() == network.strengths(1).tolist() == [0.9]


def test_unknown_facts_stay_unknown():
    facts = {"a": PlaceFacts("DE", 48.9, 9.2, 93000, ("de",)), "b": PlaceFacts()}
    network = Network.from_pairs(["a", "b"], ["a"], ["b"], facts=facts)
    assert network.countries == ("DE",)
    assert network.country.tolist() == [0, -1]
    assert np.isnan(network.population).tolist() == [False, True]
    assert network.speaks.tolist() == [[True], [False]]


def test_a_tie_with_an_unknown_place_is_refused_by_name():
    with pytest.raises(DataError, match="'z'"):
        Network.from_pairs(["a"], ["a"], ["z"])


@pytest.mark.parametrize("strength", [[1.5], [-0.1], [float("nan")], [0.5, 0.5]])
def test_strengths_outside_their_range_are_refused(strength):
    with pytest.raises(DataError):
        Network.from_pairs(["a", "b"], ["a"], ["b"], strength)


def test_triangles_of_a_square_with_one_diagonal():
    network = network_of("ab", "bc", "cd", "da", "ac")
    assert triangles(network).tolist() == [[0, 1, 2], [0, 2, 3]]


def test_the_open_side_of_a_chain_is_found_from_both_ends_and_from_the_bridge():
    network = network_of("ab", "bc")
    assert listed(open_ends(network, 0, "resource_allocation")) == [(0, 2, 0.5)]
    assert listed(open_bridges(network, 1, "resource_allocation")) == [(0, 2, 0.5)]
    assert listed(top_pairs(network, 5, "resource_allocation")) == [(0, 2, 0.5)]
    assert bridges(network, 0, 2).via.tolist() == [1]


def test_a_weak_tie_makes_a_weaker_bridge():
    network = Network.from_pairs("abcd", ["a", "b", "a", "d"], ["b", "c", "d", "c"], [1.0, 0.5, 1.0, 1.0])
    found = bridges(network, 0, 2, "common_neighbours")
    assert [(network.ids[via], share) for via, share in zip(found.via, found.share, strict=True)] == [("d", 1.0), ("b", 0.5)]


def test_equal_scores_are_ordered_by_id_and_can_all_be_asked_for():
    star = network_of("ma", "mb", "mc", "md")
    assert [(a, b) for a, b, _ in listed(top_pairs(star, 2))] == [(0, 1), (0, 2)]
    assert len(top_pairs(star, 2, with_ties=True)) == 6


def test_only_chosen_ends_are_ranked_but_any_place_is_a_bridge():
    star = network_of("ma", "mb", "mc")
    ends = np.array([True, False, True, False])
    assert [(a, b) for a, b, _ in listed(top_pairs(star, 9, ends=ends))] == [(0, 2)]


@pytest.mark.parametrize("network", [network_of(), network_of(alone="ab"), network_of("ab")])
def test_nothing_to_find_is_no_error(network):
    assert len(triangles(network)) == len(top_pairs(network)) == 0


@given(networks())
def test_triangles_are_those_of_networkx(network):
    cliques = [sorted(c) for c in nx.enumerate_all_cliques(as_graph(network)) if len(c) == 3]
    assert triangles(network).tolist() == sorted(cliques)


@given(networks(max_places=24))
def test_scores_are_those_of_networkx(network):
    graph = as_graph(network)
    for weighting in ("adamic_adar", "resource_allocation"):
        expected = {(min(u, v), max(u, v)): score for u, v, score in INDEX[weighting](graph) if score}
        found = {(a, b): score for a, b, score in listed(top_pairs(network, 1000, weighting))}
        assert found == pytest.approx(expected, abs=1e-8)


@given(networks(weighted=True), WEIGHTINGS, st.integers(0, 30))
def test_the_best_pairs_are_exactly_the_head_of_the_whole_list(network, weighting, k):
    everything = ranked(scores_by_definition(network, weighting))
    assert listed(top_pairs(network, k, weighting)) == everything[:k]
    if 0 < k <= len(everything):
        with_ties = [row for row in everything if row[2] >= everything[k - 1][2]]
        assert listed(top_pairs(network, k, weighting, with_ties=True)) == with_ties


@given(networks(weighted=True), WEIGHTINGS)
def test_one_place_agrees_with_the_whole_network(network, weighting):
    scores = scores_by_definition(network, weighting)
    for place in range(network.n_places):
        ends = {(min(a, b), max(a, b)): score for a, b, score in listed(open_ends(network, place, weighting)) if score}
        assert ends == {pair: score for pair, score in scores.items() if place in pair}
        across = listed(open_bridges(network, place, weighting))
        tied = set(network.neighbours(place).tolist())
        assert {(a, b) for a, b, _ in across} == {
            (a, b) for a, b in combinations(sorted(tied), 2) if b not in network.neighbours(a)
        }
        assert across == ranked({(a, b): scores.get((a, b), 0.0) for a, b, _ in across})


@given(networks(weighted=True), WEIGHTINGS)
def test_the_shares_of_the_bridges_add_up_to_the_score(network, weighting):
    for a, b, score in listed(top_pairs(network, 20, weighting)):
        assert bridges(network, a, b, weighting).share.sum() == score


@pytest.mark.parametrize("weighting", ["common_neighbours", "adamic_adar", "resource_allocation"])
@pytest.mark.parametrize("k", [1, 100, 20_000])
def test_pruning_changes_nothing_on_a_large_network(weighting, k, monkeypatch):
    random = np.random.default_rng(7)
    ids = tuple(f"p{i:04d}" for i in range(5000))
    ends = (random.random((2, 12_000)) ** 2 * 5000).astype(np.int64)
    network = Network.from_positions(ids, ends[0], ends[1], random.integers(1, 5, 12_000) / 4)
    pruned = listed(top_pairs(network, k, weighting))
    monkeypatch.setattr("kg.network.graph.triads._FIRST_PLACES", 10**9)
    monkeypatch.setattr("kg.network.graph.triads._WEDGES_AT_ONCE", 10_000)
    assert pruned == listed(top_pairs(network, 10**9, weighting))[:k]


def test_the_network_of_2016_has_its_published_figures():
    network = wikidata_2016()
    assert (network.n_places, network.n_ties, len(triangles(network))) == (10_055, 17_401, 6_065)
