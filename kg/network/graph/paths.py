"""How two places are connected: the cheapest chains of ties, where a living tie costs less than one at rest.

A tie in force costs ``2 - strength`` of its status (active 1.0, not stated 1.2, weak 1.4, planned 1.5); one at rest or put on
hold costs 4, so that a detour of up to three living ties is preferred to it. What was only proposed, was turned down or
has ended connects nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from operator import attrgetter, itemgetter
from typing import Any

import networkx as nx
import numpy as np

from kg.model.geo import EARTH_KM
from kg.network.graph.arrays import Floats
from kg.vocabulary import STATUSES

RESTING = 4.0
_EQUAL_COSTS_LOOKED_AT = 200
_FURTHER_LOOKED_AT = 6

_IN_ORDER = attrgetter("a", "b", "kind", "status", "partnership")

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True, order=True)
class NetworkTie:
    """One pair of places in one partnership."""

    a: str
    b: str
    kind: str
    status: str
    partnership: str

    @property
    def cost(self) -> float | None:
        """What a step over this tie costs; None where it connects nobody."""
        status = STATUSES[self.status]
        if status.bridge:
            return 2 - status.strength
        return RESTING if status.resting else None


@dataclass(frozen=True, slots=True)
class Step:
    """From one place to the next: every tie that the two have, the one that counts first."""

    start: str
    end: str
    ties: tuple[NetworkTie, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of steps."""

    steps: tuple[Step, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """The places in order, both ends included."""
        return (self.steps[0].start, *(step.end for step in self.steps))

    @property
    def cost(self) -> float:
        """The sum over the steps."""
        return sum(step.cost for step in self.steps)

    @property
    def living(self) -> bool:
        """Whether no step rests on a tie that is dormant or on hold."""
        return all(step.cost < RESTING for step in self.steps)


@dataclass(frozen=True, slots=True)
class Gap:
    """Why there is no connection: how many places each can reach (itself included), and where the two groups come nearest."""

    reach_a: int
    reach_b: int
    nearest: tuple[str, str] | None
    """A place that ``a`` reaches and one that ``b`` reaches; None where no coordinates are known."""
    kilometres: float | None


@dataclass(frozen=True, slots=True)
class Connection:
    """The paths between two places, cheapest first; without any, the gap between them."""

    paths: tuple[Path, ...]
    gap: Gap | None = None


class Connections:
    """The graph of ties that connect, built once: O(ties · log ties)."""

    def __init__(self, ties: Iterable[NetworkTie]) -> None:
        """Keep every tie; of a pair's ties the cheapest decides what the step costs."""
        self._ties: dict[tuple[str, str], list[tuple[float, NetworkTie]]] = {}
        for tie in sorted(ties, key=_IN_ORDER):
            if tie.a != tie.b and (cost := tie.cost) is not None:
                self._ties.setdefault((min(tie.a, tie.b), max(tie.a, tie.b)), []).append((cost, tie))
        self._graph: nx.Graph[str] = nx.Graph()
        for pair, tied in sorted(self._ties.items()):
            tied.sort(key=itemgetter(0))  # stable: equal ones stay in the order of the ties
            self._graph.add_edge(*pair, cost=round(100 * tied[0][0]))  # whole numbers, so that equal sums are equal

    def between(self, a: str, b: str, k: int = 3, locations: Mapping[str, Point] | None = None) -> Connection:
        """The k cheapest connections without a loop (Yen 1971), equal ones by number of steps, then by ids.

        A place that has no tie is not connected with anyone. Two times the same place are connected by nothing at all.
        """
        if a == b:
            return Connection(())
        found = sorted(self._cheapest(a, b, k), key=lambda path: (round(path.cost, 9), len(path.steps), path.places))
        return Connection(tuple(found[:k])) if found else Connection((), self._gap(a, b, locations or {}))

    def _cheapest(self, a: str, b: str, k: int) -> Iterator[Path]:
        """At least the k cheapest: all that are as short as the shortest, or else Yen's k and those equal to the last."""
        if a not in self._graph or b not in self._graph or not nx.has_path(self._graph, a, b):
            return
        equal: Iterator[list[str]] = iter(nx.all_shortest_paths(self._graph, a, b, weight="cost"))
        shortest = [self._path(chain) for chain in islice(equal, _EQUAL_COSTS_LOOKED_AT)]
        yield from shortest if len(shortest) >= k else self._further(a, b, k)

    def _further(self, a: str, b: str, k: int) -> Iterator[Path]:
        chains: Iterator[list[str]] = iter(nx.shortest_simple_paths(self._graph, a, b, weight="cost"))
        dearest = 0.0
        for count, chain in enumerate(islice(chains, k + _FURTHER_LOOKED_AT)):
            path = self._path(chain)
            if count >= k and path.cost > dearest + 1e-9:
                return
            dearest = max(dearest, path.cost)
            yield path

    def _path(self, chain: list[str]) -> Path:
        return Path(tuple(self._step(start, end) for start, end in pairwise(chain)))

    def _step(self, start: str, end: str) -> Step:
        tied = self._ties[min(start, end), max(start, end)]
        return Step(start, end, tuple(tie for _, tie in tied), tied[0][0])

    def _gap(self, a: str, b: str, locations: Mapping[str, Point]) -> Gap:
        reach_a, reach_b = self.reach(a), self.reach(b)
        known_a, known_b = (sorted(reach & locations.keys()) for reach in (reach_a, reach_b))
        if not known_a or not known_b:
            return Gap(len(reach_a), len(reach_b), None, None)
        i, j, km = _nearest([locations[place] for place in known_a], [locations[place] for place in known_b])
        return Gap(len(reach_a), len(reach_b), (known_a[i], known_b[j]), km)

    def reach(self, place: str) -> frozenset[str]:
        """Every place that can be reached over ties, itself included."""
        if place not in self._graph:
            return frozenset({place})
        members: Any = nx.node_connected_component(self._graph, place)
        return frozenset(str(member) for member in members)


def _nearest(left: list[Point], right: list[Point]) -> tuple[int, int, float]:
    """Positions of the two points nearest to each other and their distance in km; O(left · right), one row at a time."""
    if len(left) > len(right):
        j, i, km = _nearest(right, left)
        return i, j, km
    many, best = _vectors(right), (0, 0, -2.0)
    for i, one in enumerate(_vectors(left)):
        cosine = many @ one
        j = int(np.argmax(cosine))
        best = max(best, (i, j, float(cosine[j])), key=lambda found: found[2])
    return best[0], best[1], float(EARTH_KM * np.arccos(np.clip(best[2], -1, 1)))


def _vectors(points: list[Point]) -> Floats:
    lat, lon = np.radians(np.array(points, np.float64)).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
