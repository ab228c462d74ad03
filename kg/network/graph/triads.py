"""Triangles, open triads and the best non-neighbour pairs, exactly and on arrays.

The score of a pair is the sum, over its common partners b, of ``weight(b) * strength(a, b) * strength(b, c)``: common
neighbours (weight 1), Adamic–Adar (1/ln degree; Adamic and Adar 2003, https://doi.org/10.1016/S0378-8733(03)00009-1) or
resource allocation (1/degree; Zhou, Lü and Zhang 2009, https://doi.org/10.1140/epjb/e2009-00335-8).

Each summand is rounded to a multiple of 2^-32. Sums of such numbers below 2^20 are exact in double precision, whatever
the order of adding: pairs with the same common partners then have the *same* score, and the order (score falling, then ids
rising) is the same on every machine.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kg.network.graph.arrays import Bools, Floats, Indices, Ints, Network, contains, spans, totals

Weighting = Literal["common_neighbours", "adamic_adar", "resource_allocation"]

_WEIGHTS: Mapping[Weighting, Callable[[Floats], Floats]] = {
    "common_neighbours": np.ones_like,
    "adamic_adar": lambda degree: 1 / np.log(degree),
    "resource_allocation": lambda degree: 1 / degree,
}
_GRAIN = 2.0**32
_WEDGES_AT_ONCE = 2_000_000
_FIRST_PLACES = 1024


@dataclass(frozen=True, slots=True, eq=False)
class ScoredPairs:
    """Pairs of places with a score: ``a < b`` (positions), best first, then by ids."""

    a: Ints
    b: Ints
    score: Floats

    def __len__(self) -> int:
        return len(self.a)


@dataclass(frozen=True, slots=True, eq=False)
class Bridges:
    """The common partners of one pair: positions and what each adds to the pair's score, most first, then by ids."""

    via: Ints
    share: Floats


def triangles(network: Network) -> Ints:
    """(t, 3) every triangle once, positions ascending within a row and rows ascending.

    Ties point from the place with fewer partners to the one with more, so that no row has more than √(2m) of them:
    O(m^1.5) at worst.
    """
    n = network.n_places
    rank = np.empty(n, np.int64)
    rank[np.argsort(network.degree, kind="stable")] = np.arange(n)
    low, high, _ = network.pairs()
    key = np.sort(np.minimum(rank[low], rank[high]) * n + np.maximum(rank[low], rank[high]))
    tail, head = key // max(n, 1), key % max(n, 1)
    end = np.searchsorted(tail, tail, side="right")
    found = [np.zeros((0, 3), np.int64)]
    filter_ = _Sieve(key)
    for first, last in _blocks(end - np.arange(len(key)) - 1):
        entry = np.arange(first, last)
        lengths = end[first:last] - entry - 1
        second = spans(entry + 1, lengths)
        v, w = np.repeat(head[first:last], lengths), head[second]
        hit = filter_.holds(v * n + w)
        found.append(np.stack([tail[second[hit]], v[hit], w[hit]], axis=1))
    place = np.argsort(rank)
    corners = np.sort(place[np.concatenate(found)], axis=1)
    return corners[np.lexsort((corners[:, 2], corners[:, 1], corners[:, 0]))]


class _Sieve:
    """Membership in a set of numbers: one look into a bitmap rejects most, a binary search confirms the rest."""

    def __init__(self, sorted_keys: Ints) -> None:
        self._keys = sorted_keys
        self._bits = max(10, len(sorted_keys).bit_length() + 4)
        self._map = np.zeros(1 << self._bits, np.bool_)
        self._map[_hashed(sorted_keys, self._bits)] = True

    def holds(self, wanted: Ints) -> Ints:
        """Positions in ``wanted`` of the numbers that are in the set."""
        maybe = np.flatnonzero(self._map[_hashed(wanted, self._bits)])
        return maybe[contains(self._keys, wanted[maybe])]


def bridge_weights(network: Network, weighting: Weighting, places: Ints | Indices | None = None) -> Floats:
    """What each of ``places`` (all by default) counts for as a common partner; 0 where it has fewer than two partners."""
    degree = network.degree if places is None else network.degree[places]
    able = degree >= 2
    weight = np.zeros(len(degree))
    weight[able] = _WEIGHTS[weighting](degree[able].astype(np.float64))
    return weight


def _grained(value: Floats) -> Floats:
    return np.rint(value * _GRAIN) / _GRAIN


def bridges(network: Network, a: int, b: int, weighting: Weighting = "adamic_adar") -> Bridges:
    """The common partners of two places and their shares of the pair's score; O(deg a + deg b)."""
    via, in_a, in_b = np.intersect1d(network.neighbours(a), network.neighbours(b), assume_unique=True, return_indices=True)
    weight = bridge_weights(network, weighting, via)
    share = _grained(weight * network.strengths(a)[in_a] * network.strengths(b)[in_b])
    order = np.lexsort((via, -share))
    return Bridges(via[order].astype(np.int64), share[order])


def open_ends(network: Network, place: int, weighting: Weighting = "adamic_adar", k: int | None = None) -> ScoredPairs:
    """Partners of partners that are not partners: ``place`` as an end of open triads.

    Returns pairs whose ``a`` is ``place`` throughout (here ``b`` may be smaller); O(n + wedges of the place).
    """
    partners = network.neighbours(place)
    start, lengths = network.indptr[partners], network.degree[partners]
    entry = spans(start, lengths)
    weight = bridge_weights(network, weighting, partners) * network.strengths(place)
    share = _grained(np.repeat(weight, lengths) * network.strength[entry])
    score = totals(network.indices[entry], share, network.n_places)
    reached = np.zeros(network.n_places, np.bool_)
    reached[network.indices[entry]] = True
    reached[partners] = False
    reached[place] = False
    end = np.flatnonzero(reached)
    return best_pairs(np.full(len(end), place), end, score[end], k)


def open_bridges(network: Network, place: int, weighting: Weighting = "adamic_adar", k: int | None = None) -> ScoredPairs:
    """Pairs of partners of ``place`` that are not tied: ``place`` as the bridge of open triads.

    The score is the pair's whole score, over all its common partners. O(d² + wedges among the d partners).
    """
    partners = network.neighbours(place).astype(np.int64)
    d = len(partners)
    lengths = network.degree[partners]
    entry = spans(network.indptr[partners], lengths)
    member = np.repeat(np.arange(d), lengths)
    order = np.argsort(network.indices[entry], kind="stable")
    entry, member = entry[order], member[order]
    via = network.indices[entry]
    rest = np.searchsorted(via, via, side="right") - np.arange(len(via)) - 1
    first, second = np.repeat(np.arange(len(via)), rest), spans(np.arange(len(via)) + 1, rest)
    weight = bridge_weights(network, weighting, via)[first]
    share = _grained(weight * network.strength[entry[first]] * network.strength[entry[second]])
    score = totals(member[first] * d + member[second], share, d * d)
    left, right = np.triu_indices(d, 1)
    is_open = ~network.tied(partners[left], partners[right])
    left, right = left[is_open], right[is_open]
    return best_pairs(partners[left], partners[right], score[left * d + right], k)


def top_pairs(
    network: Network,
    k: int = 100,
    weighting: Weighting = "adamic_adar",
    *,
    ends: Bools | None = None,
    with_ties: bool = False,
) -> ScoredPairs:
    """The k best pairs without a tie among all pairs with a common partner, exactly.

    A pair's score cannot exceed U of either end, the sum of what each of its partners could add at most. The places of the
    highest U are searched first; the k-th score found there says which places still matter, and only those are searched.
    O(m + wedges whose two ends both matter).

    Args:
        network: n places, m ties.
        k: how many.
        weighting: what a common partner counts for.
        ends: (n,) which places may be an end; every place may be a bridge.
        with_ties: also return the pairs whose score equals that of the k-th.
    """
    weight = bridge_weights(network, weighting)
    bound = _bounds(network, weight) if ends is None else np.where(ends, _bounds(network, weight), 0.0)
    searched, threshold = _FIRST_PLACES, 0.0
    floor = _largest(bound, searched)
    while True:
        wedges = _Wedges(network, weight, (bound >= floor) & (bound > 0))
        best = wedges.best(threshold, k, with_ties=with_ties)
        full = 0 < k <= len(best)
        threshold = float(best.score[k - 1]) if full else 0.0
        if floor <= threshold or floor <= 0 or k <= 0:
            return best
        searched *= 8
        floor = threshold if full else _largest(bound, searched)


def _bounds(network: Network, weight: Floats) -> Floats:
    """(n,) U: what a pair with this place as an end can score at most."""
    if not network.n_ties:
        return np.zeros(network.n_places)
    filled = network.degree > 0
    strongest = np.zeros(network.n_places)
    strongest[filled] = np.maximum.reduceat(network.strength, network.indptr[:-1][filled])
    return totals(network.rows, _grained((weight * strongest)[network.indices] * network.strength), network.n_places)


def _largest(values: Floats, count: int) -> float:
    """The count-th largest value, 0 where there are not so many."""
    # Sorting is faster here than np.partition, which is slow where many values are equal.
    return float(np.sort(values)[-count]) if 0 < count <= len(values) else 0.0


class _Wedges:
    """All pairs of partners, both among ``members``, of every place."""

    def __init__(self, network: Network, weight: Floats, members: Bools) -> None:
        self._network, self._weight = network, weight
        self._entry = np.flatnonzero(members[network.indices])
        self._bridge = network.rows[self._entry]
        end = np.cumsum(np.bincount(self._bridge, minlength=network.n_places))[self._bridge]
        self._rest = end - np.arange(len(end)) - 1
        self._flat = bool(np.all(network.strength == 1))
        self._cuts = _blocks(self._rest)
        self._held = [self._block(*cut) for cut in self._cuts] if len(self._cuts) == 1 else None

    def _block(self, first: int, last: int) -> tuple[Ints, Floats]:
        """``a * n + b`` and the share of the wedges that begin with the entries ``first…last-1``; rows ascend, so a < b."""
        lengths = self._rest[first:last]
        entry, other = self._entry[first:last], self._entry[spans(np.arange(first, last) + 1, lengths)]
        weight = self._weight[self._bridge[first:last]]
        key = np.repeat(self._network.indices[entry] * np.int64(self._network.n_places), lengths) + self._network.indices[other]
        if self._flat:
            return key, np.repeat(_grained(weight), lengths)
        strength = self._network.strength
        return key, _grained(np.repeat(weight * strength[entry], lengths) * strength[other])

    def __iter__(self) -> Iterator[tuple[Ints, Floats]]:
        return iter(self._held) if self._held is not None else (self._block(*cut) for cut in self._cuts)

    def best(self, threshold: float, k: int, *, with_ties: bool) -> ScoredPairs:
        """The k best pairs without a tie whose score is positive and at least ``threshold``.

        All wedges of a pair fall into one cell of a small table, whose sum is then at least the pair's score. The pairs of
        the fullest cells are added up first: their k-th score is a sharper threshold for the rest.
        """
        key, share, ceiling = self._hopeful(threshold)
        enough = 16 * k + 4096
        if k and len(key) > 2 * enough and (cut := _largest(ceiling, enough)) > threshold:
            fullest = self._open_pairs(key[ceiling >= cut], share[ceiling >= cut])
            threshold = max(threshold, _largest(fullest.score, k))
            key, share = key[ceiling >= threshold], share[ceiling >= threshold]
        pairs = self._open_pairs(key, share)
        good = pairs.score >= threshold
        return best_pairs(pairs.a[good], pairs.b[good], pairs.score[good], k, with_ties=with_ties)

    def open_pairs(self) -> ScoredPairs:
        """All pairs without a tie, by ids."""
        key, share, _ = self._hopeful(0.0)
        return self._open_pairs(key, share)

    def _open_pairs(self, key: Ints, share: Floats) -> ScoredPairs:
        key, score = _sums(key, share)
        # A share of a weak tie may round to zero; such a pair has no score to rank by.
        key, score = key[score > 0], score[score > 0]
        apart = ~contains(self._network.keys, key)
        n = max(self._network.n_places, 1)
        return ScoredPairs(key[apart] // n, key[apart] % n, score[apart])

    def _hopeful(self, threshold: float) -> tuple[Ints, Floats, Floats]:
        """Key, share and cell sum of the wedges of every pair that can reach the threshold, and few others."""
        bits = min(24, max(10, int(self._rest.sum()).bit_length() + 2))
        table = np.zeros(1 << bits)
        for key, share in self:
            np.add.at(table, _hashed(key, bits), share)
        kept: list[tuple[Ints, Floats, Floats]] = [(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))]
        for key, share in self:
            ceiling = table[_hashed(key, bits)]
            hope = np.flatnonzero(ceiling >= threshold)
            kept.append((key[hope], share[hope], ceiling[hope]))
        keys, shares, ceilings = zip(*kept, strict=True)
        return np.concatenate(keys), np.concatenate(shares), np.concatenate(ceilings)


def _hashed(key: Ints, bits: int) -> Ints:
    """A number below 2^bits that spreads evenly (multiplicative hashing with the golden ratio)."""
    return (key.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - bits)).view(np.int64)


def _sums(key: Ints, share: Floats) -> tuple[Ints, Floats]:
    """Distinct keys ascending and the sum of the shares of each."""
    order = np.argsort(key)
    key, share = key[order], share[order]
    first = np.flatnonzero(np.concatenate([np.ones(min(1, len(key)), np.bool_), key[1:] != key[:-1]]))
    return key[first], np.add.reduceat(share, first) if len(first) else np.zeros(0)


def all_open_pairs(network: Network, weighting: Weighting = "adamic_adar", ends: Bools | None = None) -> ScoredPairs:
    """Every pair without a tie that has a common partner, by ids (not by score); O(wedges · log wedges) time and memory."""
    members = np.ones(network.n_places, np.bool_) if ends is None else ends
    return _Wedges(network, bridge_weights(network, weighting), members).open_pairs()


def best_pairs(a: Ints, b: Ints, score: Floats, k: int | None, *, with_ties: bool = False) -> ScoredPairs:
    """The first k by falling score, then ids; the sort sees only what can be among them."""
    if k is not None and 0 < k < len(score):
        keep = score >= _largest(score, k)
        a, b, score = a[keep], b[keep], score[keep]
    order = np.lexsort((b, a, -score))
    order = order if with_ties or k is None else order[:k]
    return ScoredPairs(a[order], b[order], score[order])


def _blocks(lengths: Ints) -> list[tuple[int, int]]:
    """Cut entries into runs of about ``_WEDGES_AT_ONCE`` wedges."""
    total = np.cumsum(lengths)
    cuts: list[tuple[int, int]] = []
    first = 0
    while first < len(lengths):
        done = int(total[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(total, done + _WEDGES_AT_ONCE, side="right")))
        cuts.append((first, last))
        first = last
    return cuts
