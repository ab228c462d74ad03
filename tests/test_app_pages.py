"""The app on the bundled facts in a real browser: every page, both languages, clicked and expanded; silent to other hosts."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from kg.present.views.explore import rows, select
from kg.settings import Settings
from kg.store.driver import Graph
from kg.store.places import find_place
from tests.app_pages import drawn, on_tie, opened, panel, search, settled, spot
from tests.browser import PHONE, ROOT, OpenPage, streamlit_server

PAGES = ("", "chances", "connection", "queries", "sources", "overview")
GERMAN = ("Erkunden", "Chancen", "Verbindung", "Abfragen", "Quellen", "Überblick")
ENGLISH = ("Explore", "Opportunities", "Connection", "Queries", "Sources", "Overview")
FULL = {
    "": "place=Ludwigsburg",
    "chances": "place=Ludwigsburg",
    "connection": "a=Ludwigsburg&b=Mulhouse",
    "queries": "query=rings",
    "sources": "part=contested",
    "overview": "",
}


@pytest.fixture(scope="module")
def address(bundled_settings: Settings) -> Iterator[str]:
    with streamlit_server(ROOT / "app.py", KG_HOME=str(bundled_settings.home), NEO4J_URI="", KG_LANGUAGE="") as url:
        yield url


@pytest.fixture
def ludwigsburg(bundled_graph: Graph) -> str:
    return find_place(bundled_graph, "Ludwigsburg").id


def parameters(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


@pytest.mark.parametrize(("path", "title"), list(zip(PAGES, GERMAN, strict=True)))
def test_every_page_speaks_german(open_page: OpenPage, address: str, path: str, title: str) -> None:
    page = opened(open_page, f"{address}/{path}?{FULL[path]}")
    expect(page.locator("h1")).to_have_text(title)
    assert "None" not in page.locator("[data-testid=stMain]").inner_text()


@pytest.mark.parametrize(("path", "title"), list(zip(PAGES, ENGLISH, strict=True)))
def test_every_page_speaks_english_on_a_phone(open_page: OpenPage, address: str, path: str, title: str) -> None:
    page = opened(open_page, f"{address}/{path}?lang=en&{FULL[path]}", size=PHONE)
    expect(page.locator("h1")).to_have_text(title)
    wide = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= PHONE[0]


def test_the_switch_of_language_keeps_page_and_place(open_page: OpenPage, address: str) -> None:
    page = opened(open_page, f"{address}/?place=Ludwigsburg&view=table")
    page.get_by_role("radio", name="EN").click()
    expect(page.locator("h1")).to_have_text("Explore")
    settled(page)
    assert parameters(page) == {"place": "Ludwigsburg", "view": "table", "lang": "en"}
    page.get_by_role("link", name="Sources").click()
    expect(page.locator("h1")).to_have_text("Sources")
    settled(page)
    assert parameters(page) == {"place": "Ludwigsburg", "lang": "en"}


def test_the_chosen_places_and_the_days_stay_when_the_page_changes(open_page: OpenPage, address: str) -> None:
    page = opened(open_page, f"{address}/?place=Ludwigsburg,Bergamo&at=2023-01-01")
    expect(page).to_have_title("Ludwigsburg – Bergamo · Erkunden", timeout=20_000)
    for name in ("Chancen", "Quellen", "Erkunden"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("h1")).to_have_text(name)
        settled(page)
        assert parameters(page)["place"].replace("%2C", ",") == "Ludwigsburg,Bergamo"
        assert parameters(page)["at"] == "2023-01-01"
        for place in ("Ludwigsburg", "Bergamo"):
            expect(page.locator(".st-key-chips").get_by_role("button", name=place)).to_be_visible()
    page.get_by_role("link", name="Verbindung", exact=True).click()
    expect(page.get_by_text("Weg 1:")).to_be_visible(timeout=30_000)
    page.locator(".st-key-chips").get_by_role("button", name="Bergamo").click()
    settled(page)
    expect(page.locator(".st-key-chips").get_by_role("button")).to_have_count(1)


def test_back_and_forward_are_obeyed_by_every_widget(open_page: OpenPage, address: str) -> None:
    page = opened(open_page, f"{address}/?place=Ludwigsburg")
    page.get_by_role("radio", name="Karte").click()
    expect(page.locator(".kg-map canvas")).to_be_visible(timeout=20_000)
    page.get_by_role("radio", name="Tabelle").click()
    expect(page.locator("[data-testid=stDataFrame]").first).to_be_visible(timeout=20_000)
    settled(page)
    page.get_by_role("radio", name="EN").click()
    expect(page.locator("h1")).to_have_text("Explore")
    settled(page)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Erkunden")
    settled(page)
    expect(page.get_by_role("radio", name="DE")).to_be_checked()
    page.go_back()
    expect(page.locator(".kg-map canvas")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("radio", name="Karte")).to_be_checked()
    page.go_forward()
    expect(page.get_by_role("radio", name="Tabelle")).to_be_checked()


def test_the_box_is_worked_with_keys_alone_and_finds_pages_and_queries(open_page: OpenPage, address: str) -> None:
    page = opened(open_page, address)
    page.keyboard.press("Control+k")
    page.keyboard.type("Mömpelg")
    expect(page.get_by_role("option", name=re.compile("Montbéliard.*gefunden als: Mömpelgard"))).to_be_visible(timeout=20_000)
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("heading")).to_be_visible(timeout=20_000)
    settled(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("Überbl")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Überblick", timeout=20_000)
    settled(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("ringe")
    expect(page.get_by_role("option", name=re.compile("Abfrage")).first).to_be_visible(timeout=20_000)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Abfragen", timeout=20_000)


@pytest.mark.parametrize(
    ("typed", "found"), [("mompelg", "Montbéliard"), ("Novy Jic", "Nový Jičín"), ("ludwigsb", "Ludwigsburg")]
)
def test_search_finds_by_parts_without_accents_in_any_language(open_page: OpenPage, address: str, typed: str, found: str) -> None:
    page = opened(open_page, address)
    search(page, typed, found)
    expect(panel(page).get_by_role("heading")).to_be_visible()
    assert "place" in parameters(page)


def test_a_click_on_a_tie_shows_its_claims_and_the_link_shows_them_again(
    open_page: OpenPage, address: str, bundled_graph: Graph, ludwigsburg: str
) -> None:
    bergamo = find_place(bundled_graph, "Bergamo").id
    tie = next(
        t for t in select(bundled_graph, ludwigsburg).ties if {t.a, t.b} == {ludwigsburg, bergamo} and t.kind == "twinning"
    )
    page = opened(open_page, f"{address}/?place={ludwigsburg}")
    page.mouse.click(*on_tie(drawn(page), tie.key))
    expect(panel(page).get_by_role("heading")).to_contain_text("Bergamo", timeout=20_000)
    settled(page)
    assert parameters(page)["pick"] == f"tie~{tie.key}"
    assert panel(page).locator("a[href^=http]").count() > 0
    again = opened(open_page, page.url)
    expect(panel(again).get_by_role("heading")).to_contain_text("Bergamo")
    expect(panel(again)).to_contain_text("Städtepartnerschaft")


def test_a_double_click_expands_and_a_button_collapses(
    open_page: OpenPage, address: str, bundled_graph: Graph, ludwigsburg: str
) -> None:
    bergamo = find_place(bundled_graph, "Bergamo").id
    page = opened(open_page, f"{address}/?place={ludwigsburg}")
    net = drawn(page)
    before = net.evaluate("e => e.view.nodes.length")
    page.mouse.dblclick(*spot(net, bergamo))
    close = page.get_by_role("button", name="Bergamo zuklappen")
    expect(close.first).to_be_visible(timeout=20_000)
    settled(page)
    assert parameters(page)["open"] == bergamo
    assert net.evaluate("e => e.view.nodes.length") == len(select(bundled_graph, ludwigsburg, [bergamo]).places) > before
    close.first.click()
    settled(page)
    assert "open" not in parameters(page)
    assert drawn(page).evaluate("e => e.view.nodes.length") == before


def test_the_legend_filters_picture_table_and_link(open_page: OpenPage, address: str, ludwigsburg: str) -> None:
    page = opened(open_page, f"{address}/?place={ludwigsburg}")
    net = drawn(page)
    net.locator(".legend button", has_text="Klimapartnerschaft").click()
    expect(page.get_by_role("button", name="Filter · 1 ausgeblendet")).to_be_visible(timeout=20_000)
    settled(page)
    assert parameters(page)["hide"] == "kind.climate"
    assert "climate" not in net.evaluate("e => e.view.edges.get().map(x => e.view.edgeById.get(x.id).kind)")


def test_the_table_has_what_the_picture_has(open_page: OpenPage, address: str, bundled_graph: Graph, ludwigsburg: str) -> None:
    selection = select(bundled_graph, ludwigsburg)
    page = opened(open_page, f"{address}/?place={ludwigsburg}")
    drawn_keys = set(drawn(page).evaluate("e => e.view.edges.getIds()"))
    told = rows(selection, "de")
    assert {row["key"] for row in told} == drawn_keys == {tie.key for tie in selection.ties}
    page.get_by_role("radio", name="Tabelle").click()
    grid = page.locator("[data-testid=stDataFrame] table[role=grid]").first
    expect(grid).to_have_attribute("aria-rowcount", str(len(told) + 1), timeout=20_000)


def test_every_tie_of_the_graph_opens_to_a_claim_with_its_source(bundled_graph: Graph) -> None:
    bare = """MATCH (p:Partnership) WHERE NOT EXISTS { (p)<-[:ABOUT]-(:Claim)-[:STATED_IN]->(:Source) } RETURN p.id AS id"""
    assert bundled_graph.read(bare) == []


def test_as_of_shows_what_was_known_then(open_page: OpenPage, address: str, bundled_graph: Graph, ludwigsburg: str) -> None:
    bergamo = find_place(bundled_graph, "Bergamo").id
    page = opened(open_page, f"{address}/?place={ludwigsburg}&at=2021-04-01&view=table")
    line = panel(page).get_by_role("button", name=re.compile("Bergamo · Städtepartnerschaft"))
    expect(line).to_contain_text("geplant")
    expect(line).not_to_contain_text("seit")
    expect(panel(page)).to_contain_text("Ludwigsburger Delegation in Bergamo (2020)")
    expect(panel(page)).not_to_contain_text("2025")
    line.click()
    settled(page)
    assert bergamo in parameters(page)["pick"]
    expect(panel(page)).to_contain_text("Bergamo")


def test_the_map_draws_the_same_selection(open_page: OpenPage, address: str, ludwigsburg: str) -> None:
    page = opened(open_page, f"{address}/?place={ludwigsburg}&view=map")
    expect(page.locator(".kg-map canvas")).to_be_visible(timeout=20_000)


def test_three_files_can_be_taken_along(open_page: OpenPage, address: str, ludwigsburg: str) -> None:
    page = opened(open_page, f"{address}/?place={ludwigsburg}")
    found: dict[str, str] = {}
    for name in ("Tabelle als CSV", "Netz als HTML", "Netz als GEXF"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        found[name] = download.value.path().read_text(encoding="utf-8-sig")
    assert found["Tabelle als CSV"].startswith("Ort,Partner,Art")
    assert "Ludwigsburg" in found["Netz als HTML"]
    assert "<gexf" in found["Netz als GEXF"]


def test_opportunities_are_ranked_and_explained(open_page: OpenPage, address: str) -> None:
    page = opened(open_page, address)
    page.get_by_role("link", name="Chancen").click()
    expect(page.locator("h1")).to_have_text("Chancen")
    settled(page)
    search(page, "Ludwigsburg", "Ludwigsburg", "Ort hinzufügen")
    chance = page.locator(".st-key-chance")
    expect(chance.get_by_role("heading").first).to_have_text(re.compile("Ludwigsburg – Bergamo – M[uü]lh"), timeout=30_000)
    expect(chance).to_contain_text(re.compile("Zwischen Ludwigsburg und M[a-zü]+ ist keine Verbindung in Kraft"))
    expect(chance).to_contain_text("Was schon versucht wurde")
    assert chance.locator("a[href^=http]").count() > 0


def test_two_places_are_connected_over_a_third(open_page: OpenPage, address: str) -> None:
    page = opened(open_page, f"{address}/connection")
    search(page, "Ludwigsburg", "Ludwigsburg", "Von")
    search(page, "Mülhausen", "Mulhouse", "Nach")
    expect(page.get_by_text("Weg 1: über Bergamo")).to_be_visible(timeout=20_000)


def test_a_query_of_the_library_takes_a_place_by_suggestion(open_page: OpenPage, address: str) -> None:
    page = opened(open_page, f"{address}/queries?query=open-triads")
    search(page, "Bergam", "Bergamo", "Ort")
    expect(page.get_by_text("Gewählt: Bergamo")).to_be_visible(timeout=20_000)
    assert parameters(page)["p.place"].startswith("gn:")
    page.get_by_role("button", name="Ausführen").click()
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible()


def test_the_console_reads_and_refuses_to_write(open_page: OpenPage, address: str) -> None:
    page = opened(open_page, f"{address}/queries?part=console")
    page.get_by_role("button", name="Ausführen").click()
    expect(page.locator("[data-testid=stDataFrame]")).to_be_visible(timeout=20_000)
    page.get_by_label("Cypher").fill("MATCH (n) DETACH DELETE n")
    page.get_by_role("button", name="Ausführen").click()
    expect(page.get_by_text("Diese Abfrage wird hier nicht ausgeführt")).to_be_visible(timeout=20_000)


def test_contradictions_stand_side_by_side(open_page: OpenPage, address: str, bundled_graph: Graph, ludwigsburg: str) -> None:
    montbeliard = find_place(bundled_graph, "Montbéliard").id
    tie = next(
        t for t in select(bundled_graph, ludwigsburg).ties if {t.a, t.b} == {ludwigsburg, montbeliard} and t.kind == "twinning"
    )
    page = opened(open_page, f"{address}/?place={ludwigsburg}&pick=tie~{tie.key}")
    disputed = panel(page).get_by_test_id("stHorizontalBlock").filter(has_text="1962")
    expect(disputed.first).to_contain_text("1950")
    boxes = [disputed.first.get_by_text(year, exact=True).first.bounding_box() for year in ("1950", "06.05.1962")]
    assert all(boxes)


def test_an_unknown_place_gets_suggestions_and_no_trace(open_page: OpenPage, address: str) -> None:
    page = opened(open_page, f"{address}/?place=Ludwigs")
    expect(page.get_by_text("Kein Ort im Bestand ist mit")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Ludwigsburg · Stadt")).click()
    expect(panel(page)).to_be_visible(timeout=20_000)
