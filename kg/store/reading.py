"""What pages and commands read of the graph: places, partnerships, claims; today or as of a date.

Rows come as scalars and columns, never as node objects, which take ten times as long.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString, cast

from kg.model.claims import Claim
from kg.model.clocks import holds
from kg.model.identity import partnership_members
from kg.model.merge import Facts, merge
from kg.store.driver import Graph
from kg.store.facts import TIE_FACTS, ties
from kg.vocabulary import TIE_TYPES

_TIE_PATTERN: LiteralString = "|".join(TIE_TYPES)


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A place with what is shown of it."""

    id: str
    name: str
    kind: str
    label: str
    country: str
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    population_as_of: str = ""
    nuts2: str = ""
    names: tuple[str, str, str, str] = ("", "", "", "")
    """German, English, French, Italian; empty where unknown."""
    aliases: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()

    def named(self, language: str) -> str:
        """The name in a language (de, en, fr, it), else the one in use there."""
        return self.names[("de", "en", "fr", "it").index(language)] or self.name


@dataclass(frozen=True, slots=True)
class TieCard:
    """A pair tie as it was at the date asked for."""

    key: str
    a: str
    b: str
    type: str
    kind: str
    status: str
    since: str
    partnership: str
    status_basis: str = ""
    last_evidence: str = ""
    status_as_of: str = ""


@dataclass(frozen=True, slots=True)
class PartnershipCard:
    """A partnership with its members."""

    id: str
    kind: str
    family: str
    name: str
    status: str
    status_as_of: str
    level: str
    since: str
    until: str
    programme: str
    contested: tuple[str, ...]
    members: tuple[str, ...]
    roles: Mapping[str, str]
    stated_by: tuple[str, ...]
    topics: tuple[str, ...] = ()
    status_basis: str = ""
    status_undated: bool = False
    """Whether ``status_as_of`` is a day of looking up: it was so at the latest then."""
    last_evidence: str = ""


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A claim with its source."""

    id: str
    subject: str
    predicate: str
    value: str
    qualifier: str
    as_of: str
    stated: str
    by: str
    locator: str
    quote: str
    note: str
    source: str
    title: str
    publisher: str
    url: str
    trust: int
    seen: str = ""
    """When a source without a date was looked up."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Places and the ties between them."""

    places: Mapping[str, PlaceCard]
    ties: tuple[TieCard, ...]


_PLACES = """
UNWIND $ids AS id
MATCH (p:Place {id: id})
RETURN p.id AS id, p.name AS name, p.kind AS kind, head([l IN labels(p) WHERE l <> 'Place']) AS label, p.country AS country,
       p.location.y AS lat, p.location.x AS lon, p.population AS population, p.population_as_of AS population_as_of,
       p.nuts2 AS nuts2, [p.name_de, p.name_en, p.name_fr, p.name_it] AS names, p.aliases AS aliases, p.contested AS contested
"""
_CLAIMS = """
UNWIND $ids AS id
MATCH (c:Claim {subject: id})-[:STATED_IN]->(s:Source)
RETURN c.id AS id, c.subject AS subject, c.predicate AS predicate, c.value AS value, c.qualifier AS qualifier,
       c.as_of AS as_of, c.stated AS stated, c.by AS by, c.locator AS locator, c.quote AS quote, c.note AS note,
       s.id AS source, s.title AS title, s.publisher AS publisher, s.url AS url, coalesce(s.trust, 0) AS trust,
       c.seen AS seen
ORDER BY subject, predicate, as_of, source, value, id
"""
_RELATION_CLAIMS = """
MATCH (c:Claim)
WHERE c.predicate IN $predicates
RETURN collect(c.subject) AS subject, collect(c.predicate) AS predicate, collect(c.value) AS value,
       collect(coalesce(c.qualifier, '')) AS qualifier, collect(coalesce(c.as_of, '')) AS as_of,
       collect(coalesce(c.stated, '')) AS stated, collect(coalesce(c.seen, '')) AS seen
"""
_ENTRIES = """
UNWIND $ids AS id
MATCH (c:Claim {subject: id, predicate: 'entry'})
RETURN c.subject AS subject, c.value AS value, coalesce(c.stated, '') AS stated, coalesce(c.seen, '') AS seen
"""
_PARTNERSHIPS_OF = """
UNWIND $ids AS id
MATCH (:Place {id: id})-[:PARTNER_IN]->(p:Partnership)
RETURN DISTINCT p.id AS id
ORDER BY id
"""
_PARTNERSHIPS = """
UNWIND $ids AS id
MATCH (p:Partnership {id: id})
RETURN p {.*} AS facts, [(m)-[r:PARTNER_IN]->(p) WHERE r.role IS NOT NULL | [m.id, r.role]] AS roles,
       [(p)-[:HAS_TOPIC]->(t:Topic) | t.id] AS topics
"""
_TIES: LiteralString = """
MATCH (a:Place)-[t:TYPES]->(b:Place)
WHERE a.id IN $ids OR b.id IN $ids
RETURN t.key AS key, a.id AS a, b.id AS b, type(t) AS type, t.kind AS kind, t.status AS status, t.since AS since,
       t.partnership AS partnership, t.status_basis AS status_basis, t.last_evidence AS last_evidence,
       t.status_as_of AS status_as_of
ORDER BY key
""".replace("TYPES", _TIE_PATTERN)


def places_by_id(graph: Graph, ids: Iterable[str]) -> dict[str, PlaceCard]:
    """Cards of the places that exist, by id."""
    rows = graph.read(_PLACES, {"ids": sorted(set(ids))})
    return {row["id"]: place_card(row) for row in rows}


def place_card(row: Mapping[str, Any]) -> PlaceCard:
    """A card from a row whose missing values are null."""
    names = row["names"]
    return PlaceCard(
        row["id"], row["name"] or row["id"], row["kind"] or "city", row["label"] or "City", row["country"] or "", row["lat"],
        row["lon"], row["population"], row["population_as_of"] or "", row["nuts2"] or "",
        (names[0] or "", names[1] or "", names[2] or "", names[3] or ""),
        tuple(row["aliases"] or ()), tuple(row["contested"] or ()),
    )  # fmt: skip


def claims_about(
    graph: Graph, subjects: Iterable[str], at: dt.date | None = None, known: dt.date | None = None
) -> list[ClaimCard]:
    """The claims about the subjects that held on a day and were known by a day, with their sources, in a fixed order."""
    rows = graph.read(_CLAIMS, {"ids": sorted(set(subjects))})
    filled = ({name: "" if value is None else value for name, value in row.items()} for row in rows)
    cards = (ClaimCard(**cast(dict[str, Any], row)) for row in filled)
    return [card for card in cards if holds(card, at, known)]


def held_relations(
    graph: Graph, predicates: Sequence[str], at: dt.date | None, known: dt.date | None
) -> frozenset[tuple[str, str]]:
    """(subject, target) of every relationship that held on a day and was known by a day."""
    columns = graph.columns(_RELATION_CLAIMS, {"predicates": list(predicates)})
    claims = (Claim("", s, p, v, "", q, a, t, seen=n) for s, p, v, q, a, t, n in zip(*columns.values(), strict=True))
    return frozenset((claim.subject, claim.value) for claim in claims if holds(claim, at, known))


def held_subjects(graph: Graph, ids: Sequence[str], at: dt.date | None, known: dt.date | None) -> frozenset[str]:
    """Those of the events (or other recorded things) of which a record held on a day and was known by a day."""
    rows = graph.read(_ENTRIES, {"ids": list(ids)})
    claims = (Claim("", r["subject"], "entry", r["value"], stated=r["stated"], seen=r["seen"]) for r in rows)
    return frozenset(claim.subject for claim in claims if holds(claim, at, known))


def partnerships_of(
    graph: Graph, places: Iterable[str], at: dt.date | None = None, known: dt.date | None = None
) -> list[PartnershipCard]:
    """Every partnership in which one of the places is a member, as of a date if one is given."""
    rows = graph.read(_PARTNERSHIPS_OF, {"ids": sorted(set(places))})
    return partnerships(graph, [row["id"] for row in rows], at, known)


def partnerships(
    graph: Graph, ids: Sequence[str], at: dt.date | None = None, known: dt.date | None = None
) -> list[PartnershipCard]:
    """Partnerships by id; with a date, as they were then or as known then, without those that nothing was known of."""
    if at is not None or known is not None:
        return [_card_of_facts(facts) for facts in facts_at(graph, ids, at, known)]
    rows = graph.read(_PARTNERSHIPS, {"ids": list(ids)})
    return [_partnership_card(row["facts"], dict(row["roles"]), row["topics"]) for row in rows]


def facts_at(graph: Graph, ids: Sequence[str], at: dt.date | None, known: dt.date | None = None) -> list[Facts]:
    """The facts about partnerships on a day, from the claims that were known by a day."""
    by_subject: dict[str, list[Claim]] = {}
    trust: dict[str, int] = {}
    for card in claims_about(graph, ids):
        trust[card.source] = card.trust
        by_subject.setdefault(card.subject, []).append(_claim(card))
    merged = (merge(subject, claims, trust, at, known=known) for subject, claims in by_subject.items())
    return [facts for facts in merged if facts is not None]


def _claim(card: ClaimCard) -> Claim:
    return Claim(
        card.source, card.subject, card.predicate, card.value, card.locator, card.qualifier, card.as_of, card.stated, card.by,
        seen=card.seen,
    )  # fmt: skip


def _card_of_facts(facts: Facts) -> PartnershipCard:
    roles = {r.target: dict(r.properties).get("role", "") for r in facts.relations if r.type == "PARTNER_IN"}
    topics = sorted(r.target for r in facts.relations if r.type == "HAS_TOPIC")
    return _partnership_card(facts.properties, {k: v for k, v in roles.items() if v}, topics)


def _partnership_card(facts: Mapping[str, Any], roles: Mapping[str, str], topics: Sequence[str]) -> PartnershipCard:
    text = {
        n: facts.get(n, "") for n in (
            "kind", "family", "name", "status", "status_as_of", "level", "since", "until", "programme", "status_basis",
            "last_evidence",
        )
    }  # fmt: skip
    return PartnershipCard(
        facts["id"], **text, contested=tuple(facts.get("contested", ())), members=partnership_members(facts["id"]),
        roles=roles, stated_by=tuple(facts.get("stated_by", ())), topics=tuple(sorted(topics)),
        status_undated=bool(facts.get("status_undated")),
    )  # fmt: skip


def neighbourhood(graph: Graph, places: Iterable[str], at: dt.date | None = None, known: dt.date | None = None) -> Neighbourhood:
    """The places, their partners, and the ties in which one of the places takes part."""
    ids = sorted(set(places))
    then = at is not None or known is not None
    found = _ties_at(graph, ids, at, known) if then else tuple(tie_card(row) for row in graph.read(_TIES, {"ids": ids}))
    every = {*ids, *(tie.a for tie in found), *(tie.b for tie in found)}
    return Neighbourhood(places_by_id(graph, every), found)


def tie_card(row: Mapping[str, Any]) -> TieCard:
    """A tie from a row whose missing values are null."""
    return TieCard(
        row["key"],
        row["a"],
        row["b"],
        row["type"],
        row["kind"],
        row["status"] or "unknown",
        row["since"] or "",
        row["partnership"],
        row["status_basis"] or "",
        row["last_evidence"] or "",
        row["status_as_of"] or "",
    )


def _ties_at(graph: Graph, ids: Sequence[str], at: dt.date | None, known: dt.date | None) -> tuple[TieCard, ...]:
    wanted = set(ids)
    subjects = [row["id"] for row in graph.read(_PARTNERSHIPS_OF, {"ids": list(ids)})]
    every = (tie for facts in facts_at(graph, subjects, at, known) for tie in ties_of(facts))
    return tuple(sorted((tie for tie in every if tie.a in wanted or tie.b in wanted), key=lambda t: t.key))


def ties_of(facts: Facts) -> list[TieCard]:
    """The pair ties of a partnership's facts."""
    return [
        tie_card({"key": t.key, "a": t.start, "b": t.end, "type": t.type, **dict.fromkeys(TIE_FACTS), **t.properties})
        for t in ties(facts)
    ]
