"""Whether the facts in the graph are what the claims in the graph come to, subject by subject."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, LiteralString

from kg.model.merge import Facts, merge
from kg.store.driver import Graph
from kg.store.facts import node_properties, relation_rows
from kg.store.load import Claims, batches, claims_of
from kg.vocabulary import ID_PREFIXES, label_of

BATCH = 2000
_SUBJECTS = "MATCH (c:Claim) RETURN DISTINCT c.subject AS id ORDER BY id"
_TRUST = "MATCH (s:Source) RETURN s.id AS id, coalesce(s.trust, 0) AS trust"
_NODES: LiteralString = "UNWIND $ids AS id MATCH (n:LABEL {id: id}) RETURN id, properties(n) AS properties"
_RELATIONS: LiteralString = (
    "UNWIND $ids AS id MATCH (n:LABEL {id: id})-[r:TYPES]-(o) WHERE type(r) IN $incoming XOR startNode(r) = n "
    "RETURN id, type(r) AS type, startNode(r).id AS start, endNode(r).id AS end, properties(r) AS properties"
)
# The relationships that follow from a subject's own claims, by its label; those that come in beside those that go out.
_OWNED: Mapping[str, tuple[LiteralString, tuple[str, ...]]] = {
    "Place": ("PART_OF|MEMBER_OF", ()),
    "Partnership": ("PARTNER_IN|HAS_TOPIC", ("PARTNER_IN",)),
    "Organisation": ("BASED_IN|SUPPORTS", ()),
    "Person": ("HOLDS", ()),
    "Event": ("TOOK_PART_IN|UNDER|HAS_TOPIC", ("TOOK_PART_IN",)),
}
_LABELS: dict[str, LiteralString] = {label: label for label in ID_PREFIXES.values()}


def differing(graph: Graph, today: dt.date) -> Iterator[str]:
    """The ids whose facts differ from the merge of their claims; reads the whole graph, a batch of subjects at a time."""
    trust = {row["id"]: row["trust"] for row in graph.read(_TRUST)}
    for subjects in batches((row["id"] for row in graph.read(_SUBJECTS)), BATCH):
        claims = claims_of(graph.read, subjects)
        expected = {
            subject: merge(subject, chain.from_iterable(claims[subject].values()), trust, today=today) for subject in claims
        }
        yield from _differing(graph, expected, claims)


def _differing(graph: Graph, expected: Mapping[str, Facts | None], claims: Mapping[str, Claims]) -> Iterator[str]:
    for label in sorted({label_of(subject) for subject in claims}):
        ids = [subject for subject in expected if label_of(subject) == label]
        nodes, relations = _nodes(graph, label, ids), _relations(graph, label, ids)
        for subject in ids:
            facts = expected[subject]
            if facts is None or nodes.get(subject) != node_properties(facts) or relations.get(subject, set()) != _stated(facts):
                yield subject


def _nodes(graph: Graph, label: str, ids: Sequence[str]) -> dict[str, Any]:
    rows = graph.read(_NODES.replace("LABEL", _LABELS[label]), {"ids": list(ids)})
    return {row["id"]: row["properties"] for row in rows}


def _relations(graph: Graph, label: str, ids: Sequence[str]) -> dict[str, set[Any]]:
    if label not in _OWNED:
        return {}
    types, incoming = _OWNED[label]
    query = _RELATIONS.replace("LABEL", _LABELS[label]).replace("TYPES", types)
    found: dict[str, set[Any]] = {}
    for row in graph.read(query, {"ids": list(ids), "incoming": list(incoming)}):
        relation = (row["type"], row["start"], row["end"], tuple(sorted(row["properties"].items())))
        found.setdefault(row["id"], set()).add(relation)
    return found


def _stated(facts: Facts) -> set[Any]:
    return {
        (key[0], start, end, tuple(sorted(properties.items())))
        for key, (start, end, properties) in relation_rows(facts)
    }  # fmt: skip
