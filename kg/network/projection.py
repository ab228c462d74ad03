"""The graph as arrays: read once as columns, kept until a load changes the graph.

Two networks stand side by side. *Bridges* has the ties between cities that can carry a new relationship, each with its
strength; *in force* has every pair of cities that is formally tied, so that nothing is missing between them.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from threading import Lock
from typing import Any

from babel.languages import get_official_languages

from kg.model.identity import partnership_members
from kg.network.graph.arrays import Network, PlaceFacts
from kg.network.graph.closeness import Closeness
from kg.store import cypher
from kg.store.driver import Graph
from kg.store.reading import PlaceCard, TieCard, facts_at, held_relations, ties_of
from kg.vocabulary import BASES, HALF_LIFE, KINDS, PLACE_KINDS, STATUSES, UNSAID

# Columns of plain values: a list or a comprehension for each place would cost three times as much. NaN and -1 stand for
# unknown, because ``collect`` leaves nulls out and the columns would no longer fit each other.
_KEPT = 8


@dataclass(frozen=True, eq=False)
class Projection:
    """The network at a date (or now), with what is known of its places.

    Attributes:
        places: cards by id of every place that has a partnership.
        ties: every pair tie, of any status and between places of any level.
        networks: ids of the networks of each place.
        topics: ids of the topics on which each place works with partners.
        at: the day on which it held, or None for now.
        known: the day by which it was known, or None for everything.
    """

    places: Mapping[str, PlaceCard]
    ties: Sequence[TieCard]
    networks: Mapping[str, frozenset[str]]
    topics: Mapping[str, frozenset[str]]
    at: dt.date | None = None
    known: dt.date | None = None

    @cached_property
    def cities(self) -> tuple[str, ...]:
        """Ids of the places of municipal level, sorted; only they are ends or bridges of an opportunity."""
        return tuple(sorted(place for place, card in self.places.items() if card.label == "City"))

    @cached_property
    def bridges(self) -> Network:
        """Ties between cities that can carry a new relationship; strength = status times kind."""
        usable = [tie for tie in self._municipal if STATUSES[tie.status].bridge]
        return self._network(usable, [self.strength(tie) for tie in usable])

    @cached_property
    def closeness(self) -> Closeness:
        """The fitted parts of closeness between cities, over the ties that can be a bridge."""
        return Closeness(self.bridges)

    @cached_property
    def in_force(self) -> Network:
        """Ties between cities that are formally in force, the dormant among them."""
        formal = [tie for tie in self._municipal if STATUSES[tie.status].in_force]
        return self._network(formal, [1.0] * len(formal))

    @cached_property
    def by_pair(self) -> Mapping[tuple[str, str], tuple[TieCard, ...]]:
        """Every tie of two places, by the ids in order; the strongest first."""
        found: dict[tuple[str, str], list[TieCard]] = {}
        for tie in self.ties:
            found.setdefault(ordered(tie.a, tie.b), []).append(tie)
        return {pair: tuple(sorted(ties, key=lambda t: (-self.strength(t), t.key))) for pair, ties in found.items()}

    def between(self, a: str, b: str) -> tuple[TieCard, ...]:
        """Every tie of two places, the strongest first; none is an empty tuple."""
        return self.by_pair.get(ordered(a, b), ())

    def strength(self, tie: TieCard) -> float:
        """How far a tie carries, 0…1, on the day of the projection."""
        return tie_strength(tie, self.at or self.known or dt.date.today())

    @cached_property
    def _municipal(self) -> list[TieCard]:
        cities = set(self.cities)
        return [tie for tie in self.ties if tie.a in cities and tie.b in cities]

    def _network(self, ties: Sequence[TieCard], strength: Sequence[float]) -> Network:
        return Network.from_pairs(self.cities, [t.a for t in ties], [t.b for t in ties], strength, self._facts)

    @cached_property
    def _facts(self) -> Mapping[str, PlaceFacts]:
        return {
            place: PlaceFacts(card.country, card.lat, card.lon, card.population, languages_of(card.country))
            for place, card in self.places.items()
        }


def ordered(a: str, b: str) -> tuple[str, str]:
    """The pair in the order of its key."""
    return (a, b) if a < b else (b, a)


def tie_strength(tie: TieCard, day: dt.date) -> float:
    """How far a tie carries, 0…1: its status times its kind, as far as anybody says how it is, less what silence takes.

    Every ``HALF_LIFE`` years after the last evidence halve it; ``docs/decisions/status-basis.md`` has the figures.
    """
    sure = BASES[tie.status_basis].certainty if tie.status_basis else UNSAID
    return STATUSES[tie.status].strength * KINDS[tie.kind].weight * sure * _fading(tie.last_evidence, day)


def _fading(last_evidence: str, day: dt.date) -> float:
    silent = max(0, day.year - int(last_evidence[:4])) if last_evidence else 0
    return 0.5 ** (silent / HALF_LIFE)


@cache
def languages_of(country: str) -> tuple[str, ...]:
    """Official languages of a country (CLDR), nationwide ones only."""
    return tuple(sorted(get_official_languages(country, de_facto=True))) if country else ()


Clocks = tuple[dt.date | None, dt.date | None]


@dataclass(slots=True)
class _Kept:
    """The projections of one state of one database: now for as long as it lasts, and the clocks asked for last."""

    version: tuple[Any, ...] = ()
    now: Projection | None = None
    past: "OrderedDict[Clocks, Projection]" = field(default_factory=lambda: OrderedDict[Clocks, Projection]())
    lock: Lock = field(default_factory=Lock)

    def get(self, graph: Graph, version: tuple[Any, ...], clocks: Clocks) -> Projection:
        """The projection by these clocks; whoever asks for one that is being read waits for it."""
        with self.lock:
            if version != self.version:
                self.version, self.now = version, None
                self.past.clear()
            if clocks == (None, None):
                self.now = self.now or read_projection(graph)
                return self.now
            if clocks not in self.past:
                self.past[clocks] = read_projection(graph, *clocks)
            self.past.move_to_end(clocks)
            while len(self.past) > _KEPT:
                self.past.popitem(last=False)
            return self.past[clocks]


@cache
def _kept(uri: str, database: str) -> _Kept:  # noqa: ARG001 - one for each database
    return _Kept()


def project(graph: Graph, at: dt.date | None = None, known: dt.date | None = None) -> Projection:
    """The projection of the graph, from memory as long as no load has changed the graph since."""
    row = graph.read(cypher.VERSION)[0]
    version = (row["n"], row["last"], row["finished"], row["holder"])
    return _kept(graph.endpoint.uri, graph.database).get(graph, version, (at, known))


def read_projection(graph: Graph, at: dt.date | None = None, known: dt.date | None = None) -> Projection:
    """Read the projection: four queries of columns; with a date, everything is merged from the claims of then."""
    columns = graph.columns(cypher.PLACE_COLUMNS)
    places = {card.id: card for card in map(_card, zip(*columns.values(), strict=True))}
    if at is None and known is None:
        ties = tuple(TieCard(*values) for values in zip(*graph.columns(cypher.TIE_COLUMNS).values(), strict=True))
        return Projection(
            places,
            ties,
            _sets(graph.columns(cypher.MEMBERSHIPS)["pairs"]),
            _sets(graph.columns(cypher.TOPICS_OF_PLACES)["pairs"]),
        )
    found = facts_at(graph, graph.columns(cypher.PARTNERSHIP_IDS)["ids"], at, known)
    ties = tuple(sorted((tie for facts in found for tie in ties_of(facts)), key=lambda t: t.key))
    topics = (
        (member, relation.target)
        for facts in found
        for relation in facts.relations if relation.type == "HAS_TOPIC"
        for member in partnership_members(facts.subject)
    )  # fmt: skip
    return Projection(places, ties, _sets(held_relations(graph, ["member_of"], at, known)), _sets(topics), at, known)


def _card(values: Sequence[Any]) -> PlaceCard:
    id_, name, kind, country, lat, lon, population, nuts2, *names = values
    known = lat == lat  # NaN is the one number that differs from itself
    return PlaceCard(
        id_, name, kind, PLACE_KINDS.get(kind, "City"), country, lat if known else None, lon if known else None,
        population if population >= 0 else None, "", nuts2, (names[0], names[1], names[2], names[3]),
    )  # fmt: skip


def _sets(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for place, other in pairs:
        found.setdefault(place, set()).add(other)
    return {place: frozenset(others) for place, others in found.items()}
