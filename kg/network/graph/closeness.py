"""How close two places are that have no tie: named parts, each 0…1, whose weighted sum is the score.

The parts and where they come from are listed in ``PARTS``; the default weights (``weights.toml``) are measured by
``benchmarks/ranking.py``, not chosen. What is unknown of a place counts as a middling value, never as zero.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from kg.errors import DataError
from kg.model.geo import EARTH_KM
from kg.network.graph.areas import Areas, Counts, squares
from kg.network.graph.arrays import Bools, Floats, Indices, Ints, Network, spans, totals
from kg.network.graph.languages import families
from kg.network.graph.triads import ScoredPairs, all_open_pairs, best_pairs

Weights = Mapping[str, float]

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "shared_partners": "ln(1 + 10 RA) / ln 11, RA the resource allocation over common partners (Zhou, Lü and Zhang 2009, "
        "https://doi.org/10.1140/epjb/e2009-00335-8)",
        "three_hops": "ln(1 + 10 L3) / ln 11, L3 the degree-normalised paths of three ties (Kovács and others 2019, "
        "https://doi.org/10.1038/s41467-019-09177-y)",
        "area_40": "0.5 + x/10, x the logarithm of ties between the two 40-km squares relative to expectation",
        "area_120": "as area_40, for 120 km",
        "area_360": "as area_40, for 360 km",
        "country_affinity": "as area_40, for countries",
        "abroad": "1 in two countries, 0 in one",
        "new_country": "half for each of the two that has no partner in the other's country yet",
        "country_habit": "mean of ln(1 + partners in the other's country) / ln 20",
        "size": "1 - |ln(population ratio)| / 5 (similar size: what municipalities look for first)",
        "rank": "1 - |ln(ratio of ranks by population in their countries)| / 5 (similar central function)",
        "population": "mean of ln(population) / ln(10 million)",
        "partners": "mean of ln(1 + partners) / ln 100 (preferential attachment; Barabási and Albert 1999, "
        "https://doi.org/10.1126/science.286.5439.509)",
        "distance": "1 - ln(1 + km/100) / ln 201, great circle",
        "neighbourhood": "exp(-km/100)",
        "language": "1 where a language is shared, 0.5 where only a family of languages is, else 0",
    }
)
_UNKNOWN = 0.6
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Places (positions) by falling score, then by id."""

    places: Ints
    score: Floats


@cache
def default_weights() -> Weights:
    """The fitted weight of each part.

    Raises:
        DataError: ``weights.toml`` names a part that does not exist or leaves one out.
    """
    file = Path(__file__).with_name("weights.toml")
    weights = {str(part): float(weight) for part, weight in tomllib.loads(file.read_text(encoding="utf-8"))["weights"].items()}
    return checked(weights, file.name)


def checked(weights: Weights, where: str = "the weights") -> Weights:
    """The same weights, when they name every part once and are not negative.

    Raises:
        DataError: otherwise, naming the part.
    """
    if wrong := set(weights) ^ set(PARTS):
        raise DataError(f"In {where} the part {min(wrong)!r} is {'unknown' if min(wrong) in weights else 'missing'}.")
    if negative := [part for part, weight in weights.items() if not weight >= 0]:
        raise DataError(f"In {where} the weight of {negative[0]!r} is not a number from 0 upwards.")
    return MappingProxyType(dict(weights))


class Closeness:
    """The parts for any two places of a network; what they share is computed once, O(n log n + m log m)."""

    def __init__(self, network: Network) -> None:
        """Prepare the areas, ranks and counts of ``network``."""
        self.network = network
        self.areas = {f"area_{side}": Areas(network, squares(network, side)) for side in (40, 120, 360)}
        self.areas["country_affinity"] = Areas(network, network.country)
        country = np.where(network.country < 0, len(network.countries), network.country).astype(np.int64)
        self._country = country
        self._in_country = Counts(network.rows, country[network.indices], len(network.countries) + 1)
        self._from_country = Counts(country[network.indices], network.rows, network.n_places)
        self._rank = _log_ranks(network)
        self._size = np.log(np.where(network.population > 0, network.population, np.nan))
        self._profile, self._spoken = _language_likeness(network)
        self._lat, self._lon = np.radians(network.lat), np.radians(network.lon)

    def parts(self, place: int, others: Ints | None = None) -> dict[str, Floats]:
        """Every part between ``place`` and each of ``others`` (all places by default); O(n + wedges and three-hop paths)."""
        others = np.arange(self.network.n_places) if others is None else others
        allocation, three = self.resource_allocation(place), self.three_hops(place)
        return {
            "shared_partners": _share(allocation[others]),
            "three_hops": _share(three[others]),
            **self._plain(place, others),
        }

    def pair(self, a: int, b: int) -> dict[str, float]:
        """The parts of one pair that has no tie."""
        return {part: float(value[0]) for part, value in self.parts(a, np.array([b])).items()}

    def score(self, place: int, others: Ints | None = None, weights: Weights | None = None) -> Floats:
        """The weighted sum of the parts."""
        return weighted(self.parts(place, others), weights or default_weights())

    def ranked(self, place: int, k: int | None = None, weights: Weights | None = None, among: Ints | None = None) -> Ranking:
        """The places without a tie to ``place`` (only those of ``among``, if given), best first."""
        others = np.arange(self.network.n_places) if among is None else among
        apart = ~np.isin(others, np.append(self.network.neighbours(place), place))
        others = others[apart]
        score = self.score(place, others, weights)
        order = np.lexsort((others, -score))[:k]
        return Ranking(others[order], score[order])

    def top_pairs(self, k: int = 100, weights: Weights | None = None, ends: Bools | None = None) -> ScoredPairs:
        """The k best of all pairs without a tie that have a common partner, exactly.

        Three-hop paths are the costly part: they are counted only for pairs that can still reach the k-th score, since that
        part adds at most its weight.
        """
        weights = weights or default_weights()
        open_ = all_open_pairs(self.network, "resource_allocation", ends)
        rest = {"shared_partners": _share(open_.score), **self._plain(open_.a, open_.b)}
        most = weighted(rest, weights) + weights["three_hops"] + _ROUNDING
        order = np.argsort(-most, kind="stable")
        score, done, size = np.zeros(0), 0, 4 * k
        while done < len(order) and (done < k or most[order[done]] >= -np.sort(-score)[k - 1]):
            chosen = order[done : done + size]
            three = self._three_hops_of(open_.a[chosen], open_.b[chosen])
            parts = {part: value[chosen] for part, value in rest.items()} | {"three_hops": _share(three)}
            score = np.append(score, weighted(parts, weights))
            done += len(chosen)
        return best_pairs(open_.a[order[:done]], open_.b[order[:done]], score, k)

    def reference(self, place: int) -> Floats:
        """(n,) RA + 0.01 L3, the best score that uses nothing but the ties."""
        return self.resource_allocation(place) + 0.01 * self.three_hops(place)

    def resource_allocation(self, place: int) -> Floats:
        """(n,) Σ 1/degree over the common partners; O(n + wedges)."""
        network, partners = self.network, self.network.neighbours(place)
        return self._step(partners, 1 / network.degree[partners])

    def three_hops(self, place: int) -> Floats:
        """(n,) Σ 1/√(degree u · degree v) over the paths place–u–v–other; meant for others without a tie to ``place``."""
        network, partners = self.network, self.network.neighbours(place)
        second = self._step(partners, 1 / np.sqrt(network.degree[partners]))
        second[place] = 0
        reached = np.flatnonzero(second)
        return self._step(reached, second[reached] / np.sqrt(network.degree[reached]))

    def kilometres(self, a: int | Ints, b: Ints) -> Floats:
        """Great-circle distances, NaN where coordinates are unknown (haversine formula)."""
        up, right = (self._lat[b] - self._lat[a]) / 2, (self._lon[b] - self._lon[a]) / 2
        chord = np.sin(up) ** 2 + np.cos(self._lat[a]) * np.cos(self._lat[b]) * np.sin(right) ** 2
        return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(chord, 1)))

    def _plain(self, a: int | Ints, b: Ints) -> dict[str, Floats]:
        """The parts that need no walk through the network."""
        km, known = self.kilometres(a, b), (self.network.country[a] >= 0) & (self.network.country[b] >= 0)
        ours = self._in_country.at(a, self._country[b])
        theirs = self._from_country.at(self._country[a], b)
        return {
            **{part: np.clip(0.5 + areas.log_lift(a, b) / 10, 0, 1) for part, areas in self.areas.items()},
            "abroad": np.where(known, self._country[a] != self._country[b], 0.5),
            "new_country": np.where(known, ((ours == 0).astype(np.float64) + (theirs == 0)) / 2, 0.5),
            "country_habit": np.minimum((np.log1p(ours) + np.log1p(theirs)) / (2 * np.log(20)), 1),
            "size": _likeness(self._size, a, b),
            "rank": _likeness(self._rank, a, b),
            "population": self._mean(np.clip(np.nan_to_num(self._size, nan=9.0) / np.log(1e7), 0, 1), a, b),
            "partners": self._mean(np.minimum(np.log1p(self.network.degree) / np.log(100), 1), a, b),
            "distance": np.clip(1 - np.log1p(np.nan_to_num(km, nan=2000.0) / 100) / np.log(201), 0, 1),
            "neighbourhood": np.exp(-np.nan_to_num(km, nan=2000.0) / 100),
            "language": self._languages(a, b),
        }

    def _mean(self, value: Floats, a: int | Ints, b: Ints) -> Floats:
        return (value[a] + value[b]) / 2

    def _languages(self, a: int | Ints, b: Ints) -> Floats:
        return self._spoken[self._profile[a], self._profile[b]]

    def _step(self, places: Ints | Indices, load: Floats) -> Floats:
        """(n,) what arrives when every place hands its load to each of its partners."""
        network, lengths = self.network, self.network.degree[places]
        entry = spans(network.indptr[places], lengths)
        return totals(network.indices[entry], np.repeat(load, lengths), network.n_places)

    def _three_hops_of(self, a: Ints, b: Ints) -> Floats:
        value = np.zeros(len(a))
        for place in np.unique(a):
            mine = a == place
            value[mine] = self.three_hops(int(place))[b[mine]]
        return value


def weighted(parts: Mapping[str, Floats], weights: Weights) -> Floats:
    """Σ weight · part, over the parts given; to nine digits, so that equal pairs are equal whatever the order of adding."""
    total: Floats = np.zeros(len(next(iter(parts.values()))))
    for part in PARTS:
        if part in parts:
            total += weights[part] * parts[part]
    return np.round(total, 9)


def _share(value: Floats) -> Floats:
    return np.minimum(np.log1p(10 * value) / np.log(11), 1)


def _likeness(logarithm: Floats, a: int | Ints, b: Ints) -> Floats:
    difference = np.abs(logarithm[a] - logarithm[b])
    return np.where(np.isnan(difference), _UNKNOWN, np.maximum(1 - difference / 5, 0))


def _log_ranks(network: Network) -> Floats:
    """(n,) ln of a place's rank by population among its country's places in the network, NaN where unknown."""
    known = np.flatnonzero((network.country >= 0) & ~np.isnan(network.population))
    order = known[np.lexsort((known, -network.population[known], network.country[known]))]
    country = network.country[order]
    first = np.searchsorted(country, country)
    rank = np.full(network.n_places, np.nan)
    rank[order] = np.log(np.arange(len(order)) - first + 1)
    return rank


def _language_likeness(network: Network) -> tuple[Ints, Floats]:
    """(n,) the group of places with the same languages, and the part ``language`` between every two groups."""
    spoken, groups = np.unique(np.packbits(network.speaks, axis=1), axis=0, return_index=True, return_inverse=True)[1:]
    speaks, kin = network.speaks[spoken], families(network)[spoken]
    same = (speaks[:, None] & speaks[None]).any(axis=-1)
    return groups.ravel().astype(np.int64), np.where(same, 1.0, np.where((kin[:, None] & kin[None]).any(axis=-1), 0.5, 0.0))
