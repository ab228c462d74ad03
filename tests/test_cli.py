"""The commands as people and scripts call them: results on standard output, the rest on standard error, exit codes."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model.claims import Claim
from kg.present.tables.tabular import csv_cell, render, to_csv
from kg.settings import Settings
from kg.store.driver import Graph
from tests.commands import RunKg
from tests.engines import ROOT
from tests.test_load import GROUND, TOLD, load

LISTING = [
    ("query", "list"),
    ("query", "run", "partners-of-place"),
    ("cypher", "MATCH (c:City) RETURN c.id AS id, c.name AS name ORDER BY id LIMIT 3"),
    ("place", "Ludwigsburg"),
    ("check",),
    ("ingest", "--list"),
    ("db", "status"),
    ("opportunities", "Ludwigsburg", "--limit", "3"),
    ("funding", "Ludwigsburg", "Bergamo", "Mulhouse"),
    ("path", "Ludwigsburg", "Mulhouse"),
    ("measures",),
    ("measures", "Ludwigsburg"),
    ("measures", "--communities"),
]
WRONG = [
    ("nonsense",),
    ("query", "run"),
    ("query", "run", "no-such-query"),
    ("query", "run", "open-triads", "--set", "place"),
    ("query", "run", "open-triads", "--set", "town=Ludwigsburg"),
    ("query", "run", "most-connected", "--set", "limit=many"),
    ("place", "Ludwigsburg", "--format", "yaml"),
    ("place", "Ludwigsburg", "--as-of", "yesterday"),
    ("place", "Nowhere at all"),
    ("ingest", "no-such-source"),
    ("export", "graph.xlsx"),
    ("cypher", "RETURN 1", "--limit", "0"),
]


@pytest.mark.parametrize("command", LISTING, ids=" ".join)
def test_lists_in_every_format(run_bundled: RunKg, command: tuple[str, ...]):
    table, as_json, as_csv = (run_bundled(*command, "--format", format_) for format_ in ("table", "json", "csv"))
    assert [done.code for done in (table, as_json, as_csv)] == [0, 0, 0]
    assert table.out.strip()
    assert json.loads(as_json.out)
    rows = list(csv.reader(io.StringIO(as_csv.out)))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("command", WRONG, ids=" ".join)
def test_wrong_use_ends_with_two_and_a_sentence(run_bundled: RunKg, command: tuple[str, ...]):
    done = run_bundled(*command)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kg: ")
    assert "Traceback" not in done.err


def test_what_cannot_be_done_ends_with_one(run_bundled: RunKg):
    done = run_bundled("cypher", "CREATE (n:City)")
    assert (done.code, done.out) == (1, "")
    assert "CREATE is not offered here" in done.err


def test_unknown_and_ambiguous_places_are_answered_with_candidates(run_bundled: RunKg):
    slip = run_bundled("place", "Ludwigsbrug")
    assert slip.code == 2
    assert "gn:2875392" in slip.err
    shared = run_bundled("place", "Heidelberg")
    assert shared.code == 2
    assert {"gn:2907911", "gn:997151"} <= {word.strip(";.") for word in shared.err.split()}
    assert run_bundled("place", "Heidelberg, ZA", "--format", "json").code == 0


def test_a_place_as_of_a_date_is_as_it_was_known_then(run_bundled: RunKg):
    document = json.loads(run_bundled("place", "Ludwigsburg", "--as-of", "2021-04-01", "--format", "json").out)
    status = {tie["partner"]: tie["status"] for tie in document["ties"] if tie["kind"] == "twinning"}
    assert status["Bergamo"] == "planned"
    assert set(document) == {"place", "ties", "claims"}


def test_says_when_there_is_more(run_bundled: RunKg):
    done = run_bundled("cypher", "MATCH (c:City) RETURN c.id AS id", "--limit", "2", "--format", "json")
    assert len(json.loads(done.out)) == 2
    assert done.code == 3
    assert re.search(r"2 rows of \d+ were written", done.err)


def test_a_query_is_printed_as_it_stands_in_its_file(run_bundled: RunKg):
    assert run_bundled("query", "show", "rings").out == (ROOT / "queries" / "rings.cypher").read_text(encoding="utf-8")


def test_the_command_itself_and_a_reader_that_stops_early(bundled_settings: Settings):
    environment = {**os.environ, "KG_HOME": str(bundled_settings.home), "NEO4J_URI": "", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from kg.cli.main import main; main()", "query", "run", "one-sided", "--format", "csv"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"listed_by,")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


# --- files ------------------------------------------------------------------------------------------------------------


def test_exports_are_read_back_whole(run_bundled: RunKg, bundled_graph: Graph, tmp_path: Path):
    for ending in ("gexf", "graphml", "csv", "json", "ndjson"):
        done = run_bundled("export", str(tmp_path / f"ties.{ending}"))
        assert (done.code, done.out) == (0, "")
    keys = {row["key"] for row in bundled_graph.read("MATCH (:Place)-[t]->(:Place) WHERE t.key IS NOT NULL RETURN t.key AS key")}
    with (tmp_path / "ties.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["key"] for row in csv.DictReader(file)} == keys
    for network in (nx.read_gexf(tmp_path / "ties.gexf"), nx.read_graphml(tmp_path / "ties.graphml", force_multigraph=True)):
        assert network.number_of_edges() == len(keys)
        assert network.nodes["gn:2875392"]["country"] == "DE"
    elements = [json.loads(line) for line in (tmp_path / "ties.ndjson").read_text(encoding="utf-8").splitlines()]
    counts = bundled_graph.read("MATCH (n) RETURN count(n) AS nodes, COUNT { ()-->() } AS relationships")[0]
    assert sum(e["element"] == "node" for e in elements) == counts["nodes"]
    assert sum(e["element"] == "relationship" for e in elements) == counts["relationships"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "ties.csv",
        "ties.gexf",
        "ties.graphml",
        "ties.json",
        "ties.ndjson",
    ]


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.none(), st.lists(st.text())))
def test_no_cell_of_a_csv_file_begins_a_formula(value: object):
    cell = next(csv.reader(io.StringIO(to_csv([{"a": value, "b": "end"}], ("a", "b")).split("\r\n", 1)[1])))[0]
    if isinstance(value, str | list):
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))
        assert not cell.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize("text", ["=1+1", "  =1", "\t=1", "@SUM(A1)", "-2+3", "+1", "\rx", "\u00a0=1"])
def test_formulas_stand_behind_an_apostrophe(text: str):
    assert csv_cell(text) == f"'{text}"


def test_names_are_neither_markup_nor_control_codes():
    out = render([{"name": "[bold]x[/] \x1b[31mred\x07"}], ("name",), "table")
    assert "[bold]x[/]" in out
    assert "\x1b" not in out
    assert "\x07" not in out


# --- forgetting -------------------------------------------------------------------------------------------------------


def test_a_forgotten_person_does_not_come_back(graph: Graph, run_kg: RunKg):
    person = Claim("src:city", "person:erika-m", "entry", '{"name": "Erika M"}')
    held = Claim("src:city", "person:erika-m", "holds", "gn:1", qualifier="mayor", as_of="2020")
    load(graph, [*GROUND, *TOLD, person, held])
    assert run_kg("forget", "Nobody Known", "--yes").code == 2
    done = run_kg("forget", "Erika M", "--yes")
    assert (done.code, done.out) == (0, "")
    assert "2 claims removed" in done.err
    load(graph, [*GROUND, *TOLD, person, held])
    assert graph.read("MATCH (p:Person) RETURN p.id") == []
    assert graph.read("MATCH (c:Claim {subject: 'person:erika-m'}) RETURN c.id") == []
    left = graph.read("MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties")
    assert [row for row in left if "erika" in str(row["properties"])] == []
    assert run_kg("check", "--deep").code == 0
