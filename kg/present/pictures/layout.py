"""A layout that stays put: known places keep theirs, new ones find theirs beside them.

Forces as in Fruchterman and Reingold, "Graph drawing by force-directed placement" (1991), from a start made of rings instead
of chance, and a last pass that moves labels apart. Nothing is random and no order of hashing enters: equal input, equal
picture. O(n² · iterations) time, O(n²) memory; meant for at most a few hundred nodes.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
_Array = NDArray[np.float64]

IDEAL = 130.0
"""Pixels between the ends of a tie at rest."""
STRETCH = 1.3
"""Labels run from left to right, so the picture is wider than high."""
_ITERATIONS = 150
_LABEL_HEIGHT = 46.0
_LETTER = 7.0


@dataclass(frozen=True, slots=True)
class NodeBox:
    """What is placed: ``order`` groups neighbours on a ring (country, then name), ``label`` sets the room it needs."""

    id: str
    label: str
    order: tuple[str, ...] = ()


def place(
    boxes: Sequence[NodeBox], ties: Iterable[tuple[str, str]], known: Mapping[str, Point], root: str = ""
) -> dict[str, Point]:
    """Positions in pixels for every box.

    ``known`` ones are returned as they came. ``root`` (default: the best connected) lies in the middle of a new picture.
    Ties with an end that is no box are left out.
    """
    if not boxes:
        return {}
    ranked = sorted(boxes, key=lambda box: (*box.order, box.label, box.id))
    neighbours = _neighbours(ranked, ties)
    start = _start(ranked, neighbours, {i: p for i, p in known.items() if i in neighbours}, root)
    index = {box.id: i for i, box in enumerate(ranked)}
    middle = _root(ranked, neighbours, root)
    fixed = np.array([box.id in known or (not known and box.id == middle) for box in ranked])
    points = np.array([start[box.id] for box in ranked]) / (STRETCH, 1.0)
    pairs = np.array([(index[a], index[b]) for a in neighbours for b in neighbours[a] if a < b], dtype=np.intp).reshape(-1, 2)
    points = _relax(points, pairs, fixed) * (STRETCH, 1.0)
    points = _apart(points, np.array([_width(box.label) for box in ranked]), fixed)
    placed = {box.id: (round(float(x), 1), round(float(y), 1)) for box, (x, y) in zip(ranked, points, strict=True)}
    return placed | {i: known[i] for i in known if i in placed}


def _width(label: str) -> float:
    return max(40.0, max(map(len, label.split("\n"))) * _LETTER + 12)


def _neighbours(boxes: Sequence[NodeBox], ties: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {box.id: {} for box in boxes}
    for a, b in ties:
        if a != b and a in found and b in found:
            found[a][b] = found[b][a] = None
    rank = {box.id: i for i, box in enumerate(boxes)}
    return {i: sorted(others, key=lambda other: rank[other]) for i, others in found.items()}


def _root(boxes: Sequence[NodeBox], neighbours: Mapping[str, Sequence[str]], root: str) -> str:
    return root if root in neighbours else max(boxes, key=lambda box: len(neighbours[box.id])).id


def _start(
    boxes: Sequence[NodeBox], neighbours: Mapping[str, Sequence[str]], known: Mapping[str, Point], root: str
) -> dict[str, Point]:
    """Breadth first: the neighbours of a placed node come on a ring, or a fan away from the middle, around it."""
    placed = dict(known) or {_root(boxes, neighbours, root): (0.0, 0.0)}
    queue = [box.id for box in boxes if box.id in placed]
    rest = [box.id for box in boxes]
    while len(placed) < len(boxes) or queue:
        if not queue:
            lonely = next(i for i in rest if i not in placed)
            placed[lonely] = _outside(placed)
            queue.append(lonely)
        parent = queue.pop(0)
        children = [i for i in neighbours[parent] if i not in placed]
        placed.update(zip(children, _fan(placed, parent, len(children)), strict=True))
        queue.extend(children)
    return placed


def _outside(placed: Mapping[str, Point]) -> Point:
    """A free spot below the picture for what has no tie to it."""
    return min(x for x, _ in placed.values()), max(y for _, y in placed.values()) + IDEAL


def _fan(placed: Mapping[str, Point], parent: str, count: int) -> list[Point]:
    x, y = placed[parent]
    radius = max(IDEAL, count * 46 / math.tau)
    if len(placed) == 1:
        angles = [math.tau * i / max(count, 1) - math.pi / 2 for i in range(count)]
    else:
        middle_x, middle_y = (math.fsum(values) / len(placed) for values in zip(*placed.values(), strict=True))
        heading = math.atan2(y - middle_y, x - middle_x)
        opening = min(math.pi * 1.4, 0.5 * count)
        angles = [heading + opening * ((i + 0.5) / count - 0.5) for i in range(count)]
    return [(x + STRETCH * radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def _relax(points: _Array, pairs: NDArray[np.intp], fixed: NDArray[np.bool_]) -> _Array:
    """Let the forces work on what is not fixed; ``points`` (n, 2), ``pairs`` (m, 2) of row numbers."""
    points = points.copy()
    for step in range(_ITERATIONS):
        delta = points[:, None, :] - points[None, :, :]
        square = np.maximum((delta**2).sum(axis=2), 1.0)
        push = (delta * (IDEAL**2 / square)[:, :, None]).sum(axis=1)
        along = points[pairs[:, 0]] - points[pairs[:, 1]]
        pull = along * (np.sqrt((along**2).sum(axis=1)) / IDEAL)[:, None]
        np.subtract.at(push, pairs[:, 0], pull)
        np.add.at(push, pairs[:, 1], pull)
        push -= points * 0.15
        length = np.maximum(np.sqrt((push**2).sum(axis=1)), 1e-9)
        reach = IDEAL * 0.25 * (1 - step / _ITERATIONS)
        points += np.where(fixed[:, None], 0.0, push * (np.minimum(length, reach) / length)[:, None])
    return points


def _apart(points: _Array, widths: _Array, fixed: NDArray[np.bool_]) -> _Array:
    """Move overlapping labels apart along the shorter way, at most 120 times; fixed ones stay."""
    points = points.copy()
    room_x = (widths[:, None] + widths[None, :]) / 2
    later = np.triu(np.ones((len(points), len(points)), dtype=bool), 1)
    for _ in range(120):
        dx, dy = (points[:, None, axis] - points[None, :, axis] for axis in (0, 1))
        over_x, over_y = room_x - np.abs(dx), _LABEL_HEIGHT - np.abs(dy)
        clash = (over_x > 0) & (over_y > 0) & later & ~(fixed[:, None] & fixed[None, :])
        if not clash.any():
            break
        for i, j in np.argwhere(clash):
            axis, over, sign = (0, over_x[i, j], dx[i, j]) if over_x[i, j] < over_y[i, j] else (1, over_y[i, j], dy[i, j])
            share = 0.5 if not (fixed[i] or fixed[j]) else 1.0
            shift = (1.0 if sign >= 0 else -1.0) * share * min(float(over), 24.0) + 0.0
            points[i, axis] += 0.0 if fixed[i] else shift
            points[j, axis] -= 0.0 if fixed[j] else shift
    return points
