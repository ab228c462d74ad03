"""Chooses among namesakes: how well a name fits, what state or point say, and only then a clearly dominant size.

Everything here is a pure function of its arguments.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.folding import exact, fold
from ingest.gazetteer import Entry, distance_km

MAIN, ALTERNATE, FOLDED_MAIN, FOLDED_ALTERNATE, ROMANISED = range(5)
RULES = ("main_name", "alternate_name", "folded_main_name", "folded_alternate_name", "romanised_name")
DOMINANCE = 5.0
"""How many times as many people a main-name match must have as any namesake; see ``benchmarks/resolver.py --dominance``."""
DOMINANCE_WORLD = 12.0
"""The same where no country is known, which leaves more namesakes that the gazetteer may rank wrongly."""
RIVAL = 8.0
"""A match by main name is doubted when a place this many times as large has the name as an alternate one."""
MIN_DOMINANT = 5_000
SAME_SPOT_KM = 8.0
HIT_KM = 25.0
LOOSE_KM = 70.0

_TAIL = re.compile(
    r"\s*(?:\(.*\)|[,/].*)$|\s+(?:am|an der|an dem|im|in|in der|in den|ob|ob der|bei|vor der|vor dem|unter|auf|a\.|i\.|b\.|v\."
    r"|upon|on|sur|sous|lès|les|en|de la|nad|pod|ob|pri|na|del|d'|sul|sull'|aan den|aan de)\s+.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What came out: ``entry`` with the rule and confidence, or None with the namesakes that stayed (maybe none)."""

    entry: Entry | None
    rule: str
    confidence: float
    rest: tuple[Entry, ...] = ()
    reason: str = ""


@lru_cache(maxsize=50_000)
def base_of(name: str) -> str:
    """A main name without what tells it from its namesakes: ``Frankfurt (Oder)`` and ``Frankfurt am Main`` → Frankfurt."""
    return _TAIL.sub("", name) or name


def tier(entry: Entry, name: str, key: str) -> int:
    """How ``name`` (with fold ``key``) fits an entry that is known to have it: one of the five constants above."""
    asked = exact(name)
    if asked in (exact(entry.name), exact(base_of(entry.name))):
        return MAIN
    if any(asked == exact(alias) for alias in entry.aliases):
        return ALTERNATE
    if key in (fold(entry.name), fold(base_of(entry.name))):
        return FOLDED_MAIN
    return FOLDED_ALTERNATE


def one_per_spot(entries: Iterable[Entry]) -> list[Entry]:
    """Drop entries that stand within 8 km of a larger one: the gazetteer lists many towns twice, or with their old centre."""
    kept: list[Entry] = []
    for entry in sorted(entries, key=lambda e: (-e.population, e.kind != "city", e.geonameid)):
        if all(distance_km(entry.lat, entry.lon, k.lat, k.lon) > SAME_SPOT_KM for k in kept):
            kept.append(entry)
    return kept


def by_point(pool: Sequence[tuple[int, Entry]], lat: float, lon: float) -> Choice | None:
    """The namesake at a point, if one is near; of several near ones the better-fitting, then larger."""
    near = sorted((distance_km(lat, lon, e.lat, e.lon), t, e) for t, e in _sortable(pool))
    hits = [(t, -e.population, d, e) for d, t, e in near if d <= min(HIT_KM, near[0][0] + 10)]
    if hits:
        best = min(hits, key=lambda h: (h[0] > ALTERNATE, h[1], h[0], h[2]))
        return Choice(best[3], f"{RULES[best[0]]}_at_coordinates", 0.998 if best[0] < ROMANISED else 0.985)
    loose = [(t, e) for d, t, e in near if d <= LOOSE_KM and t in (MAIN, FOLDED_MAIN)]
    if len(loose) == 1:
        return Choice(loose[0][1], "main_name_around_coordinates", 0.985)
    return None


def _sortable(pool: Sequence[tuple[int, Entry]]) -> list[tuple[int, Entry]]:
    return sorted(pool, key=lambda pair: pair[1].geonameid)


def by_fit(pool: Sequence[tuple[int, Entry]], dominance: float = DOMINANCE) -> Choice:
    """The one namesake that fits best, or the clearly dominant one, or none with the namesakes that stayed."""
    best = min(t for t, _ in pool)
    level = one_per_spot(e for t, e in pool if t == best)
    others = one_per_spot(e for _, e in pool)
    if len(level) > 1:
        return _dominant(level, others, best, dominance)
    chosen = level[0]
    rival = others[0]
    if rival.geonameid != chosen.geonameid and rival.population > RIVAL * max(chosen.population, 1) and _far(chosen, rival):
        return Choice(None, "ambiguous", 0.0, tuple(others), f"{rival.name} is far larger and also called so")
    return Choice(chosen, RULES[best], (0.998, 0.995, 0.996, 0.985, 0.97)[best])


def _far(one: Entry, other: Entry) -> bool:
    return distance_km(one.lat, one.lon, other.lat, other.lon) > SAME_SPOT_KM


def _dominant(level: Sequence[Entry], others: Sequence[Entry], best: int, dominance: float) -> Choice:
    first = level[0]
    next_size = max((e.population for e in others if e.geonameid != first.geonameid), default=0)
    if best in (MAIN, FOLDED_MAIN) and first.population >= max(MIN_DOMINANT, dominance * next_size):
        return Choice(first, f"dominant_{RULES[best]}", 0.99)
    return Choice(None, "ambiguous", 0.0, tuple(others), "several places are called so and none clearly stands out")


def keep(pool: Sequence[tuple[int, Entry]], test: Callable[[Entry], bool]) -> list[tuple[int, Entry]]:
    """The part of a pool whose entries pass ``test``."""
    return [(t, e) for t, e in pool if test(e)]
