"""Chooses among namesakes: how well a name fits, what state or point say, and only then a clearly dominant size.

Everything here is a pure function of its arguments.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from ingest.gazetteer.gazetteer import Entry
from ingest.names.keys import exact, skeleton
from ingest.names.qualifiers import halves
from kg.model.geo import distance_km
from kg.model.identity import fold

MAIN, SPELLING, FOLDED_MAIN, BASE, BILINGUAL, ALTERNATE, FOLDED_ALTERNATE, ROMANISED = range(8)
RULES = (
    "main_name",
    "main_name_spelling",
    "folded_main_name",
    "base_name",
    "one_of_two_names",
    "alternate_name",
    "folded_alternate_name",
    "romanised_name",
)
PART_OF_NAME = "part_of_a_name"
CONFIDENCE = (0.998, 0.99, 0.993, 0.99, 0.99, 0.985, 0.985, 0.97)
DOMINANCE = 10.0
"""How many times as many people a main-name match must have as any other main-name match in the country.

Measured by hiding the coordinates of 18,600 mentions that have them (``benchmarks/resolver.py``): of those decided so, 12 is
right in 96.7 %, 8 in 96.0 %, 5 in 95.4 %, 50 in 97.0 %. They are one mention in fifty, so all rules together stay at 99.8 %.
"""
DOMINANCE_WORLD = 20.0
"""The same where no country is known, which leaves more namesakes that the gazetteer may rank wrongly."""
NO_DOMINANCE = 1e9
RIVAL = 2.0
"""A single best match is doubted when a place this many times as large answers to the name less well."""
RIVAL_ALTERNATE = 1.0
"""How many times as many people the dominant match must have as any place that has the name as an alternate one."""
MIN_DOMINANT = 5_000
LARGE_ENOUGH = 500_000
"""A city of this size has nicknames and names in other languages that sources do write."""
MIN_BASE = 5_000
"""A smaller place is not meant by a part of its name (Quart is not Quart d'Onyar), as another town bears that name in full."""
TIMES_PART = 50.0
"""A quarter of a large city is doubted beside a town of its name, unless it has this many times as many people."""
SAME_SPOT_KM = 8.0
SAME_AREA_KM = 20.0
HIT_KM = 25.0
LOOSE_KM = 70.0

_MAINS = (MAIN, SPELLING, FOLDED_MAIN, BASE, BILINGUAL)
OWN = (MAIN, SPELLING, FOLDED_MAIN)
_LEVEL = (0, 0, 1, 2, 2, 3, 4, 5)
_NAMED_BY_SEAT = frozenset({"IT"})
"""The gazetteer names municipalities of Italy by their seats: Fiumalbo-Dogana for Fiumalbo."""
_OLD_ALTERNATES = frozenset({"US"})
"""In a country of one language an alternate name is mostly an old one or a mistake (Harpers Ferry for Athens, Ohio)."""
_WITH_CITY = frozenset({"JP", "KR", "KP", "CN", "TW", "PH", "VN", "TH", "MY", "ID"})
"""Where the word for a town is often written as part of the name; Kansas is not Kansas City."""
# fmt: off
_OTHER_SCRIPT = frozenset({
    "AE", "AF", "AM", "AZ", "BD", "BG", "BH", "BY", "CY", "DZ", "EG", "ER", "ET", "GE", "GR", "IL", "IN", "IQ", "IR", "JO",
    "KG", "KH", "KW", "KZ", "LA", "LB", "LK", "LY", "MA", "MD", "ME", "MK", "MM", "MN", "MR", "NP", "OM", "PK", "PS", "QA",
    "RS", "RU", "SA", "SD", "SY", "TH", "TJ", "TM", "TN", "UA", "UZ", "XK", "YE",
})
# fmt: on
"""Countries whose names reach lists romanised in several ways. Not Korea, Japan and China: Jecheon and Yecheon are two."""
EAST_ASIA = frozenset({"CN", "JP", "KP", "KR", "TW"})
_NUMERAL = re.compile(r"\b[ivx]+\b|\d+")
_LONG = 11
_SLIP = 92.0
"""Likeness (0 to 100) of two spellings of which one is a slip of the pen."""
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


@lru_cache(maxsize=50_000)
def _halves_of(name: str) -> frozenset[str]:
    """Both names of a bilingual place, folded: ``Bleiburg/Pliberk``."""
    return frozenset(map(fold, halves(name))) if "/" in name else frozenset()


def tier(entry: Entry, name: str, key: str) -> int:
    """How ``name`` (with fold ``key``) fits an entry that is known to have it: one of the eight constants above.

    Another spelling of the main name is as good as the name when the source is the more precise one (Kōchi for Kochi) or
    when they differ by romanisation only (Zaporizhzhia for Zaporizhzhya). Munster is not as good for Münster as for
    Munster. The base is a part of the main name: Halle for Halle (Saale), Pachuca for Pachuca de Soto.
    """
    asked, folded = exact(name), fold(entry.name)
    if asked == exact(entry.name):
        return MAIN
    if entry.country in _WITH_CITY and asked == exact(_ASIAN.sub("", entry.name)):
        return SPELLING
    if key == folded:
        return SPELLING if entry.name.isascii() or not name.isascii() else FOLDED_MAIN
    if key in _halves_of(entry.name):
        return BILINGUAL
    if key == fold(base_of(entry.name)) or f" {key} " in f" {folded} ":
        return BASE
    if skeleton(folded) == skeleton(key) and (entry.country in _OTHER_SCRIPT or _digraphs(folded) == _digraphs(key)):
        return SPELLING
    return ALTERNATE if any(asked == exact(alias) for alias in entry.aliases) else FOLDED_ALTERNATE


def _digraphs(key: str) -> str:
    """A folded name with umlauts as they are written where there are none: ``muenchen`` is ``munchen``, ``aarhus`` ``arhus``."""
    return re.sub(r"(?<=[aou])e|(?<=a)a|\s", "", re.sub(r"n(?=[bmp])", "m", key))


def believable(fit: int, entry: Entry, key: str) -> bool:
    """Whether a name found at an entry can be meant there: in the United States an alternate one must contain the main name."""
    if fit not in (ALTERNATE, FOLDED_ALTERNATE) or entry.country not in _OLD_ALTERNATES:
        return True
    return f" {fold(entry.name)} " in f" {key} " or entry.population >= LARGE_ENOUGH


def may_be_romanised(entry: Entry, key: str, *, located: bool = False) -> bool:
    """Whether a name that only sounds alike can be this place.

    Where names are written in Latin letters another letter is another town (Rakovice is not Raškovice), so there a name may
    differ by spaces only, or be a long one that differs by hardly anything (Carrazeda de Ansiães, Anciães). A ``located``
    mention has its point to tell; only another number is another place even so.
    """
    if located:
        return _NUMERAL.findall(key) == _NUMERAL.findall(fold(entry.name))
    names = [fold(name) for name in (entry.name, *entry.aliases)]
    if key in names:
        return False  # it has the very name, and other rules did not take it for that
    return entry.country in _OTHER_SCRIPT or any(_hardly_differs(key, name, entry.country) for name in names)


def _hardly_differs(key: str, other: str, country: str) -> bool:
    one, two = key.replace(" ", ""), other.replace(" ", "")
    slips = len(one) >= _LONG and country not in EAST_ASIA and _NUMERAL.findall(key) == _NUMERAL.findall(other)
    return one == two or (slips and fuzz.ratio(one, two) >= _SLIP)


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
    if single and single[0] <= LOOSE_KM and single[1] in OWN:
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
    if fit == BASE and chosen.population < MIN_BASE and chosen.country not in _NAMED_BY_SEAT:
        return Choice(None, PART_OF_NAME, 0.0, tuple(others), f"only a part of the name {chosen.name}, a small place")
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
    if best in _MAINS and first.population >= needed and not (first.part and TIMES_PART * towns > first.population):
        return Choice(first, f"dominant_{RULES[best]}", 0.975)
    return Choice(None, "ambiguous", 0.0, tuple(others), "several places are called so and none clearly stands out")
