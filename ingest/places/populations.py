"""What the number of people tells where a name and a point leave a place open. Everything here is a pure function."""

from collections.abc import Iterable, Sequence

from ingest.gazetteer.gazetteer import Entry
from ingest.places.namesakes import LOOSE_KM, OWN, Choice, one_per_spot
from ingest.places.prepared import Asked
from kg.model.geo import distance_km
from kg.model.identity import fold

HERE_KM = 2.0
_AGREE = 0.8
_ROUGHLY = 0.5
_MANY = 1_000
_FAR_FROM = 0.4
_TELLING = 5_000
_SAME = 0.85
_WORD = 4
_RURAL_SHARE = 0.4


def of_the_size(asked: Asked, pool: Sequence[tuple[int, Entry]], hit: Choice) -> Choice | None:
    """Another namesake that has the stated population, where the one at the point is far from it: a wrong point.

    Registers look their points up by name and often find a namesake; the population comes from the place itself. Small
    numbers prove nothing, as a village and its municipality have different ones.
    """
    people, at_point = asked.mention.population or 0, hit.entry
    if people < _TELLING or at_point is None or _alike(at_point.population, people, _FAR_FROM):
        return None
    others = one_per_spot(e for t, e in pool if t in OWN and _alike(e.population, people, _AGREE))
    return Choice(others[0], "main_name_with_population", 0.985) if len(others) == 1 else None


def despite_point(asked: Asked, pool: Sequence[tuple[int, Entry]]) -> Choice | None:
    """A point in the country speaks for another place, unless the size agrees and the name is the only one or not far."""
    people, point = asked.mention.population, asked.point
    if not people or point is None:
        return None
    own = one_per_spot(e for t, e in pool if t in OWN)
    if len(own) == 1:
        chosen = [e for e in own if _alike(e.population, people, _ROUGHLY if people >= _MANY else _AGREE)]
    elif people >= _TELLING:
        chosen = [e for e in own if _alike(e.population, people, _AGREE)]
    else:
        near = [e for e in own if distance_km(*point, e.lat, e.lon) <= LOOSE_KM]
        chosen = [e for e in near if _alike(e.population, people, _AGREE)]
    return Choice(chosen[0], "main_name_with_population", 0.985) if len(chosen) == 1 else None


def as_large(asked: Asked, near: Sequence[tuple[float, Entry]]) -> Entry | None:
    """The one place at the point that has the stated population, whatever the source calls it (Old Havana).

    ``near`` are places with their distance in km, up to 2 km. Beyond 1 km a word must be in common; a small number proves
    nothing alone, so there the name must be the beginning (Danta di Cadore at Danta). Of 76 such mentions of three sources
    73 were right.
    """
    people = asked.mention.population or 0
    alike = [(d, e) for d, e in near if people and asked.allows(e) and _alike(e.population, people, _SAME)]
    if people >= _TELLING:
        hits = [e for d, e in alike if d <= HERE_KM / 2 or _share_word(asked.name, e)]
    else:
        hits = [e for _, e in alike if _begins(asked.name, e)]
    return hits[0] if len(hits) == 1 else None


def rural_beside(asked: Asked, towns: Iterable[Entry]) -> bool:
    """Whether a municipality is the rural one around the town of its name, as in Poland: it has far fewer people."""
    people = asked.mention.population or 0
    town = next((e for e in towns if e.country == "PL"), None)
    return asked.codes == ("PL",) and town is not None and 0 < people < _RURAL_SHARE * town.population


def _begins(name: str, entry: Entry) -> bool:
    whole, start = fold(name).split(), fold(entry.name).split()
    return len(start) < len(whole) and len(start[0]) > _WORD and whole[: len(start)] == start


def _share_word(name: str, entry: Entry) -> bool:
    words = {word for word in fold(name).split() if len(word) >= _WORD}
    return any(not words.isdisjoint(fold(other).split()) for other in (entry.name, *entry.aliases))


def _alike(one: int, other: int, share: float) -> bool:
    """Whether the smaller of two populations is at least ``share`` of the larger."""
    return min(one, other) >= share * max(one, other)
