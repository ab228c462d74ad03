"""What a user loads and reads: dates, kinds and statuses of tables as docs/claims.md tells, by the load and not the function."""

import datetime as dt

import pytest

from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.reading import claims_about, partnerships
from tests.conftest import wipe
from tests.ingesting import ingest_file, write

NEXT_YEAR = str(dt.date.today().year + 1)
PAIR = "partnership|gn:2875392,gn:2992938"
HEAD = "Stadt,Land,Partnerstadt,Partnerland,Art,Jahr,Ende,Status,Stand\n"
MAPPING = """
kind = "Art"
since = "Jahr"
until = "Ende"
status = "Status"
as_of = "Stand"
source_kind = "list"
[first]
place = "Stadt"
country = "Land"
[second]
place = "Partnerstadt"
country = "Partnerland"
[kinds]
P = "twinning"
F = "friendship"
"""


@pytest.fixture
def load(graph, tmp_path):
    """Load rows about Ludwigsburg and Montbéliard: kind, since, until, status, as of."""
    mapping = write(tmp_path, MAPPING, "layout.toml")

    def loaded(*rows, **options):
        text = HEAD + "".join(f"Ludwigsburg,Deutschland,Montbéliard,Frankreich,{row}\n" for row in rows)
        return ingest_file("table", write(tmp_path, text), graph, mapping=str(mapping), **options)

    return loaded


def card(graph, at=None, known=None):
    found = partnerships(graph, [PAIR], at, known)
    return found[0] if found else None


def test_a_row_without_a_date_is_so_at_the_latest_today_and_its_statement_stands(graph, load):
    load("P,1950,,dormant,")
    found = card(graph)
    assert (found.status, found.status_basis, found.since, found.status_undated) == ("dormant", "stated", "1950", True)
    assert card(graph, dt.date(2000, 1, 1)).status_basis == "begun"
    assert card(graph, known=dt.date(2020, 1, 1)) is None


def test_an_end_to_come_has_not_ended_it(graph, load):
    load(f"P,1950,{NEXT_YEAR},,", published="2024")
    assert (card(graph).status, card(graph).until) == ("unknown", NEXT_YEAR)
    assert card(graph, dt.date(int(NEXT_YEAR), 12, 31)).status == "ended"


def test_three_statuses_of_one_pair_are_history_in_any_order(graph, load):
    rows = ["P,,,active,2001", "P,,,dormant,2010", "P,,,active,2020"]
    digests = set()
    for order in (rows, rows[::-1], [rows[1], rows[0], rows[2]]):
        wipe(graph)
        assert load(*order, published="2024").account.loaded == 3
        digests.add(graph_digest(graph))
        assert [card(graph, dt.date(year, 6, 1)).status for year in (2005, 2015, 2021)] == ["active", "dormant", "active"]
    assert len(digests) == 1
    assert not [finding for finding in check(graph, deep=True) if finding.broken]


def test_a_year_of_ending_may_hold_the_month_of_beginning(graph, load):
    assert load("P,2020-05,2020,,", published="2024").account.loaded == 1
    assert (card(graph).since, card(graph).until, card(graph).status) == ("2020-05", "2020", "ended")


def test_a_charter_and_a_later_treaty_have_a_beginning_each(graph, load):
    for rows in (("F,1981,,,", "P,1990,,,"), ("P,1990,,,", "F,1981,,,")):
        wipe(graph)
        load(*rows, published="2024")
        assert (card(graph).kind, card(graph).since, card(graph).contested) == ("twinning", "1990", ())
        assert (card(graph, dt.date(1985, 1, 1)).kind, card(graph, dt.date(1985, 1, 1)).since) == ("friendship", "1981")


def test_a_list_lists_and_a_claim_of_the_beginning_is_there_on_its_day(graph, load):
    load("P,1967,,,", published="2016-09")
    assert (card(graph).status, card(graph).status_basis, card(graph).last_evidence) == ("unknown", "listed", "2016-09")
    then = {claim.predicate: claim.value for claim in claims_about(graph, [PAIR], dt.date(1990, 1, 1))}
    assert then == {"since": "1967"}
    tie = graph.read("MATCH ()-[t:TWINNED_WITH]->() RETURN t.in_force AS force, t.bridge AS bridge, t.status_basis AS basis")
    assert tie == [{"force": True, "bridge": True, "basis": "listed"}]
