"""What the project promises to a city's office, on the bundled facts: the triad of Ludwigsburg, its history and its limits."""

import datetime as dt

import pytest

from ingest.run.account import Account
from kg.network.candidates import candidates_of
from kg.network.evidence import evidence
from kg.network.opportunities import Opportunity, Search, find_opportunities, types_of
from kg.network.projection import Projection, project
from kg.present.texts import LANGUAGES
from kg.present.views.measures import community_rows, graph_rows, place_rows
from kg.present.views.opportunities import as_document, missing, part_rows, summary_rows
from kg.settings import Settings
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.driver import Graph, LibraryText
from kg.store.places import find_place
from kg.store.queries import library_query
from kg.store.reading import claims_about, partnerships_of
from tests.conftest import load_bundled

BEFORE, AFTER = dt.date(2021, 4, 1), dt.date(2024, 6, 1)


def place(graph: Graph, name: str) -> str:
    return find_place(graph, name).id


def trio(graph: Graph, projection: Projection, search: Search | None = None) -> tuple[int, Opportunity]:
    three = {place(graph, name) for name in ("Ludwigsburg", "Bergamo", "Mulhouse")}
    found = find_opportunities(projection, search or Search((place(graph, "Ludwigsburg"),)))
    return next((rank, each) for rank, each in enumerate(found, 1) if set(each.places) == three)


def test_the_bundled_facts_are_as_many_as_promised(bundled_graph: Graph) -> None:
    counted = bundled_graph.read(
        "RETURN COUNT { (:Partnership) } AS partnerships, COUNT { MATCH (c:Claim {dataset: 'bundled'}) } AS claims, "
        "COUNT { MATCH (s:Source) WHERE s.url STARTS WITH 'http' } AS pages"
    )[0]
    assert counted["partnerships"] >= 400
    assert counted["claims"] >= 800
    assert counted["pages"] >= 100


def test_every_invariant_holds_and_a_second_load_changes_nothing(bundled_graph: Graph, bundled_settings: Settings) -> None:
    assert [finding for finding in check(bundled_graph) if finding.broken] == []
    before = graph_digest(bundled_graph)
    report = load_bundled(bundled_settings)
    assert report.changes.total == 0
    assert report.account.rejected.total() == 0
    assert isinstance(report.account, Account)
    assert graph_digest(bundled_graph) == before


def test_the_triad_leads_with_its_missing_side_its_attempt_and_its_evidence(bundled_graph: Graph) -> None:
    projection = project(bundled_graph)
    rank, found = trio(bundled_graph, projection)
    assert rank <= 3
    assert found.type == "close_triad"
    known = evidence(bundled_graph, projection, found)
    document = as_document(projection, found, known, rank, "de")
    assert [side["names"] for side in document["missing"]] == [["Ludwigsburg", "Mulhouse"]]
    assert any(card.kind == "initiative" and card.status == "proposed" for card in known.tried)
    assert {card.kind for card in known.existing} >= {"twinning"}
    assert document["evidence"]
    assert all(claim["title"] for claim in document["evidence"])
    assert any(support["kind"] == "county" for support in document["support"])


def test_before_the_signing_the_trio_says_planned_and_after_it_active(bundled_graph: Graph) -> None:
    statuses = {}
    for day in (BEFORE, AFTER):
        projection = project(bundled_graph, day)
        _, found = trio(bundled_graph, projection)
        pair = projection.between(place(bundled_graph, "Ludwigsburg"), place(bundled_graph, "Bergamo"))
        statuses[day] = next(tie.status for tie in pair if tie.kind == "twinning")
        assert missing(projection, found, "en") == ["No tie between Ludwigsburg and Mulhouse is in force."]
    assert statuses == {BEFORE: "planned", AFTER: "active"}


@pytest.mark.parametrize("name", ["Ludwigsburg", "Bergamo", "Mulhouse", "Ludwigshafen am Rhein", "Kongoussi", "Montbéliard"])
def test_the_query_library_gives_the_triads_that_the_page_shows(bundled_graph: Graph, name: str) -> None:
    here = place(bundled_graph, name)
    rows = bundled_graph.read(LibraryText(library_query("open-triads").text), {"place": here})
    asked = {(here, row["bridge_id"], row["candidate_id"]) for row in rows}
    projection = project(bundled_graph)
    triads = (c for c in candidates_of(projection, here) if c.type in {"close_triad", "joint_engagement"} and here in (c.a, c.c))
    assert asked == {(here, c.b, c.c if c.a == here else c.a) for c in triads}


def test_an_opportunity_is_explained_in_both_languages(bundled_graph: Graph) -> None:
    projection = project(bundled_graph)
    found = find_opportunities(projection, Search(limit=30))
    assert {each.type for each in find_opportunities(projection, Search(limit=10_000))} == types_of(None)
    for language in LANGUAGES:
        assert len(summary_rows(projection, found, language)) == 30
        for each in found:
            assert all(row["sentence"] for row in part_rows(each, language))
            assert evidence(bundled_graph, projection, each).funding


def test_the_figures_of_a_place_are_those_that_plain_cypher_counts(bundled_graph: Graph) -> None:
    here = place(bundled_graph, "Ludwigsburg")
    rows = {row["measure"]: row["value"] for row in place_rows(project(bundled_graph), here)}
    counted = bundled_graph.read(
        "MATCH (:Place {id: $id})-[t]-(o:Place) WHERE t.key IS NOT NULL AND NOT t.status IN ['proposed', 'ended', 'rejected'] "
        "RETURN count(DISTINCT o) AS partners, count(DISTINCT CASE WHEN o.country <> 'DE' THEN o.country END) AS countries",
        {"id": here},
    )[0]
    assert (rows["partners"], len(rows["countries"])) == (counted["partners"], counted["countries"])
    whole = {row["measure"]: row["value"] for row in graph_rows(project(bundled_graph))}
    assert whole["triangles"] > 0
    assert sum(row["places"] for row in community_rows(project(bundled_graph))) == whole["places"]


NEVER = [
    ("Ludwigsburg", "Mulhouse"), ("Ludwigsburg", "Brescia"), ("Karlsruhe", "Strasbourg"), ("Ludwigshafen am Rhein", "Mannheim"),
    ("Ludwigshafen am Rhein", "Rwanda"), ("Ludwigshafen am Rhein", "Ludwigsburg"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), NEVER)
def test_what_must_not_be_made_of_the_documents_is_not_in_the_graph(bundled_graph: Graph, a: str, b: str) -> None:
    one, other = place(bundled_graph, a), place(bundled_graph, b)
    shared = [card for card in partnerships_of(bundled_graph, [one]) if other in card.members]
    assert [card.id for card in shared if len(card.members) == 2] == []
    assert all(card.status == "proposed" for card in shared)


def test_bergamo_and_brescia_are_no_twins(bundled_graph: Graph) -> None:
    brescia = place(bundled_graph, "Brescia")
    shared = [card for card in partnerships_of(bundled_graph, [place(bundled_graph, "Bergamo")]) if brescia in card.members]
    assert {card.family for card in shared} <= {"project", "initiative"}


def test_city_and_district_stay_apart(bundled_graph: Graph) -> None:
    rows = bundled_graph.read("MATCH (p:Place) WHERE p.name CONTAINS 'Ludwigsburg' RETURN p.id AS id, labels(p) AS labels")
    assert sorted(sorted(row["labels"]) for row in rows) == [["City", "Place"], ["District", "Place"]]
    assert place(bundled_graph, "Bergamo") != place(bundled_graph, "Provinz Bergamo")


def test_yevpatoria_is_dormant_and_in_ukraine(bundled_graph: Graph) -> None:
    hit = find_place(bundled_graph, "Jewpatorija")
    ties = [card for card in partnerships_of(bundled_graph, [hit.id]) if place(bundled_graph, "Ludwigsburg") in card.members]
    assert hit.country == "UA"
    assert {(card.status, card.level) for card in ties if card.family == "partnership"} == {("dormant", "official")}


@pytest.mark.parametrize(("partner", "years"), [("Nový Jičín", {"1961", "2012"}), ("Montbéliard", {"1950", "1962"})])
def test_contradictions_stay_side_by_side(bundled_graph: Graph, partner: str, years: set[str]) -> None:
    here, there = place(bundled_graph, "Ludwigsburg"), place(bundled_graph, partner)
    tie = next(c for c in partnerships_of(bundled_graph, [here]) if set(c.members) == {here, there} and c.family == "partnership")
    stated = {claim.value[:4] for claim in claims_about(bundled_graph, [tie.id]) if claim.predicate == "since"}
    assert ("since" in tie.contested) is (partner == "Montbéliard")  # elsewhere each year is the beginning of another kind
    assert years <= stated


def test_an_aggregate_is_a_claim_and_never_a_tie(bundled_graph: Graph) -> None:
    rows = bundled_graph.read(
        "MATCH (c:Claim {predicate: 'figure'})-[:ABOUT]->(p:Place {name: 'Baden-Württemberg'}) RETURN c.value AS value"
    )
    assert any("400" in row["value"] for row in rows)
