"""Helpers of the tests that open the app in a browser."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import OpenPage

EVIL = "<img src=x onerror=alert(1)>"
LUDWIGSBURG = "gn:2875107"


def opened(open_page: OpenPage, url: str, **how: object) -> Page:
    """A page of the app, drawn to its end."""
    page = open_page(url, **how)
    expect(page.locator("h1")).to_be_visible(timeout=60_000)
    settled(page)
    return page


def settled(page: Page) -> Page:
    """Wait until the app has nothing left to do."""
    page.wait_for_timeout(250)
    busy = "[data-testid=stStatusWidget], [data-stale=true], [data-test-script-state=running], .st-key-starting"
    quiet = f"() => !document.querySelector('{busy}')"
    page.wait_for_function(quiet, timeout=60_000)
    page.wait_for_timeout(150)
    page.wait_for_function(quiet, timeout=60_000)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    return page


def search(page: Page, text: str, choose: str, label: str = "Ort suchen") -> None:
    """Type into a search box and take the suggestion of that name."""
    page.get_by_role("combobox", name=label, exact=True).fill(text)
    hit = page.get_by_role("option", name=re.compile("^" + re.escape(choose) + " · "))
    expect(hit.first).to_be_visible(timeout=20_000)
    hit.first.click()
    settled(page)


def drawn(page: Page) -> Locator:
    """The picture of the network, once it is drawn."""
    expect(page.locator(".kg-net canvas").first).to_be_visible(timeout=60_000)
    root = page.locator(".kg-net").first
    root.evaluate("e => new Promise(d => { const t = setInterval(() => e.view?.network && (clearInterval(t), d()), 20) })")
    return root


def spot(net: Locator, node: str) -> tuple[float, float]:
    """Where a node is on the screen."""
    net.scroll_into_view_if_needed()
    box = net.locator(".canvas").bounding_box()
    assert box is not None
    at = net.evaluate("(e, id) => e.view.domAt(id)", node)
    return box["x"] + at["x"], box["y"] + at["y"]


def on_tie(net: Locator, tie: str) -> tuple[float, float]:
    """A point on a tie."""
    net.scroll_into_view_if_needed()
    box = net.locator(".canvas").bounding_box()
    assert box is not None
    at = net.evaluate("(e, id) => e.view.network.canvasToDOM(e.view.network.body.edges[id].edgeType.getPoint(0.5))", tie)
    return box["x"] + at["x"], box["y"] + at["y"]


def panel(page: Page) -> Locator:
    """The details beside a view."""
    return page.locator(".st-key-panel")
