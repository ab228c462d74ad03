"""Figures of single places and of the whole network, and its communities."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import networkx as nx
import numpy as np

from kg.network.graph.arrays import Ints, Network
from kg.network.graph.paths import NetworkTie
from kg.network.graph.triads import triangles


@dataclass(frozen=True, slots=True)
class PlaceMeasures:
    """What the ties of one place amount to.

    Attributes:
        partners: different places tied to it.
        by_kind: ties of each kind (two ties with one place count twice).
        by_status: ties of each status.
        countries: countries of its partners, its own left out, sorted.
        triangles: rings of three that it is part of.
        bridging: share of the pairs of its partners that have no tie of their own (1 - clustering; Watts and Strogatz
            1998, https://doi.org/10.1038/30918); None with fewer than two partners.
    """

    partners: int
    by_kind: Mapping[str, int]
    by_status: Mapping[str, int]
    countries: tuple[str, ...]
    triangles: int
    bridging: float | None


@dataclass(frozen=True, slots=True)
class GraphMeasures:
    """The whole network; places without a tie do not count, parallel ties count once except by kind and status.

    Attributes:
        places: places that have a tie.
        pairs: tied pairs.
        by_kind: ties of each kind.
        by_status: ties of each status.
        triangles: rings of three.
        open_triads: pairs of ties that meet in one place and whose other ends are not tied.
        transitivity: share of the pairs of meeting ties that are closed; 0 where there are none.
        components: parts without a tie between them.
        largest: places of the largest part.
        mean_partners: mean number of partners.
        most_partners: largest number of partners.
        countries: different countries.
        country_pairs: how many tied pairs each two countries have, most first; of known countries only.
    """

    places: int
    pairs: int
    by_kind: Mapping[str, int]
    by_status: Mapping[str, int]
    triangles: int
    open_triads: int
    transitivity: float
    components: int
    largest: int
    mean_partners: float
    most_partners: int
    countries: int
    country_pairs: tuple[tuple[str, str, int], ...]


class Measures:
    """All figures of a set of ties; triangles are counted once, O(m^1.5)."""

    def __init__(self, ties: Iterable[NetworkTie], countries: Mapping[str, str] | None = None) -> None:
        """Take the ties that count (leave out ended ones before, if they should not) and each place's country code."""
        self._ties = sorted((tie for tie in ties if tie.a != tie.b), key=attrgetter("a", "b", "kind", "status", "partnership"))
        self._countries = countries or {}
        ids = {place for tie in self._ties for place in (tie.a, tie.b)}
        self.network = Network.from_pairs(ids, [tie.a for tie in self._ties], [tie.b for tie in self._ties])
        self._triangles: Ints = np.bincount(triangles(self.network).ravel(), minlength=self.network.n_places)
        self._of: dict[str, list[NetworkTie]] = {}
        for tie in self._ties:
            self._of.setdefault(tie.a, []).append(tie)
            self._of.setdefault(tie.b, []).append(tie)

    def place(self, place: str) -> PlaceMeasures:
        """The figures of one place, all zero for one without a tie; O(its ties)."""
        ties = self._of.get(place, [])
        partners = {tie.b if tie.a == place else tie.a for tie in ties}
        abroad = {self._countries[partner] for partner in partners if partner in self._countries}
        rings = int(self._triangles[self.network.position(place)]) if ties else 0
        couples = len(partners) * (len(partners) - 1) // 2
        return PlaceMeasures(
            partners=len(partners),
            by_kind=_counted(tie.kind for tie in ties),
            by_status=_counted(tie.status for tie in ties),
            countries=tuple(sorted(abroad - {self._countries.get(place, "")})),
            triangles=rings,
            bridging=1 - rings / couples if couples else None,
        )

    def graph(self) -> GraphMeasures:
        """The figures of the whole network."""
        degree, rings = self.network.degree, int(self._triangles.sum()) // 3
        meeting = int(np.sum(degree * (degree - 1) // 2))
        sizes = [len(part) for part in self.components()]
        return GraphMeasures(
            places=self.network.n_places,
            pairs=self.network.n_ties,
            by_kind=_counted(tie.kind for tie in self._ties),
            by_status=_counted(tie.status for tie in self._ties),
            triangles=rings,
            open_triads=meeting - 3 * rings,
            transitivity=3 * rings / meeting if meeting else 0.0,
            components=len(sizes),
            largest=max(sizes, default=0),
            mean_partners=float(degree.mean()) if len(degree) else 0.0,
            most_partners=int(degree.max(initial=0)),
            countries=len({self._countries[place] for place in self.network.ids if place in self._countries}),
            country_pairs=self._country_pairs(),
        )

    def components(self) -> list[tuple[str, ...]]:
        """The parts of the network that no tie connects, largest first, then by ids."""
        parts: Any = nx.connected_components(_graph(self.network))
        return _in_order(parts)

    def communities(self, seed: int = 0) -> list[tuple[str, ...]]:
        """Groups with many ties inside and few outside, largest first (Louvain; https://doi.org/10.1088/1742-5468/2008/10/P10008).

        The same ties and seed give the same groups.
        """
        parts: Any = nx.community.louvain_communities(_graph(self.network), seed=seed)
        return _in_order(parts)

    def constraint(self, place: str) -> float | None:
        """Burt's constraint: low for one that connects what is otherwise apart; None without a partner.

        https://doi.org/10.4159/9780674029095 (chapter 2); O(square of the partners' partners).
        """
        if place not in self._of:
            return None
        value: Any = nx.constraint(_graph(self.network), [place])
        return float(value[place])

    def _country_pairs(self) -> tuple[tuple[str, str, int], ...]:
        couples: Counter[tuple[str, str]] = Counter()
        for left, right in _pairs(self.network):
            one, other = self._countries.get(left), self._countries.get(right)
            if one and other:
                couples[min(one, other), max(one, other)] += 1
        return tuple(sorted(((*pair, count) for pair, count in couples.items()), key=lambda row: (-row[2], row[0], row[1])))


def _counted(values: Iterable[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(values).items()))


def _graph(network: Network) -> "nx.Graph[str]":
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(network.ids)
    graph.add_edges_from(_pairs(network))
    return graph


def _pairs(network: Network) -> list[tuple[str, str]]:
    a, b, _ = network.pairs()
    return [(network.ids[int(left)], network.ids[int(right)]) for left, right in zip(a, b, strict=True)]


def _in_order(parts: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    return sorted((tuple(sorted(part)) for part in parts), key=lambda part: (-len(part), part))
