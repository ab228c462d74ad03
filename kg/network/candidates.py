"""Three places that could do something together: every constellation of each type, not yet ranked.

``close_triad``       a–b and b–c are tied, a–c is not: b could bring a and c together;
``joint_engagement``  a–b are partners, b is engaged in c: a could join;
``ring_without_project``  all three pairs are tied, nothing joint is on record;
``revive``            as above with one tie dormant: a third place could help to wake it.

Only places of municipal level and only ties that can be a bridge count; whatever was ended, rejected or suspended does not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from kg.model.identity import partnership_members
from kg.network.funding.catalogue import area
from kg.network.graph.triads import ScoredPairs, open_bridges, open_ends, top_pairs, triangles
from kg.network.projection import Projection, ordered
from kg.vocabulary import ENGAGEMENT_KINDS, STATUSES

Type = Literal["close_triad", "joint_engagement", "ring_without_project", "revive"]
TYPES: tuple[Type, ...] = ("close_triad", "joint_engagement", "ring_without_project", "revive")
_UNDERTAKINGS = frozenset({"project", "initiative"})
_PROGRAMME_KINDS = frozenset({"climate", "sustainability"})
POOL = 4000
"""Missing pairs of the whole graph, best by resource allocation, that are looked at in full."""


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """Three places: ``b`` is the bridge between the ends ``a`` and ``c``; in a ring, all in the order of their ids.

    ``missing`` are the pairs without a tie in force; ``dormant`` the pair whose tie is to be woken.
    """

    type: Type
    a: str
    b: str
    c: str
    missing: tuple[tuple[str, str], ...] = ()
    dormant: tuple[str, str] | None = None

    @property
    def places(self) -> tuple[str, str, str]:
        """The three."""
        return (self.a, self.b, self.c)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The three pairs, each in the order of its key."""
        return (ordered(self.a, self.b), ordered(self.b, self.c), ordered(self.a, self.c))

    @property
    def existing(self) -> tuple[tuple[str, str], ...]:
        """The pairs that are tied."""
        return tuple(pair for pair in self.pairs if pair not in self.missing)


def candidates_of(projection: Projection, place: str) -> Iterator[Candidate]:
    """Every constellation in which the place takes part, as an end, as the bridge or as a side of a ring."""
    if place not in projection.bridges.positions:
        return
    position = projection.bridges.position(place)
    yield from _open_triads(projection, open_ends(projection.bridges, position))
    for a, c in _missing(projection, open_bridges(projection.bridges, position)):
        yield triad(projection, a, place, c)
    yield from _rings(projection, lambda ids: place in ids, place)
    yield from _revivals(projection, place)


def candidates(projection: Projection) -> Iterator[Candidate]:
    """Constellations of the whole graph; of the open triads those of the ``POOL`` best missing pairs."""
    yield from _open_triads(projection, top_pairs(projection.bridges, POOL, "resource_allocation", with_ties=True))
    yield from _engagements(projection)
    yield from _rings(projection, lambda _: True)
    yield from _revivals(projection)


def triad(projection: Projection, a: str, b: str, c: str) -> Candidate:
    """The open triad a–b–c; a joint engagement where b is engaged in one end without being its partner."""
    engaged = [_is_engagement(projection, b, end) for end in (a, c)]
    if engaged == [True, False]:
        a, c = c, a
    joint = any(engaged) and not all(engaged)
    return Candidate("joint_engagement" if joint else "close_triad", a, b, c, (ordered(a, c),))


def _is_engagement(projection: Projection, b: str, c: str) -> bool:
    """Whether the ties of ``b`` and ``c`` are engagements, and ``c`` can be the one engaged in."""
    kinds = _living_kinds(projection, b, c)
    engaged = bool(kinds & ENGAGEMENT_KINDS) and kinds <= ENGAGEMENT_KINDS | _UNDERTAKINGS
    return engaged and not (_is_aided(projection, b) and not _is_aided(projection, c))


def _living_kinds(projection: Projection, a: str, b: str) -> set[str]:
    return {tie.kind for tie in projection.between(a, b) if STATUSES[tie.status].bridge}


def _is_aided(projection: Projection, place: str) -> bool:
    """Whether the place lies in a country of the DAC list: nobody there is engaged in a town that does not."""
    return area("dac").holds(projection.places[place].country) is True


def is_far_fetched(projection: Projection, candidate: Candidate) -> bool:
    """Two places that have nothing in common but a helper: sponsored or helped ones are not brought together by that.

    Two climate or sustainability partners of one place work on the same things, and are.
    """
    if candidate.type != "close_triad":
        return False
    legs = [(candidate.b, end) for end in (candidate.a, candidate.c)]
    if not all(_is_engagement(projection, *leg) and _is_aided(projection, leg[1]) for leg in legs):
        return False
    return not all(_living_kinds(projection, *leg) & _PROGRAMME_KINDS for leg in legs)


def _missing(projection: Projection, pairs: ScoredPairs) -> Iterator[tuple[str, str]]:
    """Pairs that are not tied in force either: two with a dormant treaty need none."""
    tied = projection.in_force.tied(pairs.a, pairs.b)
    ids = projection.cities
    for a, c in zip(pairs.a[~tied].tolist(), pairs.b[~tied].tolist(), strict=True):
        yield ids[a], ids[c]


def _open_triads(projection: Projection, pairs: ScoredPairs) -> Iterator[Candidate]:
    network, ids = projection.bridges, projection.cities
    for a, c in _missing(projection, pairs):
        i, j = network.position(a), network.position(c)
        shared: list[int] = np.intersect1d(network.neighbours(i), network.neighbours(j), assume_unique=True).tolist()
        yield from (triad(projection, a, ids[via], c) for via in shared)


def _engagements(projection: Projection) -> Iterator[Candidate]:
    network = projection.bridges
    engaged = {ordered(t.a, t.b) for t in projection.ties if t.kind in ENGAGEMENT_KINDS and STATUSES[t.status].bridge}
    for pair in sorted(engaged):
        for b, c in (pair, pair[::-1]):
            if b in network.positions and c in network.positions:
                yield from _joining(projection, b, c, _partners(projection, b))


def _partners(projection: Projection, place: str) -> list[str]:
    network = projection.bridges
    numbers: list[int] = network.neighbours(network.position(place)).tolist()
    return [projection.cities[number] for number in numbers]


def _joining(projection: Projection, b: str, c: str, partners: Iterable[str]) -> Iterator[Candidate]:
    for a in partners:
        if a != c and not _in_force(projection, a, c):
            found = triad(projection, a, b, c)
            if found.type == "joint_engagement" and found.a == a:
                yield found


def _in_force(projection: Projection, a: str, c: str) -> bool:
    return any(STATUSES[tie.status].in_force for tie in projection.between(a, c))


def _rings(projection: Projection, wanted: Callable[[tuple[str, ...]], bool], place: str = "") -> Iterator[Candidate]:
    ids, joint = projection.cities, joint_undertakings(projection)
    found = _triangles_of(projection, place) if place else triangles(projection.bridges).tolist()
    for row in found:
        a, b, c = sorted(ids[i] for i in row)
        three = (a, b, c)
        living = any(STATUSES[status].in_force for status in joint.get(three, {}).values())
        if wanted(three) and not living:
            yield Candidate("ring_without_project", a, b, c)


def _triangles_of(projection: Projection, place: str) -> Iterator[tuple[int, int, int]]:
    network = projection.bridges
    position = network.position(place)
    partners = network.neighbours(position).astype(np.int64)
    for index, first in enumerate(partners.tolist()):
        rest = partners[index + 1 :]
        for second in rest[network.tied(np.full(len(rest), first), rest)].tolist():
            yield position, first, second


def _revivals(projection: Projection, place: str = "") -> Iterator[Candidate]:
    """A dormant tie and a third place that has a living tie with one of the two, or with both, and is not helped itself."""
    network = projection.bridges
    for pair in sorted({ordered(t.a, t.b) for t in projection.ties if t.status == "dormant"}):
        if not set(pair) <= network.positions.keys() or network.tied(*(np.array([network.position(p)]) for p in pair))[0]:
            continue
        partners = [{q for q in _partners(projection, p) if not _is_engagement(projection, p, q)} for p in pair]
        for helper in sorted((partners[0] | partners[1]) - set(pair)):
            if place in ("", helper, *pair):
                yield _revival(projection, pair, helper, partners)


def _revival(projection: Projection, pair: tuple[str, str], helper: str, partners: list[set[str]]) -> Candidate:
    """The helper stands in the middle; a place it has no tie with in force is the missing side."""
    others = [ordered(p, helper) for p, known in zip(pair, partners, strict=True) if helper not in known]
    missing = tuple(other for other in others if not _in_force(projection, *other))
    return Candidate("revive", pair[0], helper, pair[1], missing, pair)


def joint_undertakings(projection: Projection) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    """Partnerships in which three places take part together: (three sorted ids) → partnership → status."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for partnership, status in {tie.partnership: tie.status for tie in projection.ties}.items():
        members = partnership_members(partnership)
        if len(members) > 2:
            for three in combinations(members, 3):
                found.setdefault(three, {})[partnership] = status
    return found
