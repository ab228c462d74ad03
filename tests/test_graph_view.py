"""The picture as data: colours, layout, cap, filter and the file to download."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.present.pictures import style
from kg.present.pictures.graph import DrawnNode, DrawnTie, GraphView, build_view, words_for
from kg.present.pictures.layout import NodeBox, place
from kg.present.texts import SHOWN_STATUSES
from kg.vocabulary import KINDS, NODE_TYPES, PLACE_LABELS, STATUSES

WORDS = words_for(
    "de", {"City": "Stadt"}, {"MEMBER_OF": "Mitglied"}, shown="{shown} von {total}", fit="f", zoom_in="+", zoom_out="-",
    legend="l", title="t", keys_hint="k", ties="Verbindungen",
)  # fmt: skip


NEVER_DRAWN = {"Claim", "Source", "IngestRun", "LoadLock", "GraphVersion", "Forgotten"}


def city(i: str, **more: object) -> DrawnNode:
    return DrawnNode(i, i.upper(), "City", **more)  # type: ignore[arg-type]


def tie(a: str, b: str, kind: str = "twinning", status: str = "active") -> DrawnTie:
    return DrawnTie(f"{kind}|{a}|{b}", a, b, kind, status)


def ids(view: GraphView) -> set[str]:
    return {n["id"] for n in view.network.nodes}


def test_every_kind_status_and_group_has_a_look() -> None:
    assert set(style.KIND_INK) == set(KINDS)
    assert set(style.STATUS_LINE) == set(STATUSES)
    assert set(style.STATUS_LINE) | set(style.BASIS_LINE) == set(SHOWN_STATUSES)
    assert set(style.GROUP_MARK) == {*PLACE_LABELS, *NODE_TYPES} - {"Place"} - NEVER_DRAWN


def _linear(colour: str) -> np.ndarray:
    part = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def _contrast(one: str, other: str) -> float:
    high, low = sorted((float(_linear(c) @ (0.2126, 0.7152, 0.0722)) for c in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", style.THEMES)
def test_lines_stand_out_and_text_is_readable(theme: style.Theme) -> None:
    ground = style.GROUND.on(theme)
    inks = [*style.KIND_INK.values(), *(m.ink for m in style.GROUP_MARK.values()), style.MUTED, style.FOCUS, style.ACCENT]
    assert min(_contrast(ink.on(theme), ground) for ink in inks) >= 3
    assert _contrast(style.TEXT.on(theme), ground) >= 7
    assert _contrast(style.TEXT.on(theme), style.PANEL.on(theme)) >= 7


# Viénot, Brettel and Mollon (1999): how red-blind and green-blind eyes see linear RGB.
BLIND = {
    "none": np.eye(3),
    "protan": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "deutan": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
}


def _lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = np.cbrt(np.clip(to_xyz @ rgb / (0.9505, 1.0, 1.089), 1e-4, None))
    return np.array([116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])])


@pytest.mark.parametrize("theme", style.THEMES)
@pytest.mark.parametrize("eyes", BLIND)
def test_all_kinds_differ_for_every_eye(theme: style.Theme, eyes: str) -> None:
    """A difference of 10 in CIELAB is seen at a glance."""
    seen = [_lab(np.clip(BLIND[eyes] @ _linear(ink.on(theme)), 0, 1)) for ink in style.KIND_INK.values()]
    assert min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2)) >= 15


def test_parallel_ties_survive_with_bends_of_their_own() -> None:
    ties = [tie("a", "b"), tie("a", "b", "climate"), DrawnTie("third", "b", "a", "project", "planned")]
    view = build_view([city("a"), city("b")], ties, WORDS)
    assert [e["id"] for e in view.network.edges] == ["climate|a|b", "third", "twinning|a|b"]
    assert [(e["from"], e["to"], e["arrows"]) for e in view.network.edges] == [("a", "b", "")] * 3
    assert [e["smooth"] and e["smooth"]["type"] for e in view.network.edges] == ["curvedCCW", False, "curvedCW"]


def test_no_titles_and_json_through_and_through() -> None:
    view = build_view([city("a", country="DE"), city("b")], [tie("a", "b")], WORDS)
    assert "title" not in {key for one in (*view.network.nodes, *view.network.edges) for key in one}
    assert json.loads(json.dumps(view.payload())) == view.payload()


def test_status_is_told_by_the_line_and_the_end_by_grey() -> None:
    statuses = ("active", "dormant", "proposed", "ended")
    view = build_view([city("a"), city("b")], [DrawnTie(s, "a", "b", "climate", s) for s in statuses], WORDS)
    edges = {e["id"]: e for e in view.network.edges}
    assert edges["active"]["dashes"] is False
    assert edges["dormant"]["dashes"] != edges["proposed"]["dashes"]
    assert edges["ended"]["ink"]["light"] == style.MUTED.light
    assert edges["dormant"]["tip"] == "Klimapartnerschaft · ruhend"


def test_more_than_the_cap_is_cut_and_said() -> None:
    nodes = [city("hub", is_focus=True), city("z-far"), *(city(f"n{i:03}") for i in range(200))]
    ties = [tie("hub", n.id) for n in nodes[2:]] + [tie("n000", "z-far"), tie("n150", "n151")]
    view = build_view(nodes, ties, WORDS, cap=10)
    assert view.payload()["words"]["shown"] == "10 von 202"
    assert {"hub", "n000", "n150", "n151"} <= ids(view)
    assert "z-far" not in ids(view)
    assert all({e["from"], e["to"]} <= ids(view) for e in view.network.edges)


def test_known_nodes_outlive_the_cap() -> None:
    nodes = [city("hub", is_focus=True), *(city(f"n{i}") for i in range(9))]
    ties = [tie("hub", n.id) for n in nodes[1:]]
    view = build_view(nodes, ties, WORDS, cap=2, known={"n7": (10.0, 10.0)})
    assert ids(view) == {"hub", "n7"}
    assert view.positions["n7"] == (10.0, 10.0)


def test_the_filter_hides_ties_and_whom_they_alone_connected() -> None:
    nodes = [city("a", is_focus=True), city("b"), city("c"), city("alone"), DrawnNode("net", "Netz", "Network")]
    ties = [tie("a", "b"), tie("a", "b", "climate"), tie("a", "c", "climate", "dormant"), tie("a", "net", "MEMBER_OF")]
    assert ids(build_view(nodes, ties, WORDS, hidden={("kind", "climate")})) == {"a", "b", "net", "alone"}
    assert ids(build_view(nodes, ties, WORDS, hidden={("status", "dormant")})) == {"a", "b", "net", "alone"}
    assert ids(build_view(nodes, ties, WORDS, hidden={("group", "Network")})) == {"a", "b", "c", "alone"}
    legend = build_view(nodes, ties, WORDS, hidden={("kind", "climate")}).legend
    assert [(e.id, e.label, e.count, e.on) for e in legend if e.what == "kind"] == [
        ("twinning", "Städtepartnerschaft", 1, True),
        ("climate", "Klimapartnerschaft", 2, False),
        ("MEMBER_OF", "Mitglied", 1, True),
    ]


def test_doubles_and_loose_ends_are_refused() -> None:
    with pytest.raises(ValueError, match="same identity"):
        build_view([city("a"), city("a")], [], WORDS)
    with pytest.raises(ValueError, match="no node"):
        build_view([city("a")], [tie("a", "b")], WORDS)


GRAPHS = st.integers(1, 25).flatmap(
    lambda n: st.tuples(st.just(n), st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=40))
)


@given(GRAPHS, st.randoms(use_true_random=False))
def test_the_layout_does_not_depend_on_order_and_keeps_what_is_known(
    graph: tuple[int, list[tuple[int, int]]], chance: object
) -> None:
    n, pairs = graph
    boxes = [NodeBox(str(i), f"Ort {i}") for i in range(n)]
    ties = [(str(a), str(b)) for a, b in pairs]
    first = place(boxes, ties, {}, "0")
    shuffled = list(boxes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert place(shuffled, [(b, a) for a, b in reversed(ties)], {}, "0") == first
    assert len({(x, y) for x, y in first.values()}) == n
    grown = place([*boxes, NodeBox("new", "Neu")], [*ties, ("0", "new")], first, "0")
    assert {i: grown[i] for i in first} == first


def test_labels_of_a_star_do_not_overlap() -> None:
    boxes = [NodeBox("hub", "Ludwigsburg"), *(NodeBox(f"{i}", f"Partnerstadt {i}") for i in range(24))]
    placed = place(boxes, [("hub", b.id) for b in boxes[1:]], {}, "hub")
    for a, b in itertools.combinations(boxes, 2):
        (ax, ay), (bx, by) = placed[a.id], placed[b.id]
        assert abs(ax - bx) > 80 or abs(ay - by) > 40, (a, b)
    assert placed["hub"] == (0.0, 0.0)
