"""What a council paper about three places is written from: their evidence and every claim that it cites."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from kg.errors import UsageError
from kg.network.candidates import Candidate, joint_undertakings
from kg.network.evidence import Evidence, by_subject, evidence
from kg.network.opportunities import Opportunity, Search, find_opportunities
from kg.network.projection import Projection, ordered, project
from kg.network.score import score
from kg.network.weights import DEFAULT_WEIGHTS
from kg.store.driver import Graph
from kg.store.reading import ClaimCard, PartnershipCard, PlaceCard, claims_about, partnerships, partnerships_of, places_by_id
from kg.vocabulary import KINDS, STATUSES

Claims = Mapping[str, Sequence[ClaimCard]]
_EVERY = 100_000


@dataclass(frozen=True, slots=True)
class Trio:
    """Three places, the first of them the one whose council reads the paper."""

    projection: Projection
    cards: tuple[PlaceCard, PlaceCard, PlaceCard]
    opportunity: Opportunity
    known_type: bool
    """Whether the constellation is an opportunity of one of the types."""
    evidence: Evidence
    support: tuple[PartnershipCard, ...]
    """Partnerships of the counties and states in which they lie."""
    others: tuple[PartnershipCard, ...]
    """Partnerships in force of the first place with places beyond the three."""
    names: Mapping[str, PlaceCard]
    """Cards of all members of partnerships that the paper speaks of."""
    claims: Claims
    """Claims by subject: the places, all their partnerships, the bodies around them."""
    today: dt.date

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """Pairs of the three without a tie in force."""
        pairs = combinations((card.id for card in self.cards), 2)
        return tuple(ordered(*pair) for pair in pairs if not _in_force(self.projection, *pair))

    @property
    def in_force(self) -> tuple[PartnershipCard, ...]:
        """Partnerships between two of the three or of all three that are in force, those at rest among them."""
        cards = {card.id: card for card in (*self.evidence.existing, *self.evidence.tried)}
        three = {card.id for card in self.cards}
        living = (card for card in cards.values() if STATUSES[card.status].in_force)
        # Their own ties first, then what they share with others.
        return tuple(sorted(living, key=lambda card: (not three >= set(card.members), -KINDS[card.kind].weight, card.id)))

    @property
    def joint(self) -> bool:
        """Whether all three do something together already."""
        three = {card.id for card in self.cards}
        return any(three <= set(card.members) for card in self.in_force)


def trio_of(
    graph: Graph, places: Sequence[str], at: dt.date | None = None, today: dt.date | None = None, known: dt.date | None = None
) -> Trio:
    """Read everything about three places (ids), whether or not they are an opportunity.

    Raises:
        UsageError: unless it is three different places.
    """
    if len(set(places)) != 3:
        raise UsageError(f"a dossier is about three different places, not {len(set(places))}")
    day = at or today or dt.date.today()
    found = places_by_id(graph, places)
    plain = project(graph, at, known)
    # A place without any partnership is not part of the network, but a paper can be about it.
    projection = replace(plain, places={**found, **plain.places})
    opportunity, known_type = _opportunity(projection, plain, places)
    record = evidence(graph, projection, opportunity, day)
    every = partnerships_of(graph, places, at, known)
    others = tuple(card for card in every if _beyond(card, places))
    carriers = [carrier.id for carrier in record.carriers if carrier.id.startswith("org:")]
    subjects = [
        *places,
        *(c.id for c in every),
        *(s.partnership for s in record.support),
        *carriers,
        *(m.id for m in record.meetings),
    ]
    support = tuple(partnerships(graph, [s.partnership for s in record.support], at, known))
    members = {member for card in (*every, *support) for member in card.members}
    return Trio(
        projection, (found[places[0]], found[places[1]], found[places[2]]), opportunity, known_type, record, support, others,
        {**places_by_id(graph, members), **found}, by_subject(claims_about(graph, subjects, at, known)), day,
    )  # fmt: skip


def _beyond(card: PartnershipCard, places: Sequence[str]) -> bool:
    return places[0] in card.members and bool(set(card.members) - set(places)) and STATUSES[card.status].in_force


def _in_force(projection: Projection, a: str, b: str) -> bool:
    return any(STATUSES[tie.status].in_force for tie in projection.between(a, b))


def _opportunity(projection: Projection, plain: Projection, places: Sequence[str]) -> tuple[Opportunity, bool]:
    if all(place in plain.places for place in places):
        search = Search(tuple(places), limit=_EVERY)
        same = [each for each in find_opportunities(plain, search) if set(each.places) == set(places)]
        if same:
            return same[0], True
    return _plain(projection, places), False


def _plain(projection: Projection, places: Sequence[str]) -> Opportunity:
    """The three without a type: what evidence is asked for."""
    pairs = [ordered(*pair) for pair in combinations(places, 2)]
    missing = tuple(pair for pair in pairs if not _in_force(projection, *pair))
    candidate = Candidate("close_triad", places[0], places[1], places[2], missing)
    _, parts = score(projection, candidate, DEFAULT_WEIGHTS, {"size", "distance", "topics", "networks"})
    ties = tuple(tie for pair in candidate.pairs for tie in projection.between(*pair))
    joint = joint_undertakings(projection).get(tuple(sorted(places)), {})
    return Opportunity(candidate, 0.0, parts, ties, tuple(sorted(joint)))
