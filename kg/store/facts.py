"""How merged facts become rows for the load statements; pure, so that the loader and the checks share one truth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, cast

from neo4j.spatial import WGS84Point

from kg.model.identity import fold, pair_key, partnership_family, partnership_members, slug
from kg.model.merge import Facts
from kg.vocabulary import DIRECTED_TIES, KINDS, NODE_TYPES, PLACE_KINDS, label_of

TIE_FACTS = ("kind", "status", "status_basis", "status_as_of", "last_evidence", "since", "in_force", "bridge")
"""What a tie has of its partnership."""
_NAMES = ("name", "name_de", "name_en", "name_fr", "name_it")
_SEARCHED = frozenset(node.label for node in NODE_TYPES.values() if any(p.name == "search" for p in node.properties))
RelationRow = tuple[tuple[str, str, str], list[Any]]
"""((type, label of start, label of end), [start, end, properties])."""


@dataclass(frozen=True, slots=True)
class DerivedTie:
    """A derived pair tie as it stands in the graph."""

    type: str
    key: str
    start: str
    end: str
    properties: dict[str, Any]


def node_group(facts: Facts) -> str:
    """The statement group a node belongs to: its label, for places their sublabel."""
    return PLACE_KINDS[str(facts.properties.get("kind", "city"))] if facts.label == "Place" else facts.label


def node_properties(facts: Facts) -> dict[str, Any]:
    """Properties as the driver takes them."""
    properties: dict[str, Any] = dict(facts.properties)
    if "location" in properties:
        properties["location"] = WGS84Point(properties["location"])
    if facts.label in _SEARCHED:
        properties["search"] = _folded(properties)
    return properties


def _folded(properties: Mapping[str, Any]) -> list[str]:
    """Every name as it is compared, and word by word as it is typed (Saint, l Aquila), each once."""
    names = [*(properties.get(name, "") for name in _NAMES), *properties.get("aliases", ())]
    return sorted({text for name in names if fold(name) for text in (fold(name), slug(name).replace("-", " "))})


def relation_rows(facts: Facts) -> Iterator[RelationRow]:
    """The relationships that the subject's claims state, and those that follow from its identity."""
    roles = {r.target: dict(r.properties) for r in facts.relations if r.type == "PARTNER_IN"}
    if facts.label == "Partnership":
        for member in partnership_members(facts.subject):
            yield ("PARTNER_IN", "Place", "Partnership"), [member, facts.subject, roles.get(member, {})]
    elif facts.label == "Place" and facts.properties.get("kind") != "country" and "country" in facts.properties:
        yield ("PART_OF", "Place", "Place"), [facts.subject, f"iso:{facts.properties['country']}", {}]
    for relation in facts.relations:
        properties = dict(relation.properties)
        if relation.type == "TOOK_PART_IN":
            yield (relation.type, label_of(relation.target), facts.label), [relation.target, facts.subject, properties]
        elif relation.type != "PARTNER_IN":
            yield (relation.type, facts.label, label_of(relation.target)), [facts.subject, relation.target, properties]


def possible_ties(partnership: str) -> Iterator[tuple[str, str]]:
    """(type, key) of every tie that a partnership of these members can have, whatever its kind and roles."""
    types = dict.fromkeys(kind.tie for kind in KINDS.values() if kind.family == partnership_family(partnership))
    for pair in combinations(partnership_members(partnership), 2):
        key = pair_key(partnership, *pair)
        yield from ((type_, key) for type_ in types)


def ties(facts: Facts) -> tuple[DerivedTie, ...]:
    """The derived pair ties of a partnership, one for each pair of its members."""
    type_ = KINDS[str(facts.properties["kind"])].tie
    shown = {name: facts.properties[name] for name in TIE_FACTS if name in facts.properties}
    roles = {r.target: dict(r.properties).get("role", "") for r in facts.relations if r.type == "PARTNER_IN"}
    return tuple(_tie(type_, facts.subject, pair, shown, roles) for pair in _pairs(facts.subject, roles))


def _pairs(partnership: str, roles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every pair of members, but not two of those in whom the others are engaged: they have no tie with each other."""
    for pair in combinations(partnership_members(partnership), 2):
        if not all(roles.get(member) == "target" for member in pair):
            yield pair


def _tie(type_: str, partnership: str, pair: tuple[str, str], shown: Mapping[str, Any], roles: Mapping[str, str]) -> DerivedTie:
    start, end = pair
    if type_ in DIRECTED_TIES and (roles.get(end) == "sponsor" or roles.get(start) == "target"):
        start, end = end, start
    key = pair_key(partnership, *pair)
    return DerivedTie(type_, key, start, end, {"key": key, "partnership": partnership, **cast(dict[str, Any], shown)})
