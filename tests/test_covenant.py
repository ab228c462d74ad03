"""Members of climate networks: who belongs since when, and no person's name anywhere."""

import json

import pytest

from kg.store.check import check
from tests.ingesting import ingest_file, quarantined, write

HEADER = (
    "organisation_name,mayor,country_name,organisation_latitude,organisation_longitude,signatory_status,date_of_adhesion,"
    "group_profile\n"
)
ROWS = (
    "Ludwigsburg,Erika Mustermann,Germany,48.89,9.19,published,2012-03-28 00:00:00,False\n"
    "Bergamo,Mario Rossi,Italy,45.69,9.67,on_hold,2009-12-14 00:00:00,False\n"
    "Bergamo,Mario Rossi,Italy,45.69,9.67,on_hold,2009-12-14 00:00:00,False\n"
    '"Avola, Noto, Pachino",Some One,Italy,-,-,published,2012-07-23 00:00:00,True\n'
    "Qwxyzburg,Max Muster,,-,-,published,2012-07-23 00:00:00,False\n"
    "Ulm,Max Muster,Germany,-,-,published,20122,False\n"
)


def test_members_with_their_date_of_joining(tmp_path, graph):
    report = ingest_file("covenant", write(tmp_path, HEADER + ROWS), graph)
    assert (report.account.read, report.account.loaded) == (6, 2), report.account
    assert report.account.ignored.total() == 2
    rows = graph.read("MATCH (p:Place)-[r:MEMBER_OF]->(n:Network) RETURN p.id AS place, r.since AS since, n.id AS network")
    assert {(row["place"], row["since"], row["network"]) for row in rows} == {
        ("gn:2875392", "2012-03-28", "net:covenant-of-mayors"), ("gn:3182164", "2009-12-14", "net:covenant-of-mayors"),
    }  # fmt: skip
    notes = graph.read("MATCH (c:Claim {predicate: 'member_of'}) RETURN c.note AS note ORDER BY note")
    assert [row["note"] for row in notes] == ["listed as on hold", None]
    assert not [finding for finding in check(graph) if finding.broken]
    everything = json.dumps(graph.read("MATCH (n) RETURN properties(n) AS p"), default=str)
    kept = json.dumps(quarantined(report.quarantine))
    for name in ("Mustermann", "Rossi", "Muster", "Some One"):
        assert name not in everything
        assert name not in kept
    assert any("mayor" in warning for warning in report.warnings)


@pytest.mark.parametrize(
    "column", ["mayor", "Mayor", "Bürgermeister", "Oberbürgermeisterin", "contact person", "E-Mail", "maire", "Sindaco"]
)
def test_columns_that_name_persons_are_never_read(tmp_path, column):
    text = f"name,country,{column},joined\nLudwigsburg,Germany,Erika Mustermann,2012\n"
    report = ingest_file("covenant", write(tmp_path, text))
    ((row, _),) = report.samples
    assert "Erika Mustermann" not in row.values.values()
    assert column not in row.values


def test_any_other_network_by_name(tmp_path):
    text = "Kommune;Land;Mitglied seit\nLudwigsburg;Deutschland;1994\n"
    report = ingest_file(
        "covenant", write(tmp_path, text), network="klima-buendnis", network_name="Klima-Bündnis", published="2024"
    )
    claims = [c for _, made in report.samples for c in made]
    assert [(c.predicate, c.value, c.qualifier) for c in claims if c.predicate == "member_of"] == [
        ("member_of", "net:klima-buendnis", "1994")
    ]
    assert report.dataset == "members-klima-buendnis"
    assert {c.source for c in claims} == {"src:members-klima-buendnis"}


def test_a_person_in_the_column_of_municipalities_is_put_right_and_never_kept(tmp_path):
    text = (
        "organisation_name,country_name,population_adhesion,organisation_latitude,organisation_longitude,date_of_adhesion,gcom_id\n"
        "Erika Mustermann,Hungary,5379,48.017,21.375,2019-09-27,HU0151\n"
    )
    report = ingest_file("covenant", write(tmp_path, text))
    ((row, claims),) = report.samples
    assert [claim.subject for claim in claims if claim.predicate == "member_of"] == ["gn:714742"]
    assert report.account.corrected.total() == 1
    assert "Mustermann" not in json.dumps(dict(row.values)) + "".join(str(claim) for claim in claims)


def test_inhabitants_tell_a_town_from_the_namesake_that_the_register_points_at(tmp_path):
    text = (
        "organisation_name,country_name,population_adhesion,organisation_latitude,organisation_longitude,date_of_adhesion\n"
        "Saint-Gilles,France,13234,48.1548,-1.8285,2019-09-27\n"
    )
    ((_, claims),) = ingest_file("covenant", write(tmp_path, text)).samples
    assert claims[-1].subject == "gn:2979679"
