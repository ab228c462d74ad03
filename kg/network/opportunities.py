"""Opportunities: constellations of three that were filtered, scored and put in a stable order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice

from kg.errors import UsageError
from kg.model.geo import distance_km
from kg.network.candidates import TYPES, Candidate, Type, candidates, candidates_of, is_far_fetched, joint_undertakings
from kg.network.projection import Projection
from kg.network.score import Part, score
from kg.network.weights import DEFAULT_WEIGHTS
from kg.store.reading import TieCard
from kg.vocabulary import STATUSES

_CHEAP_PARTS = frozenset({"strength", "size", "distance", "countries"})
_WORKING_SET = 300
"""Constellations of each type that are scored in full when the whole graph is asked for, the strongest ties first."""


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; empty filters let everything through.

    One place: it takes part. Two: "who could join us two?" – both take part. More: at least two of them do.
    Filters on country, population, topic and network hold for the places that were not asked for.
    """

    places: tuple[str, ...] = ()
    types: frozenset[Type] = frozenset(TYPES)
    role: str = ""
    """``end`` or ``bridge``: where the one place shall stand; empty for anywhere."""
    countries: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    max_km: float = 0.0
    min_population: int = 0
    max_population: int = 0
    topic: str = ""
    network: str = ""
    programme: str = ""
    weights: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A ranked constellation: what exists, what is missing, what was tried by the three, and why it stands where it does."""

    candidate: Candidate
    score: float
    parts: tuple[Part, ...]
    ties: tuple[TieCard, ...]
    """Every tie among the three, of any status."""
    tried: tuple[str, ...]
    """Joint undertakings of the three on record (partnership ids), whatever became of them."""

    @property
    def type(self) -> Type:
        """Its type."""
        return self.candidate.type

    @property
    def places(self) -> tuple[str, str, str]:
        """Ids of the three: end, bridge, end."""
        return self.candidate.places


def find_opportunities(projection: Projection, search: Search) -> list[Opportunity]:
    """The best opportunities of the search.

    What was already proposed or tried for the three comes first, then the score falling, then type and ids; so the order
    is the same whatever the order of the data.

    Raises:
        UsageError: for a place that has no partnerships.
    """
    for place in search.places:
        if place not in projection.places:
            raise UsageError(f"{place} has no partnership in the graph at this date, so nothing can be built on one")
    joint = joint_undertakings(projection)
    kept = [c for c in _filtered(projection, search, _constellations(projection, search)) if not _under_way(c, joint)]
    if not search.places:
        kept = _strongest(projection, kept, joint)
    found = [_opportunity(projection, candidate, search.weights, joint) for candidate in kept]
    if search.programme:
        found = [each for each in found if search.programme in _passing(each)]
    found.sort(key=lambda each: (not each.tried, -each.score, each.type, each.places))
    return _each_pair_once(found, search)[: search.limit]


def _each_pair_once(found: Sequence[Opportunity], search: Search) -> list[Opportunity]:
    """Two ends with several bridges stand once, with the best of them; who asks for two places asks about the bridge, too."""
    if len(search.places) > 1:
        return list(found)
    seen: set[tuple[tuple[str, str], ...]] = set()
    kept: list[Opportunity] = []
    for each in found:
        pairs = each.candidate.missing if each.type == "close_triad" and not each.tried else ()
        if not pairs or pairs not in seen:
            kept.append(each)
        seen.add(pairs)
    return kept


def types_of(names: Iterable[str] | None) -> frozenset[Type]:
    """Types by name; none means all.

    Raises:
        UsageError: for a type that does not exist.
    """
    wanted = tuple(names or TYPES)
    for name in wanted:
        if name not in TYPES:
            raise UsageError(f"{name!r} is no type of opportunity; the types are {', '.join(TYPES)}")
    return frozenset(each for each in TYPES if each in wanted)


def _under_way(candidate: Candidate, joint: Mapping[tuple[str, ...], Mapping[str, str]]) -> bool:
    """Whether the three do something together already."""
    return any(STATUSES[status].in_force for status in joint.get(tuple(sorted(candidate.places)), {}).values())


def _passing(opportunity: Opportunity) -> set[str]:
    return {p for part in opportunity.parts if part.id == "funding" for p in str(part.said["ids"]).split(",")}


def _constellations(projection: Projection, search: Search) -> Iterator[Candidate]:
    if not search.places:
        yield from candidates(projection)
        return
    seen: set[Candidate] = set()
    for place in search.places:
        for candidate in (_facing(each, search) for each in candidates_of(projection, place)):
            if candidate not in seen and _wanted(candidate, search):
                seen.add(candidate)
                yield candidate


def _facing(candidate: Candidate, search: Search) -> Candidate:
    """The same triad from every side: the end that was asked for first, else the one with the smaller id."""
    if candidate.type not in {"close_triad", "revive"}:
        return candidate
    first, last = sorted((candidate.a, candidate.c), key=lambda place: (place not in search.places, place))
    return replace(candidate, a=first, c=last)


def _wanted(candidate: Candidate, search: Search) -> bool:
    taking_part = len(set(search.places) & set(candidate.places))
    if taking_part < min(2, len(search.places)):
        return False
    if len(search.places) == 1 and search.role and candidate.type != "ring_without_project":
        return (search.places[0] == candidate.b) == (search.role == "bridge")
    return True


def _filtered(projection: Projection, search: Search, found: Iterable[Candidate]) -> list[Candidate]:
    return [c for c in found if c.type in search.types and _passes(projection, search, c) and not is_far_fetched(projection, c)]


def _passes(projection: Projection, search: Search, candidate: Candidate) -> bool:
    others = [projection.places[p] for p in candidate.places if p not in search.places]
    ties = [tie for pair in candidate.existing for tie in projection.between(*pair)]
    return (
        (not search.countries or all(o.country in search.countries for o in others))
        and (not search.kinds or all(_any(projection, pair, search.kinds, "kind") for pair in candidate.existing))
        and (not search.statuses or any(tie.status in search.statuses for tie in ties))
        and all((o.population or 0) >= search.min_population for o in others)
        and (not search.max_population or all(o.population and o.population <= search.max_population for o in others))
        and (not search.topic or any(search.topic in projection.topics.get(o.id, ()) for o in others))
        and (not search.network or any(search.network in projection.networks.get(o.id, ()) for o in others))
        and (not search.max_km or _longest_way(projection, candidate) <= search.max_km)
    )


def _any(projection: Projection, pair: tuple[str, str], wanted: frozenset[str], field_: str) -> bool:
    return any(getattr(tie, field_) in wanted and STATUSES[tie.status].in_force for tie in projection.between(*pair))


def _longest_way(projection: Projection, candidate: Candidate) -> float:
    cards = [projection.places[place] for place in candidate.places]
    points = [(c.lat, c.lon) for c in cards if c.lat is not None and c.lon is not None]
    return max(distance_km(*a, *b) for a, b in combinations(points, 2)) if len(points) == 3 else float("inf")


def _strongest(
    projection: Projection, found: Sequence[Candidate], joint: Mapping[tuple[str, ...], Mapping[str, str]]
) -> list[Candidate]:
    """The constellations worth scoring in full: those with something tried, then by the parts that cost nothing."""

    def rank(c: Candidate) -> tuple[bool, float, Candidate]:
        return (tuple(sorted(c.places)) not in joint, -score(projection, c, DEFAULT_WEIGHTS, _CHEAP_PARTS)[0], c)

    ranked = sorted(found, key=rank)
    return [each for type_ in TYPES for each in islice((c for c in ranked if c.type == type_), _WORKING_SET)]


def _opportunity(
    projection: Projection,
    candidate: Candidate,
    weights: Mapping[str, float],
    joint: Mapping[tuple[str, ...], Mapping[str, str]],
) -> Opportunity:
    value, parts = score(projection, candidate, weights)
    ties = tuple(tie for pair in candidate.pairs for tie in projection.between(*pair))
    tried = tuple(sorted(joint.get(tuple(sorted(candidate.places)), {})))
    return Opportunity(candidate, round(value, 6), parts, ties, tried)
