"""The queries mean what they should: run by a real SPARQL engine over a handful of statements in Wikidata's own RDF form."""

import json

import pytest
from rdflib import Graph as Triples

from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import Options, ingest
from ingest.wikidata.queries import items_query, statements_query
from kg.settings import Settings
from tests.wikidata_service import World, serving

# https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format; the numbers of the items are this file's own.
WIKIDATA = """
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wds: <http://www.wikidata.org/entity/statement/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix p: <http://www.wikidata.org/prop/> .
@prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix pqv: <http://www.wikidata.org/prop/qualifier/value/> .
@prefix pr: <http://www.wikidata.org/prop/reference/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .

wd:Q1 rdfs:label "Ludwigsburg"@de, "Ludwigsburg"@en, "Людвигсбург"@ru ; skos:altLabel "Lubu"@de ;
    wdt:P625 "Point(9.1922 48.8973)"^^geo:wktLiteral ; wdt:P17 wd:Q183 ; wdt:P1082 93000 ; wdt:P1566 "2875392" ;
    p:P190 wds:Q1-a, wds:Q1-b, wds:Q1-c .
wds:Q1-a ps:P190 wd:Q2 ; wikibase:rank wikibase:NormalRank ; pqv:P580 [ wikibase:timeValue "1950-05-31T00:00:00Z"^^xsd:dateTime ;
    wikibase:timePrecision 11 ] ; prov:wasDerivedFrom [ pr:P854 <https://example.org/b> ], [ pr:P854 <https://example.org/a> ] .
wds:Q1-b ps:P190 wd:Q3 ; wikibase:rank wikibase:PreferredRank ;
    pqv:P580 [ wikibase:timeValue "1960-01-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 9 ] ;
    pqv:P582 [ wikibase:timeValue "2014-03-01T00:00:00Z"^^xsd:dateTime ; wikibase:timePrecision 10 ] .
wds:Q1-c ps:P190 wd:Q10 ; wikibase:rank wikibase:DeprecatedRank .
wd:Q2 rdfs:label "Montbéliard"@fr ; wdt:P625 "Point(6.8 47.51)"^^geo:wktLiteral ; wdt:P17 wd:Q142 ; wdt:P1566 "2992938" ;
    p:P190 wds:Q2-a .
wds:Q2-a ps:P190 wd:Q1 ; wikibase:rank wikibase:NormalRank .
wd:Q3 rdfs:label "Nový Jičín"@en ; wdt:P625 "Point(18.01 49.594)"^^geo:wktLiteral ; wdt:P17 wd:Q213 ; p:P190 wds:Q3-a .
wds:Q3-a ps:P190 wd:Q10 ; wikibase:rank wikibase:DeprecatedRank .
wd:Q10 rdfs:label "A Former Partner"@en ; wdt:P17 wd:Q183 .
wd:Q11 rdfs:label "Bergamo"@it ; wdt:P625 "Point(9.67 45.69)"^^geo:wktLiteral ; wdt:P17 wd:Q38 ; p:P190 wds:Q11-a .
wds:Q11-a ps:P190 wd:Q1 ; wikibase:rank wikibase:NormalRank .
wd:Q183 wdt:P297 "DE" . wd:Q142 wdt:P297 "FR" . wd:Q213 wdt:P297 "CZ" . wd:Q38 wdt:P297 "IT" .
"""


class RdfWorld(World):
    """A service that carries the queries out instead of recognising them."""

    def __init__(self) -> None:
        super().__init__([], {})
        self.triples = Triples().parse(data=WIKIDATA, format="turtle")

    def answer(self, query: str) -> bytes:
        answer = self.triples.query(query).serialize(format="json")
        assert answer is not None
        return answer


@pytest.fixture(scope="module")
def world():
    return RdfWorld()


def rows(world, query):
    answer = json.loads(world.answer(query))["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in answer if "item" in row]


def short(address):
    return address.rsplit("/", 1)[-1]


def test_statements_come_whole_and_in_pages_of_items(world):
    found = rows(world, statements_query(0, 2))
    assert [(row["number"], short(row["partner"])) for row in found] == [("1", "Q2"), ("1", "Q3"), ("2", "Q1")]
    assert (found[0]["since"], found[0]["references"]) == ("1950-05-31T00:00:00+00:00|11", "2")
    assert found[0]["url"] == "https://example.org/a"
    assert (found[1]["since"], found[1]["until"]) == ("1960-01-01T00:00:00+00:00|9", "2014-03-01T00:00:00+00:00|10")
    assert "since" not in found[2]
    assert [row["number"] for row in rows(world, statements_query(2, 2))] == ["11"]
    assert rows(world, statements_query(11, 2)) == []


def test_statements_that_were_deprecated_are_not_asked_for(world):
    assert not any(short(row["partner"]) == "Q10" for row in rows(world, statements_query(0, 100)))


def test_items_come_with_names_of_four_languages_and_never_multiplied(world):
    found = [row for row in rows(world, items_query(["Q1", "Q2"])) if short(row["item"]) == "Q1"]
    fields = sorted((row["field"], row["value"]) for row in found if row["field"] != "asked")
    assert fields == [
        ("alias", "Lubu"), ("coordinates", "Point(9.1922 48.8973)"), ("country", "DE"), ("geonames", "2875392"),
        ("name", "Ludwigsburg"), ("name", "Ludwigsburg"), ("population", "93000"),
    ]  # fmt: skip
    assert sum(row["field"] == "asked" for row in found) == 1


def test_the_source_reads_a_service_that_carries_the_queries_out(world, tmp_path):
    settings = Settings(home=tmp_path)
    with serving(world) as service:
        options = {"endpoint": service.address, "items": "2"}
        report = ingest(None, "wikidata", Request(descriptor("wikidata"), settings, (), options), Options(dry_run=True))
    assert (report.account.read, report.account.loaded) == (4, 4), report.account
    dates = {claim.value for _, claims in report.samples for claim in claims if claim.predicate in {"since", "until"}}
    assert dates == {"1950-05-31", "1960", "2014-03"}
    subjects = {claim.subject for _, claims in report.samples for claim in claims if "|" in claim.subject}
    assert subjects == {
        "partnership|gn:2875392,gn:2992938", "partnership|gn:2875392,gn:3069305", "partnership|gn:2875392,gn:3182164",
    }  # fmt: skip
