"""The network in a real browser: drawn, clicked, expanded, filtered, walked by keyboard, and silent towards other hosts."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import PHONE, OpenPage

EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def address(apart: str) -> str:
    return f"{apart}/?part=network"


@pytest.fixture
def net(open_page: OpenPage, address: str) -> Locator:
    return drawn(open_page(address))


def drawn(page: Page) -> Locator:
    page.on("dialog", lambda dialog: pytest.fail("a script ran: " + dialog.message))
    expect(page.locator(".kg-net canvas")).to_be_visible(timeout=30_000)
    page.wait_for_function("() => true")
    root = page.locator(".kg-net")
    root.evaluate("e => new Promise(done => { const t = setInterval(() => e.view?.network && (clearInterval(t), done()), 20) })")
    page.wait_for_timeout(200)
    return root


def at(net: Locator, node: str) -> tuple[float, float]:
    box = net.locator(".canvas").bounding_box()
    assert box is not None
    spot = net.evaluate("(e, id) => e.view.domAt(id)", node)
    return box["x"] + spot["x"], box["y"] + spot["y"]


def between(net: Locator, edge: str) -> tuple[float, float]:
    """A point on a tie; on a bent one its middle."""
    box = net.locator(".canvas").bounding_box()
    assert box is not None
    spot = net.evaluate("(e, id) => e.view.network.canvasToDOM(e.view.network.body.edges[id].edgeType.getPoint(0.5))", edge)
    return box["x"] + spot["x"], box["y"] + spot["y"]


def positions(net: Locator) -> dict[str, Any]:
    return net.evaluate("e => e.view.network.getPositions()")


def says(net: Locator, text: str) -> None:
    expect(net.page.get_by_text(text)).to_be_visible(timeout=10_000)


def test_every_tie_is_drawn_parallel_ones_too(net: Locator) -> None:
    edges = net.evaluate("e => e.view.edges.get().map(x => [x.id, x.smooth && x.smooth.type])")
    bends = {bend for key, bend in edges if key in {"climate|lb|ko", "solidarity|lb|ko"}}
    assert bends == {"curvedCW", "curvedCCW"}
    assert len(positions(net)) == 14
    assert len(edges) == 18


def test_a_click_selects_a_node_and_a_click_on_the_ground_lets_go(net: Locator) -> None:
    net.page.mouse.click(*at(net, "bg"))
    says(net, "selected=('node', 'bg')")
    box = net.locator(".canvas").bounding_box()
    assert box is not None
    net.page.mouse.click(box["x"] + 12, box["y"] + box["height"] - 12)
    says(net, "selected=None")


def test_a_click_on_one_of_two_parallel_ties_selects_that_one(net: Locator) -> None:
    for key in ("climate|lb|ko", "solidarity|lb|ko"):
        net.page.mouse.click(*between(net, key))
        says(net, f"selected=('tie', '{key}')")


def test_a_double_click_expands_and_nothing_moves(net: Locator) -> None:
    before = positions(net)
    net.page.mouse.dblclick(*at(net, "mu"))
    net.page.wait_for_function("() => document.querySelectorAll('*').length > 0")
    net.evaluate("e => new Promise(d => { const t = setInterval(() => e.view.nodes.get('wa') && (clearInterval(t), d()), 50) })")
    after = positions(net)
    assert len(after) == 20
    assert {i: after[i] for i in before} == before


def test_a_node_that_was_dragged_stays_where_it_was_dragged_to(net: Locator) -> None:
    x, y = at(net, "ca")
    net.page.mouse.move(x, y)
    net.page.mouse.down()
    net.page.mouse.move(x - 60, y - 40, steps=4)
    net.page.mouse.up()
    moved = positions(net)["ca"]
    net.page.get_by_role("button", name="Bergamo wählen").click()
    says(net, "selected=('node', 'bg')")
    assert positions(net)["ca"] == moved


def test_a_choice_made_elsewhere_is_marked(net: Locator) -> None:
    net.page.get_by_role("button", name="Bergamo wählen").click()
    says(net, "selected=('node', 'bg')")
    assert net.evaluate("e => e.view.picked") == {"kind": "node", "id": "bg"}
    assert net.evaluate("e => e.view.nodes.get('bg').borderWidth") == 4


def test_a_name_is_never_markup(net: Locator) -> None:
    assert net.evaluate("e => e.view.nodes.get('x').label").replace("\n", " ") == EVIL
    net.page.mouse.move(*at(net, "x"))
    expect(net.locator(".tip")).to_contain_text("Stadt · 1 Verbindungen")
    assert EVIL in net.locator(".tip").inner_text().replace("\n", " ")
    net.page.mouse.move(*between(net, "contact|lb|x"))
    expect(net.locator(".tip")).to_contain_text("Kontakt · nicht angegeben")
    assert net.page.locator(".kg-net img").count() == 0


def test_hovering_dims_all_but_the_neighbourhood(net: Locator) -> None:
    net.page.mouse.move(*at(net, "mo"))
    expect(net.locator(".tip")).to_be_visible()
    dim = set(net.evaluate("e => e.view.nodes.get().filter(n => n.opacity < 1).map(n => n.id)"))
    assert dim == set(positions(net)) - {"mo", "lb", "ko"}
    net.page.mouse.move(5, 5)
    expect(net.locator(".tip")).to_be_hidden()
    assert net.evaluate("e => e.view.nodes.get().every(n => n.opacity === 1)")


def test_the_keyboard_walks_selects_and_expands(net: Locator) -> None:
    net.locator(".canvas").focus()
    for key in ("Home", "ArrowLeft", "Enter"):
        net.page.keyboard.press(key)
    says(net, "selected=('node', 'bg')")
    expect(net.locator(".said")).to_have_text("Bergamo\u00a0·\u00a0IT, Stadt · 3 Verbindungen")
    net.page.keyboard.press("+")
    net.evaluate("e => new Promise(d => { const t = setInterval(() => e.view.nodes.get('lu') && (clearInterval(t), d()), 50) })")
    net.page.keyboard.press("Escape")
    says(net, "selected=None")
    net.page.keyboard.press("Tab")
    expect(net.locator(".tools button").first).to_be_focused()


def test_the_legend_filters(net: Locator) -> None:
    button = net.locator(".legend button", has_text="Klimapartnerschaft")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert "am" not in positions(net)
    assert "ko" in positions(net)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert "am" in positions(net)


def test_fit_brings_back_what_was_zoomed_away(net: Locator) -> None:
    scale = net.evaluate("e => e.view.network.getScale()")
    for _ in range(3):
        net.get_by_role("button", name="Näher").click()
    assert net.evaluate("e => e.view.network.getScale()") > scale * 1.5
    net.get_by_role("button", name="Alles zeigen").click()
    assert net.evaluate("e => e.view.network.getScale()") == pytest.approx(scale, rel=0.01)


def test_on_a_phone_in_the_dark_the_picture_fits(open_page: OpenPage, address: str) -> None:
    net = drawn(open_page(address, PHONE, "dark"))
    box = net.locator(".canvas").bounding_box()
    assert box is not None
    assert box["width"] <= PHONE[0]
    for node in positions(net):
        x, y = at(net, node)
        assert box["x"] < x < box["x"] + box["width"]
        assert box["y"] < y < box["y"] + box["height"]
    assert net.evaluate("e => e.view.theme") == "dark"
