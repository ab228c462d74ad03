"""How two places are connected, in words and as a picture."""

import datetime as dt
from dataclasses import dataclass

from kg.network.graph.paths import Connection, Connections, NetworkTie, Path
from kg.network.projection import Projection, project
from kg.present.texts import Language, kind_name, number_text, status_name, t
from kg.present.texts.words import since_words
from kg.present.views.explore import Selection
from kg.store.driver import Graph
from kg.store.reading import PlaceCard, TieCard

WAYS = 4
_DETOUR = 2
"""Steps by which a further way may be longer than the best one; beyond that it connects nobody in practice."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of a way: the two names, and a line for each tie with its partnership's id."""

    start: str
    end: str
    ties: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way from the one place to the other."""

    title: str
    resting: bool
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """The answer: ways, the cheapest first, or sentences on why there is none."""

    ways: tuple[Way, ...]
    gap: tuple[str, ...]
    selection: Selection


def connect(
    graph: Graph, a: PlaceCard, b: PlaceCard, language: Language, at: dt.date | None = None, known: dt.date | None = None
) -> ConnectionView:
    """Find the ways between two places at a date, or now."""
    projection = project(graph, at, known)
    cards = {**projection.places, a.id: a, b.id: b}
    points = {c.id: (c.lat, c.lon) for c in projection.places.values() if c.lat is not None and c.lon is not None}
    found = Connections(NetworkTie(x.a, x.b, x.kind, x.status, x.partnership) for x in projection.ties).between(
        a.id, b.id, WAYS, points
    )
    found = Connection(tuple(p for p in found.paths if len(p.steps) <= len(found.paths[0].steps) + _DETOUR), found.gap)
    ways = tuple(_way(path, n, cards, projection, language) for n, path in enumerate(found.paths, 1))
    return ConnectionView(ways, _gap(found, a, b, cards, language), _selection(found, a, b, cards, projection))


def _way(path: Path, number: int, cards: dict[str, PlaceCard], projection: Projection, language: Language) -> Way:
    between = ", ".join(cards[place].named(language) for place in path.places[1:-1])
    title = t("connection.over", language, n=number, places=between) if between else t("connection.direct", language, n=number)
    legs = (
        Leg(
            cards[step.start].named(language),
            cards[step.end].named(language),
            tuple((tie.partnership, _line(tie, projection.between(step.start, step.end), language)) for tie in step.ties),
        )
        for step in path.steps
    )
    return Way(title, not path.living, tuple(legs))


def _line(tie: NetworkTie, cards: tuple[TieCard, ...], language: Language) -> str:
    since = next((card.since for card in cards if card.partnership == tie.partnership), "")
    parts = (kind_name(tie.kind, language), status_name(tie.status, language), since_words(since, language))
    return " · ".join(part for part in parts if part)


def _gap(found: Connection, a: PlaceCard, b: PlaceCard, cards: dict[str, PlaceCard], language: Language) -> tuple[str, ...]:
    gap = found.gap
    if gap is None:
        return ()
    said = [t("connection.none", language, a=a.named(language), b=b.named(language))]
    for card, reach in ((a, gap.reach_a), (b, gap.reach_b)):
        said.append(t("connection.reach", language, place=card.named(language), n=number_text(reach - 1, language)))
    if gap.nearest and gap.kilometres is not None:
        one, other = (cards[place].named(language) for place in gap.nearest)
        said.append(t("connection.nearest", language, a=one, b=other, km=number_text(gap.kilometres, language)))
    return tuple(said)


def _selection(found: Connection, a: PlaceCard, b: PlaceCard, cards: dict[str, PlaceCard], projection: Projection) -> Selection:
    places = {a.id, b.id, *(place for path in found.paths for place in path.places)}
    pairs = {(min(s.start, s.end), max(s.start, s.end)) for path in found.paths for s in path.steps}
    ties = tuple(tie for pair in sorted(pairs) for tie in projection.between(*pair))
    return Selection(a.id, (b.id,), projection.at, {place: cards[place] for place in sorted(places)}, ties, {}, projection.known)
