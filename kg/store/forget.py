"""Removing a person for good: the node, every claim about them, and a mark that keeps later loads from bringing them back."""

from kg.errors import UsageError
from kg.model.identity import digest, slug
from kg.store.driver import Graph, Run

_REMOVE = """
MATCH (p:Person {id: $id})
OPTIONAL MATCH (p)<-[:ABOUT]-(c:Claim)
WITH p, collect(c) AS claims
FOREACH (claim IN claims | DETACH DELETE claim)
DETACH DELETE p
RETURN size(claims) AS n
"""
# The mark is a hash: whom the graph was asked to forget must not be read from the mark itself.
_MARK = "MERGE (m:Forgotten {id: $mark})"


def forget_person(graph: Graph, name: str) -> int:
    """Remove a person by name or id; returns how many claims went.

    Raises:
        UsageError: when no person has the name.
    """
    identifier = name if name.startswith("person:") else f"person:{slug(name)}"

    def unit(run: Run) -> list[dict[str, int]]:
        removed = run(_REMOVE, {"id": identifier})
        if removed:
            run(_MARK, {"mark": mark_of(identifier)})
        return removed

    removed = graph.write_unit(unit)
    if not removed:
        raise UsageError(f"nobody called {name!r} is in the graph")
    return removed[0]["n"]


def forgotten(graph: Graph) -> frozenset[str]:
    """The marks of all who were forgotten."""
    return frozenset(row["id"] for row in graph.read("MATCH (m:Forgotten) RETURN m.id AS id"))


def mark_of(identifier: str) -> str:
    """What is kept of a forgotten person."""
    return digest("forgotten", identifier)
