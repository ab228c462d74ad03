"""One place in full: its ties and what is claimed of it, as rows that pages and commands show alike."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kg.store.driver import Graph
from kg.store.reading import ClaimCard, PartnershipCard, PlaceCard, claims_about, partnerships_of, places_by_id
from kg.vocabulary import STATUSES

TIE_COLUMNS = (
    "partner", "country", "kind", "status", "status_basis", "status_as_of", "status_undated", "last_evidence", "since",
    "programme", "contested", "sources", "partnership",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place with its partnerships and every claim about it and them."""

    card: PlaceCard
    partnerships: tuple[PartnershipCard, ...]
    places: Mapping[str, PlaceCard]
    """Cards of all members of the partnerships."""
    claims: Mapping[str, tuple[ClaimCard, ...]]
    """By subject: the place itself and each partnership."""


def view_place(graph: Graph, place: str, at: dt.date | None = None, known: dt.date | None = None) -> PlaceView:
    """Everything about a place by its id, as it held on a day and was known by a day."""
    ties = sorted(partnerships_of(graph, [place], at, known), key=_order)
    members = {member for tie in ties for member in tie.members} | {place}
    claims = claims_about(graph, [place, *(tie.id for tie in ties)], at, known)
    by_subject: dict[str, list[ClaimCard]] = {}
    for claim in claims:
        by_subject.setdefault(claim.subject, []).append(claim)
    places = places_by_id(graph, members)
    return PlaceView(places[place], tuple(ties), places, {subject: tuple(claims) for subject, claims in by_subject.items()})


def _order(tie: PartnershipCard) -> tuple[bool, str, str]:
    return (not STATUSES[tie.status].bridge, tie.since or "9999", tie.id)


def tie_rows(view: PlaceView, language: str = "") -> list[dict[str, Any]]:
    """One row for each partnership of the place, in the columns of ``TIE_COLUMNS``."""
    return [_tie_row(view, tie, language) for tie in view.partnerships]


def _tie_row(view: PlaceView, tie: PartnershipCard, language: str) -> dict[str, Any]:
    others = [view.places[member] for member in tie.members if member != view.card.id]
    return {
        "partner": " + ".join(other.named(language) if language else other.name for other in others),
        "country": ", ".join(dict.fromkeys(other.country for other in others)),
        "kind": tie.kind, "status": tie.status, "status_basis": tie.status_basis, "status_as_of": tie.status_as_of,
        "status_undated": tie.status_undated, "last_evidence": tie.last_evidence, "since": tie.since,
        "programme": tie.programme, "contested": list(tie.contested),
        "sources": len({claim.source for claim in view.claims.get(tie.id, ())}), "partnership": tie.id,
    }  # fmt: skip


def claim_rows(claims: Sequence[ClaimCard]) -> list[dict[str, Any]]:
    """Claims as rows, in the columns of ``ClaimCard``."""
    return [asdict(claim) for claim in claims]


CLAIM_COLUMNS = (
    "predicate", "value", "qualifier", "as_of", "title", "publisher", "stated", "seen", "locator", "url", "note", "trust",
    "subject",
)  # fmt: skip


def as_document(view: PlaceView) -> dict[str, Any]:
    """The place with ties and claims as one JSON object; its keys are stable."""
    return {
        "place": asdict(view.card),
        "ties": tie_rows(view),
        "claims": [row for claims in view.claims.values() for row in claim_rows(claims)],
    }
