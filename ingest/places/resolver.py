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

from ingest.gazetteer.gazetteer import Entry, Gazetteer
from ingest.gazetteer.own_places import LocalPlaces
from ingest.names.countries import LANGUAGES, country_called, name_of, relations, suggestion
from ingest.names.keys import exact, skeleton
from ingest.names.qualifiers import Form, halves
from ingest.places.accounted import Accounting, described
from ingest.places.additions import Additions
from ingest.places.bodies import Bodies, country_itself, found_as, local_place
from ingest.places.city_parts import CityParts
from ingest.places.corrections import ITEMS, USUAL, Correction, Corrections, joins, own_corrections
from ingest.places.corrections import OWN as OWN_FILE
from ingest.places.doubts import Doubts
from ingest.places.mention import Mention, Resolution
from ingest.places.namesakes import (
    ALTERNATE,
    BASE,
    DOMINANCE,
    DOMINANCE_WORLD,
    EAST_ASIA,
    MAIN,
    MIN_BASE,
    NO_DOMINANCE,
    OWN,
    PART_OF_NAME,
    ROMANISED,
    Choice,
    believable,
    by_fit,
    by_point,
    may_be_romanised,
    one_per_spot,
    tier,
)
from ingest.places.new_places import Unlisted, rejected
from ingest.places.populations import HERE_KM, as_large, despite_point, of_the_size
from ingest.places.prepared import Asked, ask
from ingest.places.shortened import is_shortened, meant
from kg.model.identity import fold

__all__ = ["Mention", "Resolution", "Resolver"]

_SIMILAR = 86.0
_NEAR_KM = 6.0
_SPOT_KM = 5.0
_COVER_KM = 30.0
_LONG = 8
_WELL_KNOWN = 100_000
_SMALL = 20_000
_OWN_COUNTY_NAMES = frozenset({"HU", "FR", "HR", "SE", "NO", "GB", "IE"})
"""Where a county is not called by its seat, so that its bare name is not that of a city (Somogy is not Pécs)."""
_KNOWN_BY_NAME = 30_000
_MAX_NAME = 120


class HasFolders(Protocol):
    """What the resolver needs of the settings."""

    @property
    def home(self) -> Path:
        """Folder in which a user's own ``corrections.csv`` may stand."""
        ...

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
        self.additions = Additions(gazetteer, local)
        self.unlisted = Unlisted(gazetteer)
        self.bodies = Bodies(gazetteer, local, self.unlisted)
        self.parts = CityParts(gazetteer, local)
        self.doubts = Doubts(gazetteer)
        self.accounting = Accounting(gazetteer, self.additions)
        self.own: tuple[Correction, ...] = ()
        """The user's own corrections."""

    @classmethod
    def open(cls, settings: HasFolders) -> "Resolver":
        """Open the gazetteer under ``settings.cache_dir`` (built at the first use), the tables of the package and the user's.

        Raises:
            DataError: the user's corrections have a line that cannot hold.
        """
        gazetteer = Gazetteer.open(settings.cache_dir)
        own = list(own_corrections(settings.home / OWN_FILE, lambda place: gazetteer.get(place) is not None))
        tables = (Corrections.open().after(own), Corrections.open(USUAL), Corrections.open(ITEMS).after(own))
        resolver = cls(gazetteer, LocalPlaces.open(), tables)
        resolver.own = tuple(own)
        return resolver

    def unused(self) -> list[Correction]:
        """The user's own corrections that no mention called for; shipped ones serve many sources, none needs them all."""
        used = self.corrections.used | self.items.used
        return [each for each in self.own if each not in used and each.name not in joins(self.own)]

    def resolve(self, mention: Mention) -> Resolution:
        """The place that ``mention`` means; never raises for odd text, a rejection carries its reason."""
        asked = ask(mention)
        if not asked.name or len(asked.name) > _MAX_NAME or not any(c.isalpha() for c in asked.name):
            return rejected(asked, "no_name", "the text is not a name")
        if corrected := self._corrected(asked):
            return self.accounting.settled(asked, corrected)
        if asked.country.unknown:
            return self._unknown_country(asked)
        rules = (self.parts.find, self.bodies.by_kind, self.bodies.rural, self._usual, self._shortened, self._city)
        found = next((found for rule in rules if (found := rule(asked))), None) or self.unlisted.place(asked)
        return self.doubts.weighed(asked, self.accounting.settled(asked, found))

    def _unknown_country(self, asked: Asked) -> Resolution:
        """A country text that is not understood is not the same as none: the world is never searched for it."""
        like = suggestion(asked.mention.country)
        reason = asked.country.reason + (f"; is {like} meant?" if like else "")
        named = self.gazetteer.folded(fold(asked.name))
        return rejected(asked, "unknown_country", reason, tuple(described(e) for e in named[:8]))

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
            return rejected(asked, rule, found.reason)
        entry = self.gazetteer.get(found.id)
        name, code = (entry.name, entry.country) if entry else (found.name, found.country)
        return Resolution(found.id, name, found.kind or "city", code, confidence, rule, reason=found.reason)

    def _shortened(self, asked: Asked) -> Resolution | None:
        """A name of which beginnings of words are written, where one known name begins so; several are a question."""
        if not asked.codes or not is_shortened(asked.name) or self.gazetteer.folded(fold(asked.name)):
            return None
        found = one_per_spot(meant(self.gazetteer, asked.name, asked.codes))
        if len(found) == 1:
            return found_as(Choice(found[0], "shortened_name", 0.97), found[0])
        return _ambiguous(asked, Choice(None, "ambiguous", 0.0, tuple(found), "several names begin so")) if found else None

    # -- cities ---------------------------------------------------------------------------------------------------

    def _city(self, asked: Asked) -> Resolution | None:
        ambiguous: Choice | None = None
        for form in asked.forms:
            choice = self._choose(asked, form)
            if choice is None:
                continue
            if choice.entry:
                return self._larger_body(asked, choice.entry) or found_as(choice, choice.entry)
            ambiguous = ambiguous or choice
        if (ambiguous is None or ambiguous.rule == PART_OF_NAME) and (found := self._elsewhere(asked)):
            return found
        return _ambiguous(asked, ambiguous) if ambiguous else None

    def _larger_body(self, asked: Asked, town: Entry) -> Resolution | None:
        """Without a country a small town is less likely meant than a country or state of the name: Tonga, Queensland."""
        if asked.codes or asked.point or asked.states:
            return None
        code = _country_written(asked.name)
        if code and code != town.country and town.population < _WELL_KNOWN:
            return country_itself(asked)
        state = self.local.anywhere(asked.name, "region") if town.population < _SMALL else None
        first = state is not None and fold(state.names[0]) == fold(asked.name)
        return local_place(state, "region_by_name", 0.98) if state and first else None

    def _choose(self, asked: Asked, form: Form) -> Choice | None:
        key = fold(form.base)
        named = self.gazetteer.folded(key)
        pool = [(t, e) for e in named if asked.allows(e) and believable(t := tier(e, form.base, key), e, key)]
        if (
            not form.hint
            and pool
            and len(asked.codes) == 1
            and asked.codes[0] not in EAST_ASIA
            and all(t >= ALTERNATE for t, _ in pool)
        ):
            # Villingen is half of the name of a town rather than another spelling of Willingen.
            begun = self.gazetteer.beginning(f"{key} ", asked.codes[0], MIN_BASE)
            pool += [(BASE, e) for e in begun if "-" in e.name]
        if self._is_ours(asked, form) and (form.hint or all(t not in OWN for t, _ in pool)):
            return None
        if not form.hint and not asked.point and self._is_our_borough(asked, form.base, pool):
            return None
        if asked.point and (hit := self._at_point(asked, form, pool)):
            return hit
        understood = True
        if form.hint and pool:
            pool, understood = self.additions.narrow(asked, form, pool)
        stated = bool(form.firm and pool) and understood and not self.additions.unlocated(asked, form)
        if pool and asked.point and not stated and self._covers(asked):
            return despite_point(asked, pool) or _well_known(by_fit(pool))
        if asked.states and not self._alone_elsewhere(key, pool):
            pool = [(t, e) for t, e in pool if e.admin1 in asked.states]
        if not pool:
            return None
        return by_fit(pool, (DOMINANCE if asked.codes else DOMINANCE_WORLD) if understood else NO_DOMINANCE)

    def _alone_elsewhere(self, key: str, pool: Sequence[tuple[int, Entry]]) -> bool:
        """Whether the country has one place of this long name only: then the source is wrong about the part (England)."""
        return len(key) >= _LONG and len(pool) == 1 and pool[0][0] == MAIN

    def _is_ours(self, asked: Asked, form: Form) -> bool:
        """Whether our own tables have this very name, which beats a part of a name or an alternate one (Goa, New Jersey)."""
        name = asked.name if form.hint else form.base
        if any(self.local.find(name, code, ("city",)) for code in asked.codes):
            return True
        states = (self.local.find(name, code, ("region",)) for code in asked.codes)
        counties = (self.local.find(name, code, ("district",)) for code in asked.codes if code in _OWN_COUNTY_NAMES)
        if any(place and fold(name) in map(fold, place.names) for place in counties) and not form.hint:
            return True
        return not form.hint and any(state and fold(state.names[0]) == fold(name) for state in states)

    def _is_our_borough(self, asked: Asked, name: str, pool: Sequence[tuple[int, Entry]]) -> bool:
        """Whether the name is that of a part of a large city of ours, which a village of the name is not meant beside."""
        ours = [place for code in asked.codes if (place := self.local.find(name, code, ("city",)))]
        return any(place.kind == "borough" for place in ours) and all(e.population < _SMALL and e.kind == "city" for _, e in pool)

    def _at_point(self, asked: Asked, form: Form, pool: Sequence[tuple[int, Entry]]) -> Choice | None:
        """The namesake at the point, in the country or in one that sources take for it (Western Sahara under Morocco)."""
        if asked.point is None:
            return None
        if pool and (hit := by_point(pool, *asked.point)):
            return of_the_size(asked, pool, hit) or hit
        also = {r.also for code in asked.codes for r in relations().get(code, ())}
        key = fold(form.base)
        beyond = [(tier(e, form.base, key), e) for e in self.gazetteer.folded(key) if e.country in also] if also else []
        hit = by_point(beyond, *asked.point) if beyond else None
        return replace(hit, rule=f"{hit.rule}_of_related_country") if hit else None

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
            self._as_large,
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
                        return replace(found_as(choice, choice.entry), rule=rule, reason=relation.reason)
        return None

    def _halves(self, asked: Asked) -> Resolution | None:
        """Both names of a bilingual one; when they lead to different places neither is believed.

        One name alone is believed in a known country only: Brienz/Brinzauls is not Brienz, wherever that may be.
        """
        names = halves(asked.name)
        choices = [self._choose(asked, Form(half)) for half in names]
        found = {c.entry.geonameid: c for c in choices if c and c.entry}
        if not asked.codes and not asked.point and sum(bool(c and c.entry) for c in choices) < len(names):
            return None
        choice = next(iter(found.values())) if len(found) == 1 else None
        return found_as(choice, choice.entry) if choice and choice.entry else None

    def _known_region(self, asked: Asked) -> Resolution | None:
        for code in asked.codes:
            if found := self.local.find(asked.name, code, ("city", "region", "district")):
                return local_place(found, "region_by_name", 0.98)
        state = None if asked.codes or asked.point else self.local.anywhere(asked.name, "region")
        return local_place(state, "region_by_name", 0.98) if state else None

    def _whole_country(self, asked: Asked) -> Resolution | None:
        code = country_called(asked.name) if "," not in asked.name else ""
        return country_itself(asked) if code and (not asked.codes or code in asked.codes) else None

    def _romanised(self, asked: Asked) -> Resolution | None:
        """Another romanisation; without a country only a long one that no second place of the world has."""
        for name in asked.variants:
            key = fold(name)
            alike = (e for e in self.gazetteer.romanised(key) if may_be_romanised(e, key, located=bool(asked.point)))
            pool = [(ROMANISED, e) for e in alike if asked.allows(e)]
            pool = [(t, e) for t, e in pool if not asked.states or e.admin1 in asked.states]
            if not pool or not (asked.codes or asked.point or self._alone_in_the_world(key, pool)):
                continue
            choice = by_point(pool, *asked.point) if asked.point else None
            if choice is None:
                same = [(MAIN, e) for _, e in pool if may_be_romanised(e, key) and skeleton(fold(e.name)) == skeleton(key)]
                choice = despite_point(asked, same) if self._covers(asked) else by_fit(pool)
            if choice and choice.entry:
                return found_as(choice, choice.entry)
        return None

    def _alone_in_the_world(self, key: str, pool: Sequence[tuple[int, Entry]]) -> bool:
        return len(key) >= _LONG and len(one_per_spot(e for _, e in pool)) == 1

    def _as_large(self, asked: Asked) -> Resolution | None:
        near = self.gazetteer.near(*asked.point, HERE_KM) if asked.point and not asked.coarse else []
        entry = as_large(asked, near)
        return found_as(Choice(entry, "population_at_coordinates", 0.96), entry) if entry else None

    def _point_alone(self, asked: Asked) -> Resolution | None:
        """A town of this very name at the point, though the source gives another country (some give one at random)."""
        near = self.gazetteer.near(*asked.point, _SPOT_KM) if asked.point and not asked.coarse else []
        for _, entry in near:
            if any(tier(entry, name, fold(name)) in OWN for name in asked.variants):
                return found_as(Choice(entry, "main_name_at_coordinates_elsewhere", 0.98), entry)
        return None

    def _similar(self, asked: Asked) -> Resolution | None:
        if not asked.point:
            return None
        best: tuple[float, Entry] | None = None
        for _, entry in self.gazetteer.near(*asked.point, _NEAR_KM):
            score = max(_likeness(name, (entry.name, *entry.aliases)) for name in asked.variants)
            if asked.allows(entry) and score >= _SIMILAR and (best is None or score > best[0]):
                best = (score, entry)
        return found_as(Choice(best[1], "similar_name_at_coordinates", 0.97), best[1]) if best else None


def _country_written(name: str) -> str:
    """Code of the country that has this very name in one of our languages, not as a code or a near spelling; else ""."""
    code = country_called(name)
    return code if exact(name) in {exact(name_of(code, language)) for language in LANGUAGES} else ""


def _well_known(choice: Choice) -> Choice | None:
    """A town that is known by its main name alone: a point elsewhere is the source's mistake, and noted as such."""
    return choice if choice.entry and choice.entry.population >= _KNOWN_BY_NAME and "main_name" in choice.rule else None


def _likeness(name: str, others: Iterable[str]) -> float:
    key = fold(name)
    return max((fuzz.ratio(key, fold(other)) for other in others), default=0.0)


def _ambiguous(asked: Asked, choice: Choice) -> Resolution:
    return rejected(asked, choice.rule, choice.reason, tuple(described(e) for e in choice.rest[:8]))
