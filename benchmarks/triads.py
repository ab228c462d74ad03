"""Triangles and open triads beside networkx, in one run.  ``python -m benchmarks.triads [--large]``

networkx gets what helps it most: the pairs with a common partner are found once through its adjacency sets and only those
are scored. Their scores are compared place by place of the list. ``--large`` also lets networkx do 400,000
places, which takes minutes; without it only our side is measured there.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any, TypeVar

import networkx
import numpy as np

from benchmarks.synthetic import synthetic
from kg.network.graph.arrays import Network
from kg.network.graph.triads import open_bridges, open_ends, top_pairs, triangles

Result = TypeVar("Result")
_K = 100
NX: Any = networkx


def timed(work: Callable[[], Result], repeat: int = 3) -> tuple[float, Result]:
    """The best of some runs in milliseconds, and what came out."""
    best, result = float("inf"), work()
    for _ in range(repeat):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best * 1000, result


def once(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


def graph_of(network: Network) -> Any:
    a, b, _ = network.pairs()
    graph: Any = NX.Graph()
    graph.add_edges_from(zip(a.tolist(), b.tolist(), strict=True))
    return graph


def networkx_top(graph: Any) -> list[tuple[int, int, float]]:
    neighbours = {place: set(graph[place]) for place in graph}
    pairs = {(a, b) for via in graph for a in neighbours[via] for b in neighbours[via] if a < b and b not in neighbours[a]}
    scored: list[tuple[int, int, float]] = list(NX.adamic_adar_index(graph, pairs))
    return sorted(scored, key=lambda row: (-row[2], row[0], row[1]))[:_K]


def networkx_triangles(graph: Any) -> int:
    counts: dict[int, int] = NX.triangles(graph)
    return sum(counts.values()) // 3


def row(task: str, ours: float, theirs: float | None) -> None:
    ratio = f"{theirs:12,.1f} ms {theirs / ours:8,.0f} x" if theirs is not None else "         not run"
    print(f"  {task:46s} {ours:10,.2f} ms {ratio}", flush=True)


def compared(network: Network, *, both: bool) -> None:
    degree = network.degree
    wedges = int(np.sum(degree * (degree - 1) // 2))
    print(f"\n{network.n_places:,} places, {network.n_ties:,} ties, {wedges:,} wedges, at most {degree.max()} partners")
    print(f"  {'task':46s} {'ours':>13s} {'networkx':>15s}    ratio")
    ours, corners = timed(lambda: triangles(network))
    best, pairs = timed(lambda: top_pairs(network, _K))
    graph = graph_of(network) if both else None
    theirs, count = once(lambda: networkx_triangles(graph)) if graph else (None, len(corners))
    row(f"all triangles ({len(corners):,})", ours, theirs)
    slow, expected = once(lambda: networkx_top(graph)) if graph else (None, [])
    row(f"top {_K} of the whole network, Adamic-Adar", best, slow)
    same = not graph or np.allclose([score for *_, score in expected], pairs.score, atol=1e-7)
    if count != len(corners) or not same:
        raise SystemExit("the results differ from networkx")
    for weighting in ("resource_allocation", "common_neighbours"):
        row(f"top {_K}, {weighting.replace('_', ' ')}", timed(lambda w=weighting: top_pairs(network, _K, w))[0], None)
    hub, usual = int(degree.argmax()), int(np.argsort(degree)[int(0.95 * len(degree))])
    for name, place in (("most connected place", hub), ("95th percentile", usual)):
        row(f"one place as an end, {name} ({degree[place]})", timed(lambda p=place: open_ends(network, p, k=50))[0], None)
        row(f"one place as the bridge, {name} ({degree[place]})", timed(lambda p=place: open_bridges(network, p, k=50))[0], None)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--large", action="store_true", help="let networkx do the large network too")
    options = arguments.parse_args()
    compared(synthetic(40_000, 60_000), both=True)
    compared(synthetic(400_000, 600_000), both=options.large)


if __name__ == "__main__":
    main()
