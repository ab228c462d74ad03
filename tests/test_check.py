"""Every invariant, broken on a real server, is named with the id that breaks it."""

import json
from typing import LiteralString

import pytest

from kg.store.check import check
from kg.store.driver import Graph
from tests.conftest import wipe
from tests.rolled_back import RolledBack, rolled_back
from tests.test_load import GROUND, PAIR, TOLD, TRIO, load

BREAKING: list[tuple[str, LiteralString, str]] = [
    ("tie-has-partnership", "MATCH ()-[t:TWINNED_WITH]->() SET t.partnership = 'partnership|gn:8,gn:9'", PAIR),
    ("partnership-has-claim", "MATCH (:Partnership {kind: 'initiative'})<-[:ABOUT]-(c) DETACH DELETE c", TRIO),
    ("claim-has-one-source", "MATCH (c:Claim {predicate: 'since'})-[r:STATED_IN]->() DELETE r", "@since"),
    ("claim-has-one-source", "MATCH (c:Claim {predicate: 'since'}), (s:Source) MERGE (c)-[:STATED_IN]->(s)", "@since"),
    ("claim-is-about-its-subject", "MATCH (c:Claim {predicate: 'since'})-[r:ABOUT]->() DELETE r", "@since"),
    ("claim-is-about-its-subject", "MATCH (c:Claim {predicate: 'since'}) SET c.subject = 'gn:1'", "@since"),
    ("no-tie-with-itself", "MATCH (p:City {id: 'gn:3'}) CREATE (p)-[:TWINNED_WITH {key: 'self', partnership: 'x'}]->(p)", "self"),
    ("two-members-or-more", "MATCH (:City {id: 'gn:1'})-[r:PARTNER_IN]->(:Partnership {kind: 'twinning'}) DELETE r", PAIR),
    ("two-members-or-more", "MATCH (p:Partnership {kind: 'initiative'}) SET p.n_members = 4", TRIO),
    ("unique-ids", "CREATE (:Topic {id: 'gn:2'})", "gn:2"),
    ("unique-keys", "MATCH (a {id: 'gn:1'})-[t:TWINNED_WITH]->(b) CREATE (a)-[u:FRIENDS_WITH]->(b) SET u = properties(t)", PAIR),
    ("places-in-a-country", "MATCH (:City {id: 'gn:3'})-[r:PART_OF]->() DELETE r", "gn:3"),
    ("pair-ties-equal-partnerships", "MATCH ()-[t:TWINNED_WITH]->() DELETE t", PAIR),
    ("pair-ties-equal-partnerships", "MATCH ()-[t:TWINNED_WITH]->() SET t.status = 'ended'", PAIR),
    ("pair-ties-equal-partnerships", "MATCH (p:Partnership {kind: 'twinning'}) SET p.status = 'dormant'", PAIR),
    ("levels-kept-apart", "MATCH (p:Partnership {kind: 'twinning'}) SET p.kind = 'county'", PAIR),
    ("levels-kept-apart", "MATCH (p:City {id: 'gn:3'}) SET p:District", "gn:3"),
    ("known-words", "MATCH (p:Partnership {kind: 'twinning'}) SET p.kind = 'brotherhood'", PAIR),
    ("known-words", "MATCH (p:Partnership {kind: 'twinning'}) SET p.status = 'sleeping'", PAIR),
    ("relations-stated", "MATCH (:City {id: 'gn:3'})-[r:PARTNER_IN]->(:Partnership {kind: 'initiative'}) DELETE r", "@role"),
    ("up-to-date", "MATCH (p:Partnership {kind: 'twinning'}) SET p.due = '2020-01-01'", PAIR),
    ("no-future", "MATCH (c:Claim {predicate: 'since'}) SET c.as_of = '2999-01'", "@since"),
]
DEEP: list[tuple[LiteralString, str]] = [
    ("MATCH (p:Partnership {kind: 'twinning'}) SET p.since = '1914'", PAIR),
    ("MATCH (p:Place {id: 'gn:2'}) SET p.name = 'Elsewhere'", "gn:2"),
    ("MATCH (p:Place {id: 'gn:2'}) SET p.population = 1", "gn:2"),
    ("MATCH (:Place {id: 'gn:1'})-[r:PART_OF]->() DELETE r", "gn:1"),
    ("MATCH (a:Place {id: 'gn:1'}), (b:Place {id: 'gn:2'}) CREATE (a)-[:PART_OF]->(b)", "gn:1"),
    ("MATCH (:Place)-[r:PARTNER_IN {role: 'target'}]->() REMOVE r.role", TRIO),
    ("MATCH (c:Claim {predicate: 'since'}) SET c.value = '1914'", PAIR),
]


@pytest.fixture(scope="module")
def sound(open_test_graph: Graph) -> Graph:
    """A small graph that breaks nothing; what a test damages is rolled back."""
    wipe(open_test_graph)
    load(open_test_graph, [*GROUND, *TOLD])
    return open_test_graph


def broken(graph: Graph | RolledBack, *, deep: bool = False) -> dict[str, tuple[str, ...]]:
    return {finding.invariant: finding.offenders for finding in check(graph, deep=deep) if finding.broken}


def test_a_loaded_graph_breaks_nothing(sound: Graph):
    assert broken(sound, deep=True) == {}


@pytest.mark.parametrize(("invariant", "damage", "offender"), BREAKING)
def test_each_is_named_with_the_offender(sound: Graph, invariant: str, damage: LiteralString, offender: str):
    with rolled_back(sound) as graph:
        expected = {offender}
        if offender.startswith("@"):
            rows = graph.read("MATCH (c:Claim {predicate: $predicate}) RETURN c.id AS id", {"predicate": offender[1:]})
            expected = {row["id"] for row in rows}
        graph.write(damage)
        assert expected & set(broken(graph)[invariant])


@pytest.mark.parametrize(("damage", "offender"), DEEP)
def test_a_deep_check_finds_facts_that_their_claims_do_not_give(sound: Graph, damage: LiteralString, offender: str):
    with rolled_back(sound) as graph:
        graph.write(damage)
        assert set(broken(graph, deep=True)["facts-equal-claims"]) == {offender}


def test_the_bundled_facts_break_nothing(bundled_graph: Graph):
    assert broken(bundled_graph, deep=True) == {}


def test_an_empty_graph_breaks_nothing(graph: Graph):
    assert broken(graph, deep=True) == {}


def test_every_invariant_is_tried(graph: Graph):
    assert {finding.invariant for finding in check(graph)} == {invariant for invariant, _, _ in BREAKING}


def test_the_command_fails_and_names_the_ids(graph: Graph, run_kg):
    load(graph, [*GROUND, *TOLD])
    done = run_kg("check", "--format", "json")
    assert (done.code, {row["broken"] for row in json.loads(done.out)}) == (0, {0})
    graph.write("MATCH ()-[t:TWINNED_WITH]->() DELETE t")
    failed = run_kg("check", "--deep", "--format", "json")
    assert failed.code == 1
    found = {row["invariant"]: row["ids"] for row in json.loads(failed.out) if row["broken"]}
    assert found == {"pair-ties-equal-partnerships": [PAIR]}
