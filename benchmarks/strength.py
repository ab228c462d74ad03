"""How far does a tie carry of which nobody has spoken for years, or little is known?  ``python -m benchmarks.strength``

Two measurements behind ``docs/decisions/status-basis.md``:

*Confirmed.* Of the city partnerships among our own facts, how many does a list made by others (Wikipedia, February 2026) name,
by what their status rests on and by the age of the newest source? What a list does not name may exist all the same, so
only the ratios between the rows say something.

*Ranked.* Wikidata of September 2016 and of January 2022 together are the network before; the ties that the list of 2026 has
beyond it are to be found again. A tie that only the file of 2016 has is silent since. Its strength falls by half every so many
years, or not at all (what the ranking was before), or it is left out.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks import datasets
from benchmarks.ranking import Ranker, Split, figures, ranks
from kg.model.identity import partnership_members
from kg.model.merge import merge
from kg.network.graph.arrays import Floats, Ints, Network
from kg.network.graph.triads import open_ends
from scripts.check_facts import bundled_claims

TODAY = dt.date(2026, 11, 25)
NOW, THEN = 2022, 2016
HALF_LIVES: tuple[float, ...] = (float("inf"), 80, 40, 20, 10, 5, 0)


def confirmed(late: Network) -> Iterator[tuple[str, int, int]]:
    """(what the status rests on or how old the newest source is, partnerships, of them named by the list)."""
    claims, trust = bundled_claims()
    pairs = {frozenset((late.ids[a], late.ids[b])) for a, b in _positions(late)}
    counted: Mapping[str, list[bool]] = defaultdict(list)
    for subject, told in claims.items():
        facts = merge(subject, told, trust, today=TODAY)
        members = frozenset(partnership_members(subject))
        if (
            facts is None
            or facts.properties["family"] != "partnership"
            or len(members) != 2
            or not members <= late.positions.keys()
        ):
            continue
        found = members in pairs
        status, basis = str(facts.properties["status"]), str(facts.properties["status_basis"])
        counted[f"basis {basis}" + ("" if status == "unknown" else f", {status}")].append(found)
        if facts.properties["in_force"]:
            silent = TODAY.year - int(str(facts.properties["last_evidence"])[:4])
            counted[f"silent {min(silent // 3 * 3, 12):2d} years or more"].append(found)
    yield from ((name, len(each), sum(each)) for name, each in sorted(counted.items()))


def found_again(fresh: Network, every: Network, late: Network, half_life: float) -> tuple[float, float, float]:
    """hit@10, hit@50 and mean reciprocal rank where a silent tie falls by half every so many years; 0 leaves them out."""
    a, b, _ = every.pairs()
    place = np.array([fresh.positions.get(name, -1) for name in every.ids])
    heard = (place[a] >= 0) & (place[b] >= 0) & fresh.tied(place[a], place[b])
    keep = heard | (half_life > 0)
    strength = np.where(heard, 1.0, 0.5 ** ((NOW - THEN) / half_life) if half_life else 0.0)
    network = replace(every, **_parts(every, a[keep], b[keep], strength[keep]))
    return figures(ranks(Split(network, _lost(fresh, every, late)), _by_shared_partners(network)))


def _by_shared_partners(network: Network) -> Ranker:
    """Places by the partners they share, each share weighted by the strength of both ties, as open triads are found."""

    def score(place: int) -> Floats:
        found, row = open_ends(network, place, "resource_allocation"), np.zeros(network.n_places)
        row[found.b] = found.score
        return row

    return score


def _parts(network: Network, a: Ints, b: Ints, strength: Floats) -> dict[str, Any]:
    made = Network.from_positions(network.ids, a, b, strength)
    return {"indptr": made.indptr, "indices": made.indices, "strength": made.strength}


def _lost(fresh: Network, every: Network, late: Network) -> Mapping[int, list[int]]:
    """The ties of the late list that nobody had before, among places with a tie that is no silent one."""
    known = {name: every.position(name) for name in fresh.ids if fresh.degree[fresh.position(name)]}
    lost: dict[int, list[int]] = defaultdict(list)
    for left, right in _positions(late):
        ends = [known.get(late.ids[left]), known.get(late.ids[right])]
        if ends[0] is not None and ends[1] is not None and not every.tied(np.array([ends[0]]), np.array([ends[1]]))[0]:
            lost[ends[0]].append(ends[1])
            lost[ends[1]].append(ends[0])
    return dict(sorted(lost.items()))


def _positions(network: Network) -> Iterator[tuple[int, int]]:
    a, b, _ = network.pairs()
    return ((int(left), int(right)) for left, right in zip(a, b, strict=True))


def main() -> None:
    start = time.perf_counter()
    late = datasets.wikipedia_2026()
    print("Named by Wikipedia's lists of February 2026, of our own city partnerships")
    for name, count, found in confirmed(late):
        print(f"  {name:34s} {found:5d} of {count:5d}   {found / count:.2f}")
    fresh, every = datasets.wikidata_2016_and_2022()
    print(f"\nTies of 2026 found again: {fresh.n_ties:,} ties of 2022, {every.n_ties - fresh.n_ties:,} silent since 2016")
    print("  a silent tie falls by half in   hit@10  hit@50    MRR")
    for years in HALF_LIVES:
        ten, fifty, reciprocal = found_again(fresh, every, late, years)
        said = "left out" if not years else "no time" if years == float("inf") else f"{years:g} years"
        print(f"  {said:30s}  {ten:.4f}  {fifty:.4f}  {reciprocal:.4f}", flush=True)
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
