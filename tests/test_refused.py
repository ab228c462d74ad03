"""A load that is refused has changed nothing, for whatever reason; text that no format can hold stays outside."""

import csv
import json
import xml.etree.ElementTree as ET

import hypothesis
import networkx as nx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from ingest.run import account, runner
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import Options, ingest
from ingest.sources import table
from kg.errors import DataError, KgError, LoadError
from kg.model.text import plain_text
from kg.present.tables.export import export
from kg.settings import Settings
from kg.store.digest import graph_digest
from kg.store.runs import load_lock
from tests.conftest import wipe
from tests.ingesting import ingest_file, write

HEAD = "city1,country1,city2,country2\n"
A = HEAD + "Ludwigsburg,Germany,Bergamo,Italy\nUlm,Germany,Jena,Germany\n"
B = HEAD + "Ludwigsburg,Germany,Montbéliard,France\n" * 2
BAD = HEAD + "Ludwigsburg,Germany,Bergamo,Italy\n,Germany,Jena,Germany\n"


def broken(error):
    def rows(*_):
        yield from ()
        raise error

    return rows


WAYS = {
    "shrink": (B, False, None, LoadError),
    "strict": (BAD, True, None, DataError),
    "file that breaks": (A, False, (table, "read", broken(DataError("line 9: broken"))), DataError),
    "disk that fails": (A, False, (table, "read", broken(OSError(5, "Input/output error"))), LoadError),
    "interrupted": (A, False, (table, "read", broken(KeyboardInterrupt())), KeyboardInterrupt),
    "no room for rejected rows": (BAD, False, (account.Quarantine, "add", broken(OSError(28, "No space left"))), LoadError),
    "no room for claims": (A, False, (runner.Spool, "add", broken(OSError(28, "No space left"))), LoadError),
}


@pytest.mark.parametrize("first", [True, False], ids=["loaded before", "first load"])
@pytest.mark.parametrize("way", WAYS)
def test_what_is_refused_leaves_the_graph_as_it_was(graph, tmp_path, monkeypatch, way, first):
    text, strict, patch, error = WAYS[way]
    if first:
        ingest_file("table", write(tmp_path, A, "a.csv"), graph)
    elif way == "shrink":
        return
    digest = graph_digest(graph)
    if patch:
        made = patch[2]
        monkeypatch.setattr(patch[0], patch[1], lambda *args: [*made(*args)])
    with pytest.raises(error):
        ingest_file("table", write(tmp_path, text, "a.csv"), graph, strict=strict)
    assert graph_digest(graph) == digest
    assert not list((tmp_path / "quarantine").glob("*.partial"))
    monkeypatch.undo()
    ingest_file("table", write(tmp_path, A, "a.csv"), graph)  # the lock is free again


GOOD = [
    "Ludwigsburg,Germany,Bergamo,Italy",
    "Ulm,Germany,Jena,Germany",
    "Ludwigsburg,Germany,Montbéliard,France",
    "Bergamo,Italy,Jena,Germany",
]
REJECTED = ["Nowhereatall,Germany,Jena,Germany", ",Germany,Jena,Germany", "Ulm"]
FAILURES = {
    "no room for claims": (runner.Spool, "add", OSError(28, "No space left")),
    "no room for rejected rows": (account.Quarantine, "add", OSError(28, "No space left")),
    "interrupted": (table, "read", KeyboardInterrupt()),
    "breaks": (table, "read", DataError("line 9: broken")),
}
FILES = st.tuples(
    st.lists(st.sampled_from([*GOOD, *GOOD, *REJECTED]), max_size=5),
    st.sampled_from(["one", "two"]),  # datasets, which share claims of the same file's name
    st.booleans(),
    st.sampled_from([None, None, *FAILURES]),
)


@hypothesis.settings(
    max_examples=hypothesis.settings().max_examples // 16, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(files=st.lists(FILES, min_size=2, max_size=4))
def test_of_any_files_in_any_order_what_is_refused_changes_nothing(graph, tmp_path, files):
    wipe(graph)
    for rows, dataset, strict, failure in files:
        before = graph_digest(graph)
        path = write(tmp_path, HEAD + "".join(f"{row}\n" for row in rows))
        with pytest.MonkeyPatch.context() as patch:
            if failure:
                where, name, error = FAILURES[failure]
                patch.setattr(where, name, lambda *_, error=error: [*broken(error)()])
            try:
                ingest_file("table", path, graph, strict=strict, dataset=dataset)
            except (KgError, KeyboardInterrupt):
                assert graph_digest(graph) == before


def test_claims_that_two_datasets_share_count_when_one_of_them_shrinks(graph, tmp_path):
    for dataset in ("one", "two"):
        ingest_file("table", write(tmp_path, A), graph, dataset=dataset)
    digest = graph_digest(graph)
    with pytest.raises(LoadError, match="2 of 2 claims of 'two'"):
        ingest_file("table", write(tmp_path, B), graph, dataset="two")
    assert graph_digest(graph) == digest


def test_a_load_beside_another_one_changes_nothing(graph, tmp_path):
    ingest_file("table", write(tmp_path, A, "a.csv"), graph)
    digest = graph_digest(graph)
    with load_lock(graph, "other"), pytest.raises(LoadError, match="another load"):
        ingest_file("table", write(tmp_path, A, "a.csv"), graph)
    assert graph_digest(graph) == digest


def test_shrinking_is_said_with_both_ways_out_and_done_when_allowed(graph, tmp_path):
    ingest_file("table", write(tmp_path, A, "a.csv"), graph)
    with pytest.raises(KgError, match=r"2 of 2 claims .* --allow-shrink; .* --option dataset=NAME"):
        ingest_file("table", write(tmp_path, B, "a.csv"), graph)
    request = Request(descriptor("table"), Settings(home=tmp_path), (write(tmp_path, B, "a.csv"),), {"yes": "true"})
    assert ingest(graph, "table", request, Options(allow_shrink=True)).changes.removed == 2


def test_what_xml_forbids_is_taken_out_with_a_note_and_every_export_is_read_back(graph, tmp_path):
    hostile = "Quux\ufffehau\x01sen\x1f\uffff"
    text = HEAD + f'"{hostile}",Germany,Bergamo,Italy\n"Zzyx & ""Co"" > Qux\u2028\U0001f600",Germany,Bergamo,Italy\n'
    report = ingest_file("table", write(tmp_path, text), graph)
    assert report.account.loaded == 2, report.account.rejected
    assert any("taken out of 1 rows, first at list.csv:2" in note for note in report.warnings)
    # A graph of others may hold them all the same.
    graph.write("MATCH (p:Place) WHERE p.name STARTS WITH 'Quux' SET p.name = $name", {"name": hostile})
    names = {plain_text(row["name"]) for row in graph.read("MATCH (p:Place)-[:PARTNER_IN]->() RETURN p.name AS name")}
    assert "Quuxhausen" in names
    for ending in ("gexf", "graphml", "csv", "ndjson"):
        export(graph, tmp_path / f"out.{ending}")
    for network in (nx.read_gexf(tmp_path / "out.gexf"), nx.read_graphml(tmp_path / "out.graphml")):
        assert {data["label"] for _, data in network.nodes(data=True)} == names
    for ending in ("gexf", "graphml"):
        ET.parse(tmp_path / f"out.{ending}")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row[end] for row in rows for end in ("a_name", "b_name")} == names
    elements = [json.loads(line) for line in (tmp_path / "out.ndjson").read_text("utf-8").split("\n") if line]
    assert names <= {element["properties"].get("name") for element in elements}
