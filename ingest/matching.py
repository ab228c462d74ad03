"""Chooses among namesakes: how well a name fits, what state or point say, and only then a clearly dominant size.

Everything here is a pure function of its arguments.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.folding import exact, fold, skeleton
from ingest.gazetteer import Entry, distance_km

MAIN, SPELLING, FOLDED_MAIN, BASE, ALTERNATE, FOLDED_ALTERNATE, ROMANISED = range(7)
RULES = (
    "main_name",
    "main_name_spelling",
    "folded_main_name",
    "base_name",
    "alternate_name",
    "folded_alternate_name",
    "romanised_name",
)
CONFIDENCE = (0.998, 0.99, 0.993, 0.99, 0.985, 0.985, 0.97)
DOMINANCE = 10.0
"""How many times as many people a main-name match must have as any other main-name match in the country.

Measured by hiding the coordinates of 18,600 mentions that have them (``benchmarks/resolver.py``): of those decided so, 12 is
right in 96.7 %, 8 in 96.0 %, 5 in 95.4 %, 50 in 97.0 %. They are one mention in fifty, so all rules together stay at 99.8 %.
"""
DOMINANCE_WORLD = 20.0
"""The same where no country is known, which leaves more namesakes that the gazetteer may rank wrongly."""
RIVAL = 2.0
"""A single best match is doubted when a place this many times as large answers to the name less well."""
RIVAL_ALTERNATE = 1.0
"""How many times as many people the dominant match must have as any place that has the name as an alternate one."""
MIN_DOMINANT = 5_000
SAME_SPOT_KM = 8.0
SAME_AREA_KM = 20.0
HIT_KM = 25.0
LOOSE_KM = 70.0

_MAINS = (MAIN, SPELLING, FOLDED_MAIN, BASE)
_OWN = (MAIN, SPELLING, FOLDED_MAIN)
_LEVEL = (0, 0, 1, 2, 3, 4, 5)
_ASIAN = re.compile(r"(?:-shi|-si|-gun| City| Shi)$")
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
    """How ``name`` (with fold ``key``) fits an entry that is known to have it: one of the seven constants above.

    Another spelling of the main name is as good as the name when the source is the more precise one (Kōchi for Kochi) or
    when they differ by romanisation only (Zaporizhzhia for Zaporizhzhya). Munster is not as good for Münster as for
    Munster. The base is a part of the main name: Halle for Halle (Saale), Pachuca for Pachuca de Soto.
    """
    asked, folded = exact(name), fold(entry.name)
    if asked == exact(entry.name):
        return MAIN
    if asked == exact(_ASIAN.sub("", entry.name)):
        return SPELLING
    if key == folded:
        return SPELLING if entry.name.isascii() or not name.isascii() else FOLDED_MAIN
    if key == fold(base_of(entry.name)) or f" {key} " in f" {folded} ":
        return BASE
    if skeleton(folded) == skeleton(key):
        return SPELLING
    return ALTERNATE if any(asked == exact(alias) for alias in entry.aliases) else FOLDED_ALTERNATE


def one_level(pool: Sequence[tuple[int, Entry]]) -> list[Entry]:
    """The entries that fit best, one a spot, largest first; main names and their spellings are one level."""
    best = min(_LEVEL[t] for t, _ in pool)
    return one_per_spot(e for t, e in pool if _LEVEL[t] == best)


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
        best = min(hits, key=lambda h: (_LEVEL[h[0]], h[1], h[0], h[2]))
        return Choice(best[3], f"{RULES[best[0]]}_at_coordinates", 0.998 if best[0] != ROMANISED else 0.985)
    single = near[0] if len(one_per_spot(e for _, e in pool)) == 1 else None
    if single and single[0] <= LOOSE_KM and single[1] in _OWN:
        return Choice(single[2], "main_name_around_coordinates", 0.985)
    return None


def _sortable(pool: Sequence[tuple[int, Entry]]) -> list[tuple[int, Entry]]:
    return sorted(pool, key=lambda pair: pair[1].geonameid)


def by_fit(pool: Sequence[tuple[int, Entry]], dominance: float = DOMINANCE) -> Choice:
    """The one namesake that fits best, or the clearly dominant one, or none with the namesakes that stayed."""
    best = min(t for t, _ in pool)
    level, others = one_level(pool), one_per_spot(e for _, e in pool)
    if len(level) > 1:
        return _dominant(level, others, best, dominance)
    chosen, rival = level[0], others[0]
    fit = next(t for t, e in pool if e.geonameid == chosen.geonameid)
    if rival.population > RIVAL * max(chosen.population, 1) and not rival.part and _far(chosen, rival):
        return Choice(None, "ambiguous", 0.0, tuple(others), f"{rival.name} is far larger and also called so")
    return Choice(chosen, RULES[fit], CONFIDENCE[fit])


def _far(one: Entry, other: Entry) -> bool:
    same_area = one.country == other.country and one.admin1 == other.admin1
    return distance_km(one.lat, one.lon, other.lat, other.lon) > (SAME_AREA_KM if same_area else SAME_SPOT_KM)


def _dominant(level: Sequence[Entry], others: Sequence[Entry], best: int, dominance: float) -> Choice:
    first, rest = level[0], level[1:]
    towns = max((e.population for e in rest if not e.part), default=0)
    quarters = max((e.population for e in rest if e.part), default=0)
    same = {e.geonameid for e in level}
    alternates = max((e.population for e in others if e.geonameid not in same and not e.part), default=0)
    needed = max(MIN_DOMINANT, dominance * towns, quarters, RIVAL_ALTERNATE * alternates)
    if best in _MAINS and first.population >= needed and not (first.part and towns):
        return Choice(first, f"dominant_{RULES[best]}", 0.975)
    return Choice(None, "ambiguous", 0.0, tuple(others), "several places are called so and none clearly stands out")


def keep(pool: Sequence[tuple[int, Entry]], test: Callable[[Entry], bool]) -> list[tuple[int, Entry]]:
    """The part of a pool whose entries pass ``test``."""
    return [(t, e) for t, e in pool if test(e)]
