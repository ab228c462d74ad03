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
from ingest.gazetteer.own_places import LocalPlace, LocalPlaces, kind_class
from ingest.names.countries import LANGUAGES, country_called, name_of, relations, suggestion
from ingest.names.keys import exact, skeleton
from ingest.names.kinds import DISTRICT_KINDS, REGION_KINDS, Body
from ingest.names.qualifiers import Form, halves
from ingest.places.accounted import Accounting, described
from ingest.places.additions import Additions
from ingest.places.corrections import ITEMS, USUAL, Correction, Corrections, own_corrections
from ingest.places.corrections import OWN as OWN_FILE
from ingest.places.doubts import Doubts
from ingest.places.mention import Mention, Resolution
from ingest.places.namesakes import (
    DOMINANCE,
    DOMINANCE_WORLD,
    MAIN,
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
from ingest.places.populations import HERE_KM, as_large, despite_point, of_the_size, rural_beside
from ingest.places.prepared import Asked, ask
from kg.model.identity import fold

__all__ = ["Mention", "Resolution", "Resolver"]

_SIMILAR = 86.0
_NEAR_KM = 6.0
_SPOT_KM = 5.0
_COVER_KM = 30.0
_LONG = 8
_WELL_KNOWN = 100_000
_SMALL = 20_000
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
        return [correction for correction in self.own if correction not in used]

    def resolve(self, mention: Mention) -> Resolution:
        """The place that ``mention`` means; never raises for odd text, a rejection carries its reason."""
        asked = ask(mention)
        if not asked.name or len(asked.name) > _MAX_NAME or not any(c.isalpha() for c in asked.name):
            return rejected(asked, "no_name", "the text is not a name")
        if corrected := self._corrected(asked):
            return self.accounting.settled(asked, corrected)
        if asked.country.unknown:
            return self._unknown_country(asked)
        rules = (self._by_kind, self._rural, self._usual, self._city)
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
        if parsed.kind == "borough" and (listed := self._listed_quarter(asked, parsed)):
            return listed
        if len(asked.codes) == 1 or asked.qid:
            return self.unlisted.body(asked, parsed)
        return rejected(asked, "no_country", f"a {parsed.kind} without a country")

    def _listed_quarter(self, asked: Asked, parsed: Body) -> Resolution | None:
        """A borough that the gazetteer has, told by its point: Arakawa-ku at Arakawa, Budapest's districts by number."""
        numbered = [form.base for form in asked.forms if form.base.startswith("Budapest ")]
        for name in (*numbered, parsed.base):
            pool = [
                (t, e) for e in self.gazetteer.folded(fold(name)) if asked.allows(e) and (t := tier(e, name, fold(name))) in OWN
            ]
            hit = by_point(pool, *asked.point) if pool and asked.point else by_fit(pool) if pool and numbered else None
            if hit and hit.entry:
                return _found(hit, hit.entry)
        return None

    def _rural(self, asked: Asked) -> Resolution | None:
        base = next((f.base for f in asked.forms if not f.hint and f.base != asked.name), "")
        around = rural_beside(asked, self.gazetteer.folded(fold(base))) if base else False
        return self.unlisted.body(asked, Body(base, "municipality")) if around else None

    def _is_main_name(self, asked: Asked) -> bool:
        named = self.gazetteer.folded(fold(asked.name))
        return kind_class(asked.mention.kind) == "city" and any(
            e.country in asked.codes and fold(e.name) == fold(asked.name) for e in named
        )

    def _country(self, asked: Asked) -> Resolution | None:
        code = country_called(asked.name)
        return Resolution(f"iso:{code}", name_of(code), "country", code, 0.99, "country_name") if code else None

    def _local(self, asked: Asked, parsed: Body) -> LocalPlace | None:
        own = kind_class(parsed.kind)
        wider = [own, *{"district": ["region"], "region": ["district"]}.get(own, [])]
        for code in asked.codes:
            found = self.local.find(asked.name, code, wider) or self.local.find(parsed.base, code, [own])
            if found:
                return found
        return None

    # -- cities ---------------------------------------------------------------------------------------------------

    def _city(self, asked: Asked) -> Resolution | None:
        ambiguous: Choice | None = None
        for form in asked.forms:
            choice = self._choose(asked, form)
            if choice is None:
                continue
            if choice.entry:
                return self._larger_body(asked, choice.entry) or _found(choice, choice.entry)
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
            return self._country(asked)
        state = self.local.anywhere(asked.name, "region") if town.population < _SMALL else None
        first = state is not None and fold(state.names[0]) == fold(asked.name)
        return _local(state, "region_by_name", 0.98) if state and first else None

    def _choose(self, asked: Asked, form: Form) -> Choice | None:
        key = fold(form.base)
        named = self.gazetteer.folded(key)
        pool = [(t, e) for e in named if asked.allows(e) and believable(t := tier(e, form.base, key), e, key)]
        if self._is_ours(asked, form) and (form.hint or all(t not in OWN for t, _ in pool)):
            return None
        if asked.point and (hit := self._at_point(asked, form, pool)):
            return hit
        understood = True
        if form.hint and pool:
            pool, understood = self.additions.narrow(asked, form, pool)
        stated = bool(form.firm and pool) and understood and not self.additions.unlocated(asked, form)
        if pool and asked.point and not stated and self._covers(asked):
            return despite_point(asked, pool)
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
        return not form.hint and any(state and fold(state.names[0]) == fold(name) for state in states)

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
                        return replace(_found(choice, choice.entry), rule=rule, reason=relation.reason)
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
        return _found(choice, choice.entry) if choice and choice.entry else None

    def _known_region(self, asked: Asked) -> Resolution | None:
        for code in asked.codes:
            if found := self.local.find(asked.name, code, ("city", "region", "district")):
                return _local(found, "region_by_name", 0.98)
        state = None if asked.codes or asked.point else self.local.anywhere(asked.name, "region")
        return _local(state, "region_by_name", 0.98) if state else None

    def _whole_country(self, asked: Asked) -> Resolution | None:
        code = country_called(asked.name) if "," not in asked.name else ""
        return self._country(asked) if code and (not asked.codes or code in asked.codes) else None

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
                return _found(choice, choice.entry)
        return None

    def _alone_in_the_world(self, key: str, pool: Sequence[tuple[int, Entry]]) -> bool:
        return len(key) >= _LONG and len(one_per_spot(e for _, e in pool)) == 1

    def _as_large(self, asked: Asked) -> Resolution | None:
        near = self.gazetteer.near(*asked.point, HERE_KM) if asked.point and not asked.coarse else []
        entry = as_large(asked, near)
        return _found(Choice(entry, "population_at_coordinates", 0.96), entry) if entry else None

    def _point_alone(self, asked: Asked) -> Resolution | None:
        """A town of this very name at the point, though the source gives another country (some give one at random)."""
        near = self.gazetteer.near(*asked.point, _SPOT_KM) if asked.point and not asked.coarse else []
        for _, entry in near:
            if any(tier(entry, name, fold(name)) in OWN for name in asked.variants):
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


def _country_written(name: str) -> str:
    """Code of the country that has this very name in one of our languages, not as a code or a near spelling; else ""."""
    code = country_called(name)
    return code if exact(name) in {exact(name_of(code, language)) for language in LANGUAGES} else ""


def _likeness(name: str, others: Iterable[str]) -> float:
    key = fold(name)
    return max((fuzz.ratio(key, fold(other)) for other in others), default=0.0)


def _found(choice: Choice, entry: Entry) -> Resolution:
    return Resolution(entry.id, entry.name, entry.kind, entry.country, choice.confidence, choice.rule, reason=choice.reason)


def _local(place: LocalPlace, rule: str, confidence: float) -> Resolution:
    return Resolution(place.id, place.names[0], place.kind, place.country, confidence, rule)


def _ambiguous(asked: Asked, choice: Choice) -> Resolution:
    return rejected(asked, choice.rule, choice.reason, tuple(described(e) for e in choice.rest[:8]))
