"""The measurement behind the weights of closeness: what is hidden, how ranks are counted, and that ours is ahead."""

import numpy as np
from hypothesis import given

from benchmarks.datasets import wikidata_2022
from benchmarks.ranking import figures, hidden_tenth, later, measured, ranks
from kg.network.graph.arrays import Network
from kg.network.graph.closeness import default_weights
from tests.network_examples import network_of, networks
from tests.shared_files import shared_file


@given(networks(20))
def test_every_place_keeps_a_tie_and_what_is_hidden_is_what_is_lost(network):
    parted = hidden_tenth(network, 0)
    assert ((parted.left.degree > 0) == (network.degree > 0)).all()
    lost = {(min(a, b), max(a, b)) for a, partners in parted.lost.items() for b in partners}
    left = {(int(a), int(b)) for a, b in zip(*parted.left.pairs()[:2], strict=True)}
    assert not lost & left
    assert len(lost | left) == network.n_ties
    assert len(lost) <= network.n_ties // 10 + 1


def test_equal_scores_share_the_mean_of_their_ranks():
    ring = network_of("ab", "bc", "cd", "de", "ef", "fg", "gh", "ha", "ac", "eg")
    parted = hidden_tenth(ring, 0)
    (place, (partner,)), *_ = parted.lost.items()
    others = ring.n_places - 1 - parted.left.degree[place]
    assert ranks(parted, lambda _: np.zeros(8))[0] == (others + 1) / 2
    assert ranks(parted, lambda _: np.eye(8)[partner])[0] == 1


def test_the_figures_by_hand():
    assert figures(np.array([1.0, 10.0, 50.0, 100.0])) == (0.5, 0.75, (1 + 0.1 + 0.02 + 0.01) / 4)


def test_a_split_by_time_hides_what_came_later_among_known_places():
    early = Network.from_pairs("abcd", ["a", "b", "c"], ["b", "c", "d"])
    late = Network.from_pairs("abcdn", ["a", "b", "c", "a", "a"], ["b", "c", "d", "d", "n"])
    parted = later(early, late)
    assert parted.lost == {0: [3], 3: [0]}
    assert parted.left.n_ties == 3


def test_the_stored_weights_find_more_hidden_ties_than_any_ranking_by_ties_alone():
    shared_file("data", "wikidata-2022", "sister_cities.gexf")
    table = measured(hidden_tenth(wikidata_2022(), 1), {"ours": default_weights()})
    ours = table.pop("ours")
    assert ours[1] >= 0.30
    for name, (ten, fifty, reciprocal) in table.items():
        assert (ours[0] > ten, ours[1] > fifty, ours[2] > reciprocal) == (True, True, True), name
