"""The query library: what it says of itself, and what each query finds in the bundled facts."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

import pytest

from kg.errors import QueryFileError, UsageError
from kg.present.tables.results import columns_for_people, headings, localized, table
from kg.present.tables.tabular import to_csv
from kg.store.driver import Graph, LibraryText
from kg.store.queries import Column, arguments_of, library, library_query, parse_query
from kg.vocabulary import BASES, EVENT_KINDS, LEVELS, PREDICATES, STATUSES
from tests.query_lint import lint

HEADER = "// title: T\n// description: D\n"


def run(graph: Graph, name: str, **given: str) -> list[dict[str, Any]]:
    query = library_query(name)
    return graph.read(LibraryText(query.text), arguments_of(graph, query, given))


def tuples(rows: Iterable[dict[str, Any]], *columns: str) -> set[tuple[Any, ...]]:
    return {tuple(tuple(v) if isinstance(v := row[c], list) else v for c in columns) for row in rows}


# --- every query ------------------------------------------------------------------------------------------------------


def test_the_library_has_what_its_users_ask_for():
    wanted = {
        "partners-of-place", "climate-partners", "open-triads", "open-triads-as-bridge", "rings", "common-partners",
        "shortest-connection", "dormant-and-ended", "contested", "claims-behind-tie", "anniversaries", "partnerships-by-country",
        "district-links-city-lacks", "sources-by-freshness", "joint-engagements",
    }  # fmt: skip
    assert wanted <= set(library())


FAULTS_ONLY = {"possible-duplicates"}
"""Queries that find what should not be."""


def cells(values: Iterable[Any]) -> Iterable[Any]:
    return (part for value in values if value is not None for part in (value if isinstance(value, list) else [value]))


def fits(type_: str, value: Any) -> bool:
    """Whether a cell can be what its column says; a name can be any text, a kind can be a name."""
    known = {
        "status": STATUSES, "basis": {*BASES, "stated"}, "level": {*LEVELS, ""}, "predicate": {*PREDICATES, "members"},
        "event": EVENT_KINDS, "run": {"done", "failed", "running"},
    }  # fmt: skip
    shapes = {
        "date": r"(\d{4}(-\d\d){0,2})?", "time": r"\d{4}-\d\d-\d\dT.*", "country": "([A-Z]{2})?", "url": "(https?://.*)?",
        "partnership": r"\w+\|.*", "place": r"(?!\w+:[\w-]+$).*",
    }  # fmt: skip
    if type_ in {"number", "boolean"}:
        return isinstance(value, bool) if type_ == "boolean" else isinstance(value, int | float) and not isinstance(value, bool)
    return (
        isinstance(value, str) and value in known.get(type_, {value}) and bool(re.fullmatch(shapes.get(type_, ".*"), value, re.S))
    )


ORDERED = re.compile(r"ORDER BY ([^\n]*)(?:\nLIMIT [^\n]*)?\s*$")


@pytest.mark.parametrize("name", sorted(library()))
def test_runs_with_its_defaults_returns_what_it_says_and_in_one_order(bundled_graph: Graph, name: str):
    query = library_query(name)
    summary = bundled_graph.explain(LibraryText(query.text), arguments_of(bundled_graph, query, {}))
    assert summary.query_type == "r"
    assert [o.status_description for o in summary.gql_status_objects if o.is_notification] == []
    rows = run(bundled_graph, name)
    assert bool(rows) == (name not in FAULTS_ONLY), "the defaults find nothing, or a fault of the bundled facts"
    assert {tuple(row) for row in rows} <= {query.columns}
    for column in query.returns:
        for value in cells(row[column.name] for row in rows):
            assert fits(column.type, value), f"{column.name} is no {column.type}: {value!r}"
    order = ORDERED.search(query.text.strip())
    assert order, "the last line orders the rows"
    keys = [part.split()[0] for part in order[1].split(",")]
    placed = [repr([row.get(key) for key in keys]) for row in rows]
    assert keys[-1].endswith(".id") or len(placed) == len(set(placed)), f"rows with the same {keys} could come in any order"


# --- what they find ---------------------------------------------------------------------------------------------------


def test_partners_of_place(bundled_graph: Graph):
    rows = run(bundled_graph, "partners-of-place", place="Ludwigsburg")
    found = tuples(rows, "partner", "country", "kind", "status")
    assert {
        ("Montbéliard", "FR", "twinning", "active"), ("Caerphilly", "GB", "twinning", "active"),
        ("Yevpatoria", "UA", "twinning", "dormant"), ("Bergamo", "IT", "twinning", "active"),
        ("Nový Jičín", "CZ", "twinning", "active"), ("Kongoussi", "BF", "climate", "active"),
    } <= found  # fmt: skip
    assert not {row["partner"] for row in rows if row["kind"] == "twinning"} & {"Mulhouse", "Brescia", "Ludwigshafen am Rhein"}
    living = [row["status"] in {"active", "weak", "planned", "unknown"} for row in rows]
    assert living == sorted(living, reverse=True)
    assert {row["partner"] for row in rows if "since" in row["contested"]} >= {"Montbéliard"}


def test_a_place_may_be_named_in_any_language(bundled_graph: Graph):
    assert run(bundled_graph, "partners-of-place", place="Mömpelgard") == run(
        bundled_graph, "partners-of-place", place="Montbéliard"
    )


def test_climate_partners(bundled_graph: Graph):
    everywhere = tuples(run(bundled_graph, "climate-partners"), "place", "partner", "kind")
    pairs = {(frozenset((a, b)), kind) for a, b, kind in everywhere}
    assert (frozenset({"Ludwigsburg", "Kongoussi"}), "climate") in pairs
    assert {kind for _, kind in pairs} <= {"climate", "sustainability", "solidarity"}
    one = run(bundled_graph, "climate-partners", place="Ludwigsburg")
    assert all("Ludwigsburg" in (row["place"], row["partner"]) for row in one)
    assert 0 < len(one) < len(everywhere)


def test_open_triads(bundled_graph: Graph):
    rows = run(bundled_graph, "open-triads", place="Ludwigsburg")
    found = tuples(rows, "place", "bridge", "candidate", "candidate_country", "first_tie", "second_tie")
    assert ("Ludwigsburg", "Bergamo", "Mulhouse", "FR", "twinning", "twinning") in found
    candidates = {row["candidate"] for row in rows}
    assert not candidates & {"Ludwigsburg", "Montbéliard", "Caerphilly", "Kongoussi", "Brescia"}, "already tied, or no city's tie"
    assert "Yevpatoria" not in {row["bridge"] for row in rows}, "a dormant tie is no bridge"
    # The same triad from its other end.
    assert ("Mulhouse", "Bergamo", "Ludwigsburg") in tuples(
        run(bundled_graph, "open-triads", place="Mulhouse"), "place", "bridge", "candidate"
    )


def test_open_triads_as_bridge(bundled_graph: Graph):
    found = tuples(run(bundled_graph, "open-triads-as-bridge", place="Bergamo"), "bridge", "first", "second")
    assert ("Bergamo", "Ludwigsburg", "Mulhouse") in found or ("Bergamo", "Mulhouse", "Ludwigsburg") in found
    assert all(first != second for _, first, second in found)


def test_rings(bundled_graph: Graph):
    found = run(bundled_graph, "rings")
    assert all(len({row["first"], row["second"], row["third"]}) == 3 for row in found)
    for_one = run(bundled_graph, "rings", place="Ludwigsburg")
    assert all("Ludwigsburg" in (row["first"], row["second"], row["third"]) for row in for_one)
    trios = {frozenset((row["first"], row["second"], row["third"])) for row in found}
    assert frozenset({"Ludwigsburg", "Bergamo", "Mulhouse"}) not in trios, "Ludwigsburg and Mulhouse have no tie"


def test_joint_engagements(bundled_graph: Graph):
    rows = run(bundled_graph, "joint-engagements", place="Ludwigsburg")
    found = tuples(rows, "members", "target")
    assert (("Kongoussi", "Ludwigsburg", "Montbéliard"), "Kongoussi") in found
    proposed = [row for row in rows if set(row["members"]) == {"Bergamo", "Ludwigsburg", "Mulhouse"}]
    assert [row["status"] for row in proposed if row["kind"] == "initiative"]
    assert all(len(row["members"]) >= 3 for row in run(bundled_graph, "joint-engagements"))


def test_common_partners(bundled_graph: Graph):
    found = tuples(run(bundled_graph, "common-partners", a="Ludwigsburg", b="Mulhouse"), "partner", "with_a", "with_b")
    assert ("Bergamo", ("twinning",), ("twinning",)) in found


def test_shortest_connection(bundled_graph: Graph):
    rows = run(bundled_graph, "shortest-connection", a="Ludwigsburg", b="Mulhouse")
    assert {(row["steps"], *row["places"]) for row in rows} == {(2, "Ludwigsburg", "Bergamo", "Mulhouse")}


def test_dormant_and_ended(bundled_graph: Graph):
    found = tuples(run(bundled_graph, "dormant-and-ended"), "members", "kind", "status", "level")
    assert (("Ludwigsburg", "Yevpatoria"), "twinning", "dormant", "official") in found
    assert {status for _, _, status, _ in found} <= {name for name, status in STATUSES.items() if not status.bridge}


def test_possible_duplicates(graph: Graph):
    graph.write(
        "UNWIND $rows AS row MERGE (p:Place:City {id: row[0]}) "
        "SET p.name = row[1], p.country = row[2], p.search = [toLower(row[1])]",
        {"rows": [["gn:1", "Santana", "ST"], ["x:st-santana", "Santana", "ST"], ["gn:2", "Ulm", "DE"], ["x:at-ulm", "Ulm", "AT"],
                  ["gn:3", "Berg", "DE"], ["gn:4", "Berg", "DE"], ["wd:Q1", "santana", "ST"], ["gn:5", "Bern", "CH"]]},
    )  # fmt: skip
    graph.write(
        """UNWIND [['gn:1', 'a'], ['gn:5', 'a'], ['x:st-santana', 'b'], ['gn:5', 'b']] AS row
           MATCH (p:Place {id: row[0]}) MERGE (s:Partnership {id: row[1]}) MERGE (p)-[:PARTNER_IN]->(s)"""
    )
    rows = run(graph, "possible-duplicates")
    assert [(row["place"], row["other"], row["common"]) for row in rows] == [
        ("gn:1", "x:st-santana", 1), ("gn:1", "wd:Q1", 0), ("wd:Q1", "x:st-santana", 0),
    ]  # fmt: skip


def test_contested(bundled_graph: Graph):
    rows = run(bundled_graph, "contested")
    montbeliard = next(r for r in rows if r["subject"] == "partnership|gn:2875392,gn:2992938" and r["property"] == "since")
    years = {statement[:4] for statement in montbeliard["statements"]}
    assert {"1950", "1962"} <= years
    assert all(len(row["statements"]) > 1 for row in rows)


def test_claims_behind_tie(bundled_graph: Graph):
    rows = run(bundled_graph, "claims-behind-tie", a="Ludwigsburg", b="Bergamo")
    said = tuples(rows, "partnership", "predicate", "value")
    tie = "partnership|gn:2875392,gn:3182164"
    # Planned and then signed is history: both statements stand beside each other.
    assert {(tie, "kind", "twinning"), (tie, "status", "planned"), (tie, "since", "2022-10-21")} <= said
    assert all(row["source"] for row in rows)


def test_anniversaries(bundled_graph: Graph):
    found = tuples(run(bundled_graph, "anniversaries", year="2025"), "years", "members", "since")
    assert (75, ("Ludwigsburg", "Montbéliard"), "1950") in found
    years = {row["years"] for row in run(bundled_graph, "anniversaries", year="2026", country="FR")}
    assert all(y == 10 or y % 25 == 0 for y in years)


def test_partnerships_by_country(bundled_graph: Graph):
    rows = run(bundled_graph, "partnerships-by-country", country="DE")
    assert ("FR", "twinning") in tuples(rows, "partner_country", "kind")
    assert "DE" not in {row["partner_country"] for row in rows}
    assert all(0 <= row["in_force"] <= row["partnerships"] for row in rows)


def test_district_links_city_lacks(bundled_graph: Graph):
    rows = run(bundled_graph, "district-links-city-lacks")
    bodies = {frozenset((row["body"], row["partner"])) for row in rows}
    assert frozenset({"Landkreis Landshut", "Provincia di Vicenza"}) in bodies
    ours = frozenset({"Landkreis Ludwigsburg", "Provincia di Bergamo"})
    assert ours not in bodies, "the two cities have a tie of their own"


def test_sources_by_freshness(bundled_graph: Graph):
    rows = run(bundled_graph, "sources-by-freshness")
    dates = [row["stated"] for row in rows if row["stated"]]
    assert dates == sorted(dates)
    assert all(row["claims"] > 0 for row in rows)


def test_one_sided(bundled_graph: Graph):
    rows = run(bundled_graph, "one-sided", country="IT")
    assert all(row["kind"] and row["status"] for row in rows)
    every = tuples(run(bundled_graph, "one-sided", limit="100000"), "listed_by", "not_by", "kind")
    assert not {("Ludwigsburg", "Bergamo", "twinning"), ("Bergamo", "Ludwigsburg", "twinning")} & every, "both sides speak of it"


def test_organisations_networks_events_topics_and_runs(bundled_graph: Graph):
    assert ("Förderkreis Burkina Faso e.V.", True) in tuples(
        run(bundled_graph, "organisations-of-place"), "organisation", "based"
    )
    assert "Klima-Bündnis" in {row["network"] for row in run(bundled_graph, "networks-of-place")}
    events = run(bundled_graph, "events-of-place")
    assert ("2023-05-12", "signing") in tuples(events, "date", "kind")
    assert [row["date"] for row in events] == sorted((row["date"] for row in events), reverse=True)
    shown = columns_for_people(library()["events-of-place"], "de")
    assert [column.name for column in shown] == ["date", "kind", "event_de", "with", "topics"]
    assert headings(["event_de"], "de")["event_de"] == "Ereignis"
    told = {row["Art"] for row in table(events, shown, "de")}
    assert {"Unterzeichnung", "Projekt"} <= told, "a project that took place is no partnership"
    english = columns_for_people(library()["events-of-place"], "en")
    assert [column.name for column in english] == ["date", "kind", "event", "with", "topics_en"]
    deed = next(row for row in events if row["date"] == "2023-05-12" and row["kind"] == "signing")
    assert deed["event_de"] == "Partnerschaftsurkunde von Ludwigsburg und Bergamo, erneut unterzeichnet in Ludwigsburg"
    topics = tuples(run(bundled_graph, "topics", topic="climate"), "members", "kind")
    assert (("Kongoussi", "Ludwigsburg"), "climate") in topics
    assert ("bundled", "done") in tuples(run(bundled_graph, "runs"), "source", "status")


def test_tables_name_places_in_the_language(bundled_graph: Graph):
    ids = {"first_id": "gn:2861650", "members_id": ["gn:2861650", "gn:1"], "with_id": None}
    rows: list[dict[str, Any]] = [
        {"first": "Nuremberg", "members": ["Nuremberg", "Nowhere"], "status": "Nuremberg", "with": None, **ids}
    ]
    columns = (Column("first", "place"), Column("members", "place"), Column("status", "status"), Column("with", "place"))
    german = localized(bundled_graph, rows, columns, "de")
    assert german == [{"first": "Nürnberg", "members": ["Nürnberg", "Nowhere"], "status": "Nuremberg", "with": None, **ids}]
    assert localized(bundled_graph, rows, columns, "en") == rows


def test_of_two_namesakes_the_one_with_a_german_name_has_it_alone(graph: Graph):
    graph.write(
        """UNWIND $rows AS row CREATE (p:Place:City {id: row[0], name: row[1], country: row[2]}) SET p.name_de = row[3]
           WITH collect(p) AS places UNWIND places[1..] AS other
           CREATE (s:Partnership {id: 'x' + other.id, kind: 'twinning', status: 'unknown', in_force: true, since: '2017'})
           WITH s, places, other UNWIND [places[0], other] AS p CREATE (p)-[:PARTNER_IN]->(s)""",
        {"rows": [["gn:1", "Ulm", "DE", None], ["gn:2", "Breslau", "US", None], ["gn:3", "Nysa", "PL", "Neisse"],
                  ["gn:4", "Nysa", "PL", None], ["gn:5", "Neisse", "US", None]]},
    )  # fmt: skip
    rows = localized(graph, run(graph, "anniversaries", year="2027"), library_query("anniversaries").returns, "de")
    assert {tuple(row["members"]) for row in rows} == {("Breslau", "Ulm"), ("Neisse", "Ulm"), ("Nysa", "Ulm")}
    assert sorted(row["members"][0] for row in rows) == ["Breslau", "Neisse", "Neisse", "Nysa"]
    partners = localized(graph, run(graph, "partners-of-place", place="gn:1"), library_query("partners-of-place").returns, "de")
    assert {(row["partner_id"], row["partner"]) for row in partners} == {
        ("gn:2", "Breslau"), ("gn:3", "Neisse"), ("gn:4", "Nysa"), ("gn:5", "Neisse"),
    }  # fmt: skip


def test_most_connected(bundled_graph: Graph):
    rows = run(bundled_graph, "most-connected", country="DE", limit="5")
    assert {row["country"] for row in rows} == {"DE"}
    assert len(rows) == 5
    assert [row["partners"] for row in rows] == sorted((row["partners"] for row in rows), reverse=True)


def test_csv_of_open_triads_is_read_back_as_it_was(bundled_graph: Graph):
    rows, query = run(bundled_graph, "open-triads"), library_query("open-triads")
    back = list(csv.DictReader(io.StringIO(to_csv(rows, query.columns))))
    assert [tuple(row.values()) for row in back] == [tuple(row.values()) for row in rows]


# --- the files --------------------------------------------------------------------------------------------------------

BROKEN = [
    ("Bad_Name", HEADER + "// returns: x – x\nRETURN 1 AS x", "a query's name has"),
    ("a" * 65, HEADER + "// returns: x – x\nRETURN 1 AS x", "a query's name has"),
    ("q", "// description: D\n// returns: x – x\nRETURN 1 AS x", "q.cypher:1: the header line '// title"),
    ("q", "// title: T\n// returns: x – x\nRETURN 1 AS x", "q.cypher:1: the header line '// description"),
    ("q", HEADER + "RETURN 1 AS x", "q.cypher:1: no '// returns"),
    ("q", HEADER + "// returns: x\nRETURN 1 AS x", "q.cypher:3: write '// returns"),
    ("q", HEADER + "// returns: x sort – x\nRETURN 1 AS x", "q.cypher:3: no column is a 'sort'"),
    ("q", HEADER + "// note: hm\n// returns: x – x\nRETURN 1 AS x", "q.cypher:3: not a header line"),
    (
        "q",
        HEADER + "// param: a integer – n\n// returns: x – x\nRETURN 1 AS x",
        "q.cypher:3: parameter 'a' is declared but not used",
    ),
    ("q", HEADER + "// returns: x – x\nRETURN 1 AS y,\n  $a AS x", "q.cypher:5: parameter 'a' is used but not declared"),
    ("q", HEADER + "// returns: x – x\nRETURN 1 AS x // $a\n, '$b' AS y, $c AS z", "q.cypher:5: parameter 'c' is used"),
    ("q", HEADER + "// param: a number – n\n// returns: x – x\nRETURN $a AS x", "q.cypher:3: write '// param"),
    (
        "q",
        HEADER + "// param: a integer = many – n\n// returns: x – x\nRETURN $a AS x",
        "q.cypher:3: the default 'many' is no integer",
    ),
    (
        "q",
        HEADER + "// param: a date = 2021-13 – n\n// returns: x – x\nRETURN $a AS x",
        "q.cypher:3: the default '2021-13' is no date",
    ),
    (
        "q",
        HEADER + "// param: a string – n\n// param: a string – n\n// returns: x – x\nRETURN $a AS x",
        "q.cypher:4: parameter 'a' is declared twice",
    ),
    ("q", "RETURN 1 AS x", "q.cypher:1: the header line '// title"),
    ("q", "", "q.cypher:1: the header line '// title"),
]


@pytest.mark.parametrize(("name", "text", "message"), BROKEN)
def test_a_file_whose_header_and_text_disagree_is_refused(name: str, text: str, message: str):
    with pytest.raises(QueryFileError) as refusal:
        parse_query(name, text)
    assert message in str(refusal.value)


def test_a_header_says_what_the_query_takes_and_gives():
    query = parse_query(
        "q", HEADER + '// param: a string = "" – one\n// param: n integer = 3 – many\n// returns: x – what\nRETURN $a + $n AS x'
    )
    assert query.arguments({"n": "7"}) == {"a": "", "n": 7}
    assert query.columns == ("x",)


@pytest.mark.parametrize(
    ("given", "message"),
    [({"b": "1"}, "has no parameter 'b'"), ({}, "needs --set a=…"), ({"a": "x"}, "a='x' is no integer")],
)
def test_wrong_arguments_are_answered_with_what_is_wanted(given: dict[str, str], message: str):
    query = parse_query("q", HEADER + "// param: a integer – how many\n// returns: x – x\nRETURN $a AS x")
    with pytest.raises(UsageError) as refusal:
        query.arguments(given)
    assert message in str(refusal.value)


def test_an_unknown_query_is_answered_with_where_to_look():
    with pytest.raises(UsageError, match="kg query list"):
        library_query("../etc/passwd")


# --- the linter -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(library()))
def test_every_file_uses_the_names_of_the_vocabulary(name: str):
    assert lint(name, library_query(name).text) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("MATCH (p:Town) RETURN p.id", "q.cypher:1: no label or relationship type is called Town"),
        (
            "MATCH (p:City)\nMATCH (p)-[:TWINNED|FRIENDS_WITH]-(q) RETURN p.id",
            "q.cypher:2: no label or relationship type is called TWINNED",
        ),
        ("MATCH (p:City)\nRETURN p.inhabitants", "q.cypher:2: no property is called inhabitants"),
        ("MATCH (p:City {zip: '1'}) RETURN p.id", "q.cypher:1: no property is called zip"),
        ("MATCH (p:Partnership) WHERE p.status = 'aktiv' RETURN p.id", "no status is called aktiv"),
        (
            "MATCH (p:Partnership) WHERE p.status IN ['active', 'weak'] RETURN p.id",
            "neither those of a bridge nor those in force",
        ),
        ("MATCH (p:Partnership) WHERE p.kind IN ['twin'] RETURN p.id", "no kind is called twin"),
        ("MATCH (a)-[:TWINNED_WITH|FRIENDS_WITH|IN_CONTACT_WITH]-(b) RETURN a.id", "the types of ties are incomplete"),
    ],
)
def test_the_linter_names_file_and_line(text: str, message: str):
    found = lint("q", text)
    assert len(found) == 1
    assert message in found[0]


def test_the_linter_looks_at_neither_comments_nor_texts():
    assert lint("q", "// p.zip (x:Town)\nMATCH (p:City) WHERE p.name = 'a.zip (x:Town)' RETURN p.name // p.zip") == []
