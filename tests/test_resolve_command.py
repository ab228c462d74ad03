"""``kg resolve``: one answer a name in its order, without a database; and the reconciliation service of OpenRefine over HTTP."""

import csv
import io
import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ingest.places.reconcile import Service
from ingest.places.resolver import Resolver
from kg.settings import Settings, settings
from tests.commands import RunKg, run_kg_in
from tests.ingesting import write

TABLE = (
    "Ort;Land;Bundesland;lat;lon\nFreiburg;Deutschland;Bayern;;\nNancy¹;F;;;\n;F;;;\nPassau;Österreich;;;\n"
    "Nienburg;D;;51,83;11,77\n"
)


@pytest.fixture
def kg(tmp_path, monkeypatch, capsys) -> RunKg:
    return run_kg_in(Settings(home=tmp_path), monkeypatch, capsys)


def test_names_are_answered_in_their_order_in_every_format(kg):
    names = ("Frankfurt/M.", "Friedberg", "Gera")
    rows = json.loads(kg("resolve", *names, "--country", "DE", "--format", "json").out)
    assert [(row["name"], row["id"]) for row in rows] == [
        ("Frankfurt/M.", "gn:2925533"),
        ("Friedberg", ""),
        ("Gera", "gn:2921232"),
    ]
    assert rows[1]["candidates"]
    done = kg("resolve", *names, "--country", "DE", "--format", "csv")
    assert [row["id"] for row in csv.DictReader(io.StringIO(done.out))] == ["gn:2925533", "", "gn:2921232"]
    assert "Frankfurt am Main" in kg("resolve", *names, "--country", "DE").out


def test_a_file_gives_one_row_for_each_row_with_what_its_columns_tell(kg, tmp_path):
    done = kg("resolve", "--file", str(write(tmp_path, TABLE)), "--format", "json")
    rows = json.loads(done.out)
    assert [row["id"] for row in rows] == ["", "gn:2990999", "", "", "gn:2862621"]
    assert rows[1]["notes"] == ["a raised figure was left out"]
    assert "known in DE, not in AT" in rows[3]["notes"]


def test_a_new_place_is_said_and_a_doubtful_one_has_an_id_only_when_accepted(kg):
    (new,) = json.loads(kg("resolve", "Zimtangaville", "--country", "Burkina Faso", "--format", "json").out)
    assert (new["id"], "a new place" in new["notes"]) == ("x:bf-zimtangaville", True)
    ask = ("resolve", "Passau", "--country", "AT", "--format", "json")
    assert [json.loads(kg(*ask, *more).out)[0]["id"] for more in ((), ("--new", "accept"))] == ["", "x:at-passau"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say either names, or --file TABLE, or --serve"),
        (("Ulm", "--kind", "hamlet"), "--kind 'hamlet' is none of"),
        (("--file", "{}/no-name.csv"), "line 1: no column is called name but ville_id, x"),
        (("--file", "{}/number.csv"), "line 2, column lat: 'north' is no number"),
    ],
)
def test_wrong_use_is_a_sentence_with_the_way_out(kg, tmp_path, arguments, said):
    write(tmp_path, "ville_id,x\n1,2\n", "no-name.csv")
    write(tmp_path, "name,lat,lon\nUlm,north,9\n", "number.csv")
    done = kg("resolve", *(argument.format(tmp_path) for argument in arguments))
    assert done.code in {1, 2}
    assert said in done.err


# --- the reconciliation service ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    resolver = Resolver.open(settings())
    running = Service(resolver, 0)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.close()
    resolver.gazetteer.close()


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{service.server_port}", trust_env=False, timeout=60) as client:
        yield client


QUERIES = {
    "q0": {"query": "Mulhouse", "properties": [{"pid": "country", "v": "FR"}]},
    "q1": {"query": "Friedberg", "limit": 2, "properties": [{"pid": "country", "v": {"id": "DE", "name": "Deutschland"}}]},
    "q2": {"query": "Bergamo", "type": "province", "properties": [{"pid": "country", "v": ["Italien"]}]},
    "q3": {"query": "Passau", "properties": [{"pid": "country", "v": "Österreich"}]},
}


def check_candidate(candidate: dict[str, Any]) -> None:
    """A reconciliation candidate as the specification's schema has it."""
    assert {"id", "name", "score"} <= candidate.keys()
    assert isinstance(candidate["id"], str)
    assert isinstance(candidate["name"], str)
    assert isinstance(candidate["score"], (int, float))
    assert isinstance(candidate["match"], bool)
    assert all(isinstance(kind["id"], str) and isinstance(kind["name"], str) for kind in candidate["type"])
    assert isinstance(candidate["features"], list)


def test_the_manifest_is_one(client):
    manifest = client.get("/").json()
    assert "0.2" in manifest["versions"]
    assert all(isinstance(manifest[key], str) for key in ("name", "identifierSpace", "schemaSpace"))
    assert "{{id}}" in manifest["view"]["url"]
    assert {"url", "width", "height"} <= manifest["preview"].keys()
    assert {"service_url", "service_path"} <= manifest["suggest"]["entity"].keys()
    assert all({"id", "name"} <= kind.keys() for kind in manifest["defaultTypes"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_batch_is_answered_by_its_keys(client, method):
    sent = {"queries": json.dumps(QUERIES)}
    answered = client.get("/", params=sent) if method == "GET" else client.post("/", data=sent)
    batch = answered.json()
    assert batch.keys() == QUERIES.keys()
    for answer in batch.values():
        for candidate in answer["result"]:
            check_candidate(candidate)
    best = batch["q0"]["result"][0]
    assert (best["id"], best["match"]) == ("gn:2991214", True)
    assert len(batch["q1"]["result"]) == 2
    assert not any(candidate["match"] for candidate in (*batch["q1"]["result"], *batch["q3"]["result"]))
    assert batch["q2"]["result"][0]["type"][0]["id"] == "province"
    assert batch["q3"]["result"][0]["id"] == "gn:2855328"


def test_suggestions_and_a_preview(client):
    suggested = client.get("/suggest", params={"prefix": "Mülhausen"}).json()["result"]
    assert any(each["id"] == "gn:2991214" for each in suggested)
    shown = client.get("/preview", params={"id": "gn:2991214"})
    assert shown.headers["content-type"].startswith("text/html")
    assert "Mulhouse" in shown.text
    assert "<script>" not in client.get("/preview", params={"id": "<script>"}).text


@pytest.mark.parametrize("text", ["", "[]", "{", '{"q0": 1}', "[" * 3000, json.dumps({str(n): {} for n in range(1001)})])
def test_what_is_no_batch_is_a_sentence(client, text):
    answered = client.post("/", data={"queries": text})
    assert answered.status_code == 400
    assert answered.json()["status"] == "error"


@pytest.mark.parametrize(
    "headers", [{"Host": "example.org"}, {"Host": "localhost"}, {"Host": "127.0.0.1:1"}, {"Origin": "https://example.org"}]
)
def test_only_this_machine_is_answered(client, headers):
    assert client.get("/", headers=headers).status_code == 403
    assert client.post("/", headers=headers, data={"queries": "{}"}).status_code == 403


def test_openrefine_s_own_page_may_ask(client):
    answered = client.get("/", headers={"Origin": "http://127.0.0.1:3333"})
    assert answered.headers["access-control-allow-origin"] == "http://127.0.0.1:3333"


def test_an_unknown_address_and_a_body_without_a_length(client):
    assert client.get("/nowhere").status_code == 404
    assert client.post("/", content=iter([b"queries=", b"{}"])).status_code == 413
