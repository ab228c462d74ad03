"""The app without data, without a database, and with names that would like to be markup."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from kg.model.identity import fold, partnership_id
from kg.settings import Settings
from kg.store.driver import Graph
from kg.store.schema import ensure_schema
from tests.app_pages import EVIL, drawn, opened, panel, search
from tests.browser import ROOT, OpenPage, streamlit_server
from tests.faults import kill

_EVIL_GRAPH = """
MERGE (a:Place:City {id: 'x:de-evil'}) SET a.name = $name, a.search = $search, a.kind = 'city', a.country = 'DE',
    a.location = point({longitude: 9, latitude: 48})
MERGE (b:Place:City {id: 'x:fr-good'}) SET b.name = 'Gutstadt', b.kind = 'city', b.country = 'FR',
    b.location = point({longitude: 2, latitude: 47})
MERGE (c:Place:City {id: 'x:de-alone'}) SET c.name = 'Einsam', c.kind = 'city', c.country = 'DE'
MERGE (p:Partnership {id: 'partnership|x:de-evil;x:fr-good'})
SET p.kind = 'twinning', p.family = 'partnership', p.status = 'active', p.name = $name, p.n_members = 2,
    p.status_basis = 'stated', p.last_evidence = '2024'
MERGE (a)-[:PARTNER_IN]->(p) MERGE (b)-[:PARTNER_IN]->(p)
MERGE (a)-[t:TWINNED_WITH {key: p.id}]->(b) SET t.partnership = p.id, t.kind = 'twinning', t.status = 'active',
    t.status_basis = 'stated', t.last_evidence = '2024', t.in_force = true, t.bridge = true
MERGE (s:Source {id: 'src:evil'}) SET s.title = $name, s.publisher = '**x** [y](http://127.0.0.1)',
    s.url = 'javascript:alert(1)', s.trust = 50
MERGE (k:Claim {id: 'k'}) SET k.subject = p.id, k.predicate = 'name', k.value = $name,
    k.locator = $name, k.note = $name, k.stated = '2024'
MERGE (k)-[:ABOUT]->(p) MERGE (k)-[:STATED_IN]->(s)
"""


@pytest.fixture(scope="module")
def address(graph_settings: Settings) -> Iterator[str]:
    with streamlit_server(ROOT / "app.py", KG_HOME=str(graph_settings.home), NEO4J_URI="", KG_LANGUAGE="") as url:
        yield url


@pytest.fixture
def partnership(graph: Graph) -> str:
    ensure_schema(graph)
    found = partnership_id("partnership", ["x:de-evil", "x:fr-good"])
    graph.write(_EVIL_GRAPH, {"name": EVIL, "search": [fold(EVIL)]})
    graph.write("MATCH (p:Partnership) SET p.id = $id", {"id": found})
    graph.write("MATCH ()-[t:TWINNED_WITH]->() SET t.key = $id, t.partnership = $id", {"id": found})
    graph.write("MATCH (c:Claim) SET c.subject = $id", {"id": found})
    return found


def harmless(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail("a script ran: " + dialog.message))
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0


@pytest.mark.usefixtures("graph")
@pytest.mark.parametrize("path", ["", "chances", "connection", "queries", "sources", "overview"])
def test_an_empty_graph_says_how_to_fill_it(open_page: OpenPage, address: str, path: str) -> None:
    page = opened(open_page, f"{address}/{path}")
    expect(page.get_by_text("Noch keine Daten")).to_be_visible()
    expect(page.get_by_text("kg ingest bundled")).to_be_visible()


def test_a_name_is_never_markup(open_page: OpenPage, address: str, partnership: str) -> None:
    for view in ("graph", "map", "table"):
        page = opened(open_page, f"{address}/?place=x:de-evil&view={view}")
        expect(panel(page).get_by_role("heading")).to_have_text(EVIL, timeout=30_000)
        harmless(page)
    page = opened(open_page, f"{address}/?place=x:fr-good&pick=tie~{partnership}")
    drawn(page)
    expect(panel(page)).to_contain_text(EVIL)
    expect(panel(page)).to_contain_text("**x** [y]")
    harmless(page)
    search(page, "onerror", EVIL)
    harmless(page)


def test_a_place_without_ties_says_so(open_page: OpenPage, address: str, partnership: str) -> None:
    assert partnership
    page = opened(open_page, f"{address}/?place=x:de-alone")
    expect(page.get_by_text("Zu Einsam ist keine Verbindung belegt.")).to_be_visible()
    expect(page.locator(".kg-net")).to_have_count(0)


def test_no_connection_says_why(open_page: OpenPage, address: str, partnership: str) -> None:
    assert partnership
    page = opened(open_page, f"{address}/connection?a=x:de-alone&b=x:fr-good")
    expect(page.get_by_text("Einsam und Gutstadt sind im Bestand nicht verbunden.")).to_be_visible(timeout=30_000)


def test_without_a_database_there_is_a_sentence(open_page: OpenPage, apart: str) -> None:
    page = opened(open_page, apart)
    expect(page.get_by_text("antwortet kein Neo4j")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Erneut versuchen")).to_be_visible()


def test_a_database_that_dies_is_told_at_once_and_the_page_goes_on_by_itself(
    open_page: OpenPage, address: str, partnership: str, graph_settings: Settings
) -> None:
    assert partnership
    page = opened(open_page, f"{address}/?place=x:fr-good")
    drawn(page)
    kill(graph_settings)
    page.get_by_role("radio", name="Karte").click()
    expect(page.get_by_text("Die Datenbank antwortet noch nicht")).to_be_visible(timeout=5_000)
    expect(page.locator(".kg-map canvas")).to_be_visible(timeout=240_000)
    expect(page.get_by_text("Die Datenbank antwortet noch nicht")).to_have_count(0)
