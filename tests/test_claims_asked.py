"""What the rules of docs/claims.md come to where a user asks: commands on the bundled facts and on what was just loaded."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.sources import bundled
from kg.model.claims import Claim, Source
from kg.model.clocks import holds
from kg.model.identity import partnership_id
from kg.settings import Settings
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.load import Loader
from kg.store.reading import ClaimCard
from kg.store.runs import begin_run, new_run_id
from kg.store.schema import ensure_schema
from scripts.check_facts import bundled_claims
from tests.conftest import wipe
from tests.ingesting import ingest_file, write
from tests.test_load import GROUND, PAIR, load

HEAD = "Stadt,Land,Partnerstadt,Partnerland,Jahr,Status\n"
PLACES = ("Ludwigsburg", "Bergamo", "Mulhouse", "Chemnitz", "Köln", "München", "Dessau-Roßlau", "Velbert")


def asked(run, *command):
    done = run(*command, "--format", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


# --- Nothing later than the day (8) ----------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["1990-06-30", "2015-12-31"])
def test_what_is_told_of_a_day_held_on_it_and_a_beginning_has_its_claim(run_bundled, day):
    then = dt.date.fromisoformat(day)
    for place in PLACES:
        document = asked(run_bundled, "place", place, "--as-of", day)
        claims = [ClaimCard(**row) for row in document["claims"]]
        assert [c.id for c in claims if not holds(c, then)] == []
        assert [
            c.id for c in claims if c.predicate in {"status", "kind", "topic", "programme"} and (c.as_of or c.stated) > day
        ] == []
        told = {(c.subject, c.predicate) for c in claims}
        assert [
            tie["partnership"] for tie in document["ties"] if tie["since"] and (tie["partnership"], "since") not in told
        ] == []


def test_topics_networks_and_support_are_those_of_the_day(run_bundled):
    today = asked(run_bundled, "opportunities", "Ludwigsburg", "--limit", "50")
    then = asked(run_bundled, "opportunities", "Ludwigsburg", "--limit", "50", "--as-of", "1990-06-30")
    assert any(each["topics"] for each in today)
    assert any(carrier["how"] == "supports" for each in today for carrier in each["carriers"])
    assert then != []
    assert [each["topics"] for each in then if each["topics"]] == []
    assert [carrier for each in then for carrier in each["carriers"] if carrier["how"] == "supports"] == []
    assert [meeting for each in then for meeting in each["meetings"] if meeting["date"] > "1990-06-30"] == []


# --- A country that nobody knows (9) -------------------------------------------------------------------------------------


def test_a_country_that_nobody_knows_fails_no_programme(graph, run_kg):
    city = "src:city"
    places = {"gn:1": "DE", "gn:2": "FR", "gn:3": "IT", "gn:4": ""}
    told = [
        Claim(
            city, place, "entry", json.dumps({"name": f"N{place[3:]}", "kind": "city", "population": 50_000, "country": country})
        )
        for place, country in places.items()
    ]
    countries = [
        Claim(city, f"iso:{c}", "entry", json.dumps({"name": c, "kind": "country", "country": c})) for c in ("DE", "FR", "IT")
    ]
    ties = [Claim(city, partnership_id("partnership", pair), "kind", "twinning") for pair in (("gn:1", "gn:2"), ("gn:1", "gn:4"))]
    load(graph, [*countries, *told, *ties])
    unknown, known = (
        {row["programme"]: row["verdict"] for row in asked(run_kg, "funding", "gn:1", "gn:2", third)}
        for third in ("gn:4", "gn:3")
    )
    assert [p for p, verdict in unknown.items() if verdict == "fail" and known[p] == "pass"] == []
    assert [p for p, verdict in unknown.items() if verdict == "unknown" and known[p] == "pass"] != []


# --- Weights weigh (10) -------------------------------------------------------------------------------------------------


def test_a_weight_of_nothing_hides_nothing(run_bundled):
    every = ("opportunities", "Ludwigsburg", "--limit", "40")
    plain = asked(run_bundled, *every)
    programme = next(row["programme"] for row in plain[0]["funding"] if row["verdict"] == "pass")
    asking = [(), ("--programme", programme), ("--topic", "climate")]
    for filters in asking:
        sets = []
        for weights in (
            (),
            ("--weights", "funding=0,topics=0,networks=0"),
            ("--weights", "funding=0"),
            ("--weights", "strength=0"),
        ):
            found = asked(run_bundled, "opportunities", "Ludwigsburg", "--limit", "5000", *filters, *weights)
            sets.append({(tuple(p["id"] for p in each["places"]), each["type"]) for each in found})
        assert sets[0]
        assert sets == [sets[0]] * 4
    weighed = {
        tuple(p["id"] for p in each["places"]): each for each in asked(run_bundled, *every, "--weights", "topics=0,funding=0")
    }
    for each in plain:
        same = weighed.get(tuple(p["id"] for p in each["places"]))
        if same:
            assert [same[name] for name in ("topics", "funding", "evidence")] == [
                each[name] for name in ("topics", "funding", "evidence")
            ]


# --- Dates that cannot be one day (11), a day of looking up (17), a finer programme (18) ---------------------------------


@pytest.fixture
def rows(graph, tmp_path):
    """Load rows about Ludwigsburg and Montbéliard, each call a source of its own: year, status."""

    def loaded(name, *lines, **options):
        text = HEAD + "".join(f"Ludwigsburg,Deutschland,Montbéliard,Frankreich,{line}\n" for line in lines)
        report = ingest_file("table", write(tmp_path, text, f"{name}.csv"), graph, **options)
        assert report.account.loaded == len(lines)

    return loaded


@pytest.mark.parametrize(
    ("years", "contested"),
    [
        (("1950", "1950-05-31", "1950-09-01"), True),
        (("1950-09-01", "1950", "1950-05-31"), True),
        (("1950-05", "1950-05-31", "1950-06"), True),
        (("1950", "1950-05", "1950-05-31"), False),
        (("1950", "1951"), True),
    ],
)
def test_beginnings_that_cannot_be_one_day_are_contested_however_coarse_the_first(run_kg, rows, years, contested):
    for number, year in enumerate(years):
        rows(f"list{number}", f"{year},", published="2024")
    found = [row["property"] for row in asked(run_kg, "query", "run", "contested")]
    assert found == (["since"] if contested else [])
    assert asked(run_kg, "place", "Ludwigsburg")["ties"][0]["contested"] == found


def test_a_page_without_a_date_says_at_the_latest_and_is_never_newer_than_what_is_dated(run_kg, rows):
    rows("mirror", "1950,active")
    tie = asked(run_kg, "place", "Ludwigsburg")["ties"][0]
    today = dt.date.today().isoformat()
    assert (tie["status"], tie["status_as_of"], tie["status_undated"]) == ("active", today, True)
    rows("paper", "1950,ended", published="2022-06")
    tie = asked(run_kg, "place", "Ludwigsburg")["ties"][0]
    assert (tie["status"], tie["status_as_of"], tie["status_undated"]) == ("ended", "2022-06", False)
    rows("other", "1962,dormant")
    behind = asked(run_kg, "query", "run", "claims-behind-tie", "--set", "a=Ludwigsburg", "--set", "b=Montbéliard")
    marks = {row["source"]: row["at_the_latest"] for row in behind}
    assert marks == {"mirror": today, "other": today, "paper": None}
    said = [text for row in asked(run_kg, "query", "run", "contested") for text in row["statements"]]
    assert {f"1962 (other, ≤ {today})", "1950 (paper, 2022-06)", f"dormant (other, ≤ {today})"} <= set(said)


def test_a_finer_programme_refines_a_coarser_one_whatever_was_loaded_last(graph):
    coarse = Claim("src:city", PAIR, "programme", "SKEW", as_of="2024")
    fine = Claim("src:press", PAIR, "programme", "SKEW phase 5", as_of="2016")
    for order in ((coarse, fine), (fine, coarse)):
        wipe(graph)
        load(graph, GROUND, "ground")
        for number, claim in enumerate(order):
            load(graph, [claim], f"set{number}")
        assert graph.read("MATCH (p:Partnership) RETURN p.programme AS programme") == [{"programme": "SKEW phase 5"}]


def test_no_phase_of_a_programme_is_hidden_by_its_programme(bundled_graph):
    query = (
        "MATCH (p:Partnership)<-[:ABOUT]-(c:Claim {predicate: 'programme'}) WITH p, collect(c.value) AS told "
        "WHERE any(a IN told WHERE a STARTS WITH p.programme + ' ') RETURN p.id AS id"
    )
    assert bundled_graph.read(query) == []


# --- A first load that was cut (14) ---------------------------------------------------------------------------------------


def test_the_demo_finishes_a_first_load_that_was_cut(graph, bundled_graph, graph_settings):
    """What a killed load leaves: some subjects, and a run that never ended."""
    claims, _ = bundled_claims()
    ensure_schema(graph)
    begin_run(graph, new_run_id(), "bundled")
    half = Loader(graph, "bundled", "cut")
    half.sources(_sources(graph_settings))
    half.load(claim for subject in sorted(claims)[:40] for claim in claims[subject])
    demo = _demo(graph_settings)
    assert demo.stderr is not None
    told = next((line for line in iter(demo.stderr.readline, "") if "bundled facts" in line or "app ready" in line), "")
    demo.terminate()
    demo.wait(60)
    demo.stderr.close()
    assert "bundled facts loaded" in told
    assert graph_digest(graph) == graph_digest(bundled_graph)
    assert [finding for finding in check(graph) if finding.broken] == []


def _sources(settings: Settings) -> tuple[Source, ...]:
    return bundled.open_source(Request(descriptor("bundled"), settings)).sources


def _demo(settings: Settings) -> "subprocess.Popen[str]":
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("KG_", "NEO4J_"))}
    environment = {**plain, "KG_HOME": str(settings.home), "KG_CACHE": str(settings.cache_dir), "KG_NO_BROWSER": "1"}
    command = [Path(sys.executable).with_name("kg"), "demo"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
