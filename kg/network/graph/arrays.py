"""The network of places as arrays: who is tied to whom (compressed rows) and what is known of each place (columns).

Rows are sorted, every tie stands in both rows, and position equals rank of the id, so comparing positions compares ids.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kg.errors import DataError

Ints = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What the network needs to know of one place; None and "" mean unknown."""

    country: str = ""
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Network:
    """Places 0…n-1 and their ties.

    Attributes:
        ids: place ids, sorted, n of them.
        indptr: (n+1,) where the row of each place begins in ``indices``.
        indices: (2m,) the partners of each place, ascending within a row.
        strength: (2m,) 0…1, the strength of each tie, aligned with ``indices``.
        countries: codes that ``country`` points into, sorted.
        country: (n,) position in ``countries``, -1 where unknown.
        lat: (n,) degrees, NaN where unknown.
        lon: (n,) degrees, NaN where unknown.
        population: (n,) inhabitants, NaN where unknown.
        languages: codes that the columns of ``speaks`` stand for, sorted.
        speaks: (n, languages) whether a language is used in the place; an all-false row where unknown.
    """

    ids: tuple[str, ...]
    indptr: Ints
    indices: Indices
    strength: Floats
    countries: tuple[str, ...]
    country: Indices
    lat: Floats
    lon: Floats
    population: Floats
    languages: tuple[str, ...]
    speaks: Bools

    @classmethod
    def from_pairs(
        cls,
        ids: Iterable[str],
        a: Sequence[str],
        b: Sequence[str],
        strength: Sequence[float] | Floats | None = None,
        facts: Mapping[str, PlaceFacts] | None = None,
    ) -> "Network":
        """The network of ``ids`` (isolated ones too) with a tie for every ``a[i]``, ``b[i]``; O(n log n + m log m).

        Parallel ties are merged to the strongest, ties of a place with itself are left out.

        Raises:
            DataError: a tie names a place that is not among ``ids``, columns differ in length, or a strength is not in 0…1.
        """
        names = tuple(sorted(set(ids)))
        position = {name: i for i, name in enumerate(names)}
        try:
            left, right = ([position[name] for name in column] for column in (a, b))
        except KeyError as error:
            raise DataError(f"A tie names the place {error.args[0]!r}, which is not among the places of the network.") from None
        return cls.from_positions(names, left, right, strength, facts)

    @classmethod
    def from_positions(
        cls,
        ids: tuple[str, ...],
        a: Sequence[int] | Ints,
        b: Sequence[int] | Ints,
        strength: Sequence[float] | Floats | None = None,
        facts: Mapping[str, PlaceFacts] | None = None,
    ) -> "Network":
        """As ``from_pairs``, with ``ids`` sorted already and ``a``, ``b`` as positions in them."""
        left, right = np.asarray(a, np.int64), np.asarray(b, np.int64)
        weight = np.ones(len(left)) if strength is None else np.asarray(strength, np.float64)
        if not len(left) == len(right) == len(weight):
            raise DataError(f"The columns of the ties differ in length: {len(left)}, {len(right)}, {len(weight)}.")
        if not bool(np.all((weight >= 0) & (weight <= 1))):
            raise DataError("The strength of a tie is a number from 0 to 1.")
        indptr, indices, merged = _rows(len(ids), left, right, weight)
        return cls(ids, indptr, indices, merged, *_columns(ids, facts or {}))

    @property
    def n_places(self) -> int:
        """Number of places."""
        return len(self.ids)

    @property
    def n_ties(self) -> int:
        """Number of tied pairs."""
        return len(self.indices) // 2

    @cached_property
    def degree(self) -> Ints:
        """(n,) number of partners."""
        return np.diff(self.indptr)

    @cached_property
    def rows(self) -> Ints:
        """(2m,) the place whose row an entry of ``indices`` belongs to."""
        return np.repeat(np.arange(self.n_places), self.degree)

    @cached_property
    def keys(self) -> Ints:
        """(2m,) ``row * n + partner``, ascending: one number for each direction of each tie."""
        return self.rows * self.n_places + self.indices

    @cached_property
    def positions(self) -> dict[str, int]:
        """Position of each id."""
        return {name: i for i, name in enumerate(self.ids)}

    def position(self, identifier: str) -> int:
        """Position of an id.

        Raises:
            KeyError: no such place in the network.
        """
        return self.positions[identifier]

    def neighbours(self, place: int) -> Indices:
        """Partners of a place, ascending; O(1)."""
        return self.indices[self.indptr[place] : self.indptr[place + 1]]

    def strengths(self, place: int) -> Floats:
        """Strengths of a place's ties, in the order of ``neighbours``."""
        return self.strength[self.indptr[place] : self.indptr[place + 1]]

    def tied(self, a: Ints | Indices, b: Ints | Indices) -> Bools:
        """Whether each pair is tied; O(log m) a pair."""
        return contains(self.keys, np.asarray(a, np.int64) * self.n_places + b)

    def keeping(self, ties: Bools) -> "Network":
        """The same places with only the chosen ties; ``ties`` (m,) is in the order of ``pairs``."""
        a, b, strength = self.pairs()
        indptr, indices, merged = _rows(self.n_places, a[ties], b[ties], strength[ties])
        return replace(self, indptr=indptr, indices=indices, strength=merged)

    def pairs(self) -> tuple[Ints, Ints, Floats]:
        """Every tie once: smaller position, larger position, strength; ascending."""
        once = self.rows < self.indices
        return self.rows[once], self.indices[once].astype(np.int64), self.strength[once]


def spans(starts: Ints, lengths: Ints) -> Ints:
    """The concatenation of ``range(start, start + length)``; O(total length)."""
    total = int(lengths.sum())
    shift = starts - (np.cumsum(lengths) - lengths)
    return np.repeat(shift, lengths) + np.arange(total)


def totals(index: Ints | Indices, share: Floats, n: int) -> Floats:
    """(n,) the sum of the shares of each index."""
    return np.bincount(index, share, n).astype(np.float64, copy=False)


def contains(sorted_keys: Ints, wanted: Ints) -> Bools:
    """Whether each wanted number is among the ascending ``sorted_keys``."""
    if not len(sorted_keys):
        return np.zeros(len(wanted), np.bool_)
    found = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return sorted_keys[found] == wanted


def _rows(n: int, a: Ints, b: Ints, strength: Floats) -> tuple[Ints, Indices, Floats]:
    """Compressed rows of the undirected ties, parallel ones merged to the strongest."""
    real = a != b
    low, high = np.minimum(a, b)[real], np.maximum(a, b)[real]
    key, start = _sorted_runs(low * n + high)
    order, first = start
    strongest = np.maximum.reduceat(strength[real][order], first) if len(first) else np.zeros(0)
    low, high = key // max(n, 1), key % max(n, 1)
    both = np.concatenate([key, high * n + low])
    order = np.argsort(both, kind="stable")
    counts = np.bincount(np.concatenate([low, high]), minlength=n)
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]).astype(np.int64)
    return indptr, np.concatenate([high, low])[order].astype(np.int32), np.concatenate([strongest, strongest])[order]


def _sorted_runs(key: Ints) -> tuple[Ints, tuple[Ints, Ints]]:
    """Distinct keys ascending, with the sorting order and where each run of equal keys begins in it."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    first = np.flatnonzero(np.concatenate([np.ones(min(1, len(key)), np.bool_), ordered[1:] != ordered[:-1]]))
    return ordered[first], (order, first)


_NOTHING = PlaceFacts()


def _columns(
    ids: tuple[str, ...], facts: Mapping[str, PlaceFacts]
) -> tuple[tuple[str, ...], Indices, Floats, Floats, Floats, tuple[str, ...], Bools]:
    """What is known of the places, as columns in the order of ``Network``'s fields."""
    known = [facts.get(name, _NOTHING) for name in ids]
    countries = tuple(sorted({fact.country for fact in known} - {""}))
    code = {country: i for i, country in enumerate(countries)} | {"": -1}
    languages = tuple(sorted({language for fact in known for language in fact.languages}))
    column = {language: i for i, language in enumerate(languages)}
    speaks = np.zeros((len(ids), len(languages)), np.bool_)
    for i, fact in enumerate(known):
        speaks[i, [column[language] for language in fact.languages]] = True
    country = np.array([code[fact.country] for fact in known], np.int32)
    lat, lon, population = (_numbers([getattr(fact, name) for fact in known]) for name in ("lat", "lon", "population"))
    return countries, country, lat, lon, population, languages, speaks


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)
