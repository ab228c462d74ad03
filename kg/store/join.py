"""Joining two places of the graph, and parting them again: claims move with all their editions, in one unit."""

from collections.abc import Callable, Mapping

from kg.errors import UsageError
from kg.model.claims import Claim
from kg.model.joining import joined, parted, relates
from kg.store.driver import Graph
from kg.store.editions import Editions
from kg.store.load import Loader, claims_of
from kg.store.runs import Outcome, begin_run, end_run, load_lock, new_run_id

RUN = "merge-places"
"""What such a change is called among the runs."""
_SPEAKING = """
MATCH (c:Claim) WHERE c.subject CONTAINS $place OR c.value CONTAINS $place OR c.by = $place
RETURN DISTINCT c.subject AS subject
"""


def join_places(graph: Graph, place: str, into: str) -> int:
    """Let everything that is said of ``place`` be said of ``into``; the number of claims.

    Raises:
        UsageError: a source tells the two apart.
        LoadError: a load is under way.
    """
    return _moved(graph, place, lambda claim: _joined(claim, place, into))


def part_places(graph: Graph, place: str, into: str) -> int:
    """Give back what was said of ``place`` before it was joined; the number of claims."""
    return _moved(graph, into, lambda claim: parted(claim, place, into))


def _joined(claim: Claim, place: str, into: str) -> Claim:
    if relates(claim, place, into):
        raise UsageError(f"{place} and {into} are two: {claim.source} says {claim.predicate} {claim.value} of {claim.subject}")
    return joined(claim, place, into)


def _moved(graph: Graph, place: str, move: Callable[[Claim], Claim]) -> int:
    run_id = new_run_id()
    with load_lock(graph, run_id) as lock:
        subjects = [row["subject"] for row in graph.read(_SPEAKING, {"place": place})]
        changes = {subject: _changed(claims, move) for subject, claims in claims_of(graph.read, subjects).items()}
        count = sum(map(len, changes.values()))
        begin_run(graph, run_id, RUN)
        Loader(graph, RUN, run_id, lock.fence).change({subject: found for subject, found in changes.items() if found})
        end_run(graph, run_id, Outcome("done", count, count, changed=count))
    return count


def _changed(claims: Mapping[str, Editions], move: Callable[[Claim], Claim]) -> dict[str, Editions]:
    moved = {key: tuple(map(move, editions)) for key, editions in claims.items()}
    return {key: editions for key, editions in moved.items() if editions != claims[key]}
