"""Settling open names in a real browser: by keys, in both languages, on a phone, and only by whoever may write."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ingest.places.corrections import OWN
from ingest.run.descriptor import descriptor
from ingest.run.protocol import Request
from ingest.run.runner import ingest
from kg.settings import Settings
from kg.store.driver import Graph
from tests.app_pages import opened, settled
from tests.browser import PHONE, ROOT, OpenPage, streamlit_server
from tests.ingesting import write

LIST = """Stadt;Land;Partnerstadt;Partnerland
Ludwigsburg;Deutschland;Montbéliard;Frankreich
Bourges;Frankreich;Neustadt;Deutschland
Peterborough;Großbritannien;Neustadt;Deutschland
Gotha;Deutschland;Neuenkirchen;Deutschland
"""


@pytest.fixture(scope="module")
def address(graph_settings: Settings) -> Iterator[str]:
    with streamlit_server(ROOT / "app.py", KG_HOME=str(graph_settings.home), NEO4J_URI="", KG_LANGUAGE="") as url:
        yield url


@pytest.fixture
def loaded(graph: Graph, graph_settings: Settings, tmp_path: Path) -> Iterator[Graph]:
    ingest(graph, "table", Request(descriptor("table"), graph_settings, (write(tmp_path, LIST),), {"yes": "true"}))
    yield graph
    (graph_settings.home / OWN).unlink(missing_ok=True)


def heading(page: Page, text: str) -> None:
    expect(page.locator(".st-key-open-name h3")).to_contain_text(text, timeout=30_000)
    settled(page)  # a key that is pressed while the page is still being drawn is nobody's


def rows_loaded(graph: Graph) -> int:
    return graph.read("MATCH (r:IngestRun) RETURN r.loaded AS n ORDER BY r.id DESC LIMIT 1")[0]["n"]


def test_names_are_settled_by_keys_and_a_decision_is_taken_back(
    open_page: OpenPage, address: str, loaded: Graph, graph_settings: Settings
) -> None:
    page = opened(open_page, f"{address}/sources?part=names")
    heading(page, "Neustadt · Deutschland · 2 Zeilen")
    page.keyboard.press("s")
    heading(page, "Neuenkirchen")
    page.keyboard.press("s")
    heading(page, "Neustadt")
    page.keyboard.press("1")
    heading(page, "Neuenkirchen")
    settled(page)
    assert rows_loaded(loaded) == 3
    assert "Neustadt,DE,gn:" in (graph_settings.home / OWN).read_text("utf-8")
    page.keyboard.press("n")
    expect(page.get_by_text("Kein Name ist offen")).to_be_visible(timeout=30_000)
    assert rows_loaded(loaded) == 4
    for name in ("Neuenkirchen", "Neustadt"):
        page.keyboard.press("u")
        heading(page, name)
        settled(page)
    assert rows_loaded(loaded) == 1


def test_the_page_fits_a_phone_in_english_and_keys_are_silent_in_fields(open_page: OpenPage, address: str, loaded: Graph) -> None:
    page = opened(open_page, f"{address}/sources?part=names&lang=en", size=PHONE)
    heading(page, "Neustadt · Germany · 2 rows")
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth") <= PHONE[0]
    page.evaluate("() => { const field = document.createElement('input'); document.body.append(field); field.focus() }")
    page.keyboard.type("1n")
    settled(page)
    heading(page, "Neustadt")
    assert rows_loaded(loaded) == 1


def test_whoever_may_only_read_sees_the_names_and_decides_nothing(
    open_page: OpenPage, graph_settings: Settings, loaded: Graph
) -> None:
    with streamlit_server(ROOT / "app.py", KG_HOME=str(graph_settings.home), NEO4J_URI="", KG_READ_ONLY="1") as url:
        page = opened(open_page, f"{url}/sources?part=names&lang=en")
        heading(page, "Neustadt")
        page.keyboard.press("1")
        settled(page)
        expect(page.get_by_text("This is for reading only")).to_be_visible()
        assert rows_loaded(loaded) == 1
