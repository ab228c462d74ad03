"""Wikidata: live from a service that pages, throttles, breaks off and lies; from saved results; from pairs of items."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rows import Reject
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import Options, ingest
from ingest.wikidata.items import item_id, partial_date, point
from kg.errors import DataError, KgError, UsageError
from kg.settings import Settings
from kg.store.check import check
from kg.store.digest import graph_digest
from kg.store.driver import LibraryText
from kg.store.queries import library_query
from tests.shared_files import shared_file
from tests.wikidata_service import (
    World,
    breaks_off,
    fails,
    falls_silent,
    literal,
    never_ends,
    says,
    serving,
    throttles,
    truncates,
    uri,
)

MONTBELIARD = "gn:2992938"
PAIR = f"partnership|gn:2875392,{MONTBELIARD}"


def named(name: str, country: str, lat: float, lon: float, geonames: str = "") -> list[tuple[str, str, str]]:
    fields = [("name", name, "en"), ("country", country, ""), ("coordinates", f"Point({lon} {lat})", "")]
    return [*fields, *([("geonames", geonames, "")] if geonames else [])]


# QIDs of the world are its own; the places are real ones.
WORLD = World(
    [
        ("Q1", "Q2", {"since": "1950-05-31T00:00:00Z|11", "references": "2", "url": "https://example.org/town-twinning"}),
        ("Q2", "Q1", {"since": "1950-01-01T00:00:00Z|9"}),
        ("Q1", "Q3", {"since": "1960-01-01T00:00:00Z|9", "until": "2014-03-01T00:00:00Z|10"}),
        ("Q4", "Q5", {}),
        ("Q6", "Q2", {"since": "1900-01-01T00:00:00Z|8"}),
        ("Q7", "Q1", {}),
        ("Q7", "Q99", {}),
        ("Q8", "Q9", {}),
    ],
    {
        "Q1": [*named("Ludwigsburg", "DE", 48.8973, 9.1922, "2875392"), ("alias", "Lubu", "de"), ("population", "93000", "")],
        "Q2": [("name", "Mömpelgard", "de"), ("name", "Montbéliard", "fr"), *named("", "FR", 47.51, 6.80, MONTBELIARD[3:])[1:]],
        "Q3": named("Nový Jičín", "CZ", 49.594, 18.010),
        "Q4": named("Caerphilly", "GB", 51.578, -3.218),
        "Q5": named("Pisek", "CZ", 49.3088, 14.1475, "1"),  # no such number: the name and the point decide
        "Q6": named("An Entirely Unknown Hamlet", "FR", 47.9, 6.1),
        "Q7": named("Province of Bergamo", "IT", 45.7, 9.67),
        "Q8": named("Landkreis Ludwigsburg", "DE", 48.9, 9.1),
        "Q9": named("Province of Bergamo", "IT", 45.7, 9.67),
    },
)  # fmt: skip


@pytest.fixture
def service():
    with serving(WORLD) as found:
        yield found


@pytest.fixture
def own(tmp_path: Path, graph_settings: Settings) -> Settings:
    """Settings with a page cache of the test's own, beside the gazetteer's index that all tests share."""
    cache = tmp_path / "cache"
    cache.mkdir()
    for index in graph_settings.cache_dir.glob("gazetteer*"):
        (cache / index.name).symlink_to(index)
    return graph_settings.model_copy(update={"cache_dir": cache, "home": tmp_path})


def live(service, own: Settings, graph=None, **options: str):
    given = {"endpoint": service.address, "items": "2", "backoff": "0.01", **options}
    request = Request(descriptor("wikidata"), own, (), given)
    return ingest(graph, "wikidata", request, Options(dry_run=graph is None))


def from_files(own: Settings, *files: Path, graph=None, **options: str):
    request = Request(descriptor("wikidata"), own, files, options)
    return ingest(graph, "wikidata", request, Options(dry_run=graph is None))


def partnerships(graph):
    rows = graph.read(
        "MATCH (p:Partnership) OPTIONAL MATCH (p)<-[:ABOUT]-(c:Claim) WITH p, c ORDER BY c.locator "
        "RETURN p.id AS id, p.kind AS kind, p.since AS since, p.until AS until, p.status AS status, "
        "collect(DISTINCT c.locator) AS told"
    )
    return {row.pop("id"): row for row in rows}


# --- Live -----------------------------------------------------------------------------------------------------------


def test_every_page_is_loaded_and_every_row_accounted_for(service, own, graph):
    report = live(service, own, graph)
    assert (report.account.read, report.account.loaded, report.account.rejected.total()) == (8, 7, 1)
    assert "Q99 has no name" in next(iter(report.account.rejected))
    found = partnerships(graph)
    pair = found[PAIR]
    assert pair["told"] == ["Q1→Q2", "Q2→Q1"]
    assert (pair["since"], pair["kind"]) == ("1950-05-31", "twinning")
    ended = found["partnership|gn:2875392,gn:3069305"]
    assert (ended["since"], ended["until"], ended["status"]) == ("1960", "2014-03", "ended")
    assert found[f"partnership|{MONTBELIARD},wd:Q6"]["since"] is None
    assert [row for row in found.values() if row["kind"] == "county"]
    assert not [finding for finding in check(graph) if finding.broken]


def test_places_carry_what_the_items_say(service, own, graph):
    live(service, own, graph)
    query = "MATCH (p:Place {id: $id}) RETURN p.wikidata AS q, p.name AS name, p.name_de AS de, p.aliases AS also"
    rows = graph.read(query, {"id": MONTBELIARD})
    assert rows[0]["q"] == "Q2"
    assert "Mömpelgard" in {rows[0]["de"], *rows[0]["also"]}
    query = "MATCH (p:Place {id: 'wd:Q6'})-[:PART_OF]->(c) RETURN p.name AS name, c.id AS c, p.location IS NULL AS lost"
    hamlet = graph.read(query)
    assert hamlet == [{"name": "An Entirely Unknown Hamlet", "c": "iso:FR", "lost": False}]
    query = "MATCH (c:Claim {locator: 'Q1→Q2', predicate: 'kind'}) RETURN c.by AS by, c.note AS note, c.as_of AS as_of"
    claim = graph.read(query)[0]
    assert (claim["by"], claim["note"]) == ("gn:2875392", "2 references on Wikidata; https://example.org/town-twinning")
    assert len(claim["as_of"]) == 10


def test_a_statement_of_one_side_alone_is_seen(service, own, graph):
    live(service, own, graph)
    query = library_query("one-sided")
    rows = graph.read(LibraryText(query.text), query.arguments({}))
    assert ("Ludwigsburg", "Nový Jičín") in {(row["listed_by"], row["not_by"]) for row in rows}
    assert "Montbéliard" not in {row["listed_by"] for row in rows}


def test_it_says_who_asks_and_asks_one_by_one(service, own):
    live(service, own)
    assert service.requests == 5  # items 1-2, 4-6, 7-8, nothing; the places in one
    assert all("cityties/" in agent for agent in service.agents)


def test_a_second_run_asks_for_nothing_and_changes_nothing(service, own, graph):
    live(service, own, graph)
    asked, digest = service.requests, graph_digest(graph)
    assert live(service, own, graph).changes.total == 0
    assert (service.requests, graph_digest(graph)) == (asked, digest)
    live(service, own, graph, refresh="true")
    assert service.requests == 2 * asked
    assert graph_digest(graph) == digest


def test_a_throttling_service_is_given_the_time_it_asks_for(service, own):
    service.misdeeds = {2: throttles, 3: fails, 4: breaks_off}
    assert live(service, own).account.loaded == 7
    assert service.times[2] - service.times[1] >= 1.0


def test_after_a_cut_only_the_missing_pages_are_asked_for(service, own, graph):
    service.misdeeds = dict.fromkeys(range(3, 100), breaks_off)
    with pytest.raises(DataError, match=r"no usable answer in 3 attempts .*connection failed.*run again later"):
        live(service, own, graph, attempts="3")
    assert graph.read("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]
    asked = service.requests
    service.misdeeds = {}
    assert live(service, own, graph).account.loaded == 7
    assert service.requests == asked + 3  # the first two pages were kept


def test_a_kept_page_that_was_damaged_is_asked_for_again(service, own):
    live(service, own)
    asked = service.requests
    pages = sorted((own.cache_dir / "wikidata").rglob("*.json"))
    pages[0].write_bytes(pages[0].read_bytes()[:-20])
    pages[1].write_bytes(b"")
    assert live(service, own).account.loaded == 7
    assert service.requests == asked + 2


def test_pages_that_are_too_old_are_not_believed(service, own):
    live(service, own)
    asked = service.requests
    next((own.cache_dir / "wikidata").rglob("began")).write_text("2020-01-01")
    live(service, own)
    assert service.requests == 2 * asked


STATEMENT = {"number": literal("1"), "item": uri("Q1"), "partner": uri("Q2"), "statement": uri("statement/s")}


def page(*rows: object) -> bytes:
    return json.dumps({"results": {"bindings": list(rows)}}).encode()


@pytest.mark.parametrize(
    ("misdeed", "sentence"),
    [
        (says(b"<!DOCTYPE html><title>Log in</title>"), "a page of HTML"),
        (truncates, "no complete JSON"),
        (says(b""), "no complete JSON"),
        (says(b"\xff\xfe"), "no UTF-8"),
        (says(b"[" * 100_000), "nested too deeply"),
        (says(b'{"results": NaN}'), "NaN is no number"),
        (says(b"[]"), "an answer without results"),
        (says(b'{"results": {}}'), "an answer without results"),
        (says(b'{"results": {"bindings": {}}}'), "whose results are no list"),
        (says(page("x")), "a row that is none"),
        (says(page({"item": "Q1"})), "a row that is none"),
        (says(page({k: v for k, v in STATEMENT.items() if k != "partner"})), "a row without partner"),
        (says(page(STATEMENT | {"number": {"type": "literal", "value": 1}})), "a value that is no text"),
        (says(page(STATEMENT | {"item": {"type": "literal", "value": "Q1"}})), "an item that is none"),
        (says(page(STATEMENT | {"number": {"type": "literal", "value": "5"}})), "an item that is none"),
        (says(page(STATEMENT | {"partner": {"type": "literal", "value": "Paris"}})), "a partner that is no item"),
        (says(page(STATEMENT, STATEMENT)), "more than was asked for"),
        (never_ends, r"a page that took more than 0\.5 s"),
        (falls_silent, "connection failed"),
        (throttles, "status 429"),
        (fails, "status 500"),
    ],
)  # fmt: skip
def test_a_service_that_lies_is_answered_by_a_sentence_and_nothing_is_loaded(misdeed, sentence, service, own, graph):
    service.always = misdeed
    with pytest.raises(DataError, match=sentence) as caught:
        live(service, own, graph, attempts="2", page_timeout="0.5", read_timeout="1")
    assert service.address in str(caught.value)
    assert "nothing was loaded" in str(caught.value)
    assert graph.read("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]


def test_a_service_that_repeats_its_pages_is_found_out(service, own):
    service.misdeeds = dict.fromkeys(range(2, 100), says(WORLD.answer("?number > 0 LIMIT 2")))
    with pytest.raises(DataError, match="repeats items that came before Q2"):
        live(service, own, attempts="2")


def test_an_answer_that_lost_places_is_found_out(service, own):
    service.misdeeds = dict.fromkeys(range(5, 100), says(WORLD.answer("VALUES wd:Q1 wd:Q2 UNION")))
    with pytest.raises(DataError, match="nothing about 8 of 10 items, such as Q3"):
        live(service, own, attempts="2")


def test_too_large_a_page_is_refused(service, own):
    with pytest.raises(DataError, match="a page of more than 100 bytes"):
        live(service, own, attempts="1", page_size="100")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ftp://example.org", "begins with https"),
        ("http://127.0.0.1:1/sparql", "connection failed"),
        ("http://127.0.0.1:port", "cannot be asked"),
    ],
)
def test_an_address_where_no_service_is(address, sentence, own):
    options = {"endpoint": address, "attempts": "1"}
    with pytest.raises(DataError, match=sentence):
        ingest(None, "wikidata", Request(descriptor("wikidata"), own, (), options), Options(dry_run=True))


def test_a_refusal_is_not_asked_again(service, own):
    service.always = lambda handler, _: handler.send_error(403)
    with pytest.raises(DataError, match="refuses the query with status 403"):
        live(service, own)
    assert service.requests == 1


@pytest.mark.parametrize(("option", "value"), [("items", "many"), ("items", "0"), ("as_of", "soon"), ("colour", "red")])
def test_an_option_that_cannot_be_is_named(option, value, own):
    with pytest.raises(UsageError, match=option):
        ingest(None, "wikidata", Request(descriptor("wikidata"), own, (), {option: value}), Options(dry_run=True))


# --- Saved results --------------------------------------------------------------------------------------------------

ITEM_COLUMNS = ("item", "partner", "itemLabel_en", "itemCoordinates", "itemCountry", "itemGeonames")
COLUMNS = (*ITEM_COLUMNS, "partnerLabel", "partnerCoordinates", "partnerCountry", "since")
SAVED = [
    ("Q1", "Q2", "Ludwigsburg", "Point(9.1922 48.8973)", "DE", "2875392", "Montbéliard", "Point(6.80 47.51)", "FR", "1950-01-01"),
    ("Q1", "Q3", "Ludwigsburg", "Point(9.1922 48.8973)", "DE", "2875392", "Nový Jičín", "Point(18.010 49.594)", "CZ", ""),
    ("Q1", "Paris", "Ludwigsburg", "Point(9.1922 48.8973)", "DE", "2875392", "Paris", "", "FR", ""),
    ("Q1", "_:b7", "Ludwigsburg", "", "DE", "2875392", "", "", "", ""),
    ("Q1", "Q4", "Ludwigsburg", "Point(9.1922 48.8973)", "DE", "2875392", "Caerphilly", "Point(-3.218 51.578)", "GB", "20222"),
]  # fmt: skip


def saved_json(path: Path) -> Path:
    bound = [{c: {"type": "literal", "value": v} for c, v in zip(COLUMNS, row, strict=True) if v} for row in SAVED]
    path.write_text(json.dumps({"head": {"vars": COLUMNS}, "results": {"bindings": bound}}), "utf-8")
    return path


def saved_plain_json(path: Path) -> Path:
    path.write_text(json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in SAVED]), "utf-8")
    return path


def saved_csv(path: Path) -> Path:
    path.write_text("\n".join(",".join(row) for row in (COLUMNS, *SAVED)) + "\n", "utf-8")
    return path


def saved_tsv(path: Path) -> Path:
    def term(column: str, value: str) -> str:
        if column in {"item", "partner"} and value.startswith("Q"):
            return f"<http://www.wikidata.org/entity/{value}>"
        return f'"{value}"@en' if value else ""

    lines = ["\t".join(f"?{c}" for c in COLUMNS)]
    lines += ["\t".join(term(c, v) for c, v in zip(COLUMNS, row, strict=True)) for row in SAVED]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "make"), [("r.json", saved_json), ("list.json", saved_plain_json), ("r.csv", saved_csv), ("r.tsv", saved_tsv)]
)
def test_a_saved_result_is_the_same_in_every_format(name, make, own, tmp_path):
    report = from_files(own, make(tmp_path / name), as_of="2024-05")
    assert (report.account.read, report.account.loaded) == (5, 2)
    reasons = sorted(reason.split(":")[0] for reason in report.account.rejected)
    assert reasons == ["column partner", "column partner", "column since"]
    made = {(c.subject, c.predicate, c.value, c.as_of, c.locator) for _, claims in report.samples for c in claims}
    assert made == {
        (PAIR, "kind", "twinning", "2024-05", "Q1→Q2"),
        (PAIR, "since", "1950", "2024-05", "Q1→Q2"),
        ("partnership|gn:2875392,gn:3069305", "kind", "twinning", "2024-05", "Q1→Q3"),
    }


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.json", b"", "a.json: no complete JSON"),
        ("a.json", b"<html>", "a page of HTML"),
        ("a.json", b'{"results": {"bindings": [1]}}', "result 1: it is no object"),
        ("a.json", b'{"results": {"bindings": [{"item": {"value": ["Q1"]}}]}}', "result 1, column item: the value is no text"),
        ("a.json", b"[NaN]", "NaN is no number"),
        ("a.json", b"{}", "no result of a SPARQL query"),
        ("a.csv", b"from,to\nQ1,Q2\n", "no column 'item'"),
        ("a.csv", b"item,partner,item\nQ1,Q2,Q1\n", "'item' stands there twice"),
        ("a.csv", b"", "the file is empty"),
        ("a.tsv", b"\x01\x02\x03\x04" * 100, "binary data"),
    ],
)
def test_a_file_that_is_no_result_is_answered_by_a_sentence(name, content, sentence, own, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(KgError, match=sentence):
        from_files(own, path)


def test_columns_that_nobody_uses_are_reported(own, tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("item,partner,itemLabel,partnerLabel,mayor,itemDescription\nQ1,Q2,Ludwigsburg,Montbéliard,,\n", "utf-8")
    assert [text for text in from_files(own, path).warnings if "mayor" in text and "itemDescription" not in text]


# --- Pairs ------------------------------------------------------------------------------------------------------------


def pairs(folder: Path, relations: str, names: str) -> tuple[Path, Path]:
    files = folder / "relations.tsv", folder / "names.tsv"
    for path, text in zip(files, (relations, names), strict=True):
        path.write_text(text, "utf-8")
    return files


NAMES = "Q1\tLudwigsburg\nQ2\tMontbéliard\nQ5\tTrujillo\nQ6\tTrujillo\nQ7\tProvinz Bergamo\nQ8\tBergamo\n"


def test_pairs_with_names_in_either_order(own, tmp_path):
    relations, names = pairs(tmp_path, "Q1\tQ2\nQ2\tQ1\nQ5\tQ6\nQ7\tQ1\nQ8\tQ1\nQ1\n\nQ1\tQ77\n", NAMES)
    for files in ((relations, names), (names, relations)):
        report = from_files(own, *files)
        assert report.dataset == "wikidata-relations"
        subjects = [claims[0].subject for _, claims in report.samples]
        assert subjects == [
            PAIR, PAIR, "partnership|wd:Q5,wd:Q6",
            "partnership|gn:2875392,wd:Q7", "partnership|gn:2875392,gn:3182164",
        ]  # fmt: skip
        assert report.account.first == {
            "the line has 1 cells, not two QIDs with a tab between": "relations.tsv:6",
            "Q77 has no name in German, English, French or Italian": "relations.tsv:8",
        }


@pytest.mark.parametrize(
    ("relations", "names", "sentence"),
    [
        ("Q1,Q2\n", NAMES, "neither file has two QIDs a line"),
        ("Q1\tQ2\n", "Ludwigsburg\n", "names.tsv, line 1: a QID and a name"),
    ],
)
def test_files_that_are_no_pairs_are_told_so(relations, names, sentence, own, tmp_path):
    with pytest.raises(DataError, match=sentence):
        from_files(own, *pairs(tmp_path, relations, names))


def test_the_graph_of_2016_comes_near_its_reference_figures(own):
    """10,055 items and 17,401 pairs; those whose names mean one place with certainty are joined, all others stay apart."""
    folder = shared_file("data", "wikidata-2016")
    ends: set[str] = set()
    found: set[str] = set()
    request = Request(descriptor("wikidata"), own, (folder / "relations.tsv", folder / "names.tsv"), {"as_of": "2016-09"})
    from contextlib import closing

    from ingest.places.described import Places
    from ingest.places.resolver import Resolver
    from ingest.run.protocol import source_module

    module = source_module("wikidata")
    opened = module.open_source(request)
    resolver = Resolver.open(own)
    with closing(resolver.gazetteer):
        places = Places(resolver)
        for row in module.read(opened):
            subject = module.to_claims(row, opened, places)[0].subject
            found.add(subject)
            ends.update(subject.split("|")[1].split(","))
    assert (len(ends), len(found)) == (10_055, 17_401)


# --- Values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1950-01-01T00:00:00Z", "1950"), ("1950-05-01T00:00:00Z", "1950-05"), ("1950-05-31T00:00:00Z", "1950-05-31"),
        ("1950-01-01T00:00:00Z|11", "1950-01-01"), ("1950-05-31T00:00:00Z|9", "1950"), ("1950-05-31T00:00:00Z|7", ""),
        ("+1950-00-00T00:00:00Z", "1950"), ("1950", "1950"), ("1950-05", "1950-05"), ("", ""), ("t123", ""), ("_:b1", ""),
        ("http://www.wikidata.org/.well-known/genid/0f", ""), ("+1950-05-00T00:00:00Z|10", "1950-05"),
    ],
)  # fmt: skip
def test_dates_are_never_more_precise_than_known(text, date):
    assert partial_date(text, "since") == date


@pytest.mark.parametrize("text", ["soon", "20222-01-01T00:00:00Z|9", "-0044-03-15T00:00:00Z|11", "1950-13-01|11", "31.05.1950"])
def test_no_date_is_named_with_its_column(text):
    with pytest.raises(Reject, match="column since"):
        partial_date(text, "since")


@given(st.text(max_size=30))
def test_no_text_whatever_is_taken_for_what_it_is_not(text):
    for understand in (item_id, partial_date):
        with suppress(Reject):
            understand(text, "since")
    assert point(text) is None or text.strip().lower().startswith("point")


def test_points_of_other_globes_are_none():
    assert point("Point(9.19 48.89)") == (48.89, 9.19)
    assert point("<http://www.wikidata.org/entity/Q405> Point(9.19 48.89)") is None
    assert point("Point(200 48)") is None
