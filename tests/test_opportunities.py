"""Opportunities on graphs that can be counted by hand: shapes, statuses, filters, weights, order."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.model.identity import partnership_id
from kg.network.opportunities import Search, find_opportunities, types_of
from kg.network.projection import Projection
from kg.network.weights import DEFAULT_WEIGHTS, weights_of
from kg.store.reading import PlaceCard, TieCard
from kg.vocabulary import KINDS, STATUSES

LB, BG, MH, MB, KG = "gn:1", "gn:2", "gn:3", "gn:4", "gn:5"
CARDS = {
    LB: PlaceCard(LB, "Ludwigsburg", "city", "City", "DE", 48.9, 9.2, 93000, nuts2="DE11"),
    BG: PlaceCard(BG, "Bergamo", "city", "City", "IT", 45.7, 9.7, 120000, nuts2="ITC4"),
    MH: PlaceCard(MH, "Mulhouse", "city", "City", "FR", 47.7, 7.3, 109000, nuts2="FRF1"),
    MB: PlaceCard(MB, "Montbéliard", "city", "City", "FR", 47.5, 6.8, 26000, nuts2="FRC2"),
    KG: PlaceCard(KG, "Kongoussi", "city", "City", "BF", 13.3, -1.5, 30000),
    "x:kreis": PlaceCard("x:kreis", "Landkreis", "county", "District", "DE"),
    "x:provinz": PlaceCard("x:provinz", "Provinz", "province", "District", "IT"),
}


def tie(a: str, b: str, kind: str = "twinning", status: str = "active", partnership: str = "") -> TieCard:
    a, b = sorted((a, b))
    partnership = partnership or partnership_id(KINDS[kind].family, (a, b))
    return TieCard(f"{partnership}|{a}|{b}", a, b, KINDS[kind].tie, kind, status, "", partnership)


def joint(status: str, *members: str) -> list[TieCard]:
    key = partnership_id("initiative", members, "Council")
    return [tie(a, b, "initiative", status, key) for i, a in enumerate(members) for b in members[i + 1 :]]


def projection(*ties: TieCard) -> Projection:
    return Projection(CARDS, ties, {}, {})


def found(graph: Projection, *places: str, **search) -> set[tuple[str, tuple[str, ...]]]:
    return {(o.type, o.places) for o in find_opportunities(graph, Search(places, limit=100, **search))}


TRIAD = (tie(LB, BG), tie(BG, MH))


def test_an_open_triad_is_found_from_each_of_its_three_places():
    expected = {("close_triad", (LB, BG, MH))}
    graph = projection(*TRIAD)
    assert found(graph, LB) == found(graph) == found(graph, BG) == expected
    assert found(graph, MH) == {("close_triad", (MH, BG, LB))}
    assert found(graph, LB, role="end") == expected
    assert found(graph, LB, role="bridge") == set()
    assert found(graph, BG, role="bridge") == expected


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_only_a_tie_that_can_be_a_bridge_is_one(status):
    triads = found(projection(tie(LB, BG), tie(BG, MH, status=status)), types=types_of(["close_triad"]))
    assert bool(triads) == STATUSES[status].bridge


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_what_is_missing_is_a_tie_in_force(status):
    triads = found(projection(*TRIAD, tie(LB, MH, status=status)), types=types_of(["close_triad"]))
    assert bool(triads) == (not STATUSES[status].in_force)


def test_an_engagement_is_joined_and_not_closed():
    graph = projection(tie(LB, MB), tie(LB, KG, "climate"))
    assert found(graph, MB) == {("joint_engagement", (MB, LB, KG))}
    assert found(graph, KG) == {("joint_engagement", (MB, LB, KG))}


def test_a_ring_lacks_an_undertaking_until_there_is_one():
    ring = (*TRIAD, tie(LB, MH))
    assert found(projection(*ring), LB) == {("ring_without_project", (LB, BG, MH))}
    assert found(projection(*ring, *joint("active", LB, BG, MH)), LB) == set()
    assert found(projection(*ring, *joint("ended", LB, BG, MH)), LB) == {("ring_without_project", (LB, BG, MH))}


def test_a_dormant_tie_is_revived_and_never_ranked_as_alive():
    ring = found(projection(tie(LB, BG), tie(BG, MH), tie(LB, MH, status="dormant")), LB)
    assert ring == {("revive", (LB, BG, MH))}
    dormant = find_opportunities(projection(tie(LB, BG), tie(LB, MH, status="dormant")), Search((LB,)))
    alive = find_opportunities(projection(tie(LB, BG), tie(LB, MH)), Search((LB,)))
    assert [o.type for o in dormant] == ["revive"]
    assert dormant[0].score < alive[0].score


def test_districts_are_neither_ends_nor_bridges():
    assert found(projection(tie("x:kreis", "x:provinz", "county"), tie("x:kreis", BG), tie("x:kreis", LB))) == set()


def test_what_was_tried_by_the_three_comes_first_and_is_named():
    graph = projection(*TRIAD, tie(LB, MB), *joint("proposed", LB, BG, MH))
    first = find_opportunities(graph, Search((LB,)))[0]
    assert first.places == (LB, BG, MH)
    assert first.tried == (partnership_id("initiative", (LB, BG, MH), "Council"),)


def test_an_ended_tie_between_the_ends_stands_among_what_exists():
    graph = projection(*TRIAD, tie(LB, MH, status="ended"))
    only = find_opportunities(graph, Search((LB,)))[0]
    assert only.type == "close_triad"
    assert [t.status for t in only.ties if {t.a, t.b} == {LB, MH}] == ["ended"]


def test_two_places_ask_who_could_join_them_and_a_set_wants_two_of_its_own():
    graph = projection(*TRIAD, tie(LB, MB), tie(MB, KG))
    assert found(graph, LB, BG) == {("close_triad", (LB, BG, MH)), ("close_triad", (BG, LB, MB))}
    assert len(find_opportunities(graph, Search((LB, BG)))) == 2
    assert found(graph, LB, MB, KG) == {("close_triad", (LB, MB, KG)), ("close_triad", (MB, LB, BG))}


def test_filters_hold_for_the_other_places():
    graph = projection(*TRIAD, tie(BG, KG, "climate"))
    assert found(graph, LB, countries=frozenset({"IT", "FR"})) == {("close_triad", (LB, BG, MH))}
    assert found(graph, LB, max_km=1000) == {("close_triad", (LB, BG, MH))}
    assert found(graph, LB, min_population=50_000) == {("close_triad", (LB, BG, MH))}
    assert found(graph, LB, kinds=frozenset({"climate"})) == set()
    assert found(graph, LB, programme="nouveaux_horizons") == {("close_triad", (LB, BG, MH))}
    with pytest.raises(UsageError, match="no partnership"):
        find_opportunities(graph, Search(("gn:99",)))


def test_weights_are_read_and_refused_with_a_sentence():
    assert weights_of("distance=2, size=0") == {**DEFAULT_WEIGHTS, "distance": 2.0, "size": 0.0}
    for wrong in ("colour=1", "distance=eleven", "distance=11", "distance", ",".join(f"{name}=0" for name in DEFAULT_WEIGHTS)):
        with pytest.raises(UsageError):
            weights_of(wrong)


def test_a_weight_moves_the_order():
    graph = projection(tie(LB, BG), tie(BG, MH), tie(BG, KG))
    near = find_opportunities(graph, Search((LB,), weights=weights_of("distance=10")))
    assert near[0].places == (LB, BG, MH)
    assert {part.id for part in near[0].parts} <= set(DEFAULT_WEIGHTS)


pairs = st.sets(
    st.tuples(st.sampled_from([LB, BG, MH, MB, KG]), st.sampled_from([LB, BG, MH, MB, KG])).filter(lambda p: p[0] < p[1])
)


@given(pairs, st.randoms(), st.lists(st.sampled_from(sorted(STATUSES)), min_size=10, max_size=10))
def test_order_of_ties_does_not_matter_and_scores_are_shares(chosen, random, statuses):
    ties = [tie(a, b, status=status) for (a, b), status in zip(sorted(chosen), statuses, strict=False)]
    first = find_opportunities(projection(*ties), Search(limit=100))
    random.shuffle(ties)
    second = find_opportunities(projection(*ties), Search(limit=100))
    assert [dataclasses.astuple(o)[:2] for o in first] == [dataclasses.astuple(o)[:2] for o in second]
    assert all(0 <= o.score <= 1 and all(0 <= part.value <= 1 for part in o.parts) for o in first)
    keys = [(not o.tried, -o.score, o.type, o.places) for o in first]
    assert keys == sorted(keys)


def test_help_has_a_direction():
    essen = PlaceCard("gn:6", "Essen", "city", "City", "DE", 51.5, 7.0, 580000)
    graph = Projection({**CARDS, essen.id: essen}, (tie(LB, KG), tie(KG, essen.id, "climate")), {}, {})
    assert found(graph, LB) == {("close_triad", (LB, KG, essen.id))}
    assert found(projection(tie(LB, MB), tie(LB, KG, "solidarity")), MB) == {("joint_engagement", (MB, LB, KG))}


def test_two_that_are_only_helped_by_the_same_place_are_not_brought_together():
    ambato = PlaceCard("gn:7", "Ambato", "city", "City", "EC", -1.2, -78.6, 155000)
    helped = (tie(LB, KG, "solidarity"), tie(LB, ambato.id, "sponsorship"))
    assert found(Projection({**CARDS, ambato.id: ambato}, helped, {}, {})) == set()
    climate = (tie(LB, KG, "climate"), tie(LB, ambato.id, "climate"))
    assert found(Projection({**CARDS, ambato.id: ambato}, climate, {}, {})) == {("close_triad", (KG, LB, ambato.id))}


def test_who_is_helped_is_not_asked_to_wake_a_dormant_tie():
    resting = (tie(LB, MH, status="dormant"), tie(LB, KG, "climate"))
    assert found(projection(*resting)) == set()
    assert found(projection(*resting, tie(LB, BG)), LB, types=types_of(["revive"])) == {("revive", (LB, BG, MH))}


def test_two_ends_with_two_bridges_stand_once_for_one_place_and_twice_for_three():
    graph = projection(tie(LB, BG), tie(BG, MH), tie(LB, MB), tie(MB, MH, status="weak"))
    ends = [o.places for o in find_opportunities(graph, Search((LB,))) if o.candidate.missing == ((LB, MH),)]
    assert ends == [(LB, BG, MH)]
    both = find_opportunities(graph, Search((LB, MH)))
    assert {o.places for o in both if o.candidate.missing == ((LB, MH),)} == {(LB, BG, MH), (LB, MB, MH)}


def test_knowing_little_of_a_place_is_no_advantage():
    blank = PlaceCard("gn:8", "Nowhere", "city", "City", "FR")
    graph = Projection({**CARDS, blank.id: blank}, (tie(LB, BG), tie(BG, MH), tie(BG, blank.id)), {}, {})
    ranked = [o.places for o in find_opportunities(graph, Search((LB,), role="end"))]
    assert ranked == [(LB, BG, MH), (LB, BG, blank.id)]


def test_two_towns_of_one_country_are_not_brought_together_abroad():
    def countries(*ties):
        only = find_opportunities(projection(*ties), Search())[0]
        return next(part.value for part in only.parts if part.id == "countries")

    assert countries(tie(MH, BG), tie(BG, MB)) == 0
    assert countries(tie(MH, MB), tie(MB, BG)) == 0.5
    assert countries(tie(LB, BG), tie(BG, MH)) == 1
