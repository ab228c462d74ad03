"""How kinds, statuses and groups look: the one place for colours, line styles and shapes.

Hues follow the idea of the set of Okabe and Ito (https://jfly.uni-koeln.de/color/); lightness was searched for, on light and
on dark ground, until every colour stands out at least 3:1, as WCAG 2.2 asks of graphical objects. A hue never stands alone:
legend, tooltip and table name the kind, and the status is shown by the line, not by the colour.
"""

import math
from dataclasses import dataclass
from typing import Literal

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Ink:
    """One colour on light and on dark ground, each as #rrggbb."""

    light: str
    dark: str

    def on(self, theme: Theme) -> str:
        """The colour for a theme."""
        return self.light if theme == "light" else self.dark


@dataclass(frozen=True, slots=True)
class Line:
    """A line style: width in pixels, dashes as lengths of stroke and gap (none means solid), ``muted`` means grey."""

    width: float
    dashes: tuple[int, ...] = ()
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A node's look: a shape of vis-network, its fill, and what evens out that shapes of one radius differ in area."""

    shape: str
    ink: Ink
    scale: float = 1.0


GROUND = Ink("#ffffff", "#12171f")
PANEL = Ink("#f5f7fa", "#1b222d")
TEXT = Ink("#1c2733", "#e8edf3")
BORDER = Ink("#d5dce4", "#323c4a")
ACCENT = Ink("#0b62a4", "#6cb8f0")
MUTED = Ink("#7b8794", "#8593a3")
FOCUS = Ink("#d1480f", "#ff8a4c")

# The partnership family shares blues, so that "any treaty" is seen at a glance; every other family has a hue of its own.
# Lightness is spread so that any two kinds differ by 15 in CIELAB at least, for red-blind and green-blind eyes as well.
KIND_INK: dict[str, Ink] = {
    "twinning": Ink("#0b62a4", "#529aee"),
    "friendship": Ink("#4b9bc6", "#3f97c2"),
    "contact": Ink("#495e72", "#7e8a94"),
    "county": Ink("#16168c", "#4e4feb"),
    "state": Ink("#131557", "#535ac6"),
    "climate": Ink("#11a68d", "#a2f3d1"),
    "sustainability": Ink("#48610b", "#d0e649"),
    "solidarity": Ink("#bf643f", "#e54d21"),
    "sponsorship": Ink("#bb8a13", "#f0da8e"),
    "project": Ink("#640b31", "#e71c73"),
    "initiative": Ink("#a220e3", "#ddc3ed"),
}

STATUS_LINE: dict[str, Line] = {
    "active": Line(2.6),
    "weak": Line(1.3),
    "planned": Line(2.2, (12, 5)),
    "proposed": Line(2.2, (2, 5)),
    "dormant": Line(1.8, (6, 6)),
    "suspended": Line(1.8, (10, 5, 2, 5)),
    "ended": Line(1.4, muted=True),
    "rejected": Line(1.4, (2, 5), muted=True),
    "unknown": Line(1.3, (1, 3)),
}
BASIS_LINE: dict[str, Line] = {"listed": Line(1.8, (16, 3)), "begun": Line(1.6, (4, 3)), "past": Line(1.8, (8, 3))}
"""What is drawn where no source says how it stands: a line the less whole the less is known."""
RELATION_LINE = Line(1.1, muted=True)
"""Ties that are no partnership (member of a network, seat of an association, …)."""

GROUP_MARK: dict[str, Mark] = {
    "City": Mark("dot", Ink("#33506b", "#a9c1d6")),
    "District": Mark("square", Ink("#4a55a8", "#9aa5f0"), 0.75),
    "Region": Mark("hexagon", Ink("#232a5c", "#c9cdfa")),
    "Country": Mark("diamond", Ink("#232a5c", "#c9cdfa")),
    "Partnership": Mark("triangleDown", Ink("#7a2e9e", "#cc92ea")),
    "Organisation": Mark("triangle", Ink("#a87400", "#f0b429")),
    "Network": Mark("star", Ink("#00805a", "#2fc498"), 1.2),
    "Event": Mark("diamond", Ink("#b3478c", "#ec8fc9")),
    "Topic": Mark("square", Ink("#6f8b00", "#b5cf3d"), 0.75),
    "Person": Mark("triangleDown", Ink("#6b8299", "#b4c3d1")),
}
OTHER_MARK = Mark("dot", MUTED)

_SMALLEST, _LARGEST = 9.0, 22.0
_VILLAGE, _METROPOLIS = 1_000, 5_000_000


def tie_ink(kind: str, status: str) -> Ink:
    """The colour of a tie; grey where the status or the lack of a partnership takes the colour away."""
    return MUTED if tie_line(kind, status).muted else KIND_INK[kind]


def tie_line(kind: str, status: str) -> Line:
    """The line of a tie; a kind that is no partnership's has the thin grey one whatever its status."""
    line = BASIS_LINE.get(status) or STATUS_LINE.get(status, STATUS_LINE["unknown"])
    return line if kind in KIND_INK else RELATION_LINE


def mark(group: str) -> Mark:
    """The look of a group of nodes."""
    return GROUP_MARK.get(group, OTHER_MARK)


def node_size(population: int | None) -> float:
    """A radius in pixels that grows with the logarithm of the inhabitants; small where they are not known."""
    if not population:
        return _SMALLEST + 2
    reach = math.log(min(max(population, _VILLAGE), _METROPOLIS) / _VILLAGE) / math.log(_METROPOLIS / _VILLAGE)
    return round(_SMALLEST + reach * (_LARGEST - _SMALLEST), 1)
