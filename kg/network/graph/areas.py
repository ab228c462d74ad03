"""How many ties run between two areas, compared with what their numbers of ties would let one expect.

An area is a country, or a square of a grid laid over the globe: towns follow the towns around them (the partners of a
region's towns lie in few regions elsewhere), and countries follow history.
"""

import numpy as np

from kg.model.geo import KM_PER_DEGREE
from kg.network.graph.arrays import Bools, Floats, Indices, Ints, Network

_SMOOTHING = 0.3


class Counts:
    """A sparse matrix of counts, made from the positions of what is counted; O(m log m)."""

    def __init__(self, rows: Ints, columns: Ints, n_columns: int) -> None:
        """Count how often each (row, column) occurs."""
        self._n = max(n_columns, 1)
        self._keys, count = np.unique(rows * self._n + columns, return_counts=True)
        self._count = count.astype(np.float64)

    def at(self, rows: int | np.int64 | Ints, columns: Ints) -> Floats:
        """The counts at each (row, column), zero where there are none; a single row costs O(columns)."""
        if isinstance(rows, np.ndarray):
            return self._at(rows * self._n + columns)
        start = int(rows) * self._n
        first, last = np.searchsorted(self._keys, np.array([start, start + self._n])).tolist()
        row = np.zeros(self._n)
        row[self._keys[first:last] - start] = self._count[first:last]
        return row[columns]

    def _at(self, keys: Ints) -> Floats:
        if not len(self._keys):
            return np.zeros(len(keys))
        found = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[found] == keys, self._count[found], 0.0)


class Areas:
    """Ties between areas; ``label`` (n,) is each place's area, -1 where unknown."""

    def __init__(self, network: Network, label: Ints | Indices) -> None:
        """Count the ties between every two areas; O(m log m)."""
        self._label = label.astype(np.int64)
        n = int(label.max(initial=-1)) + 1
        a, b = self._label[network.rows], self._label[network.indices]
        known = (a >= 0) & (b >= 0)
        self._between = Counts(a[known], b[known], n)
        self._ends = np.append(np.bincount(a[known], minlength=n), 0).astype(np.float64)
        self._total = max(float(known.sum()), 1.0)

    def ties(self, a: int | Ints, b: Ints) -> Floats:
        """Ties between the areas of ``a`` and ``b`` (a tie within one area counts at both its ends)."""
        return np.where(self._known(a, b), self._between.at(self._of(a), np.maximum(self._label[b], 0)), 0.0)

    def expected(self, a: int | Ints, b: Ints) -> Floats:
        """How many there would be if the ties of every area were drawn at random."""
        return self._ends[self._label[a]] * self._ends[self._label[b]] / self._total

    def log_lift(self, a: int | Ints, b: Ints) -> Floats:
        """ln((ties + 0.3) / (expected + 0.3)); 0 where an area is unknown."""
        return np.log((self.ties(a, b) + _SMOOTHING) / (self.expected(a, b) + _SMOOTHING))

    def _of(self, a: int | Ints) -> int | Ints:
        return np.maximum(self._label[a], 0) if isinstance(a, np.ndarray) else max(int(self._label[a]), 0)

    def _known(self, a: int | Ints, b: Ints) -> Bools:
        return (self._label[b] >= 0) & (self._label[a] >= 0)


def squares(network: Network, side: float) -> Ints:
    """(n,) the square of about ``side`` km in which each place lies, -1 where its coordinates are unknown."""
    known = np.flatnonzero(~np.isnan(network.lat) & ~np.isnan(network.lon))
    step = side / KM_PER_DEGREE
    band = np.floor((network.lat[known] + 90) / step).astype(np.int64)
    middle = np.radians((band + 0.5) * step - 90)
    column = np.floor((network.lon[known] + 180) * np.maximum(np.cos(middle), 0.01) / step).astype(np.int64)
    label = np.full(network.n_places, -1, np.int64)
    label[known] = np.unique(band * 1_000_000 + column, return_inverse=True)[1]
    return label
