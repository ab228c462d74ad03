"""Bodies that are no city: counties, provinces, states, unions of municipalities and boroughs that a word for them names."""

from dataclasses import dataclass

from ingest.gazetteer.gazetteer import Entry, Gazetteer
from ingest.gazetteer.own_places import LocalPlace, LocalPlaces, kind_class
from ingest.names.countries import country_called, name_of
from ingest.names.kinds import DISTRICT_KINDS, REGION_KINDS, Body
from ingest.places.mention import Resolution
from ingest.places.namesakes import OWN, Choice, by_fit, by_point, tier
from ingest.places.new_places import Unlisted, rejected
from ingest.places.populations import rural_beside
from ingest.places.prepared import Asked
from kg.model.identity import fold


@dataclass(frozen=True, slots=True)
class Bodies:
    """Finds them in our own tables, or makes them new; never the city of the same name."""

    gazetteer: Gazetteer
    local: LocalPlaces
    unlisted: Unlisted

    def by_kind(self, asked: Asked) -> Resolution | None:
        """The body that a word in the name or the stated kind means."""
        parsed = asked.body
        wanted = asked.mention.kind
        if wanted in DISTRICT_KINDS | REGION_KINDS | {"intermunicipal", "country"} and not parsed.kind:
            parsed = Body(asked.name, wanted)
        if not parsed.kind or self._is_main_name(asked):
            return None
        if wanted == "country":
            return country_itself(asked)
        local = self._local(asked, parsed)
        if local:
            return local_place(local, "body_of_its_own", 0.99)
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
                return found_as(hit, hit.entry)
        return None

    def rural(self, asked: Asked) -> Resolution | None:
        """The rural municipality around a town of the name, as in Poland."""
        base = next((f.base for f in asked.forms if not f.hint and f.base != asked.name), "")
        around = rural_beside(asked, self.gazetteer.folded(fold(base))) if base else False
        return self.unlisted.body(asked, Body(base, "municipality")) if around else None

    def _is_main_name(self, asked: Asked) -> bool:
        named = self.gazetteer.folded(fold(asked.name))
        return kind_class(asked.mention.kind) == "city" and any(
            e.country in asked.codes and fold(e.name) == fold(asked.name) for e in named
        )

    def _local(self, asked: Asked, parsed: Body) -> LocalPlace | None:
        own = kind_class(parsed.kind)
        wider = [own, *{"district": ["region"], "region": ["district"]}.get(own, [])]
        for code in asked.codes:
            found = self.local.find(asked.name, code, wider) or self.local.find(parsed.base, code, [own])
            if found:
                return found
        return None


def country_itself(asked: Asked) -> Resolution | None:
    """The country whose name the mention is in full."""
    code = country_called(asked.name)
    return Resolution(f"iso:{code}", name_of(code), "country", code, 0.99, "country_name") if code else None


def local_place(place: LocalPlace, rule: str, confidence: float) -> Resolution:
    """A place of our own tables as an answer."""
    return Resolution(place.id, place.names[0], place.kind, place.country, confidence, rule)


def found_as(choice: Choice, entry: Entry) -> Resolution:
    """A place of the gazetteer as an answer."""
    return Resolution(entry.id, entry.name, entry.kind, entry.country, choice.confidence, choice.rule, reason=choice.reason)
