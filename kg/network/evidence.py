"""Everything that speaks for, against or about one opportunity, read from the graph: nothing that is not in it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from kg.model.clocks import is_old
from kg.model.identity import partnership_members
from kg.network.funding.evaluate import Answer, evaluate_all
from kg.network.opportunities import Opportunity
from kg.network.projection import Projection, project
from kg.network.score import funding_view
from kg.store import cypher
from kg.store.driver import Graph
from kg.store.reading import (
    ClaimCard,
    PartnershipCard,
    claims_about,
    held_relations,
    held_subjects,
    partnerships,
    places_by_id,
)
from kg.vocabulary import STATUSES


@dataclass(frozen=True, slots=True)
class Support:
    """A link between districts or states in which two of the places lie: support, never a tie of theirs."""

    partnership: str
    kind: str
    status: str
    first: tuple[str, str, str]
    """Name, German and English name of the one body, …"""
    second: tuple[str, str, str]
    """… of the other, and …"""
    places: tuple[str, str]
    """… the two of the three places that lie in them."""

    def named(self, language: str) -> tuple[str, str]:
        """The two bodies in a language (de, en), else as they are called there."""
        n = 1 if language == "de" else 2
        return self.first[n] or self.first[0], self.second[n] or self.second[0]


@dataclass(frozen=True, slots=True)
class Carrier:
    """An organisation or network that could carry the undertaking."""

    id: str
    name: str
    how: str
    """``based``, ``supports`` or ``member``."""
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """An event in which at least two of the three took part."""

    id: str
    kind: str
    name: str
    name_de: str
    date: str
    places: tuple[str, ...]

    def named(self, language: str) -> str:
        """What it was in a language (de, en), else as its source says it."""
        return (self.name_de if language == "de" else "") or self.name


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about one opportunity."""

    existing: tuple[PartnershipCard, ...]
    """Partnerships between two of the three that are in force."""
    tried: tuple[PartnershipCard, ...]
    """Joint undertakings of the three, and what was proposed, rejected, ended or is at rest between two of them."""
    meetings: tuple[Meeting, ...]
    support: tuple[Support, ...]
    carriers: tuple[Carrier, ...]
    topics: Mapping[str, tuple[str, str]]
    """Topics that at least two of them work on: id → (German, English)."""
    funding: tuple[Answer, ...]
    claims: Mapping[str, tuple[ClaimCard, ...]]
    """Claims by partnership, event or place they are about."""
    checks: tuple[str, ...]
    """Keys of what to check before proposing it."""


_CARRYING = ("based_in", "supports", "member_of")


def evidence(graph: Graph, projection: Projection, opportunity: Opportunity, today: dt.date | None = None) -> Evidence:
    """Read what is known about an opportunity."""
    day = projection.at or today or dt.date.today()
    ids = sorted({tie.partnership for tie in opportunity.ties})
    cards = partnerships(graph, ids, projection.at, projection.known)
    existing = tuple(card for card in cards if _of_two(card, opportunity) and STATUSES[card.status].in_force)
    tried = tuple(card for card in cards if card not in existing or STATUSES[card.status].resting)
    meetings = _meetings(graph, opportunity, projection)
    rows = claims_about(graph, [*ids, *(meeting.id for meeting in meetings)], projection.at, projection.known)
    return Evidence(
        existing, tried, meetings, _support(graph, opportunity, projection), _carriers(graph, opportunity, ids, projection),
        _topics(graph, opportunity), _funding(projection, opportunity, day), by_subject(rows),
        _checks(projection, opportunity, existing, day),
    )  # fmt: skip


def _of_two(card: PartnershipCard, opportunity: Opportunity) -> bool:
    return not set(opportunity.places) <= set(partnership_members(card.id))


def _support(graph: Graph, opportunity: Opportunity, projection: Projection) -> tuple[Support, ...]:
    pairs = [list(pair) for pair in (*opportunity.candidate.pairs, *(pair[::-1] for pair in opportunity.candidate.pairs))]
    found: dict[str, Support] = {}
    rows = graph.read(cypher.SUPPORT, {"pairs": pairs})
    held = {c.id: c for c in partnerships(graph, sorted({r["partnership"] for r in rows}), projection.at, projection.known)}
    for row in rows:
        if row["partnership"] not in held:
            continue
        row |= {"kind": held[row["partnership"]].kind, "status": held[row["partnership"]].status}
        names = {name: tuple(each or "" for each in row[name]) for name in ("first", "second")}
        found.setdefault(row["partnership"], Support(**cast(dict[str, Any], {**row, **names, "places": tuple(row["places"])})))
    return tuple(found.values())


def _carriers(
    graph: Graph, opportunity: Opportunity, partnership_ids: Sequence[str], projection: Projection
) -> tuple[Carrier, ...]:
    then = projection.at is not None or projection.known is not None
    held = sorted(map(list, held_relations(graph, _CARRYING, projection.at, projection.known))) if then else None
    params = {"ids": list(opportunity.places), "partnerships": list(partnership_ids), "held": held}
    rows = graph.read(cypher.CARRIERS, params)
    found = [Carrier(row["id"], row["name"], row["how"], tuple(sorted(row["places"]))) for row in rows]
    # A network carries something only if two of them belong to it, and an association is named once, for what it carries.
    carrying = {carrier.id for carrier in found if carrier.how == "supports"}
    return tuple(
        c for c in found
        if c.how == "supports" or (c.how == "member" and len(c.places) > 1) or (c.how == "based" and c.id not in carrying)
    )  # fmt: skip


def _meetings(graph: Graph, opportunity: Opportunity, projection: Projection) -> tuple[Meeting, ...]:
    rows: list[dict[str, Any]] = graph.read(cypher.MEETINGS, {"ids": list(opportunity.places)})
    held = held_subjects(graph, [row["id"] for row in rows], projection.at, projection.known)
    shown = (row for row in rows if row["id"] in held)
    return tuple(Meeting(**cast(dict[str, Any], {**row, "places": tuple(sorted(row["places"]))})) for row in shown)


def _topics(graph: Graph, opportunity: Opportunity) -> dict[str, tuple[str, str]]:
    shared = next((str(part.said["ids"]) for part in opportunity.parts if part.id == "topics"), "")
    rows = graph.read(cypher.TOPIC_NAMES, {"ids": [each for each in shared.split(",") if each]})
    return {row["id"]: (row["de"], row["en"]) for row in rows}


def _funding(projection: Projection, opportunity: Opportunity, today: dt.date) -> tuple[Answer, ...]:
    cards = [projection.places[place] for place in opportunity.places]
    places, ties = funding_view(projection, opportunity.places, cards)
    return evaluate_all(places, ties, today=today)


def fundable(
    graph: Graph, places: Sequence[str], today: dt.date | None = None, *, at: dt.date | None = None, known: dt.date | None = None
) -> tuple[Answer, ...]:
    """What every programme answers for these places, whether or not they have partnerships."""
    projection = project(graph, at, known)
    cards = places_by_id(graph, places)
    view, ties = funding_view(projection, tuple(places), [cards[place] for place in places])
    return evaluate_all(view, ties, today=at or today or dt.date.today())


def by_subject(rows: Iterable[ClaimCard]) -> dict[str, tuple[ClaimCard, ...]]:
    """Claims by what they are about."""
    found: dict[str, list[ClaimCard]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append(row)
    return {subject: tuple(claims) for subject, claims in found.items()}


def _checks(
    projection: Projection, opportunity: Opportunity, existing: Sequence[PartnershipCard], today: dt.date
) -> tuple[str, ...]:
    """What a careful officer would look at first; each only where the facts give a reason for it."""
    cards = [projection.places[place] for place in opportunity.places]
    reasons = {
        "status_unknown": any(card.status == "unknown" for card in existing),
        "status_planned": any(card.status == "planned" for card in existing),
        "status_weak": any(card.status == "weak" for card in existing),
        "status_old": any(is_old(card.status_as_of, today) for card in existing),
        "contested": any(card.contested for card in existing),
        "one_sided": any(len(card.stated_by) == 1 and len(card.members) == 2 for card in existing),
        "dormant": opportunity.candidate.dormant is not None,
        "war": any(card.country == "UA" for card in cards),
        "population": any(not card.population for card in cards),
        "tried": bool(opportunity.tried),
        "staff": True,
    }
    return tuple(key for key, holds in reasons.items() if holds)
