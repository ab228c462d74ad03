"""The same selection on a map: our own outlines, no tiles, so no other host is asked for anything.

Free of Streamlit and of the database. Coordinates leave here as Web Mercator in degrees: x east, y down, 360 wide. Ties follow
great circles; several ties of one pair run side by side.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from kg.present.pictures import style
from kg.present.pictures.graph import DrawnTie, ViewWords

LonLat = tuple[float, float]
_STEPS = 32
_BEND = 0.1


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place with WGS 84 coordinates in degrees; without them it is counted and left out. ``size`` is a radius in pixels."""

    id: str
    label: str
    lat: float | None
    lon: float | None
    group: str = "City"
    size: float = 11.0
    is_focus: bool = False


@dataclass(frozen=True, slots=True)
class MapView:
    """A map ready to be drawn; ``missing`` names the places that have no coordinates."""

    places: tuple[dict[str, Any], ...]
    lines: tuple[dict[str, Any], ...]
    missing: tuple[str, ...]
    words: ViewWords

    def payload(self) -> dict[str, Any]:
        """The data of the component, JSON through and through."""
        colours = {"sea": style.GROUND, "land": style.PANEL, "border": style.BORDER, "text": style.TEXT, "accent": style.ACCENT}
        words = self.words
        return {
            "places": list(self.places),
            "lines": list(self.lines),
            "ground": {theme: {name: ink.on(theme) for name, ink in colours.items()} for theme in style.THEMES},
            "words": {
                "fit": words.fit, "zoom_in": words.zoom_in, "zoom_out": words.zoom_out, "title": words.title,
                "keys_hint": words.keys_hint,
            },
        }  # fmt: skip


def build_map(places: Sequence[MapPlace], ties: Sequence[DrawnTie], words: ViewWords) -> MapView:
    """Build the map; ties with an end that has no coordinates are left out with it."""
    at = {p.id: (p.lon, p.lat) for p in places if p.lon is not None and p.lat is not None}
    shown = sorted((p for p in places if p.id in at), key=lambda p: (not p.is_focus, -p.size, p.label, p.id))
    beside: dict[frozenset[str], list[str]] = {}
    for tie in sorted(ties, key=lambda t: t.key):
        beside.setdefault(frozenset((tie.a, tie.b)), []).append(tie.key)
    names = {p.id: p.label for p in shown}
    return MapView(
        tuple(_point(place, at[place.id], words) for place in shown),
        tuple(
            _line(tie, at, names, beside[frozenset((tie.a, tie.b))], words)
            for tie in sorted(ties, key=lambda t: t.key)
            if tie.a in at and tie.b in at
        ),
        tuple(p.label for p in places if p.id not in at),
        words,
    )


@cache
def countries() -> dict[str, Any]:
    """The outlines of the countries as GeoJSON; see ``data/NOTICE.md`` for where they come from."""
    return json.loads(files("kg.present.pictures").joinpath("data", "countries.geojson").read_text(encoding="utf-8"))


@cache
def outlines() -> str:
    """The outlines as one path in the language of SVG, in Web Mercator degrees."""
    rings = (ring for f in countries()["features"] for polygon in f["geometry"]["coordinates"] for ring in polygon)
    return "".join("M" + "L".join("{:g} {:g}".format(*_mercator((x, y), 2)) for x, y in ring) + "Z" for ring in rings)


def great_circle(a: LonLat, b: LonLat, steps: int = _STEPS) -> list[LonLat]:
    """``steps`` + 1 points (longitude, latitude) from ``a`` to ``b``; longitudes run on beyond ±180° instead of jumping."""
    start, end = _vector(a), _vector(b)
    angle = math.acos(max(-1.0, min(1.0, sum(p * q for p, q in zip(start, end, strict=True)))))
    # Through opposite points every great circle is the shortest; the straight line on the map is as good.
    if math.sin(angle) < 1e-9:
        return [(a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps) for i in range(steps + 1)]
    line: list[LonLat] = []
    for i in range(steps + 1):
        p, q = math.sin((1 - i / steps) * angle) / math.sin(angle), math.sin(i / steps * angle) / math.sin(angle)
        x, y, z = (p * u + q * v for u, v in zip(start, end, strict=True))
        lon, lat = math.degrees(math.atan2(y, x)), math.degrees(math.asin(max(-1.0, min(1.0, z))))
        line.append((lon + 360 * round(((line[-1][0] if line else lon) - lon) / 360), lat))
    return line


def _vector(point: LonLat) -> tuple[float, float, float]:
    lon, lat = math.radians(point[0]), math.radians(point[1])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _mercator(point: LonLat, digits: int = 3) -> tuple[float, float]:
    lat = math.radians(max(-85.0, min(85.0, point[1])))
    return round(point[0], digits), round(-math.degrees(math.asinh(math.tan(lat))), digits)


def _bent(line: list[tuple[float, float]], bend: float) -> list[tuple[float, float]]:
    """Lift the middle by a share of the length, across the line."""
    (ax, ay), (bx, by) = line[0], line[-1]
    last = len(line) - 1
    lift = [bend * math.sin(math.pi * i / last) for i in range(last + 1)]
    return [(round(x - (by - ay) * up, 3), round(y + (bx - ax) * up, 3)) for (x, y), up in zip(line, lift, strict=True)]


def _point(place: MapPlace, at: LonLat, words: ViewWords) -> dict[str, Any]:
    ink = style.FOCUS if place.is_focus else style.mark(place.group).ink
    x, y = _mercator(at)
    return {
        "id": place.id, "label": place.label, "tip": f"{place.label}\n{words.groups.get(place.group, place.group)}",
        "x": x, "y": y, "r": round(place.size * (0.75 if place.is_focus else 0.5), 1), "focus": place.is_focus,
        "ink": {"light": ink.light, "dark": ink.dark},
    }  # fmt: skip


def _line(tie: DrawnTie, at: dict[str, LonLat], names: dict[str, str], beside: list[str], words: ViewWords) -> dict[str, Any]:
    a, b = sorted((tie.a, tie.b))
    look, ink = style.tie_line(tie.kind, tie.status), style.tie_ink(tie.kind, tie.status)
    bend = (beside.index(tie.key) - (len(beside) - 1) / 2) * _BEND
    parts = [words.kinds.get(tie.kind, tie.kind), words.statuses.get(tie.status, tie.status), tie.label]
    return {
        "id": tie.key, "tip": f"{names[a]} – {names[b]}\n" + " · ".join(part for part in parts if part),
        "at": _bent([_mercator(point) for point in great_circle(at[a], at[b])], bend), "width": look.width,
        "dashes": list(look.dashes), "ink": {"light": ink.light, "dark": ink.dark},
    }  # fmt: skip
