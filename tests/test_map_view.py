"""The map: drawn from our own outlines, silent towards other hosts, and its geometry."""

import itertools
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Locator, Page, expect

from kg.present.pictures.graph import DrawnTie
from kg.present.pictures.map import MapPlace, build_map, countries, great_circle
from tests.browser import PHONE, OpenPage
from tests.test_graph_view import WORDS

LUDWIGSBURG, BERGAMO = (9.1916, 48.8973), (9.6690, 45.6980)
LON, LAT = st.floats(-179, 179), st.floats(-80, 80)


def places() -> list[MapPlace]:
    return [
        MapPlace("lb", "Ludwigsburg", 48.8973, 9.1916, is_focus=True),
        MapPlace("bg", "Bergamo", 45.6980, 9.6690),
        MapPlace("no", "Nirgendwo", None, None),
    ]


def holds(lon: float, lat: float) -> list[int]:
    """Which countries of the outlines have this point in one of their polygons."""
    return [
        i
        for i, feature in enumerate(countries()["features"])
        for polygon in feature["geometry"]["coordinates"]
        if inside(lon, lat, polygon[0]) and not any(inside(lon, lat, hole) for hole in polygon[1:])
    ]


def inside(x: float, y: float, ring: list[list[float]]) -> bool:
    edges = itertools.pairwise(ring)
    return sum((ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax for (ax, ay), (bx, by) in edges) % 2 == 1


def test_outlines_are_small_closed_and_have_no_line_around_the_world() -> None:
    assert len(json.dumps(countries())) < 500_000
    rings = [r for f in countries()["features"] for polygon in f["geometry"]["coordinates"] for r in polygon]
    assert all(ring[0] == ring[-1] for ring in rings)
    assert max(abs(a[0] - b[0]) for ring in rings for a, b in itertools.pairwise(ring)) < 60


def test_crimea_belongs_to_ukraine_and_neighbours_do_not_overlap() -> None:
    yevpatoria, kyiv, moscow = holds(33.5, 45.25), holds(30.5, 50.4), holds(37.6, 55.7)
    assert yevpatoria == kyiv != moscow
    for lon, lat in ((9.19, 48.9), (9.67, 45.7), (7.34, 47.75), (-1.5, 13.3), (149.1, -35.3), (139.7, 35.7), (6.1, 49.6)):
        assert len(holds(lon, lat)) == 1


@given(LON, LAT, LON, LAT)
def test_a_great_circle_starts_and_ends_where_it_should_and_never_jumps(a: float, b: float, c: float, d: float) -> None:
    line = great_circle((a, b), (c, d))
    assert line[0] == pytest.approx((a, b), abs=1e-6)
    assert line[-1][1] == pytest.approx(d, abs=1e-6)
    assert math.isclose(math.cos(math.radians(line[-1][0] - c)), 1, abs_tol=1e-9)
    assert all(abs(p[0] - q[0]) <= 180 for p, q in itertools.pairwise(line))


def test_across_the_pacific_the_line_runs_on() -> None:
    line = great_circle((170.0, 10.0), (-170.0, 10.0))
    assert line[-1][0] == pytest.approx(190)
    assert line[len(line) // 2][1] > 10


def test_parallel_ties_status_and_places_without_coordinates() -> None:
    ties = [
        DrawnTie("t", "lb", "bg", "twinning", "active"),
        DrawnTie("c", "bg", "lb", "climate", "dormant"),
        DrawnTie("n", "lb", "no", "contact", "active"),
    ]
    view = build_map(places(), ties, WORDS)
    assert view.missing == ("Nirgendwo",)
    climate, twinning = view.lines
    assert (climate["id"], twinning["id"]) == ("c", "t")
    assert climate["at"][0] == twinning["at"][0]
    assert climate["at"][-1] == twinning["at"][-1]
    assert math.dist(climate["at"][16], twinning["at"][16]) > 0.3
    assert climate["tip"] == "Bergamo – Ludwigsburg\nKlimapartnerschaft · ruhend"
    assert climate["dashes"]
    assert not twinning["dashes"]
    assert json.loads(json.dumps(view.payload()))["places"][0]["id"] == "lb"


@pytest.fixture
def address(apart: str) -> str:
    return f"{apart}/?part=map"


def drawn(page: Page) -> Locator:
    page.on("dialog", lambda dialog: pytest.fail("a script ran: " + dialog.message))
    root = page.locator(".kg-map")
    expect(root.locator("canvas")).to_be_visible(timeout=30_000)
    root.evaluate("e => new Promise(done => { const t = setInterval(() => e.view?.k && (clearInterval(t), done()), 20) })")
    page.wait_for_timeout(200)
    return root


def at(root: Locator, place: str) -> tuple[float, float]:
    box = root.locator("canvas").bounding_box()
    assert box is not None
    spot = root.evaluate("(e, id) => e.view.onSheet(e.view.byId.get(id))", place)
    return box["x"] + spot["x"], box["y"] + spot["y"]


def says(root: Locator, text: str) -> None:
    expect(root.page.get_by_text(text)).to_be_visible(timeout=10_000)


def test_places_and_ties_are_chosen_and_the_view_stays(open_page: OpenPage, address: str) -> None:
    root = drawn(open_page(address))
    mouse = root.page.mouse
    mouse.click(*at(root, "bg"))
    says(root, "selected=('node', 'bg')")
    (ax, ay), (bx, by) = at(root, "lb"), at(root, "ca")
    mouse.move(ax, ay)
    mouse.down()
    mouse.move(ax - 40, ay - 30, steps=4)
    mouse.up()
    assert at(root, "lb") == pytest.approx((ax - 40, ay - 30))
    middle = root.evaluate("e => { const [x, y] = e.view.lines.find(l => l.id === 't3').at[16]; return e.view.onSheet({x, y}) }")
    box = root.locator("canvas").bounding_box()
    assert box is not None
    mouse.click(box["x"] + middle["x"], box["y"] + middle["y"])
    says(root, "selected=('tie', 't3')")
    assert at(root, "ca") == pytest.approx((bx - 40, by - 30))
    mouse.dblclick(*at(root, "mu"))
    says(root, "selected=('node', 'mu')")


def test_the_map_has_keys_and_a_wheel_that_waits(open_page: OpenPage, address: str) -> None:
    root = drawn(open_page(address))
    page = root.page
    scale = root.evaluate("e => e.view.k")
    page.mouse.move(*at(root, "lb"))
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(100)
    assert root.evaluate("e => e.view.k") == scale
    root.locator(".canvas").focus()
    for key in ("Home", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    says(root, "selected=('node', 'nj')")
    expect(root.locator(".said")).to_contain_text("Nový Jičín")
    page.mouse.wheel(0, -300)
    root.evaluate(
        "(e, k) => new Promise(d => { const t = setInterval(() => e.view.k > k && (clearInterval(t), d()), 20) })", scale
    )
    root.get_by_role("button").nth(2).click()
    assert root.evaluate("e => e.view.k") == pytest.approx(scale)


def test_a_name_on_the_map_is_text(open_page: OpenPage, address: str) -> None:
    root = drawn(open_page(address))
    root.page.mouse.move(*at(root, "x"))
    expect(root.locator(".tip")).to_contain_text("<img src=x onerror=alert(1)>")
    assert root.page.locator("img[src=x]").count() == 0


def test_on_a_dark_phone_every_place_is_in_the_picture(open_page: OpenPage, address: str) -> None:
    root = drawn(open_page(address, PHONE, "dark"))
    box = root.locator("canvas").bounding_box()
    assert box is not None
    assert box["width"] <= PHONE[0]
    for place in ("lb", "ca", "ye", "y"):
        x, y = at(root, place)
        assert box["x"] < x < box["x"] + box["width"]
        assert box["y"] < y < box["y"] + box["height"]
    assert root.evaluate("e => e.view.theme") == "dark"
