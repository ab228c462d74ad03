"""Own statements: made, listed, corrected, withdrawn, carried as CSV, merged like any other claim."""

import csv
import json

import pytest

from ingest.statements.ledger import FILE
from kg.store.reading import claims_about, partnerships
from tests.ingesting import write

PAIR = "partnership|gn:2875392,gn:3182164"
SAY = ("state", "Ludwigsburg", "Bergamo", "--kind", "twinning", "--source", "Vertrag", "--author", "Referat")


@pytest.fixture
def say_it(graph, graph_settings, run_kg):
    del graph  # empty is all that is asked of it
    """A function that states something; the ledger is empty at first."""
    (graph_settings.home / FILE).unlink(missing_ok=True)

    def say(*more):
        done = run_kg(*SAY, *more)
        assert done.code == 0, done.err
        return done

    yield say
    (graph_settings.home / FILE).unlink(missing_ok=True)


def listed(run_kg):
    return json.loads(run_kg("state", "list", "--format", "json").out)


def test_a_statement_is_made_corrected_and_withdrawn_and_nothing_is_lost(say_it, run_kg, graph):
    say_it("--since", "2022-10-21", "--status", "active", "--as-of", "2026-11", "--reason", "signed in Bergamo")
    found = partnerships(graph, [PAIR])[0]
    assert (found.kind, found.status, found.status_as_of, found.since) == ("twinning", "active", "2026-11", "2022-10-21")
    claim = next(c for c in claims_about(graph, [PAIR]) if c.predicate == "since")
    assert (claim.note, claim.stated != "") == ("signed in Bergamo", True)
    (first,) = listed(run_kg)
    say_it("--status", "dormant", "--replaces", first["id"], "--reason", "no visits")
    assert partnerships(graph, [PAIR])[0].status == "dormant"
    old, new = listed(run_kg)
    assert (bool(old["withdrawn"]), old["why_withdrawn"], new["replaces"]) == (True, "no visits", first["id"])
    assert run_kg("state", "withdraw", new["id"], "--reason", "a mistake").code == 0
    assert partnerships(graph, [PAIR]) == []
    assert len(listed(run_kg)) == 2
    assert run_kg("state", "withdraw", new["id"]).code == 2


def test_statements_travel_as_csv(say_it, run_kg, graph, graph_settings, tmp_path):
    say_it("--status", "active", "--since", "1950")
    file = tmp_path / "own.csv"
    assert run_kg("state", "export", str(file)).code == 0
    with file.open(encoding="utf-8", newline="") as text:
        assert [row["since"] for row in csv.DictReader(text)] == ["1950"]
    before = {c.id for c in claims_about(graph, [PAIR])}
    (graph_settings.home / FILE).unlink()
    assert run_kg("state", "load", str(file)).code == 0
    assert {c.id for c in claims_about(graph, [PAIR])} == before
    assert run_kg("state", "load", str(file)).code == 0
    assert len(listed(run_kg)) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("state",),
        ("state", "Ludwigsburg"),
        ("state", "Ludwigsburg", "Bergamo"),
        ("state", "Ludwigsburg", "Bergamo", "--kind", "marriage", "--source", "x"),
        (*SAY, "--status", "happy"),
        (*SAY, "--since", "soon"),
        (*SAY, "--reason", "=HYPERLINK(1)"),
        ("state", "Ludwigsburg", "Ludwigsburg", "--kind", "twinning", "--source", "x"),
        ("state", "Friedberg", "Bergamo", "--kind", "twinning", "--source", "x"),
        ("state", "withdraw", "nothing"),
        ("state", "load", "nowhere.csv"),
    ],
)
def test_what_cannot_be_stated_is_a_sentence(say_it, run_kg, arguments):
    del say_it
    done = run_kg(*arguments)
    assert (done.code, "Traceback" in done.err, bool(done.err.strip())) == (2, False, True), done.err


@pytest.mark.parametrize(
    "text",
    ["first,second\n1,2\n", "first,second,kind,source,author,stated\ngn:1,gn:2,twinning,x,me,soon\n", "a\tb\n", '"', ""],
)
def test_a_file_of_statements_that_is_none_names_its_line(say_it, run_kg, tmp_path, text):
    del say_it
    done = run_kg("state", "load", str(write(tmp_path, text, "own.csv")))
    assert (done.code, "own.csv" in done.err) == (1, True), done.err
