"""Makes ``kg/present/pictures/data/countries.geojson`` out of the package world-atlas 2.0.2 (Natural Earth, public domain).

Run once, by hand: ``npm pack world-atlas@2.0.2``, unpack it, then
``python scripts/make_countries.py package/countries-50m.json``.
Lines are thinned where they are shared (Douglas and Peucker on the arcs of the TopoJSON), so neighbours keep one border.
Natural Earth draws the lines of actual control; the General Assembly's resolution 68/262 keeps Crimea with Ukraine, and so
does the map.
"""

import itertools
import json
import math
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "kg" / "present" / "pictures" / "data" / "countries.geojson"
Point = tuple[float, float]
Ring = list[int]
_RUSSIA, _UKRAINE, _ANTARCTICA = "643", "804", "010"
_CRIMEA = (34.4, 45.3)
_DETAIL = ((-12.0, 34.0, 45.0, 72.0), 0.035)
"""Europe (west, south, east, north) is drawn to this many degrees, the rest of the world to four times as many."""


def main(source: Path) -> None:
    """Read the TopoJSON, write the GeoJSON and say how large it became."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    arcs = [_thin(arc) for arc in _arcs(topology)]
    polygons: dict[str, list[list[Ring]]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        # An outlying territory can have the number of its country, and a few have none.
        polygons.setdefault(shape.get("id") or shape["properties"]["name"], []).extend(_rings(shape) if shape["type"] else [])
    _give_crimea_back(polygons, arcs)
    features = [_feature(rings, arcs) for name, rings in polygons.items() if name != _ANTARCTICA]
    kept = [f for f in features if f]
    text = json.dumps({"type": "FeatureCollection", "features": kept}, separators=(",", ":"))
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(kept)} countries, {len(text) // 1024} KiB")


def _arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Absolute coordinates of the arcs, which TopoJSON keeps as differences of whole numbers."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded: list[list[Point]] = []
    for arc in topology["arcs"]:
        x = y = 0
        points: list[Point] = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        decoded.append(points)
    return decoded


def _rings(geometry: dict[str, Any]) -> list[list[Ring]]:
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def _tolerance(arc: list[Point]) -> float:
    (west, south, east, north), fine = _DETAIL
    inside = any(west <= x <= east and south <= y <= north for x, y in arc)
    return fine if inside else fine * 4


def _thin(arc: list[Point]) -> list[Point]:
    """Douglas and Peucker (1973); a closed arc is cut at its far point first, so that it does not vanish."""
    tolerance = _tolerance(arc)
    if arc[0] == arc[-1] and len(arc) > 3:
        far = max(range(len(arc)), key=lambda i: math.dist(arc[i], arc[0]))
        # A small island keeps a corner on either side, else it would be a line.
        tolerance = min(tolerance, math.dist(arc[far], arc[0]) / 5)
        return _keep(arc[: far + 1], tolerance)[:-1] + _keep(arc[far:], tolerance)
    return _keep(arc, tolerance)


def _keep(arc: list[Point], tolerance: float) -> list[Point]:
    if len(arc) < 3:
        return arc
    (ax, ay), (bx, by) = arc[0], arc[-1]
    length = math.hypot(bx - ax, by - ay)

    def off(p: Point) -> float:
        if length == 0:
            return math.hypot(p[0] - ax, p[1] - ay)
        return abs((bx - ax) * (ay - p[1]) - (ax - p[0]) * (by - ay)) / length

    far = max(range(1, len(arc) - 1), key=lambda i: off(arc[i]))
    if off(arc[far]) <= tolerance:
        return [arc[0], arc[-1]]
    return _keep(arc[: far + 1], tolerance)[:-1] + _keep(arc[far:], tolerance)


def _points(ring: Ring, arcs: list[list[Point]]) -> list[Point]:
    line: list[Point] = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        line += part[1:] if line else part
    return _continuous(line)


def _continuous(line: list[Point]) -> list[Point]:
    """The atlas closes countries across the 180th meridian; longitudes that run on beyond it draw no line around the world."""
    unwound = line[:1]
    for x, y in line[1:]:
        unwound.append((x + 360 * round((unwound[-1][0] - x) / 360), y))
    return unwound


def _inside(point: Point, line: list[Point]) -> bool:
    x, y = point
    hit = False
    for (ax, ay), (bx, by) in itertools.pairwise(line):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            hit = not hit
    return hit


def _give_crimea_back(polygons: dict[str, list[list[Ring]]], arcs: list[list[Point]]) -> None:
    """Move the polygon and dissolve the border that it shares with the rest of Ukraine."""
    crimea = next((p for p in polygons[_RUSSIA] if _inside(_CRIMEA, _points(p[0], arcs))), None)
    if crimea is None:
        return
    polygons[_RUSSIA].remove(crimea)
    mainland = next((p for p in polygons[_UKRAINE] if any(~arc in p[0] for arc in crimea[0])), None)
    if mainland is None:
        polygons[_UKRAINE].append(crimea)
    else:
        mainland[0] = _dissolved(mainland[0], crimea[0])


def _dissolved(outer: Ring, inner: Ring) -> Ring:
    """The ring around two neighbours that share one run of arcs."""
    shared = [arc for arc in outer if ~arc in inner]
    start = next(i for i, arc in enumerate(outer) if arc in shared and outer[i - 1] not in shared)
    rest = [arc for arc in outer[start:] + outer[:start] if arc not in shared]
    begin = next(i for i, arc in enumerate(inner) if ~arc in shared and ~inner[i - 1] not in shared)
    return rest + [arc for arc in inner[begin:] + inner[:begin] if ~arc not in shared]


def _feature(polygons: list[list[Ring]], arcs: list[list[Point]]) -> dict[str, Any] | None:
    whole = [
        lines for polygon in polygons if (lines := [_rounded(_points(ring, arcs)) for ring in polygon]) and len(lines[0]) > 3
    ]
    coordinates = [copy for lines in whole for copy in _on_both_edges(lines)]
    if not coordinates:
        return None
    return {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": coordinates}}


def _on_both_edges(lines: list[list[Point]]) -> list[list[list[Point]]]:
    """What reaches beyond the edge of the map comes again on the other side."""
    east, west = max(x for x, _ in lines[0]) > 180, min(x for x, _ in lines[0]) < -180
    shifts = [0] + [-360] * east + [360] * west
    return [[[(round(x + shift, 2), y) for x, y in line] for line in lines] for shift in shifts]


def _rounded(line: list[Point]) -> list[Point]:
    points = [(round(x, 2), round(y, 2)) for x, y in line]
    return [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
