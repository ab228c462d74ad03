"""Which place a mention means: stateless, deterministic, every answer with the rule that gave it.

Rules in their order: a correction; the word for a county, province or borough in the name; main, alternate, folded and
romanised names in the country, told apart by coordinates, then by the state or other addition, then by a clearly dominant
size; names filed under a neighbouring or former state; regions known by name; coordinates with a similar name. What is
well formed and still unknown is a new place; what several places could be is rejected with these as candidates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from rapidfuzz import fuzz

from ingest.corrections import ITEMS, USUAL, Correction, Corrections
from ingest.countries import country, name_of, relations
from ingest.folding import fold, slug
from ingest.gazetteer import Entry, Gazetteer, distance_km
from ingest.kinds import DISTRICT_KINDS, REGION_KINDS, Body, body
from ingest.local_places import LocalPlace, LocalPlaces, kind_class, region_id
from ingest.matching import (
    DOMINANCE_WORLD,
    FOLDED_MAIN,
    LOOSE_KM,
    MAIN,
    ROMANISED,
    SPELLING,
    Choice,
    by_fit,
    by_point,
    one_per_spot,
    tier,
)
from ingest.mention import Mention, Resolution
from ingest.places_asked import Asked, ask
from ingest.qualifiers import Form, halves, hint_in_names
from ingest.states import states_of
from ingest.us_counties import states_with

__all__ = ["Mention", "Resolution", "Resolver"]

_SIMILAR = 86.0
_NEAR_KM = 6.0
_SPOT_KM = 5.0
_HINT_KM = 40.0
_COVER_KM = 30.0
_LONG = 8
_AGREE = 0.8
_WIDE = ("district", "region")
_LARGE = 200_000
_MAX_NAME = 120


class HasCacheDir(Protocol):
    """What the resolver needs of the settings."""

    @property
    def cache_dir(self) -> Path:
        """Folder of the gazetteer's index."""
        ...


class Resolver:
    """Resolves mentions; holds the opened gazetteer and the tables, and no state besides caches."""

    def __init__(self, gazetteer: Gazetteer, local: LocalPlaces, tables: tuple[Corrections, Corrections, Corrections]) -> None:
        """Put together from parts; ``tables`` are corrections, usual meanings and items. ``open`` is the normal way."""
        self.corrections, self.usual, self.items = tables
        self.gazetteer = gazetteer
        self.local = local

    @classmethod
    def open(cls, settings: HasCacheDir) -> "Resolver":
        """Open the gazetteer under ``settings.cache_dir`` (built at the first use) and the tables of the package."""
        gazetteer = Gazetteer.open(settings.cache_dir)
        return cls(gazetteer, LocalPlaces.open(), (Corrections.open(), Corrections.open(USUAL), Corrections.open(ITEMS)))

    def resolve(self, mention: Mention) -> Resolution:
        """The place that ``mention`` means; never raises for odd text, a rejection carries its reason."""
        asked = ask(mention)
        if not asked.name or len(asked.name) > _MAX_NAME or not any(c.isalpha() for c in asked.name):
            return _rejected(asked, "no_name", "the text is not a name")
        rules = (self._corrected, self._by_kind, self._usual, self._city)
        return next((found for rule in rules if (found := rule(asked))), None) or self._new(asked)

    # -- corrections and bodies that are no city --------------------------------------------------------------------

    def _corrected(self, asked: Asked) -> Resolution | None:
        if found := self.corrections.find(asked.name, asked.codes):
            return self._stated(asked, found, "correction", 1.0)
        item = self.items.find(asked.qid, ()) if asked.qid else None
        return self._stated(asked, item, "known_item", 0.998) if item else None

    def _usual(self, asked: Asked) -> Resolution | None:
        bare = asked.point is None and not asked.states and len(asked.codes) == 1
        found = self.usual.find(asked.name, asked.codes) if bare else None
        return self._stated(asked, found, "usual_meaning", 0.99) if found else None

    def _stated(self, asked: Asked, found: Correction, rule: str, confidence: float) -> Resolution:
        if not found.id:
            return _rejected(asked, rule, found.reason)
        entry = self.gazetteer.get(found.id)
        name, code = (entry.name, entry.country) if entry else (found.name, found.country)
        return Resolution(found.id, name, found.kind or "city", code, confidence, rule, reason=found.reason)

    def _by_kind(self, asked: Asked) -> Resolution | None:
        parsed = asked.body
        wanted = asked.mention.kind
        if wanted in DISTRICT_KINDS | REGION_KINDS | {"intermunicipal", "country"} and not parsed.kind:
            parsed = Body(asked.name, wanted)
        if not parsed.kind or self._is_main_name(asked):
            return None
        if wanted == "country":
            return self._country(asked)
        local = self._local(asked, parsed)
        if local:
            return _local(local, "body_of_its_own", 0.99)
        counties = states_with(asked.name) if asked.codes == ("US",) and not asked.qid else ()
        if len(counties) > 1:
            return self._us_county(asked, counties)
        if len(asked.codes) == 1 or asked.qid:
            return self._new_body(asked, parsed)
        return _rejected(asked, "no_country", f"a {parsed.kind} without a country")

    def _us_county(self, asked: Asked, counties: tuple[str, ...]) -> Resolution:
        stated = [state for state in counties if state in asked.states]
        if len(stated) != 1:
            lines = tuple(f"{asked.name}, {state}" for state in counties)
            return replace(_rejected(asked, "ambiguous", "several states have a county of this name"), candidates=lines)
        place_id = f"{region_id('US', asked.name, stated[0].lower())}"
        return Resolution(place_id, f"{asked.name}, {stated[0]}", "county", "US", 0.98, "new_body")

    def _is_main_name(self, asked: Asked) -> bool:
        named = self.gazetteer.folded(fold(asked.name))
        return kind_class(asked.mention.kind) == "city" and any(
            e.country in asked.codes and fold(e.name) == fold(asked.name) for e in named
        )

    def _country(self, asked: Asked) -> Resolution | None:
        code = country(asked.name).code
        return Resolution(f"iso:{code}", name_of(code), "country", code, 0.99, "country_name") if code else None

    def _local(self, asked: Asked, parsed: Body) -> LocalPlace | None:
        own = kind_class(parsed.kind)
        wider = [own, *{"district": ["region"], "region": ["district"]}.get(own, [])]
        for code in asked.codes:
            found = self.local.find(asked.name, code, wider) or self.local.find(parsed.base, code, [own])
            if found:
                return found
        return None

    def _new_body(self, asked: Asked, parsed: Body) -> Resolution:
        code = asked.country.code
        names = self.gazetteer.candidates(parsed.base, code)
        base = names[0].name if names and parsed.kind in DISTRICT_KINDS else parsed.base
        own_name = base if parsed.kind in DISTRICT_KINDS else asked.name
        place_id = f"wd:{asked.qid}" if asked.qid else region_id(code, own_name, parsed.kind)
        return Resolution(place_id, asked.name, parsed.kind, code, 0.95, "new_body", reason=f"a {parsed.kind}, not the city")

    # -- cities ---------------------------------------------------------------------------------------------------

    def _city(self, asked: Asked) -> Resolution | None:
        ambiguous: Choice | None = None
        for form in asked.forms:
            choice = self._choose(asked, form)
            if choice is None:
                continue
            if choice.entry:
                return _found(choice, choice.entry)
            ambiguous = ambiguous or choice
        if ambiguous is None and (found := self._elsewhere(asked)):
            return found
        return _rejected(asked, ambiguous.rule, ambiguous.reason, ambiguous.rest) if ambiguous else None

    def _choose(self, asked: Asked, form: Form) -> Choice | None:
        key = fold(form.base)
        named = self.gazetteer.folded(key)
        pool = [(tier(e, form.base, key), e) for e in named if asked.allows(e)]
        if not form.hint and self._is_local(asked, form.base) and all(t not in (MAIN, SPELLING, FOLDED_MAIN) for t, _ in pool):
            return None
        if asked.point and (hit := self._at_point(asked, form, pool)):
            return hit
        hinted = self._hinted(asked, form, pool) if form.hint and pool else None
        if form.hint:
            pool = hinted or []
        stated = bool(form.hint and form.firm and pool) and not self._unlocated(asked, form)
        if pool and asked.point and not stated and self._covers(asked):
            return self._despite_point(asked, pool)
        if asked.states:
            pool = [(t, e) for t, e in pool if e.admin1 in asked.states]
        if not pool:
            return None
        return by_fit(pool) if asked.codes else by_fit(pool, DOMINANCE_WORLD)

    def _is_local(self, asked: Asked, name: str) -> bool:
        """Whether our own tables have a municipality or borough of this very name, which beats a part or alternate of a name."""
        return any(self.local.find(name, code, ("city",)) for code in asked.codes)

    def _at_point(self, asked: Asked, form: Form, pool: Sequence[tuple[int, Entry]]) -> Choice | None:
        """The namesake at the point, in the country or in one that sources take for it (Western Sahara under Morocco)."""
        if asked.point is None:
            return None
        if pool and (hit := by_point(pool, *asked.point)):
            return hit
        also = {r.also for code in asked.codes for r in relations().get(code, ())}
        key = fold(form.base)
        beyond = [(tier(e, form.base, key), e) for e in self.gazetteer.folded(key) if e.country in also] if also else []
        hit = by_point(beyond, *asked.point) if beyond else None
        return replace(hit, rule=f"{hit.rule}_of_related_country") if hit else None

    def _despite_point(self, asked: Asked, pool: Sequence[tuple[int, Entry]]) -> Choice | None:
        """A point in the country speaks for another place, unless the size agrees and the name is the only one or not far."""
        people, point = asked.mention.population, asked.point
        if not people or point is None:
            return None
        own = one_per_spot(e for t, e in pool if t in (MAIN, SPELLING, FOLDED_MAIN))
        alike = [e for e in own if _AGREE * people <= e.population and _AGREE * e.population <= people]
        near = [e for e in alike if distance_km(*point, e.lat, e.lon) <= LOOSE_KM]
        chosen = near if len(own) > 1 else alike
        return Choice(chosen[0], "main_name_with_population", 0.985) if len(chosen) == 1 else None

    def _hinted(self, asked: Asked, form: Form, pool: Sequence[tuple[int, Entry]]) -> list[tuple[int, Entry]] | None:
        match = country(form.hint)
        if form.firm and match.codes and not (set(match.codes) & set(asked.codes) if asked.codes else False):
            inside = [(t, e) for t, e in pool if e.country in match.codes]
            if inside or not asked.codes:
                return inside or None
        codes = asked.codes or tuple({e.country for _, e in pool})
        hints = dict.fromkeys((form.hint, body(form.hint).base))
        states = {(code, state) for code in codes for hint in hints for state in states_of(code, hint)}
        if states:
            return [(t, e) for t, e in pool if (e.country, e.admin1) in states] or None
        named = [(t, e) for t, e in pool if hint_in_names(form.hint, form.base, (e.name, *e.aliases))]
        if named:
            return named
        if form.firm and (around := self._around(asked, form, pool)):
            return around
        if not asked.codes and (inside := [(t, e) for t, e in pool if self.local.find(form.hint, e.country, _WIDE)]):
            return inside
        if self._unlocated(asked, form):
            return [(t, e) for t, e in pool if t in (MAIN, SPELLING, FOLDED_MAIN)] or None
        return self._unknown_addition(asked, form, pool)

    def _unlocated(self, asked: Asked, form: Form) -> bool:
        """Whether the addition is a county or region of which only the name is known, so that it confirms no namesake."""
        found = any(self.local.find(form.hint, code, _WIDE) for code in asked.codes)
        return found and not any(states_of(code, form.hint) for code in asked.codes)

    def _unknown_addition(self, asked: Asked, form: Form, pool: Sequence[tuple[int, Entry]]) -> list[tuple[int, Entry]] | None:
        """Nothing known answers to the addition (a river, a hill): then only a place that has the name alone and in full.

        ``Oberursel (Taunus)`` is Oberursel, but ``Ludwigshafen (Bodman)`` is not Ludwigshafen am Rhein.
        """
        alone = len(one_per_spot(e for _, e in pool)) == 1 and pool[0][0] in (MAIN, SPELLING, FOLDED_MAIN)
        known = any(asked.allows(e) for e in self.gazetteer.folded(fold(form.hint)))
        return list(pool) if alone and not (form.firm and known) else None

    def _around(self, asked: Asked, form: Form, pool: Sequence[tuple[int, Entry]]) -> list[tuple[int, Entry]]:
        centres = [e for e in self.gazetteer.folded(fold(form.hint)) if asked.allows(e)]
        if not centres:
            return []
        centre = centres[0]
        near = [(distance_km(e.lat, e.lon, centre.lat, centre.lon), t, e) for t, e in pool]
        return [(t, e) for d, t, e in near if 0 < d <= _HINT_KM and e.geonameid != centre.geonameid]

    def _covers(self, asked: Asked) -> bool:
        """Whether the point is in the named country at all, so that it can be believed against the name."""
        if not asked.point or asked.coarse:
            return False
        near = self.gazetteer.near(*asked.point, _COVER_KM)
        return bool(near) and (not asked.codes or near[0][1].country in asked.codes)

    # -- what no name in the country answers ------------------------------------------------------------------------

    def _elsewhere(self, asked: Asked) -> Resolution | None:
        rules = (
            self._related,
            self._halves,
            self._known_region,
            self._whole_country,
            self._romanised,
            self._similar,
            self._point_alone,
        )
        return next((found for rule in rules if (found := rule(asked))), None)

    def _related(self, asked: Asked) -> Resolution | None:
        for code in asked.codes if len(asked.codes) == 1 else ():
            for relation in relations().get(code, ()):
                inner = replace(asked, codes=(relation.also,), states=frozenset(relation.admin1) or frozenset())
                for form in asked.forms:
                    choice = self._choose(inner, form)
                    if choice and choice.entry:
                        rule = f"{choice.rule}_of_related_country"
                        return replace(_found(choice, choice.entry), rule=rule, reason=relation.reason)
        return None

    def _halves(self, asked: Asked) -> Resolution | None:
        """Both names of a bilingual one; when they lead to different places neither is believed."""
        choices = [self._choose(asked, Form(half)) for half in halves(asked.name)]
        found = {c.entry.geonameid: c for c in choices if c and c.entry}
        choice = next(iter(found.values())) if len(found) == 1 else None
        return _found(choice, choice.entry) if choice and choice.entry else None

    def _known_region(self, asked: Asked) -> Resolution | None:
        for code in asked.codes:
            if found := self.local.find(asked.name, code, ("city", "region", "district")):
                return _local(found, "region_by_name", 0.98)
        return None

    def _whole_country(self, asked: Asked) -> Resolution | None:
        code = country(asked.name).code
        return self._country(asked) if code and (not asked.codes or code in asked.codes) else None

    def _romanised(self, asked: Asked) -> Resolution | None:
        """Another romanisation; without a country only a long one that no second place of the world has."""
        for name in asked.variants:
            key = fold(name)
            pool = [(ROMANISED, e) for e in self.gazetteer.romanised(key) if asked.allows(e)]
            pool = [(t, e) for t, e in pool if not asked.states or e.admin1 in asked.states]
            if not pool or not (asked.codes or asked.point or self._alone_in_the_world(key, pool)):
                continue
            choice = by_point(pool, *asked.point) if asked.point else None
            if choice is None and not self._covers(asked):
                choice = by_fit(pool)
            if choice and choice.entry:
                return _found(choice, choice.entry)
        return None

    def _alone_in_the_world(self, key: str, pool: Sequence[tuple[int, Entry]]) -> bool:
        return len(key) >= _LONG and len(one_per_spot(e for _, e in pool)) == 1

    def _point_alone(self, asked: Asked) -> Resolution | None:
        """A town of this very name at the point, though the source gives another country (some give one at random)."""
        near = self.gazetteer.near(*asked.point, _SPOT_KM) if asked.point and not asked.coarse else []
        for _, entry in near:
            if any(tier(entry, name, fold(name)) in (MAIN, SPELLING, FOLDED_MAIN) for name in asked.variants):
                return _found(Choice(entry, "main_name_at_coordinates_elsewhere", 0.98), entry)
        return None

    def _similar(self, asked: Asked) -> Resolution | None:
        if not asked.point:
            return None
        best: tuple[float, Entry] | None = None
        for _, entry in self.gazetteer.near(*asked.point, _NEAR_KM):
            score = max(_likeness(name, (entry.name, *entry.aliases)) for name in asked.variants)
            if asked.allows(entry) and score >= _SIMILAR and (best is None or score > best[0]):
                best = (score, entry)
        return _found(Choice(best[1], "similar_name_at_coordinates", 0.97), best[1]) if best else None

    # -- new places -------------------------------------------------------------------------------------------------

    def _new(self, asked: Asked) -> Resolution:
        code = asked.codes[0] if len(asked.codes) == 1 else ""
        if not code and asked.point and self._covers(asked):
            code = self.gazetteer.near(*asked.point, _COVER_KM)[0][1].country
        kind = asked.mention.kind or self._kind_of_new(asked)
        reason = "no place of the gazetteer is called so"
        if asked.qid:
            return Resolution(f"wd:{asked.qid}", asked.name, kind, code, 0.9, "new_item", reason=reason)
        if not code:
            return _rejected(asked, "no_country", "unknown name without a country")
        known = any(e.country == code for name in asked.variants for e in self.gazetteer.folded(fold(name)))
        spot = f"-at-{asked.point[0]:.1f}-{asked.point[1]:.1f}" if known and asked.point else ""
        return Resolution(f"x:{code.lower()}-{slug(asked.name)}{spot}", asked.name, kind, code, 0.9, "new_place", reason=reason)

    def _kind_of_new(self, asked: Asked) -> str:
        """``borough`` for an unknown part of a large city (``Nizami (Baku)``), else ``municipality``."""
        hints = [f.hint for f in asked.forms if f.firm]
        parents = [e for hint in hints for e in self.gazetteer.folded(fold(hint)) if asked.codes and asked.allows(e)]
        return "borough" if parents and parents[0].population >= _LARGE else "municipality"


def _likeness(name: str, others: Iterable[str]) -> float:
    key = fold(name)
    return max((fuzz.ratio(key, fold(other)) for other in others), default=0.0)


def _found(choice: Choice, entry: Entry) -> Resolution:
    return Resolution(entry.id, entry.name, entry.kind, entry.country, choice.confidence, choice.rule, reason=choice.reason)


def _local(place: LocalPlace, rule: str, confidence: float) -> Resolution:
    return Resolution(place.id, place.names[0], place.kind, place.country, confidence, rule)


def _rejected(asked: Asked, rule: str, reason: str, rest: Sequence[Entry] = ()) -> Resolution:
    lines = tuple(describe(e) for e in rest[:8])
    return Resolution("", asked.name, asked.mention.kind, asked.country.code, 0.0, rule, lines, reason)


def describe(entry: Entry) -> str:
    """A candidate as people read it: name, country, division, size and id."""
    return f"{entry.name} ({entry.country}.{entry.admin1}, {entry.population} people, {entry.id})"
