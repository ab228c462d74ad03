"""The invariants of the graph: what must hold whatever was loaded, and the ids where it does not."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

from kg.model.merge import Facts, Relation
from kg.store import statements
from kg.store.driver import Graph
from kg.store.facts import ties
from kg.store.recompute import differing
from kg.vocabulary import FAMILIES, KINDS, KINDS_OF_LEVEL, PLACE_KINDS, PREDICATES, STATUSES, TIE_TYPES

SHOWN = 20
"""Offending ids that are named for one invariant; the number counts all of them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An invariant with the ids that break it."""

    invariant: str
    description: str
    offenders: tuple[str, ...]

    @property
    def broken(self) -> bool:
        """Whether anything breaks it."""
        return bool(self.offenders)


_QUERIES: dict[str, tuple[str, LiteralString]] = {
    "tie-has-partnership": (
        "Every tie belongs to a partnership.",
        "MATCH (:Place)-[t]->(:Place) WHERE t.key IS NOT NULL AND NOT EXISTS { MATCH (:Partnership {id: t.partnership}) } "
        "RETURN t.key AS id",
    ),
    "partnership-has-claim": (
        "Every partnership rests on at least one claim.",
        "MATCH (p:Partnership) WHERE NOT EXISTS { (p)<-[:ABOUT]-(:Claim) } RETURN p.id AS id",
    ),
    "claim-has-one-source": (
        "Every claim is stated in exactly one source.",
        "MATCH (c:Claim) WHERE COUNT { (c)-[:STATED_IN]->(:Source) } <> 1 RETURN c.id AS id",
    ),
    "claim-is-about-its-subject": (
        "Every claim is about exactly the one thing it names.",
        "MATCH (c:Claim) WHERE COUNT { (c)-[:ABOUT]->() } <> 1 OR NOT EXISTS { MATCH (c)-[:ABOUT]->(s) WHERE s.id = c.subject } "
        "RETURN c.id AS id",
    ),
    "no-tie-with-itself": (
        "No place is tied to itself.",
        "MATCH (p:Place)-[t]->(p) RETURN coalesce(t.key, p.id) AS id",
    ),
    "two-members-or-more": (
        "Every partnership has at least two members, as many as it says.",
        "MATCH (p:Partnership) WITH p, COUNT { (p)<-[:PARTNER_IN]-(:Place) } AS n WHERE n < 2 OR n <> p.n_members "
        "RETURN p.id AS id",
    ),
    "unique-ids": (
        "No two nodes have one id.",
        "MATCH (n) WHERE n.id IS NOT NULL WITH n.id AS id, count(*) AS n WHERE n > 1 RETURN id",
    ),
    "unique-keys": (
        "No two ties have one key.",
        "MATCH ()-[t]->() WHERE t.key IS NOT NULL WITH t.key AS id, count(*) AS n WHERE n > 1 RETURN id",
    ),
    "places-in-a-country": (
        "Every place of a known country lies in it.",
        "MATCH (p:Place) WHERE coalesce(p.kind, '') <> 'country' AND p.country IS NOT NULL "
        "AND NOT EXISTS { MATCH (p)-[:PART_OF]->(c:Country) WHERE c.country = p.country } RETURN p.id AS id",
    ),
}


_UP_TO_DATE = "Every beginning and end that has come is in the facts; the next command that reads or loads sees to it."


def check(graph: Graph, today: dt.date | None = None, *, deep: bool = False) -> list[Finding]:
    """Every invariant with what breaks it, in a fixed order; ``deep`` merges all claims again and compares the facts."""
    day = today or dt.date.today()
    found = [_finding(name, text, (row["id"] for row in graph.read(query))) for name, (text, query) in _QUERIES.items()]
    for name, (text, probe) in _PROBES.items():
        found.append(_finding(name, text, probe(graph)))
    found.append(_finding("up-to-date", _UP_TO_DATE, _due(graph, day)))
    found.append(_finding("no-future", "No claim is as of a date in the future.", _future(graph, day)))
    if deep:
        found.append(_finding("facts-equal-claims", "Facts are what their claims come to.", differing(graph, day)))
    return found


def _finding(name: str, text: str, offenders: Iterator[Any]) -> Finding:
    return Finding(name, text, tuple(sorted({str(offender) for offender in offenders})))


def _due(graph: Graph, today: dt.date) -> Iterator[str]:
    return (row["subject"] for row in graph.read(statements.DUE, {"today": today.isoformat()}))


def _future(graph: Graph, today: dt.date) -> Iterator[str]:
    query = "MATCH (c:Claim) WHERE left(c.as_of, size($today)) > left($today, size(c.as_of)) RETURN c.id AS id"
    return (row["id"] for row in graph.read(query, {"today": today.isoformat()}))


def _words(graph: Graph) -> Iterator[str]:
    """Kinds, families and statuses are words of the vocabulary."""
    query = (
        "MATCH (p:Partnership) WHERE NOT coalesce(p.kind, '') IN $kinds OR NOT coalesce(p.status, '') IN $statuses "
        "OR NOT coalesce(p.family, '') IN $families RETURN p.id AS id"
    )
    words = {"kinds": list(KINDS), "statuses": list(STATUSES), "families": list(FAMILIES)}
    return (row["id"] for row in graph.read(query, words))


def _levels(graph: Graph) -> Iterator[str]:
    """County and state kinds between bodies of those levels only; a place has the label of its kind and no other."""
    rows = graph.read(
        "MATCH (p:Partnership)<-[:PARTNER_IN]-(m:Place) WHERE p.kind IN $kinds "
        "RETURN p.id AS id, p.kind AS kind, labels(m) AS labels",
        {"kinds": list(KINDS_OF_LEVEL)},
    )
    yield from (row["id"] for row in rows if not KINDS_OF_LEVEL[row["kind"]] & set(row["labels"]))
    for row in graph.read("MATCH (p:Place) RETURN p.id AS id, p.kind AS kind, labels(p) AS labels"):
        if set(row["labels"]) != {"Place", PLACE_KINDS.get(row["kind"] or "city", "")}:
            yield row["id"]


_PARTNERSHIPS = """
MATCH (p:Partnership)
OPTIONAL MATCH (p)<-[r:PARTNER_IN]-(m:Place) WHERE r.role IS NOT NULL
WITH p, collect([m.id, r.role]) AS roles
RETURN p.id AS id, p {.kind, .status, .status_basis, .status_as_of, .last_evidence, .since, .in_force, .bridge} AS facts, roles
"""
_TIES: LiteralString = (
    "MATCH (a)-[t:TYPES]->(b) RETURN type(t) AS type, t.key AS key, a.id AS start, b.id AS end, properties(t) AS properties"
).replace("TYPES", "|".join(TIE_TYPES))


def _pair_ties(graph: Graph) -> Iterator[str]:
    """Pair ties are what their partnerships say, no more and no less."""
    expected = {tie for row in graph.read(_PARTNERSHIPS) for tie in _expected(row)}
    actual = {(row["type"], row["key"], row["start"], row["end"], _frozen(row["properties"])) for row in graph.read(_TIES)}
    return (tie[1] for tie in expected ^ actual)


def _expected(row: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    properties = {name: value for name, value in row["facts"].items() if value is not None}
    relations = tuple(Relation("PARTNER_IN", place, (("role", role),)) for place, role in row["roles"] if place)
    if properties.get("kind") not in KINDS or properties.get("status") not in STATUSES:
        return
    for tie in ties(Facts(row["id"], "Partnership", properties, relations)):
        yield (tie.type, tie.key, tie.start, tie.end, _frozen(tie.properties))


def _frozen(properties: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(properties.items()))


_RELATION: LiteralString = (
    "MATCH (c:Claim {predicate: $predicate})-[:ABOUT]->(s) "
    "WHERE NOT EXISTS { MATCH (s)-[:TYPE]-(o) WHERE o.id = c.value } RETURN c.id AS id"
)


def _relations(graph: Graph) -> Iterator[str]:
    """What a claim relates is related."""
    for predicate in PREDICATES.values():
        if predicate.relation:
            query = _RELATION.replace("TYPE", predicate.relation)
            yield from (row["id"] for row in graph.read(query, {"predicate": predicate.name}))


_PROBES: dict[str, tuple[str, Callable[[Graph], Iterator[str]]]] = {
    "pair-ties-equal-partnerships": ("Pair ties equal their partnerships.", _pair_ties),
    "levels-kept-apart": ("No city's tie is made from a district's or a state's, and every place has one level.", _levels),
    "known-words": ("Kinds, families and statuses are words of the vocabulary.", _words),
    "relations-stated": ("Every relationship that a claim states is in the graph.", _relations),
}
