"""What surrounds a place beside its ties: persons, networks, organisations and events, as they were on a day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kg.store.driver import Graph
from kg.store.reading import held_relations, held_subjects

_HOLDERS = """
MATCH (p:Place {id: $place})<-[r:HOLDS]-(h:Person)
RETURN h.id AS subject, p.id AS target, h.name AS name, coalesce(r.role, '') AS role, coalesce(r.as_of, '') AS as_of
ORDER BY as_of DESC, role, name
"""
_NETWORKS = """
MATCH (p:Place {id: $place})-[m:MEMBER_OF]->(n:Network)
RETURN p.id AS subject, n.id AS target, n.name AS name, coalesce(m.since, '') AS since
ORDER BY name
"""
_ORGANISATIONS = """
MATCH (p:Place {id: $place})<-[:BASED_IN]-(o:Organisation)
RETURN o.id AS subject, p.id AS target, o.name AS name
UNION
MATCH (p:Place {id: $place})-[:PARTNER_IN]->(s:Partnership)<-[:SUPPORTS]-(o:Organisation)
RETURN o.id AS subject, s.id AS target, o.name AS name
"""
_EVENTS = """
MATCH (:Place {id: $place})-[:TOOK_PART_IN]->(e:Event)
RETURN e.id AS subject, coalesce(e.date, '') AS date, coalesce(e.kind, '') AS kind, e.name AS event,
       coalesce(e.name_de, e.name) AS event_de
ORDER BY date DESC, event
"""
Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Rows of what surrounds a place, each with the columns of its query."""

    holders: Rows
    networks: Rows
    organisations: Rows
    events: Rows


def surroundings(graph: Graph, place: str, at: dt.date | None = None, known: dt.date | None = None) -> Surroundings:
    """What surrounds a place, as it held on a day and was known by a day."""
    holders, networks, organisations, events = (
        graph.read(query, {"place": place}) for query in (_HOLDERS, _NETWORKS, _ORGANISATIONS, _EVENTS)
    )
    if at is not None or known is not None:
        held = held_relations(graph, ["holds", "member_of", "based_in", "supports"], at, known)
        holders, networks, organisations = (
            [row for row in rows if (row["subject"], row["target"]) in held] for rows in (holders, networks, organisations)
        )
        then = held_subjects(graph, [row["subject"] for row in events], at, known)
        events = [row for row in events if row["subject"] in then]
    return Surroundings(holders, networks, organisations, events)
