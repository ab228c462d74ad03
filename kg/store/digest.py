"""A fingerprint of the whole graph: equal graphs have equal digests, whatever order they were loaded in."""

import hashlib
import json
from typing import Any, LiteralString

from kg.store.driver import Graph
from kg.vocabulary import NODE_TYPES, RELATION_TYPES

# Runs and what names them differ between two loads that state the same.
_BOOKKEEPING = frozenset({"IngestRun", "LoadLock", "GraphVersion"})
_NODES: LiteralString = "MATCH (n:LABEL) RETURN [labels(n), properties(n)] AS element"
_RELATIONS: LiteralString = (
    "MATCH (a)-[r:TYPE]->(b) RETURN [type(r), coalesce(a.id, ''), coalesce(b.id, ''), properties(r)] AS element"
)


def graph_digest(graph: Graph) -> str:
    """SHA-256 over all nodes and relationships but the bookkeeping of runs.

    The hashes of the elements are added modulo 2^256, so no order and no sorting is needed; memory is one result row.
    """
    total = 0
    for node in NODE_TYPES.values():
        if node.label not in _BOOKKEEPING:
            total += sum(map(_hash, graph.stream(_NODES.replace("LABEL", node.label))))
    for relation in RELATION_TYPES.values():
        total += sum(map(_hash, graph.stream(_RELATIONS.replace("TYPE", relation.type))))
    return f"{total % 2**256:064x}"


def _hash(row: dict[str, Any]) -> int:
    element = row["element"]
    if isinstance(element[0], list):
        element[0].sort()
    for name in ("first_run", "last_run", "retrieved"):
        element[-1].pop(name, None)
    text = json.dumps(element, sort_keys=True, ensure_ascii=False, default=list)
    return int.from_bytes(hashlib.sha256(text.encode()).digest())
