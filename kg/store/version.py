"""Which vocabulary a graph was made by: known programs of another version keep out or make its facts anew.

A graph carries one node that says it. Without that node, a graph with claims is of version 1, made before graphs said so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import GraphNotOurs

if TYPE_CHECKING:
    from kg.store.driver import Graph

VERSION = 3
"""The version of the vocabulary; raised whenever the same claims come to other facts, so that graphs are made anew from theirs.

1: before graphs said their version. 2: they say it, and what is known of a status, and since when, follows docs/claims.md.
3: partnerships know the next day that changes them, and ties when their status was so.
"""

_STATE = """
OPTIONAL MATCH (v:GraphVersion {id: 'graph'})
RETURN v.version AS version, v.restoring AS restoring, v.restoring_from AS file, EXISTS { MATCH (:Claim) } AS filled
"""
_STAMP = """
OPTIONAL MATCH (c:Claim) WITH c LIMIT 1
WITH c WHERE c IS NULL
MERGE (v:GraphVersion {id: 'graph'}) ON CREATE SET v.version = $version
"""
_UPGRADED = "MERGE (v:GraphVersion {id: 'graph'}) SET v.version = $version"


@dataclass(frozen=True, slots=True)
class GraphState:
    """What a graph says of itself; ``version`` 0 means that there is nothing in it yet."""

    version: int
    restoring: str = ""
    """The SHA-256 of the backup whose restoring began and has not ended."""
    file: str = ""
    """The name of its file."""


def graph_state(graph: Graph) -> GraphState:
    """One question that reads two nodes at the most."""
    row = graph.read(_STATE)[0]
    version = row["version"] if row["version"] is not None else int(row["filled"])
    return GraphState(version, row["restoring"] or "", row["file"] or "")


def check_state(state: GraphState) -> bool:
    """Whether the graph can be used as it is; ``False`` when its facts have to be made anew.

    Raises:
        GraphNotOurs: a newer program made it, or a restore has not ended.
    """
    if state.version > VERSION:
        raise GraphNotOurs(
            f"The graph was made by a newer version of this program (vocabulary {state.version}, this one knows {VERSION});"
            " use that version, or update this one."
        )
    if state.restoring:
        raise GraphNotOurs(
            f"A backup is being restored into this graph, or that was cut off: wait, or run again: kg db restore {state.file}"
        )
    return state.version in (0, VERSION)


def stamp(graph: Graph) -> None:
    """Let a graph without claims say the version of this program, unless it says one."""
    graph.write(_STAMP, {"version": VERSION})


def set_upgraded(graph: Graph) -> None:
    """Let the graph say that its facts are made by the vocabulary of this program."""
    graph.write(_UPGRADED, {"version": VERSION})
