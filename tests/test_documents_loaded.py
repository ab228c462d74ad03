"""The five documents on the command line into an empty graph, reviewed in a file, and what the graph holds then."""

import datetime as dt
import json
from pathlib import Path

import pytest
import yaml

from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.reading import partnerships, partnerships_of
from tests.ingesting import write
from tests.shared_files import shared_file

LUDWIGSBURG, BERGAMO, MULHOUSE, MONTBELIARD = "gn:2875392", "gn:3182164", "gn:2991214", "gn:2992938"
COUNTY, PROVINCE, LUDWIGSHAFEN = "x:de-landkreis-ludwigsburg", "x:it-provinz-bergamo", "gn:2875376"
DATES = {"000": "2021-03", "001": "2023", "002": "2023", "003": "2021-03-16", "004": "2023-12-06"}
TEXT = "Heilbronn ist seit 1965 mit Béziers verschwistert. Mit Friedberg pflegt Heilbronn eine Städtepartnerschaft.\n"
PAIR = "partnership|gn:2907669,gn:3032833"


@pytest.fixture
def five(graph, run_kg, tmp_path):
    """All five, every candidate accepted."""
    decisions = tmp_path / "five.yaml"
    for path in sorted(shared_file("documents").glob("*.txt")):
        done = run_kg("ingest", "document", str(path), "--published", DATES[path.name[:3]], "--review", str(decisions))
        assert done.code == 0, done.err
    decisions.write_text(decisions.read_text("utf-8").replace("decision: later", "decision: accept"), "utf-8")
    loaded = run_kg("ingest", "reviewed", str(decisions), "--strict")
    assert loaded.code == 0, loaded.err
    return graph


def standing(graph, *members, family="partnership", at=None):
    found = partnerships(graph, [f"{family}|{','.join(sorted(members))}"], at)
    return (found[0].kind, found[0].status, found[0].level) if found else None


def test_the_five_documents_give_what_they_say_and_no_more(five, run_kg, tmp_path):
    assert standing(five, BERGAMO, MULHOUSE) == ("twinning", "active", "")
    assert standing(five, LUDWIGSBURG, BERGAMO, at=dt.date(2021, 12, 31)) == ("twinning", "planned", "")
    assert standing(five, LUDWIGSBURG, BERGAMO) == ("twinning", "active", "")
    assert standing(five, LUDWIGSBURG, MULHOUSE) is None
    assert standing(five, LUDWIGSBURG, "gn:688105") == ("twinning", "dormant", "official")
    assert standing(five, COUNTY, PROVINCE) == ("county", "weak", "")
    assert standing(five, LUDWIGSBURG, PROVINCE) is None
    assert standing(five, LUDWIGSBURG, "gn:3660689", family="climate") == ("climate", "active", "")
    initiatives = {(c.kind, c.status, c.id.split("|")[1]) for c in partnerships_of(five, [LUDWIGSBURG]) if c.kind == "initiative"}
    citizens = ",".join(sorted((LUDWIGSBURG, BERGAMO, MULHOUSE)))
    assert ("initiative", "proposed", citizens) in initiatives
    assert any("gn:2359142" in members for _, _, members in initiatives)
    partners = {m for c in partnerships_of(five, [LUDWIGSHAFEN]) for m in c.id.split("|")[1].split(",")} - {LUDWIGSHAFEN}
    assert partners == {"gn:5381396", "gn:2997577", "x:gb-havering", "gn:584923", "gn:314830", "gn:699553"}
    trios = json.loads(run_kg("opportunities", "Ludwigsburg", "--type", "close_triad", "--limit", "100", "--format", "json").out)
    assert "Mulhouse" in json.dumps(trios, ensure_ascii=False)
    known = run_kg("place", "Bergamo", "--known", "2021-03", "--format", "json")
    assert "planned" in known.out
    assert not [finding for finding in check(five) if finding.offenders]
    before = graph_digest(five)
    assert run_kg("ingest", "reviewed", str(tmp_path / "five.yaml")).code == 0
    assert graph_digest(five) == before


def decided(path: Path, **changes: str) -> None:
    """Accept every candidate of a file, with other values."""
    data = yaml.safe_load(path.read_text("utf-8"))
    for candidate in data["documents"][0]["candidates"]:
        candidate |= {"decision": "accept", **changes}
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


def reviewed(run_kg, folder: Path, text: str = TEXT, *more: str) -> Path:
    decisions = folder / "decisions.yaml"
    done = run_kg("ingest", "document", str(write(folder, text, "paper.txt")), "--review", str(decisions), *more)
    assert done.code == 0, done.err
    return decisions


def test_reading_again_proposes_nothing_twice_and_keeps_decisions(run_kg, tmp_path):
    decisions = reviewed(run_kg, tmp_path)
    decided(decisions)
    once = yaml.safe_load(decisions.read_text("utf-8"))
    done = run_kg(
        "ingest", "document", str(write(tmp_path, "\n\n" + TEXT.replace(" ", "  "), "other.txt")), "--review", str(decisions)
    )
    assert "0 candidates are new" in done.err
    twice = yaml.safe_load(decisions.read_text("utf-8"))
    assert [c["id"] for c in twice["documents"][0]["candidates"]] == [c["id"] for c in once["documents"][0]["candidates"]]
    assert {c["decision"] for c in twice["documents"][0]["candidates"]} == {"accept"}


def test_only_what_was_accepted_is_loaded(graph, run_kg, tmp_path):
    decisions = reviewed(run_kg, tmp_path)
    loaded = run_kg("ingest", "reviewed", str(decisions), "--format", "json")
    assert json.loads(loaded.out)[0]["loaded"] == 0
    assert graph.read("MATCH (c:Claim) RETURN count(c) AS n")[0]["n"] == 0


def test_a_quote_that_is_not_in_the_text_is_not_loaded(graph, run_kg, tmp_path):
    decisions = reviewed(run_kg, tmp_path)
    decided(decisions, quote="Heilbronn und Béziers sind seit 1950 verschwistert.")
    loaded = run_kg("ingest", "reviewed", str(decisions))
    assert "is not in the document's text" in loaded.err
    assert graph.read("MATCH (c:Claim) RETURN count(c) AS n")[0]["n"] == 0


def test_an_open_place_is_asked_for_and_a_sure_one_loads_by_itself(graph, run_kg, tmp_path):
    paper = write(tmp_path, TEXT, "paper.txt")
    done = run_kg("ingest", "document", str(paper), "--accept-above", "0.8", "--published", "2024-05", "--format", "json")
    assert done.code == 0, done.err
    found = partnerships(graph, [PAIR])[0]
    assert (found.kind, found.status, found.since) == ("twinning", "active", "1965")
    assert len(graph.read("MATCH (p:Partnership) RETURN p.id AS id")) == 1
    quotes = graph.read("MATCH (c:Claim {subject: $id}) RETURN DISTINCT c.quote AS quote", {"id": PAIR})
    assert [row["quote"] for row in quotes] == ["Heilbronn ist seit 1965 mit Béziers verschwistert."]
    decisions = reviewed(run_kg, tmp_path)
    decided(decisions)
    assert "which Friedberg is meant is not decided" in run_kg("ingest", "reviewed", str(decisions)).err


def test_a_document_without_a_date_says_nothing_of_today(graph, run_kg, tmp_path):
    decisions = reviewed(run_kg, tmp_path)
    decided(decisions)
    assert run_kg("ingest", "reviewed", str(decisions)).code == 0
    dates = graph.read("MATCH (c:Claim {subject: $id}) RETURN DISTINCT c.as_of AS as_of, c.stated AS stated", {"id": PAIR})
    assert {(row["as_of"] or "", row["stated"] or "") for row in dates} == {("", "")}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &a [x]\nb: *a\n", "anchors"),
        ("documents:\n- id: x\n  nonsense: 1\n", "nonsense"),
        ("- 1\n", "decisions.yaml"),
        ("documents: []\n", "no document"),
        ("{{{", "YAML"),
        ("documents:\n- id: ../../x\n", "not in"),
        ("documents:\n- id: abc\n  candidates:\n  - {id: x, quote: q, decision: perhaps}\n", "decision"),
    ],
)
def test_a_file_of_decisions_that_is_none_is_a_sentence(run_kg, tmp_path, text, says):
    done = run_kg("ingest", "reviewed", str(write(tmp_path, text, "decisions.yaml")), "--dry-run")
    assert (done.code in {1, 2}, says in done.err, "Traceback" in done.err) == (True, True, False), done.err


@pytest.mark.parametrize("options", [["--review", "x.yaml"], ["--accept-above", "0.9"]])
def test_options_of_documents_are_for_documents(run_kg, options):
    assert run_kg("ingest", "bundled", *options).code == 2


def test_candidates_are_shown_without_loading(run_kg, tmp_path):
    done = run_kg("ingest", "document", str(write(tmp_path, TEXT, "paper.txt")), "--format", "json")
    rows = json.loads(done.out)
    assert {"id", "says", "quote", "confidence", "question"} <= set(rows[0])
    assert "nothing was loaded" in done.err
