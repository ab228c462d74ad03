"""The picture of a part of the graph: pyvis builds it, plain data leave it.

Free of Streamlit and of the database: whoever has nodes and ties gets a view, with the same positions every time.
"""

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal

from pyvis.network import Network

from kg.present.pictures import style
from kg.present.pictures.layout import NodeBox, Point, place
from kg.present.texts import SHOWN_STATUSES
from kg.vocabulary import KINDS

CAP = 150
"""More nodes than this no eye can follow; the rest is in the table."""
_PARALLEL_BEND = 0.16
_LINE = 18
"""Letters in a line of a label; longer ones are broken between words."""
_FONT, _FOCUS_FONT = 14, 18


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node to show. ``group`` is a label of the vocabulary, ``size`` a radius in pixels, ``x`` and ``y`` a known position.

    ``more`` is the number of its ties that are not in the view, shown as "+5" and brought in by expanding.
    """

    id: str
    label: str
    group: str
    country: str = ""
    size: float = 11.0
    x: float | None = None
    y: float | None = None
    is_focus: bool = False
    expanded: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class DrawnTie:
    """A tie to show; ``key`` is unique, ``kind`` one of the vocabulary's or another relation's type, ``label`` plain text."""

    key: str
    a: str
    b: str
    kind: str
    status: str
    label: str = ""
    partnership: str = ""


@dataclass(frozen=True, slots=True)
class ViewWords:
    """What the view says, in the user's language. ``shown`` has the fields ``{shown}`` and ``{total}``."""

    kinds: Mapping[str, str]
    statuses: Mapping[str, str]
    groups: Mapping[str, str]
    shown: str
    fit: str
    zoom_in: str
    zoom_out: str
    legend: str
    title: str
    keys_hint: str
    ties: str


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A line of the legend; ``on`` is false for what the filter hides, ``count`` counts hidden ties and nodes too."""

    what: Literal["kind", "status", "group"]
    id: str
    label: str
    count: int
    on: bool = True


@dataclass(frozen=True, slots=True)
class GraphView:
    """A view ready to be drawn; ``positions`` belong into the next call, so that the picture stays when it grows."""

    network: Network
    legend: tuple[LegendEntry, ...]
    positions: Mapping[str, Point]
    shown: int
    total: int
    words: ViewWords = field(repr=False)

    def payload(self) -> dict[str, Any]:
        """The data of the component, JSON through and through."""
        return {
            "nodes": self.network.nodes,
            "edges": self.network.edges,
            "options": self.network.options,
            "legend": [
                {"what": e.what, "id": e.id, "label": e.label, "count": e.count, "on": e.on} | _sample(e) for e in self.legend
            ],
            "ground": {theme: {"halo": style.GROUND.on(theme), "text": style.TEXT.on(theme), "muted": style.MUTED.on(theme),
                               "focus": style.FOCUS.on(theme), "accent": style.ACCENT.on(theme)} for theme in style.THEMES},
            "words": {"fit": self.words.fit, "zoom_in": self.words.zoom_in, "zoom_out": self.words.zoom_out,
                      "legend": self.words.legend, "title": self.words.title, "keys_hint": self.words.keys_hint,
                      "ties": self.words.ties,
                      "shown": "" if self.shown == self.total
                      else self.words.shown.format(shown=self.shown, total=self.total)},
        }  # fmt: skip


def words_for(language: Literal["de", "en"], groups: Mapping[str, str], relations: Mapping[str, str], **texts: str) -> ViewWords:
    """Words with the vocabulary's labels of kinds and statuses; ``texts`` has a text for every other field of `ViewWords`.

    ``groups`` names the labels of nodes, ``relations`` the types of ties that are no partnership.
    """
    kinds = {k.id: k.de if language == "de" else k.en for k in KINDS.values()}
    statuses = {name: each.de if language == "de" else each.en for name, each in SHOWN_STATUSES.items()}
    return ViewWords({**kinds, **relations}, statuses, groups, **texts)


def build_view(
    nodes: Sequence[DrawnNode],
    ties: Sequence[DrawnTie],
    words: ViewWords,
    *,
    hidden: AbstractSet[tuple[str, str]] = frozenset(),
    known: Mapping[str, Point] | None = None,
    cap: int = CAP,
) -> GraphView:
    """Build the picture.

    ``hidden`` holds pairs like ("kind", "climate"), ("status", "ended") or ("group", "Event") that the legend switched off.
    ``known`` are the positions of an earlier view. More than ``cap`` nodes are cut: the focus, then the expanded, then the
    known, then the best connected ones stay.

    Raises:
        ValueError: two nodes or two ties with one identity, or a tie with an end that is no node.
    """
    _check(nodes, ties)
    positions = {n.id: (n.x, n.y) for n in nodes if n.x is not None and n.y is not None} | dict(known or {})
    wanted = [n for n in nodes if n.is_focus or ("group", n.group) not in hidden]
    drawn_ties = _visible_ties(wanted, ties, hidden)
    wanted = _without_lonely(wanted, ties, drawn_ties)
    kept = _capped(wanted, drawn_ties, positions, cap)
    ids = {n.id for n in kept}
    drawn_ties = [t for t in drawn_ties if t.a in ids and t.b in ids]
    placed = _placed(kept, drawn_ties, positions)
    network = _network(kept, drawn_ties, placed, words)
    return GraphView(network, _legend(nodes, ties, words, hidden), placed, len(kept), len(wanted), words)


def _check(nodes: Sequence[DrawnNode], ties: Sequence[DrawnTie]) -> None:
    ids = {n.id for n in nodes}
    if len(ids) != len(nodes) or len({t.key for t in ties}) != len(ties):
        raise ValueError("two nodes, or two ties, of the view have the same identity")
    if lost := next((t for t in ties if t.a not in ids or t.b not in ids), None):
        raise ValueError(f"the tie {lost.key!r} has an end that is no node of the view")


def _visible_ties(nodes: Sequence[DrawnNode], ties: Sequence[DrawnTie], hidden: AbstractSet[tuple[str, str]]) -> list[DrawnTie]:
    ids = {n.id for n in nodes}
    return [
        t for t in ties
        if t.a in ids and t.b in ids and ("kind", t.kind) not in hidden and ("status", t.status) not in hidden
    ]  # fmt: skip


def _without_lonely(nodes: Sequence[DrawnNode], ties: Sequence[DrawnTie], drawn: Sequence[DrawnTie]) -> list[DrawnNode]:
    """Leave out what only hidden ties connect; a node that never had a tie stays."""
    tied, seen = ({end for t in some for end in (t.a, t.b)} for some in (ties, drawn))
    return [n for n in nodes if n.is_focus or n.id in seen or n.id not in tied]


def _capped(nodes: Sequence[DrawnNode], ties: Sequence[DrawnTie], known: Mapping[str, Point], cap: int) -> list[DrawnNode]:
    degree = Counter(end for t in ties for end in (t.a, t.b))
    ranked = sorted(nodes, key=lambda n: (not n.is_focus, not n.expanded, n.id not in known, -degree[n.id], n.label, n.id))
    kept = {n.id for n in ranked[:cap]}
    return [n for n in nodes if n.id in kept]


def _placed(nodes: Sequence[DrawnNode], ties: Sequence[DrawnTie], known: Mapping[str, Point]) -> dict[str, Point]:
    root = next((n.id for n in nodes if n.is_focus), "")
    boxes = [NodeBox(n.id, _text(n), (n.country,)) for n in nodes]
    return place(boxes, [(t.a, t.b) for t in ties], known, root)


def _text(node: DrawnNode) -> str:
    name = f"{node.label}\u00a0·\u00a0{node.country}" if node.country else node.label
    return textwrap.fill(name, _LINE, break_long_words=False, break_on_hyphens=False) or node.id


def _network(nodes: Sequence[DrawnNode], ties: Sequence[DrawnTie], placed: Mapping[str, Point], words: ViewWords) -> Network:
    # pyvis drops the second of two parallel ties unless the graph is directed; without arrows it looks undirected.
    network = Network(directed=True)
    network.options = _options()
    tied: dict[str, list[str]] = {n.id: [] for n in nodes}
    for tie in ties:
        tied[tie.a].append(tie.b)
        tied[tie.b].append(tie.a)
    for node in sorted(nodes, key=lambda n: n.id):
        below = [placed[i][1] - placed[node.id][1] for i in tied[node.id]]
        above = not node.is_focus and bool(below) and sum(below) / len(below) > _FONT * 2
        _add_node(network, node, placed[node.id], words, len(below), above)
    seen: Counter[tuple[str, str]] = Counter()
    twins = Counter(_pair(t) for t in ties)
    for tie in sorted(ties, key=lambda t: t.key):
        _add_tie(network, tie, _bend(seen[_pair(tie)], twins[_pair(tie)]), words)
        seen[_pair(tie)] += 1
    return network


def _pair(tie: DrawnTie) -> tuple[str, str]:
    return min(tie.a, tie.b), max(tie.a, tie.b)


def _bend(place_among: int, count: int) -> float:
    """Bends of parallel ties, spread around the straight line: one tie 0, two ∓0.08, three −0.16, 0, 0.16."""
    return round((place_among - (count - 1) / 2) * _PARALLEL_BEND, 3)


def _add_node(network: Network, node: DrawnNode, at: Point, words: ViewWords, ties: int, above: bool) -> None:
    look = style.mark(node.group)
    ink = style.FOCUS if node.is_focus else look.ink
    network.add_node(
        node.id, label=_text(node), shape=look.shape, color=ink.light, x=at[0], y=at[1],
        size=round(node.size * look.scale * (1.25 if node.is_focus else 1.0), 1), ink={"light": ink.light, "dark": ink.dark},
        focus=node.is_focus, expanded=node.expanded, more=node.more, ties=ties, above=above,
        sort=words.groups.get(node.group, node.group), font={"size": _FOCUS_FONT if node.is_focus else _FONT},
    )  # fmt: skip


def _add_tie(network: Network, tie: DrawnTie, bend: float, words: ViewWords) -> None:
    a, b = _pair(tie)
    line, ink = style.tie_line(tie.kind, tie.status), style.tie_ink(tie.kind, tie.status)
    smooth: dict[str, Any] | bool = False
    if bend:
        smooth = {"enabled": True, "type": "curvedCW" if bend > 0 else "curvedCCW", "roundness": abs(bend)}
    parts = [words.kinds.get(tie.kind, tie.kind)]
    if tie.kind in KINDS:
        parts.append(words.statuses.get(tie.status, tie.status))
    network.add_edge(
        a, b, id=tie.key, arrows="", color=ink.light, width=line.width, dashes=list(line.dashes) or False, smooth=smooth,
        ink={"light": ink.light, "dark": ink.dark}, tip=" · ".join([*parts, *([tie.label] if tie.label else [])]),
        kind=tie.kind, status=tie.status, partnership=tie.partnership,
    )  # fmt: skip


def _options() -> dict[str, Any]:
    """Options of vis-network: places come computed, so physics would only undo them."""
    return {
        "autoResize": True,
        "physics": {"enabled": False, "solver": "forceAtlas2Based", "stabilization": {"iterations": 120}},
        "layout": {"improvedLayout": False, "randomSeed": 1},
        "interaction": {
            "hover": True, "hoverConnectedEdges": False, "selectConnectedEdges": False, "multiselect": False,
            "zoomView": False, "tooltipDelay": 100_000_000, "keyboard": False,
        },
        "nodes": {"borderWidth": 2, "font": {"face": "system-ui, sans-serif", "strokeWidth": 5, "vadjust": -2}},
        "edges": {"hoverWidth": 1.2, "selectionWidth": 1.6, "smooth": False},
    }  # fmt: skip


def _legend(
    nodes: Sequence[DrawnNode], ties: Sequence[DrawnTie], words: ViewWords, hidden: AbstractSet[tuple[str, str]]
) -> tuple[LegendEntry, ...]:
    """What occurs, in the vocabulary's order; hidden entries stay, so that they can be switched on again."""
    counted: tuple[tuple[Literal["kind", "status", "group"], Counter[str], Mapping[str, str]], ...] = (
        ("kind", Counter(t.kind for t in ties), words.kinds),
        ("status", Counter(t.status for t in ties if t.kind in KINDS), words.statuses),
        ("group", Counter(n.group for n in nodes), words.groups),
    )
    return tuple(
        LegendEntry(what, i, labels.get(i, i), counts[i], (what, i) not in hidden)
        for what, counts, labels in counted
        for i in [*(i for i in labels if i in counts), *sorted(i for i in counts if i not in labels)]
    )


def _sample(entry: LegendEntry) -> dict[str, Any]:
    """How the legend draws an entry: a coloured line, a grey line with the dashes, or a shape."""
    if entry.what == "group":
        look = style.mark(entry.id)
        return {"shape": look.shape, "ink": {"light": look.ink.light, "dark": look.ink.dark}}
    kind, status = (entry.id, "active") if entry.what == "kind" else ("twinning", entry.id)
    line = style.tie_line(kind, status)
    ink = style.tie_ink(kind, status) if entry.what == "kind" or line.muted else style.TEXT
    return {"width": line.width, "dashes": list(line.dashes), "ink": {"light": ink.light, "dark": ink.dark}}
