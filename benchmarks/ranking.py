"""How well is a hidden tie found again?  ``python -m benchmarks.ranking [--seeds 3] [--write]``

A tenth of the ties is hidden, in an order drawn by the seed, skipping ties whose loss would leave a place without any. For
every place that lost one, all places without a tie to it are ranked; the rank of each lost partner counts (equal scores:
the mean of their ranks). Printed are hit@10, hit@50 and the mean reciprocal rank. The area under the ROC curve is not:
preferential attachment, which finds next to nothing, has the best.

Our weights are fitted on ties that are hidden a second time, from what is left: the test ties are not seen. The line
"stored weights" uses ``kg/network/graph/weights.toml`` as it ships; on its own data set and seed that is the same thing, on
the others it shows how far the weights carry over.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks import datasets
from kg.network.graph import closeness
from kg.network.graph.arrays import Bools, Floats, Ints, Network
from kg.network.graph.closeness import PARTS, Closeness, Weights
from kg.network.graph.triads import Weighting, open_ends

Ranker = Callable[[int], Floats]
_WEIGHTS_FILE = Path(closeness.__file__).with_name("weights.toml")
_WITHIN_TRAINING = 1000
_MOST_PLACES_TO_FIT = 1200
_NEGATIVES = 400


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """What is left, and for each place that lost ties the partners that are to be found."""

    left: Network
    lost: Mapping[int, list[int]]


def hidden_tenth(network: Network, seed: int) -> Split:
    """Hide a tenth of the ties, leaving every place at least one."""
    a, b, _ = network.pairs()
    degree, keep = network.degree.copy(), np.ones(network.n_ties, np.bool_)
    for tie in np.random.default_rng(seed).permutation(network.n_ties):
        if degree[a[tie]] > 1 and degree[b[tie]] > 1:
            degree[[a[tie], b[tie]]] -= 1
            keep[tie] = False
            if 10 * int(np.sum(~keep)) >= network.n_ties:
                break
    return split(network, keep)


def split(network: Network, keep: Bools) -> Split:
    """The split that keeps the ties chosen."""
    a, b, _ = network.pairs()
    lost: dict[int, list[int]] = {}
    for left, right in zip(a[~keep].tolist(), b[~keep].tolist(), strict=True):
        lost.setdefault(left, []).append(right)
        lost.setdefault(right, []).append(left)
    return Split(network.keeping(keep), dict(sorted(lost.items())))


def later(early: Network, late: Network) -> Split:
    """Ties of ``late`` that ``early`` lacks, among places that both know and that have a tie in both."""
    known = np.array([name in early.positions and bool(early.degree[early.position(name)]) for name in late.ids])
    a, b, _ = late.pairs()
    both = late.keeping(known[a] & known[b])
    a, b, _ = both.pairs()
    place = np.array([early.positions.get(name, 0) for name in late.ids])
    before = early.tied(place[a], place[b])
    degree = np.bincount(np.concatenate([a[before], b[before]]), minlength=late.n_places)
    return split(both, before | (degree[a] == 0) | (degree[b] == 0))


def rankers(network: Network, ours: Mapping[str, Weights]) -> dict[str, Ranker]:
    """Every way of ranking all places for one place, by name."""
    close, degree = Closeness(network), network.degree.astype(np.float64)

    def common(weighting: Weighting) -> Ranker:
        def score(place: int) -> Floats:
            found, row = open_ends(network, place, weighting), np.zeros(network.n_places)
            row[found.b] = found.score
            return row

        return score

    def mine(weights: Weights) -> Ranker:
        return lambda place: close.score(place, weights=weights)

    return {
        "preferential attachment": lambda _place: degree,
        "common neighbours": common("common_neighbours"),
        "Adamic-Adar": common("adamic_adar"),
        "resource allocation": close.resource_allocation,
        "three-hop paths (L3)": close.three_hops,
        "RA + 0.01 L3": close.reference,
        **{name: mine(weights) for name, weights in ours.items()},
    }


def ranks(parted: Split, ranker: Ranker) -> Floats:
    """The rank of every lost partner among all places without a tie to the place."""
    found: list[float] = []
    for place, partners in parted.lost.items():
        score = ranker(place)
        apart = np.ones(len(score), np.bool_)
        apart[parted.left.neighbours(place)] = apart[place] = False
        others = score[apart]
        for partner in partners:
            better, equal = np.sum(others > score[partner]), np.sum(others == score[partner])
            found.append(float(better + (equal + 1) / 2))
    return np.array(found)


def figures(rank: Floats) -> tuple[float, float, float]:
    """hit@10, hit@50 and mean reciprocal rank."""
    return float(np.mean(rank <= 10)), float(np.mean(rank <= 50)), float(np.mean(1 / rank))


def fitted(network: Network, seed: int) -> Weights:
    """Weights fitted on a tenth of the network's own ties, hidden again: nothing outside ``network`` is seen.

    The likelihood of each lost partner among the candidates (softmax), maximised over weights of at least zero. Candidates
    are drawn evenly at first, then half of them are the places that the first weights rank highest; even draws stand for
    as many as they were drawn from.
    """
    weights = _maximised(*_examples(hidden_tenth(network, _WITHIN_TRAINING + seed), None, seed))
    weights = _maximised(*_examples(hidden_tenth(network, _WITHIN_TRAINING + seed), weights, seed))
    total = float(weights.sum())
    return dict(zip(PARTS, (weights / total).round(4).tolist(), strict=True))


def _examples(parted: Split, weights: Floats | None, seed: int) -> tuple[Floats, Floats]:
    """(examples, 1 + candidates, parts) with the lost partner first, and the logarithm of what each candidate stands for."""
    random, close = np.random.default_rng(seed), Closeness(parted.left)
    rows: list[Floats] = []
    stands_for: list[Floats] = []
    for place in random.permutation(list(parted.lost))[:_MOST_PLACES_TO_FIT].tolist():
        parts = np.stack(list(close.parts(place).values()), axis=1)
        candidates, share = _candidates(parted, place, None if weights is None else parts @ weights, random)
        for partner in parted.lost[place]:
            rows.append(parts[np.append(partner, candidates)])
            stands_for.append(np.append(0, np.log(share)))
    return np.stack(rows), np.stack(stands_for)


def _candidates(parted: Split, place: int, score: Floats | None, random: np.random.Generator) -> tuple[Ints, Floats]:
    others = np.setdiff1d(np.arange(parted.left.n_places), [place, *parted.left.neighbours(place), *parted.lost[place]])
    best = others[:0] if score is None else others[np.argsort(-score[others])[:_NEGATIVES]]
    rest = np.setdiff1d(others, best)
    drawn = random.choice(rest, 2 * _NEGATIVES - len(best), replace=False)
    return np.append(best, drawn), np.append(np.ones(len(best)), np.full(len(drawn), len(rest) / len(drawn)))


def _maximised(parts: Floats, stands_for: Floats, steps: int = 500, rate: float = 0.05) -> Floats:
    """Adam (Kingma and Ba 2015) on the mean log-likelihood, projected to weights ≥ 0."""
    weights, first, second = np.ones(parts.shape[2]), np.zeros(parts.shape[2]), np.zeros(parts.shape[2])
    for step in range(1, steps + 1):
        power = parts @ weights + stands_for
        chance = np.exp(power - power.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        expected = np.matmul(chance[:, None, :], parts)[:, 0]
        slope = expected.mean(axis=0) - parts[:, 0].mean(axis=0) + 1e-4 * weights
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        move = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        weights = np.maximum(weights - rate * move, 0)
    return weights


def measured(parted: Split, weights: Mapping[str, Weights]) -> dict[str, tuple[float, float, float]]:
    """The figures of every ranker on one split."""
    return {name: figures(ranks(parted, ranker)) for name, ranker in rankers(parted.left, weights).items()}


def printed(title: str, runs: list[dict[str, tuple[float, float, float]]], lost: int) -> None:
    print(f"\n{title}; {lost:,} hidden ends, mean of {len(runs)} run(s)")
    print(f"  {'ranking':26s} hit@10 hit@50    MRR  (spread of hit@50)")
    for name in runs[0]:
        table = np.array([run[name] for run in runs])
        ten, fifty, reciprocal = table.mean(axis=0)
        print(
            f"  {name:26s}  {ten:.3f}  {fifty:.3f}  {reciprocal:.3f}  ({table[:, 1].min():.3f}-{table[:, 1].max():.3f})",
            flush=True,
        )


def stored() -> dict[str, Weights]:
    return {"ours, stored weights": closeness.default_weights()} if _WEIGHTS_FILE.exists() else {}


def runs_of(name: str, network: Network, seeds: int) -> Iterator[tuple[int, Weights, dict[str, tuple[float, float, float]]]]:
    """Each seed with the weights fitted to its training part and the figures; prints the table at the end."""
    runs: list[dict[str, tuple[float, float, float]]] = []
    lost = 0
    for seed in range(seeds):
        parted = hidden_tenth(network, seed)
        weights = fitted(parted.left, seed)
        runs.append(measured(parted, {**stored(), "ours, fitted": weights}))
        lost += sum(map(len, parted.lost.values()))
        yield seed, weights, runs[-1]
    printed(f"{name}: {network.n_places:,} places, {network.n_ties:,} ties", runs, lost)


def written(weights: Weights, name: str, network: Network, result: Mapping[str, tuple[float, float, float]]) -> None:
    """Write the weights with the date, the command, the data and the figures they reach."""
    ten, fifty, reciprocal = result["ours, fitted"]
    reference = result["RA + 0.01 L3"][1]
    lines = [
        "# Weights of the parts of closeness; made by the command below, not by hand.",
        f'date = "{datetime.now(UTC).date()}"',
        'command = "python -m benchmarks.ranking --write"',
        f'data = "{name}: {network.n_places} places, {network.n_ties} ties, a tenth hidden (seed 0), fitted on the rest only"',
        f'figure = "hit@10 {ten:.3f}, hit@50 {fifty:.3f}, MRR {reciprocal:.3f} (RA + 0.01 L3: hit@50 {reference:.3f})"',
        "",
        "[weights]",
        *(f"{part} = {weight}" for part, weight in weights.items()),
    ]
    _WEIGHTS_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument(
        "--write", action="store_true", help="write the weights fitted with seed 0 to kg/network/graph/weights.toml"
    )
    options = arguments.parse_args()
    start = time.perf_counter()
    for index, (name, network) in enumerate(datasets.loaded()):
        for seed, weights, result in runs_of(name, network, options.seeds):
            if options.write and index == seed == 0:
                written(weights, name, network, result)
                closeness.default_weights.cache_clear()
    if grown := datasets.wikidata_2016_to_2022():
        parted = later(*grown)
        table = measured(parted, {**stored(), "ours, fitted": fitted(parted.left, 0)})
        printed("wikidata 2016 to 2022: ties recorded since, by time", [table], sum(map(len, parted.lost.values())))
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
