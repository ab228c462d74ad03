"""Places that the gazetteer lacks: municipalities, boroughs, counties and the like that a source names, as new places."""

from collections.abc import Set

from ingest.gazetteer.gazetteer import Entry, Gazetteer
from ingest.gazetteer.us_counties import states_with
from ingest.names.kinds import DISTRICT_KINDS, Body
from ingest.places.mention import Resolution
from ingest.places.prepared import Asked
from kg.model.identity import fold, place_id

_LARGE = 200_000
_COVER_KM = 30.0


class Unlisted:
    """Makes the id of a new place from country and name, so that every source that names it means the same one."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Of the gazetteer, which tells a new namesake from a known place and a borough from a village."""
        self.gazetteer = gazetteer

    def place(self, asked: Asked) -> Resolution:
        """A new place, or a rejection when its country is unknown."""
        code = asked.codes[0] if len(asked.codes) == 1 else ""
        if not asked.codes and asked.point:
            code = self._country_at(asked)
        kind = asked.mention.kind or self._kind(asked)
        reason = "no place of the gazetteer is called so"
        if asked.qid:
            return Resolution(f"wd:{asked.qid}", asked.name, kind, code, 0.9, "new_item", reason=reason)
        if not code:
            return rejected(asked, "no_country", "unknown name without a country")
        known = any(e.country == code for name in asked.variants for e in self.gazetteer.folded(fold(name)))
        spot = [f"at-{asked.point[0]:.1f}-{asked.point[1]:.1f}"] if known and asked.point else []
        return Resolution(place_id(code, _inside_out(asked), *spot), asked.name, kind, code, 0.9, "new_place", reason=reason)

    def body(self, asked: Asked, parsed: Body) -> Resolution:
        """A county, province, state or union of municipalities, never the town of the same name."""
        counties = states_with(asked.name) if asked.codes == ("US",) and not asked.qid else ()
        if len(counties) > 1:
            return _us_county(asked, counties, asked.states or {self._state_at(asked)})
        code = asked.country.code
        names = self.gazetteer.candidates(parsed.base, code)
        base = names[0].name if names and parsed.kind in DISTRICT_KINDS else parsed.base
        own_name = base if parsed.kind in DISTRICT_KINDS else parsed.base if parsed.kind == "intermunicipal" else asked.name
        identifier = f"wd:{asked.qid}" if asked.qid else place_id(code, own_name, parsed.kind)
        return Resolution(identifier, asked.name, parsed.kind, code, 0.95, "new_body", reason=f"a {parsed.kind}, not the city")

    def _nearest(self, asked: Asked) -> Entry | None:
        near = self.gazetteer.near(*asked.point, _COVER_KM) if asked.point and not asked.coarse else []
        return near[0][1] if near else None

    def _country_at(self, asked: Asked) -> str:
        near = self._nearest(asked)
        return near.country if near else ""

    def _state_at(self, asked: Asked) -> str:
        near = self._nearest(asked)
        return near.admin1 if near else ""

    def _kind(self, asked: Asked) -> str:
        """``borough`` for an unknown part of a large city (``Nizami (Baku)``), else ``municipality``."""
        hints = [f.hint for f in asked.forms if f.firm]
        parents = [e for hint in hints for e in self.gazetteer.folded(fold(hint)) if asked.codes and asked.allows(e)]
        return "borough" if parents and parents[0].population >= _LARGE else "municipality"


def rejected(asked: Asked, rule: str, reason: str, candidates: tuple[str, ...] = ()) -> Resolution:
    """No place, with the rule that found so, a reason for people and the places that it could be."""
    return Resolution("", asked.name, asked.mention.kind, asked.country.code, 0.0, rule, candidates, reason)


def _inside_out(asked: Asked) -> str:
    """The name with the part first, however the source writes it: ``Seoul – Mapo`` and ``Mapo (Seoul)`` are one place."""
    part = next((f for f in asked.forms if f.firm and f.hint), None)
    return f"{part.base} {part.hint}" if part else asked.name


def _us_county(asked: Asked, counties: tuple[str, ...], states: Set[str]) -> Resolution:
    stated = [state for state in counties if state in states]
    if len(stated) != 1:
        lines = tuple(f"{asked.name}, {state}" for state in counties)
        return rejected(asked, "ambiguous", "several states have a county of this name", lines)
    identifier = place_id("US", asked.name, stated[0].lower())
    return Resolution(identifier, f"{asked.name}, {stated[0]}", "county", "US", 0.98, "new_body")
