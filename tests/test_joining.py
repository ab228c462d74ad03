"""Two places that are one: joined by a correction, kept by later loads, and parted again without a trace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.run.settle import merge_places, split_places
from kg.errors import UsageError
from kg.model.claims import Claim
from kg.model.joining import joined, parted
from kg.settings import Settings
from kg.store.check import check
from kg.store.digest import graph_digest
from tests.ingesting import ingest_file, write

LIST = """Stadt;Land;Partnerstadt;Partnerland
Ludwigsburg;Deutschland;Montbéliard;Frankreich
Gotha;Deutschland;Hinterdorfen an der Aue;Deutschland
Bourges;Frankreich;Hinterdorfen;Deutschland
"""
LONG, SHORT = "x:de-hinterdorfen-an-der-aue", "x:de-hinterdorfen"
PLACES = st.sampled_from([LONG, SHORT, "gn:1", "gn:2"])


@given(PLACES, PLACES, st.sampled_from(["", "gn:1", LONG]), st.sampled_from(["", "a note"]))
def test_what_was_joined_is_parted_as_it_was(one, other, by, note):
    subjects = [one] if one == other else [one, f"partnership|{','.join(sorted((one, other)))}|a|b"]
    for subject in subjects:
        claim = Claim("src:a", subject, "remark", "words", by=by, note=note, dataset="d")
        if SHORT not in (one, other):
            assert parted(joined(claim, LONG, SHORT), LONG, SHORT) == claim


@pytest.fixture
def loaded(graph, tmp_path):
    ingest_file("table", write(tmp_path, LIST), graph)
    return graph, Settings(home=tmp_path)


def test_facts_of_both_stand_on_one_place_and_later_loads_keep_it(loaded, tmp_path):
    graph, settings = loaded
    before = graph_digest(graph)
    claims = graph.read("MATCH (c:Claim) RETURN count(c) AS n")
    assert merge_places(graph, settings, LONG, SHORT) > 0
    assert graph.read("MATCH (c:Claim) RETURN count(c) AS n") == claims
    assert graph.read("MATCH (p:Place {id: $id})-[:PARTNER_IN]->(x) RETURN count(x) AS n", {"id": LONG}) == [{"n": 2}]
    assert graph.read("MATCH (p:Place {id: $id}) RETURN p.name AS name, p.aliases AS aliases", {"id": LONG}) == [
        {"name": "Hinterdorfen an der Aue", "aliases": ["Hinterdorfen"]}
    ]
    assert graph.read("MATCH (p:Place {id: $id}) RETURN p.id", {"id": SHORT}) == []
    assert not [finding.invariant for finding in check(graph, deep=True) if finding.broken]
    report = ingest_file("table", tmp_path / "list.csv", graph)
    assert report.changes.total == 0
    assert not [warning for warning in report.warnings if "corrections.csv" in warning]
    split_places(graph, settings, LONG, SHORT)
    assert graph_digest(graph) == before
    assert ingest_file("table", tmp_path / "list.csv", graph).changes.total == 0
    with pytest.raises(UsageError, match="not joined"):
        split_places(graph, settings, LONG, SHORT)


def test_partners_are_two_places(loaded):
    graph, settings = loaded
    partners = [row["id"] for row in graph.read("MATCH (p:Place {name: 'Ludwigsburg'})--(:Partnership)--(q) RETURN q.id AS id")]
    mine = graph.read("MATCH (p:Place {name: 'Ludwigsburg'}) RETURN p.id AS id")[0]["id"]
    with pytest.raises(UsageError, match="are two"):
        merge_places(graph, settings, mine, partners[0])
    assert not (settings.home / "corrections.csv").exists()


def test_beginnings_and_other_names_are_possible_duplicates(loaded):
    from kg.store.driver import LibraryText
    from kg.store.queries import library_query

    graph, _ = loaded
    rows = graph.read(LibraryText(library_query("possible-duplicates").text), {"limit": 10})
    assert [{row["place"], row["other"]} for row in rows] == [{LONG, SHORT}]
