"""What we write loads again: places and ties with their ids, and all that the format carries."""

from contextlib import closing
from pathlib import Path

import pytest

from ingest.places.described import Places
from ingest.places.resolver import Resolver
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request, source_module
from kg.model.claims import Claim
from kg.model.merge import merge
from kg.present.tables.export import export
from kg.settings import Settings
from kg.store.check import check
from tests.ingesting import ingest_file, write

PLACES = """
MATCH (p:Place)-[:PARTNER_IN]->()
RETURN DISTINCT p.id AS id, p.name AS name, p.kind AS kind, p.country AS country, labels(p) AS labels,
       p.location.x AS lon, p.location.y AS lat, p.population AS population
"""
TIES = """
MATCH (a:Place)-[t]->(b:Place) WHERE t.key IS NOT NULL
MATCH (p:Partnership {id: t.partnership})
RETURN a.id AS a, b.id AS b, type(t) AS type, t.key AS key, t.kind AS kind, t.status AS status, t.since AS since,
       t.in_force AS in_force, t.bridge AS bridge, t.status_basis AS basis, p.id AS partnership, p.until AS until, p.name AS name,
       p.status_as_of AS as_of, p.n_members AS members
"""


def facts(graph):
    """Places and ties with every property that exports carry."""
    return {
        name: {tuple(sorted((k, str(v)) for k, v in row.items())) for row in graph.read(query)}
        for name, query in (("places", PLACES), ("ties", TIES))
    }


@pytest.fixture(scope="module")
def exported(bundled_graph, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    for ending in ("csv", "json", "ndjson", "gexf", "graphml"):
        export(bundled_graph, folder / f"ties.{ending}")
    return folder


SAID = ("kind", "status", "status_as_of", "status_basis", "status_undated", "level", "since", "until", "name")


@pytest.mark.parametrize("ending", ["csv", "json", "ndjson", "gexf", "graphml"])
def test_every_format_carries_the_facts_of_each_partnership(bundled_graph, exported: Path, tmp_path, ending: str):
    name = "graph" if ending in {"gexf", "graphml"} else "table"
    module, request = source_module(name), Request(descriptor(name), Settings(home=tmp_path), (exported / f"ties.{ending}",))
    opened = module.open_source(request)
    assert opened.unknown_columns == ()
    resolver = Resolver.open(request.settings)
    with closing(resolver.gazetteer):
        places = Places(resolver)
        claims = [claim for row in module.read(opened) for claim in module.to_claims(row, opened, places)]
    about: dict[str, dict[str, Claim]] = {}
    for claim in claims:
        about.setdefault(claim.subject, {})[claim.id] = claim
    held = {row["facts"]["id"]: row["facts"] for row in bundled_graph.read("MATCH (p:Partnership) RETURN p {.*} AS facts")}
    assert len(about) > 1000
    for subject, made in about.items():
        merged = merge(subject, made.values(), {})
        assert merged
        assert {n: merged.properties.get(n) for n in SAID} == {n: held[subject].get(n) for n in SAID}


def test_an_export_loads_again_to_the_same_ties(bundled_graph, graph, exported: Path):
    """What docs/tables.md says is not carried may differ: roles, and names and kinds of places that the gazetteer has."""
    report = ingest_file("table", exported / "ties.csv", graph)
    assert not report.account.rejected
    made, held = facts(graph), facts(bundled_graph)
    assert known_places(made) == known_places(held)
    assert made["ties"] >= held["ties"]
    query = "MATCH (p:Partnership)<-[r:PARTNER_IN]-() WHERE r.role IS NOT NULL RETURN p.id AS id"
    with_roles = {row["id"] for row in bundled_graph.read(query)}
    assert {dict(tie)["partnership"] for tie in made["ties"] - held["ties"]} <= with_roles
    assert not [finding for finding in check(graph) if finding.broken]


def known_places(found):
    """Places with what an export gives back of those that the gazetteer has, and of others with all."""
    return {
        tuple((k, v) for k, v in row if k not in {"name", "kind"} or not dict(row)["id"].startswith("gn:"))
        for row in found["places"]
    }


def test_an_older_export_without_what_came_later_keeps_its_ids(tmp_path):
    text = (
        "a,a_name,a_country,b,b_name,b_country,kind,status,since,type,partnership,key\n"
        'gn:2817324,Viernheim,DE,x:bf-silly,Silly,BF,climate,active,2014-03,CLIMATE_PARTNER_OF,"climate|gn:2817324,x:bf-silly",k\n'
    )
    report = ingest_file("table", write(tmp_path, text))
    ((_, made),) = report.samples
    assert {claim.subject for claim in made} == {"climate|gn:2817324,x:bf-silly"}
    assert {claim.predicate: claim.value for claim in made} == {"kind": "climate", "since": "2014-03", "status": "active"}


def test_a_partnership_that_does_not_fit_its_places_is_rejected(tmp_path):
    text = "a,a_name,b,b_name,kind,partnership,key\n" + "".join(
        f'{a},A,{b},B,{kind},"{partnership}",k\n'
        for a, b, kind, partnership in (
            ("gn:2875392", "gn:3182164", "twinning", "partnership|gn:1,gn:2"),
            ("gn:2875392", "gn:2875392", "twinning", "partnership|gn:2875392"),
            ("gn:2875392", "gn:3182164", "climate", "partnership|gn:2875392,gn:3182164"),
            ("gn:2875392", "gn:999999999999", "twinning", "partnership|gn:2875392,gn:999999999999"),
            ("Ludwigsburg", "gn:3182164", "twinning", "partnership|Ludwigsburg,gn:3182164"),
        )
    )
    report = ingest_file("table", write(tmp_path, text))
    assert (report.account.loaded, report.account.rejected.total()) == (0, 5)


def test_the_table_for_people_says_where_it_is_from_and_opens_in_a_spreadsheet(exported: Path):
    raw = (exported / "ties.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    header = raw.decode("utf-8-sig").split("\r\n", 1)[0].split(",")
    assert {"a", "b", "key", "sources", "status_as_of", "last_evidence"} <= set(header)
