"""The score of a constellation: a weighted mean of named parts, each 0…1 and each explained by what it rests on.

score = Σ weight · value / Σ weight. Closeness is the measured part: the fitted sum of ``closeness.py`` for the missing pair
(``python -m benchmarks.ranking`` fits and prints it). The others look at all three and are weighted as practitioners weigh
them when asked (living ties, similar size, three countries, money, topics); the user may change every weight. What is not
known counts less than a middling value, so that a place of which little is known does not come first.
"""

import datetime as dt
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from kg.model.geo import distance_km
from kg.network.candidates import Candidate
from kg.network.funding.evaluate import FundingPlace, FundingTie
from kg.network.funding.offers import fitting
from kg.network.graph.arrays import Network
from kg.network.graph.triads import bridges
from kg.network.projection import Projection, languages_of, ordered
from kg.network.weights import DEFAULT_WEIGHTS
from kg.store.reading import PlaceCard

Said = Mapping[str, str | int | float]

_UNKNOWN = 0.4
"""What an unknown population or coordinate counts: less than a middling one, so that knowing little is no advantage."""
_FAR_KM = 1500.0
_ENOUGH_PROGRAMMES = 3
_ENOUGH_IN_COMMON = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score; ``said`` are the figures and names of its sentence, ``variant`` which sentence it is."""

    id: str
    value: float
    weight: float
    variant: str
    said: Said


def score(
    projection: Projection, candidate: Candidate, weights: Mapping[str, float], only: Collection[str] = DEFAULT_WEIGHTS
) -> tuple[float, tuple[Part, ...]]:
    """The score and its parts, in the order of ``DEFAULT_WEIGHTS``.

    A weight weighs and does nothing else: a part of weight 0 is there, for filters and sentences rest on it. ``only`` names
    the parts to compute where the others would cost too much.
    """
    cards = [projection.places[place] for place in candidate.places]
    found = (_PARTS[name](projection, candidate, cards, weights[name]) for name in DEFAULT_WEIGHTS if name in only)
    parts = tuple(part for part in found if part is not None)
    total = sum(part.weight for part in parts)
    return (sum(part.weight * part.value for part in parts) / total if total else 0.0), parts


def _strength(projection: Projection, candidate: Candidate, _: list[PlaceCard], weight: float) -> Part:
    """The geometric mean of the ties that exist: one weak tie weakens the whole."""
    values = [max((projection.strength(tie) for tie in projection.between(*pair)), default=0.0) for pair in candidate.existing]
    value = math.prod(values) ** (1 / len(values)) if values else 0.0
    variant = "dormant" if candidate.dormant else "strong" if value >= 0.9 else "fair"
    return Part("strength", value, weight, variant, {"ties": len(values)})


def _closeness(projection: Projection, candidate: Candidate, _: list[PlaceCard], weight: float) -> Part:
    """The fitted closeness of the missing pair; in a ring, of its first and last place. The sentence names shared partners."""
    pair = candidate.missing[0] if candidate.missing else ordered(candidate.a, candidate.c)
    network: Network = projection.bridges
    shared = bridges(network, network.position(pair[0]), network.position(pair[1]), "resource_allocation")
    value = min(1.0, _fitted(projection, network.position(pair[0]), network.position(pair[1])))
    names = [projection.places[network.ids[i]].name for i in shared.via.tolist()]
    said: Said = {"n": len(names), "names": ", ".join(names[:3])}
    return Part("closeness", value, weight, ("none", "one")[len(names)] if len(names) < 2 else "several", said)


def _fitted(projection: Projection, a: int, b: int) -> float:
    """The weighted sum of the parts, whose weights sum to one."""
    return float(projection.closeness.score(a, np.array([b]))[0])


def _size(_: Projection, __: Candidate, cards: list[PlaceCard], weight: float) -> Part | None:
    """Likeness of population: the root of smallest over largest, so that 1 : 4 still counts a half."""
    known = [(card.population, card.name) for card in cards if card.population]
    if len(known) < 3:
        return Part("size", _UNKNOWN, weight, "unknown", {})
    (low, small), (high, large) = min(known), max(known)
    value = math.sqrt(low / high)
    variant = "alike" if value >= 0.6 else "unlike"
    return Part("size", value, weight, variant, {"small": small, "low": low, "large": large, "high": high})


def _distance(_: Projection, __: Candidate, cards: list[PlaceCard], weight: float) -> Part | None:
    """exp(-d / 1500 km) of the longest of the three ways: travel is what a meeting of all three costs."""
    points = [(card.lat, card.lon) for card in cards if card.lat is not None and card.lon is not None]
    if len(points) < 3:
        return Part("distance", _UNKNOWN, weight, "unknown", {})
    far = max(distance_km(*a, *b) for a, b in combinations(points, 2))
    variant = "near" if far <= 500 else "far" if far > 2000 else "middle"
    return Part("distance", math.exp(-far / _FAR_KM), weight, variant, {"km": round(far)})


def _language(_: Projection, __: Candidate, cards: list[PlaceCard], weight: float) -> Part | None:
    """The share of the three pairs that have an official language in common."""
    spoken = [set(languages_of(card.country)) for card in cards if card.country]
    if len(spoken) < 3:
        return None
    shared = [a & b for a, b in combinations(spoken, 2)]
    value = sum(map(bool, shared)) / 3
    codes = ", ".join(sorted(set[str]().union(*shared)))
    return Part("language", value, weight, "shared" if value else "none", {"codes": codes})


def _countries(projection: Projection, candidate: Candidate, cards: list[PlaceCard], weight: float) -> Part:
    """Three countries 1, two a half, one 0: most programmes for three want three countries.

    Nothing also where the two to be brought together lie in one country: nobody looks abroad for a partner at home.
    """
    at_home = any(projection.places[a].country == projection.places[c].country for a, c in candidate.missing)
    codes = list(dict.fromkeys(card.country for card in cards if card.country))
    value = 0.0 if at_home else max(0, len(codes) - 1) / 2
    said: Said = {"n": len(codes), "codes": ", ".join(codes)}
    return Part("countries", value, weight, "at_home" if at_home and len(codes) > 1 else str(max(1, len(codes))), said)


def _topics(projection: Projection, candidate: Candidate, _: list[PlaceCard], weight: float) -> Part | None:
    """Topics on which at least two of the three work with partners, three of them counting in full."""
    return _in_common("topics", projection.topics, candidate, weight)


def _networks(projection: Projection, candidate: Candidate, _: list[PlaceCard], weight: float) -> Part | None:
    """Networks to which at least two of the three belong, three of them counting in full."""
    return _in_common("networks", projection.networks, candidate, weight)


def _in_common(name: str, known: Mapping[str, frozenset[str]], candidate: Candidate, weight: float) -> Part | None:
    sets = [known[place] for place in candidate.places if place in known]
    shared = frozenset[str]().union(*(a & b for a, b in combinations(sets, 2)))
    value = min(1.0, len(shared) / _ENOUGH_IN_COMMON)
    said: Said = {"n": len(shared), "ids": ",".join(sorted(shared))}
    return Part(name, value, weight, "none" if not shared else "some", said)


def _funding(projection: Projection, candidate: Candidate, cards: list[PlaceCard], weight: float) -> Part:
    """Programmes that can be had and that fit just these, three of them counting in full.

    One for two of the three counts a half. What fits any three of the EU tells nothing about these and counts a half in all.
    """
    places, ties = funding_view(projection, candidate.places, cards)
    fits = fitting(places, ties, projection.at or dt.date.today())
    worth = len(fits.whole) + len(fits.leg) / 2 + bool(fits.for_all) / 2
    ids = (*fits.whole, *fits.leg, *fits.for_all)
    said: Said = {"n": len(ids), "whole": len(fits.whole), "leg": len(fits.leg), "all": len(fits.for_all), "ids": ",".join(ids)}
    variant = "none" if not ids else "some" if fits.whole or fits.leg else "all"
    return Part("funding", min(1.0, worth / _ENOUGH_PROGRAMMES), weight, variant, said)


def funding_view(
    projection: Projection, ids: tuple[str, ...], cards: list[PlaceCard]
) -> tuple[list[FundingPlace], list[FundingTie]]:
    """The places and their ties among each other as the funding rules look at them."""
    places = [FundingPlace(c.id, c.name, c.country, c.kind, c.nuts2 or None, c.population) for c in cards]
    ties = [FundingTie(t.a, t.b, t.kind, t.status) for pair in combinations(ids, 2) for t in projection.between(*pair)]
    return places, ties


_PARTS: Mapping[str, Callable[[Projection, Candidate, list[PlaceCard], float], Part | None]] = {
    "strength": _strength, "closeness": _closeness, "size": _size, "distance": _distance, "language": _language,
    "countries": _countries, "topics": _topics, "networks": _networks, "funding": _funding,
}  # fmt: skip
