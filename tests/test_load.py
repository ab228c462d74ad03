"""Loading into a real Neo4j: sets of tuples, order, repetition, removal, interruption, two loads at once."""

import datetime as dt
import json
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import LoadError
from kg.model.claims import Claim, Source
from kg.model.identity import partnership_id
from kg.present.views.details import partnership_details
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.load import Loader
from kg.store.runs import load_lock, new_run_id
from kg.store.schema import ensure_schema
from kg.store.today import catch_up
from tests.conftest import wipe

CITY, PRESS = (
    Source("src:city", "City page", trust=80, published="2023"),
    Source("src:press", "Paper", trust=60, published="2022"),
)
PLACES = ("gn:1", "gn:2", "gn:3", "x:de-county")
TIES = "MATCH (a:Place)-[t]->(b:Place) WHERE t.key IS NOT NULL RETURN a.id AS a, type(t) AS type, b.id AS b, t.status AS status"


def entry(place: str, kind: str = "city") -> Claim:
    return Claim("src:city", place, "entry", f'{{"name": "N {place}", "kind": "{kind}", "country": "DE"}}')


GROUND = [
    Claim("src:city", "iso:DE", "entry", '{"name": "Germany", "kind": "country", "country": "DE"}'),
    *(entry(place) for place in PLACES[:3]), entry("x:de-county", "county"),
]  # fmt: skip
PAIR, TRIO = partnership_id("partnership", ["gn:1", "gn:2"]), partnership_id("initiative", ["gn:1", "gn:2", "gn:3"], "Council")
TOLD = [
    Claim("src:city", PAIR, "kind", "friendship", as_of="1981"), Claim("src:press", PAIR, "kind", "twinning", as_of="1990"),
    Claim("src:city", PAIR, "since", "1981"), Claim("src:press", TRIO, "kind", "initiative", as_of="2021"),
    Claim("src:press", TRIO, "status", "proposed", as_of="2021"), Claim("src:press", TRIO, "role", "gn:3", qualifier="target"),
]  # fmt: skip


def load(graph, claims, dataset="test", today=None, **finish):
    ensure_schema(graph)
    loader = Loader(graph, dataset, new_run_id(), today=today or dt.date.today())
    loader.sources([CITY, PRESS])
    changes = loader.load(claim.of(claim.dataset or dataset) for claim in claims)
    return changes + loader.finish(**finish)


def ties(graph):
    return {(row["a"], row["type"], row["b"], row["status"]) for row in graph.read(TIES)}


def test_claims_become_nodes_and_pair_ties(graph):
    assert load(graph, [*GROUND, *TOLD]).new == len(GROUND) + len(TOLD)
    assert ties(graph) == {
        ("gn:1", "TWINNED_WITH", "gn:2", "unknown"),
        ("gn:1", "COOPERATES_WITH", "gn:2", "proposed"),
        ("gn:1", "COOPERATES_WITH", "gn:3", "proposed"),
        ("gn:2", "COOPERATES_WITH", "gn:3", "proposed"),
    }
    members = graph.read("MATCH (p:Place)-[r:PARTNER_IN]->(s:Partnership {kind: 'initiative'}) RETURN p.id AS id, r.role AS role")
    assert {(row["id"], row["role"]) for row in members} == {("gn:1", None), ("gn:2", None), ("gn:3", "target")}
    assert not [finding for finding in check(graph) if finding.broken]


def test_loading_twice_changes_nothing_and_order_does_not_matter(graph):
    load(graph, [*GROUND, *TOLD])
    digest = graph_digest(graph)
    assert load(graph, [*GROUND, *TOLD]).total == 0
    assert graph_digest(graph) == digest
    wipe(graph)
    load(graph, reversed([*GROUND, *TOLD]))
    assert graph_digest(graph) == digest


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_split_into_datasets_and_loads_gives_the_same_graph(graph, data):
    told = data.draw(st.permutations(TOLD))
    cut = data.draw(st.integers(0, len(told)))
    wipe(graph)
    load(graph, [*GROUND, *TOLD])
    expected = ties(graph), [row["p"] for row in graph.read("MATCH (p:Partnership) RETURN p {.*} AS p ORDER BY p.id")]
    wipe(graph)
    load(graph, [*GROUND, *told[:cut]], "one")
    load(graph, told[cut:], "two")
    assert expected == (ties(graph), [row["p"] for row in graph.read("MATCH (p:Partnership) RETURN p {.*} AS p ORDER BY p.id")])
    assert not [finding for finding in check(graph) if finding.broken]


def test_a_kind_that_changes_replaces_its_tie(graph):
    load(graph, [*GROUND, TOLD[0]])
    assert ties(graph) == {("gn:1", "FRIENDS_WITH", "gn:2", None)} or ties(graph) == {("gn:1", "FRIENDS_WITH", "gn:2", "unknown")}
    load(graph, [*GROUND, *TOLD[:3]])
    assert ties(graph) == {("gn:1", "TWINNED_WITH", "gn:2", "unknown")}


def test_what_a_newer_run_states_no_longer_is_removed(graph):
    load(graph, [*GROUND, *TOLD])
    load(graph, [*GROUND, *TOLD[:3]], allow_shrink=True)
    assert ties(graph) == {("gn:1", "TWINNED_WITH", "gn:2", "unknown")}
    assert not graph.read("MATCH (p:Partnership {kind: 'initiative'}) RETURN p")
    assert not [finding for finding in check(graph) if finding.broken]


def test_a_shrinking_source_is_not_believed_without_being_told(graph):
    load(graph, [*GROUND, *TOLD])
    digest = graph_digest(graph)
    with pytest.raises(LoadError, match="allow-shrink"):
        load(graph, [*GROUND, TOLD[0]])
    assert graph_digest(graph) == digest


def test_facts_of_another_dataset_stay(graph):
    load(graph, [*GROUND, *TOLD], "one")
    load(graph, [Claim("src:city", PAIR, "status", "dormant", as_of="2014", qualifier="official")], "two")
    load(graph, [*GROUND, *TOLD[:3]], "one", allow_shrink=True)
    assert ties(graph) == {("gn:1", "TWINNED_WITH", "gn:2", "dormant")}


def test_more_trust_in_a_source_changes_the_facts_that_rest_on_it(graph):
    told = [*GROUND, TOLD[0], Claim("src:city", PAIR, "since", "1950"), Claim("src:press", PAIR, "since", "1962")]
    load(graph, told)
    loader = Loader(graph, "test", new_run_id())
    loader.sources([Source("src:press", "Paper", trust=99, published="2022")])
    assert graph.read("MATCH (p:Partnership) RETURN p.since AS since, p.contested AS c") == [{"since": "1962", "c": ["since"]}]


def test_two_loads_at_once_the_second_is_told_so(graph):
    ensure_schema(graph)
    refused: list[LoadError] = []

    def second() -> None:
        try:
            with load_lock(graph, "second"):
                pass
        except LoadError as error:
            refused.append(error)

    with load_lock(graph, "first"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(30)
    assert "another load" in str(refused[0])
    with load_lock(graph, "third"):
        pass


def test_names_are_found_by_parts_without_accents_and_with_a_slip(graph):
    from kg.store.places import find_place, search_places

    value = '{"name": "Nový Jičín", "name_de": "Neutitschein", "kind": "city", "country": "CZ"}'
    country = Claim("src:city", "iso:CZ", "entry", '{"name": "Czechia", "kind": "country", "country": "CZ"}')
    load(graph, [country, Claim("src:city", "gn:9", "entry", value)])
    for text in ("Nový Jičín", "novy jicin", "Neutitschein", "jicin", "titsch", "Jicim"):
        assert [hit.id for hit in search_places(graph, text)][:1] == ["gn:9"], text
    assert find_place(graph, "neutitschein").id == "gn:9"
    assert search_places(graph, "  *:? ") == []


def test_a_database_without_anything_says_how_to_begin(graph):
    from kg.errors import NothingLoaded
    from kg.store.places import find_place

    for name in ("Ludwigsburg", "gn:2875107", "Ludwigsburg, DE"):
        with pytest.raises(NothingLoaded, match="kg ingest bundled"):
            find_place(graph, name)
    graph.write("DROP INDEX whole_names IF EXISTS")  # as in a database that no load has ever prepared
    with pytest.raises(NothingLoaded, match="kg ingest bundled"):
        find_place(graph, "Ludwigsburg")
    ensure_schema(graph)


def test_a_new_place_that_is_said_to_lie_in_its_own_country_lies_there_once(graph):
    load(graph, [*GROUND, Claim("src:city", "gn:1", "part_of", "iso:DE")])
    rows = graph.read("MATCH (p:Place {id: 'gn:1'})-[r:PART_OF]->(c) RETURN c.id AS country, count(r) AS n")
    assert rows == [{"country": "iso:DE", "n": 1}]
    assert not [finding for finding in check(graph) if finding.broken]


def test_what_changes_in_a_claim_is_written_and_counted(graph):
    told = Claim("src:city", PAIR, "status", "active", as_of="2020", note="seen")
    assert load(graph, [*GROUND, told]).new == len(GROUND) + 1
    changes = load(graph, [*GROUND, Claim("src:city", PAIR, "status", "active", as_of="2021")])
    assert (changes.new, changes.changed, changes.removed, changes.unchanged) == (0, 1, 0, len(GROUND))
    query = "MATCH (c:Claim {predicate: 'status'})-[:ABOUT]->(p) RETURN c.as_of AS c, p.status_as_of AS p, c.note AS note"
    rows = graph.read(query)
    assert rows == [{"c": "2021", "p": "2021", "note": None}]


def test_a_load_whose_lock_another_took_meanwhile_writes_nothing_more(graph):
    ensure_schema(graph)
    with load_lock(graph, "first") as lock:
        loader = Loader(graph, "test", "first", lock.fence)
        loader.sources([CITY, PRESS])
        loader.load(claim.of("test") for claim in GROUND)
        lock.release()  # as when a laptop slept and the server gave the transaction up
        with load_lock(graph, "second"):
            pass
        with pytest.raises(LoadError, match="another load came in between"):
            loader.load(claim.of("test") for claim in TOLD)
    assert ties(graph) == set()


def test_dates_that_agree_are_shown_as_one_side_and_others_as_two(graph):
    said = {"src:city": "1950-05", "src:press": "1950"}
    load(graph, [*GROUND, TOLD[0], *(Claim(source, PAIR, "since", date) for source, date in said.items())])

    def sides():
        told = partnership_details(graph, PAIR, "en")
        return [[(side, len(statements)) for side, statements in p.sides] for p in told.points if p.predicate == "since"]

    assert sides() == [[("May 1950", 2)]]
    load(graph, [Claim("src:press", PAIR, "since", "1962")], dataset="more")
    assert sorted(side for side, _ in sides()[0]) == ["1962", "May 1950"]


# --- What a load makes good, and what it must not break -------------------------------------------------------------------


def sound(graph):
    return [(finding.invariant, finding.offenders) for finding in check(graph, deep=True) if finding.broken]


def test_a_changed_trust_leaves_no_tie_behind(graph):
    told = [
        *GROUND,
        Claim("src:city", PAIR, "kind", "friendship", as_of="2020"),
        Claim("src:press", PAIR, "kind", "twinning", as_of="2020"),
    ]
    load(graph, told)
    assert {tie[1] for tie in ties(graph)} == {"FRIENDS_WITH"}
    Loader(graph, "test", new_run_id()).sources([Source("src:press", "Paper", trust=99, published="2022")])
    assert {tie[1] for tie in ties(graph)} == {"TWINNED_WITH"}
    assert sound(graph) == []


def test_a_cut_while_merging_for_a_new_trust_is_made_good_by_the_next_load(graph, monkeypatch):
    told = [*GROUND, TOLD[0], Claim("src:city", PAIR, "since", "1950"), Claim("src:press", PAIR, "since", "1962")]
    load(graph, told)
    trusted = [CITY, Source("src:press", "Paper", trust=99, published="2022")]
    cut_off = Loader(graph, "test", new_run_id())
    with monkeypatch.context() as patch:
        patch.setattr(Loader, "again", _cut)
        with pytest.raises(KeyboardInterrupt):
            cut_off.sources(trusted)
    Loader(graph, "test", new_run_id()).sources(trusted)
    assert graph.read("MATCH (p:Partnership) RETURN p.since AS since") == [{"since": "1962"}]
    assert sound(graph) == []


def _cut(*_):
    raise KeyboardInterrupt


def test_a_claim_of_two_datasets_lives_as_long_as_one_states_it(graph):
    shared = Claim("src:city", PAIR, "status", "dormant", as_of="2014")
    other = Claim("src:city", PAIR, "status", "dormant", as_of="2016", note="of two")
    load(graph, [*GROUND, TOLD[0], shared], "one")
    alone = graph_digest(graph)
    load(graph, [other], "two")
    first = graph_digest(graph)
    assert load(graph, [*GROUND, TOLD[0], shared], "one").total == 0
    assert load(graph, [other], "two").total == 0
    assert graph_digest(graph) == first
    found = graph.read("MATCH (c:Claim {value: 'dormant'}) RETURN c.dataset AS dataset, c.as_of AS as_of")
    assert found == [{"dataset": "one;two", "as_of": "2016"}]
    load(graph, [], "two", allow_shrink=True)
    assert graph_digest(graph) == alone
    assert sound(graph) == []


def test_a_target_that_comes_after_what_refers_to_it_is_linked(graph):
    network = Claim("src:city", "net:ring", "entry", '{"name": "Ring"}')
    member = Claim("src:press", "gn:1", "member_of", "net:ring", qualifier="1991")
    load(graph, [*GROUND, *TOLD, network, member], "one")
    expected = ties(graph)
    wipe(graph)
    load(graph, [*TOLD, member], "two")
    load(graph, [*GROUND, network], "one")
    assert ties(graph) == expected
    assert graph.read("MATCH (:Place {id: 'gn:1'})-[m:MEMBER_OF]->(n) RETURN n.id AS id, m.since AS since") == [
        {"id": "net:ring", "since": "1991"}
    ]
    assert sound(graph) == []


def test_an_entry_can_go_while_another_dataset_speaks_of_the_subject(graph):
    load(graph, [*GROUND, Claim("src:city", "net:ring", "entry", '{"name": "Ring"}')], "one")
    load(graph, [Claim("src:press", "gn:1", "member_of", "net:ring")], "two")
    load(graph, [*GROUND[:1], *GROUND[2:], Claim("src:city", "net:ring", "entry", '{"name": "Ring"}')], "one", allow_shrink=True)
    assert graph.read("MATCH (p:Place {id: 'gn:1'})-[:MEMBER_OF]->(n) RETURN p.name AS name, n.id AS id") == [
        {"name": None, "id": "net:ring"}
    ]
    assert sound(graph) == []


@pytest.mark.parametrize("by", ["load", "catch_up"])
@pytest.mark.parametrize(
    ("told", "day", "before", "after"),
    [
        ([("until", "2099-06-30")], "2099-06-30", ("twinning", "unknown"), ("twinning", "ended")),
        ([("until", "2099-06")], "2099-06-30", ("twinning", "unknown"), ("twinning", "ended")),
        ([("until", "2099", "twinning")], "2099-12-31", ("twinning", "unknown"), ("twinning", "ended")),
        ([("status", "planned"), ("since", "2099-06")], "2099-06-01", ("twinning", "planned"), ("twinning", "unknown")),
        (
            [("since", "2099", "twinning"), ("kind", "friendship"), ("since", "1999", "friendship")],
            "2099-01-01", ("friendship", "unknown"), ("twinning", "unknown"),
        ),
    ],
)  # fmt: skip
def test_what_is_to_come_comes_on_its_day_by_a_load_or_a_look(graph, by, told, day, before, after):
    stated = [Claim("src:city", PAIR, p, value, qualifier="".join(kind), as_of="2026") for p, value, *kind in told]
    load(graph, [*GROUND, Claim("src:city", PAIR, "kind", "twinning", as_of="2026"), *stated])
    query = (
        "MATCH (p:Partnership)<-[:PARTNER_IN]-(a)-[t]-(b) WHERE t.partnership = p.id RETURN DISTINCT t.kind AS k, t.status AS s"
    )
    due = dt.date.fromisoformat(day)

    def come(today):
        if by == "load":
            Loader(graph, "other", new_run_id(), today=today).finish()
        else:
            assert catch_up(graph, today) == ""

    for today, expected, waiting in ((due - dt.timedelta(1), before, False), (due, before, True), (due, after, False)):
        if not waiting:
            come(today)
        assert [(row["k"], row["s"]) for row in graph.read(query)] == [expected]
        assert bool(broken_on(graph, today)) == waiting


def broken_on(graph, today):
    return [f.invariant for f in check(graph, today, deep=True) if f.broken and f.invariant != "no-future"]


def test_a_command_that_reads_shows_what_ended_since_the_load_and_a_check_says_so(graph, run_kg):
    ended = dt.date.today() - dt.timedelta(3)
    told = [Claim("src:city", PAIR, "kind", "twinning"), Claim("src:city", PAIR, "until", ended.isoformat())]
    load(graph, [*GROUND, *told], today=ended - dt.timedelta(1))
    assert {tie[3] for tie in ties(graph)} == {"unknown"}
    failed = run_kg("check", "--format", "json")
    assert {row["invariant"]: row["ids"] for row in json.loads(failed.out) if row["broken"]} == {"up-to-date": [PAIR]}
    shown = json.loads(run_kg("place", "gn:1", "--format", "json").out)["ties"]
    assert [(tie["status"], tie["status_basis"]) for tie in shown] == [("ended", "ended")]
    assert run_kg("check", "--deep").code == 0
    assert (
        json.loads(run_kg("query", "run", "common-partners", "--set", "a=gn:1", "--set", "b=gn:2", "--format", "json").out) == []
    )


def test_what_ended_since_the_load_cannot_show_while_another_load_is_under_way_and_that_is_said(graph, monkeypatch):
    monkeypatch.setattr("kg.store.runs._LOCK_WAIT", 1.0)
    load(graph, [*GROUND, Claim("src:city", PAIR, "kind", "twinning"), Claim("src:city", PAIR, "until", "2099")])
    with load_lock(graph, "other"):
        assert "1 partnerships began or ended since the last load" in catch_up(graph, dt.date(2100, 1, 1))
    assert catch_up(graph, dt.date(2100, 1, 1)) == ""


def test_a_place_that_comes_in_a_later_batch_than_what_lies_in_it_is_linked(graph, monkeypatch):
    """What only the gazetteer describes and only that link holds is no orphan."""
    monkeypatch.setattr("kg.store.load.BATCH", 1)
    inner, outer = Claim("src:city", "gn:1", "part_of", "gn:3"), entry("gn:3").of("gazetteer")
    for told in ([GROUND[0], entry("gn:1"), inner, outer], [outer, inner, entry("gn:1"), GROUND[0]]):
        wipe(graph)
        load(graph, told)
        rows = graph.read("MATCH (:Place {id: 'gn:1'})-[:PART_OF]->(p) RETURN p.id AS id ORDER BY id")
        assert [row["id"] for row in rows] == ["gn:3", "iso:DE"]
        assert sound(graph) == []
