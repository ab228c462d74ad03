"""Open names: what rows wait for, what a decision brings, and that it can be taken back."""

import os
import stat

import pytest

from ingest.places.corrections import OWN
from ingest.run.open_names import open_names
from ingest.run.settle import settle, take_back
from kg.errors import DataError, UsageError
from kg.settings import Settings
from kg.store.check import check
from kg.store.digest import graph_digest
from tests.ingesting import ingest_file, write

LIST = """Stadt;Land;Partnerstadt;Partnerland
Ludwigsburg;Deutschland;Montbéliard;Frankreich
Bourges;Frankreich;Neustadt;Deutschland
Peterborough;Großbritannien;Neustadt;Deutschland
Neustadt;Deutschland;Neuenkirchen;Deutschland
"""
WINE = "gn:2864054"


@pytest.fixture
def loaded(graph, tmp_path):
    path = write(tmp_path, LIST)
    report = ingest_file("table", path, graph)
    assert report.account.rejected.total() == 3, report.account.rejected
    return graph, Settings(home=tmp_path)


def names(graph, settings):
    return [(each.name, each.country, len(each.rows)) for each in open_names(graph, settings.home)]


def test_the_most_frequent_name_comes_first_with_its_rows_and_candidates(loaded):
    graph, settings = loaded
    found = open_names(graph, settings.home)
    assert names(graph, settings)[0] == ("Neustadt", "DE", 3)
    assert WINE in found[0].places
    assert [kept.row.place for _, kept in found[0].rows] == ["list.csv:3", "list.csv:4", "list.csv:5"]
    assert found[0].rows[0][1].row.values["Partnerstadt"] == "Neustadt"


def test_a_decision_loads_the_rows_that_waited_and_the_others_wait_for_their_other_name(loaded):
    graph, settings = loaded
    done = settle(graph, settings, "Neustadt", "DE", WINE)
    assert (done.loaded, done.waiting, done.rejected, done.problems) == (2, 1, 0, [])
    assert [name for name, *_ in names(graph, settings)] == ["Neuenkirchen"]
    assert graph.read("MATCH (:Place {id: $id})-[:PARTNER_IN]->(p) RETURN count(p) AS n", {"id": WINE}) == [{"n": 2}]
    run = graph.read("MATCH (r:IngestRun) RETURN r.read AS read, r.loaded AS loaded, r.rejected AS rejected")
    assert run == [{"read": 4, "loaded": 3, "rejected": 1}]
    assert not [finding.invariant for finding in check(graph, deep=True) if finding.broken]


def test_what_is_settled_stays_so_and_a_whole_load_gives_the_same_graph(loaded, tmp_path):
    graph, settings = loaded
    settle(graph, settings, "Neustadt", "DE", WINE)
    settled = graph_digest(graph)
    report = ingest_file("table", tmp_path / "list.csv", graph)
    assert (report.account.loaded, report.changes.total) == (3, 0)
    assert graph_digest(graph) == settled
    assert [name for name, *_ in names(graph, settings)] == ["Neuenkirchen"]


def test_a_decision_taken_back_leaves_everything_as_it_was(loaded):
    graph, settings = loaded
    before, asked = graph_digest(graph), names(graph, settings)
    settle(graph, settings, "Neustadt", "DE", WINE)
    settle(graph, settings, "Neuenkirchen", "DE", "x:de-neuenkirchen")
    assert names(graph, settings) == []
    for name in ("Neustadt", "Neuenkirchen"):
        take_back(graph, settings, name, "DE")
    assert names(graph, settings) == asked
    assert graph_digest(graph) == before
    assert not [finding.invariant for finding in check(graph, deep=True) if finding.broken]
    with pytest.raises(UsageError, match="nothing to take back"):
        take_back(graph, settings, "Neustadt", "DE")


def test_the_users_own_lines_stay_and_the_file_is_private(loaded):
    graph, settings = loaded
    path = settings.home / OWN
    path.write_text("name;country;id;reason;asked\nÉvry;Frankreich;gn:3019265;its name;Anna\n", "cp1252")
    settle(graph, settings, "Neustadt", "DE", WINE)
    text = path.read_text("utf-8-sig")
    assert (
        text == f"name;country;id;reason;asked\nÉvry;Frankreich;gn:3019265;its name;Anna\nNeustadt;DE;{WINE};settled by hand;\n"
    )
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    take_back(graph, settings, "Neustadt", "DE")
    assert path.read_text("utf-8-sig").count("\n") == 2


@pytest.mark.parametrize("place", ["gn:1", "Neustadt", "x:neustadt"])
def test_what_is_no_place_changes_nothing(loaded, place):
    graph, settings = loaded
    with pytest.raises(DataError, match="the decision"):
        settle(graph, settings, "Neustadt", "DE", place)
    assert not (settings.home / OWN).exists()
    assert names(graph, settings)[0] == ("Neustadt", "DE", 3)


def test_a_list_that_is_gone_is_said_and_the_decision_stays(loaded, tmp_path):
    graph, settings = loaded
    (tmp_path / "list.csv").unlink()
    done = settle(graph, settings, "Neustadt", "DE", WINE)
    assert done.loaded == 0
    assert "there is no file" in done.problems[0]
    assert WINE in (settings.home / OWN).read_text("utf-8-sig")


def test_the_command_line_lists_and_settles(run_kg, graph, graph_settings, tmp_path):  # noqa: ARG001 - emptied for it
    path = write(tmp_path, LIST)
    assert run_kg("ingest", "table", str(path), "--yes").code == 0
    try:
        listed = run_kg("questions", "--format", "json").out
        assert '"name": "Neustadt"' in listed
        done = run_kg("settle", "neustadt", WINE)
        assert (done.code, "2 rows loaded, 1 wait" in done.err) == (0, True), done.err
        assert "no row waits" in run_kg("settle", "Neustadt", WINE).err
        assert run_kg("settle", "Neuenkirchen", "new").code == 0
        assert run_kg("settle", "Neustadt", "--undo", "--country", "DE").code == 0
    finally:
        (graph_settings.home / OWN).unlink(missing_ok=True)
