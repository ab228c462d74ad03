"""The file to download: complete, silent, and with names that stay names."""

from pathlib import Path

from kg.present.pictures.graph import DrawnNode, DrawnTie, build_view
from kg.present.pictures.html import download_html
from tests.browser import OpenPage
from tests.test_graph_view import WORDS

EVIL = "</script><img src=x onerror=alert(1)>"


def test_it_draws_offline_and_a_name_is_never_markup(open_page: OpenPage, tmp_path: Path) -> None:
    nodes = [DrawnNode("a", EVIL, "City", is_focus=True), DrawnNode("b", "Nový Jičín __DATA__", "City", "CZ")]
    ties = [DrawnTie("t", "a", "b", "twinning", "active", EVIL), DrawnTie("c", "a", "b", "climate", "dormant")]
    file = tmp_path / "netz.html"
    file.write_text(download_html(build_view(nodes, ties, WORDS), title=EVIL, note="Stand 2026"), encoding="utf-8")
    page = open_page(file.as_uri())
    page.wait_for_selector("#canvas canvas")
    assert page.title() == EVIL
    assert page.locator("h1").inner_text() == EVIL
    assert page.locator("img").count() == 0
    assert page.evaluate("network.body.edgeIndices.length") == 2
    assert page.evaluate("Object.keys(network.getPositions()).sort()") == ["a", "b"]
    assert "Städtepartnerschaft" in page.locator("footer").inner_text()
    page.screenshot(path=tmp_path / "netz.png")


def test_the_file_names_no_other_host() -> None:
    text = download_html(build_view([DrawnNode("a", "A", "City")], [], WORDS), title="A")
    assert "default-src 'none'" in text
    for address in ("cdnjs", "jsdelivr", 'src="http', 'href="http', "@import"):
        assert address not in text
