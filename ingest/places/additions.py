"""What is added to a name to tell it from namesakes: which of them ``Halle (Westf.)`` or ``Rottenburg am Neckar`` means."""

import re
from collections.abc import Sequence
from itertools import product

from ingest.gazetteer.gazetteer import Entry, Gazetteer
from ingest.gazetteer.own_places import LocalPlace, LocalPlaces
from ingest.names.countries import country
from ingest.names.kinds import body
from ingest.names.qualifiers import Form, hint_in_names
from ingest.names.states import states_of
from ingest.places.namesakes import BASE, OWN, one_per_spot
from ingest.places.prepared import Asked
from kg.model.geo import distance_km
from kg.model.identity import fold

_NEAR_KM = 40.0
_PART_KM = 15.0
_DASH = re.compile(r"\s[–—-]\s")
_TIMES = 2
"""How many times larger a town is that tells where a smaller one lies: Mannheim does not tell where Ludwigshafen is."""
_WIDE_KM = 80.0
_CITY = 20_000
_MIN_LANDSCAPE = 4
_WIDE = ("district", "region")
Pool = list[tuple[int, Entry]]


class Additions:
    """Narrows namesakes down by an addition; looks things up in the gazetteer and our own tables, keeps nothing."""

    def __init__(self, gazetteer: Gazetteer, local: LocalPlaces) -> None:
        """Of the resolver's two tables."""
        self.gazetteer = gazetteer
        self.local = local

    def narrow(self, asked: Asked, form: Form, pool: Pool) -> tuple[Pool, bool]:
        """The namesakes that the addition of ``form`` can mean, empty when it contradicts all, and whether it is understood.

        An addition that is not understood still tells from the namesake that has the bare name, so it never means the largest.
        """
        told = self.told(asked, form, pool)
        if told is not None:
            return told, True
        alone = len(one_per_spot(e for _, e in pool)) == 1
        # Without a country the addition is all that could tell where the place is.
        return ([], False) if form.firm and not asked.codes else (self._unknown(asked, form, pool), alone)

    def told(self, asked: Asked, form: Form, pool: Pool) -> Pool | None:
        """Those of ``pool`` that the addition means, empty when it contradicts all, None when it is not understood."""
        if same := self._same(form, pool):
            return same
        if form.firm and (full := [(t, e) for t, e in pool if hint_in_names(form.hint, form.base, (e.name,))]):
            return full
        match = country(form.hint)
        if form.firm and match.codes and not match.state:
            inside = [(t, e) for t, e in pool if e.country in match.codes]
            if inside or not asked.codes:
                return inside
        states = self._states(asked, form, pool)
        if states:
            return [(t, e) for t, e in pool if (e.country, e.admin1) in states]
        named = [(t, e) for t, e in pool if hint_in_names(form.hint, form.base, (e.name, *e.aliases))]
        return named or self._by_surroundings(asked, form, pool)

    def _same(self, form: Form, pool: Pool) -> Pool:
        """Those that the addition names too, in another language: ``Warszawa (Warschau)``.

        Not where another bears the name itself (Bao'an, Shenzhen), nor where one name has the other in it (Győrszentiván, Győr).
        """
        also = {e.geonameid for e in self.gazetteer.folded(fold(form.hint))}
        same = [(t, e) for t, e in pool if e.geonameid in also]
        others = any(t in OWN for t, e in pool if e.geonameid not in also)
        one, other = sorted((fold(form.base), fold(form.hint)), key=len)
        inside = one in other and f" {one} " not in f" {other} "
        return [] if others or (inside and one != other) else same

    def unlocated(self, asked: Asked, form: Form) -> bool:
        """Whether the addition is a county or region of which only the name is known, so that it confirms no namesake."""
        found = [place for code in asked.codes if (place := self._wide(form, code))]
        located = any(place.area for place in found) or any(states_of(code, form.hint) for code in asked.codes)
        return bool(found) and not located

    def _wide(self, form: Form, code: str) -> LocalPlace | None:
        hints = dict.fromkeys((form.hint, body(form.hint, (code,)).base))
        return next((place for hint in hints if (place := self.local.find(hint, code, _WIDE))), None)

    def _within(self, form: Form, pool: Pool) -> Pool | None:
        """In the county that the addition names, where it is known where that lies: ``Collingham, Nottinghamshire``."""
        areas = {code: place.area for code in {e.country for _, e in pool} if (place := self._wide(form, code)) and place.area}
        if not areas:
            return None
        return [(t, e) for t, e in pool if (area := areas.get(e.country)) and distance_km(e.lat, e.lon, *area[:2]) <= area[2]]

    def _states(self, asked: Asked, form: Form, pool: Pool) -> set[tuple[str, str]]:
        codes = asked.codes or tuple({e.country for _, e in pool})
        hints = dict.fromkeys((form.hint, body(form.hint.replace(".", ". ")).base))
        local = [(code, name) for code in codes if (place := self._wide(form, code)) for name in place.names]
        return {(code, state) for code, name in (*product(codes, hints), *local) for state in states_of(code, name)}

    def _by_surroundings(self, asked: Asked, form: Form, pool: Pool) -> Pool | None:
        own = [(t, e) for t, e in pool if t in OWN]
        inside = self._within(form, pool)
        if inside is not None:
            return inside
        if around := self._around(asked, form, pool if form.firm else own):
            return around
        if landscape := self._in_landscape(asked, form, own):
            return landscape
        if not asked.codes and (alike := [(t, e) for t, e in pool if self.local.find(form.hint, e.country, _WIDE)]):
            return alike
        return own if self.unlocated(asked, form) else None

    def _around(self, asked: Asked, form: Form, pool: Pool) -> Pool:
        """Near the town that the addition names: ``Porz (Cologne)``; what has more in its name must be nearer.

        ``Vaihingen (Stuttgart)`` is a quarter of Stuttgart and not Vaihingen an der Enz, half an hour away.
        """
        hints = dict.fromkeys((form.hint, body(form.hint).base))
        centres = [e for hint in hints for e in self.gazetteer.folded(fold(hint)) if asked.allows(e)][:1]
        told_apart = not form.firm or f"({form.hint}" in asked.name or _DASH.search(asked.name)
        small = (
            pool
            if told_apart
            else [(t, e) for t, e in pool if any(_TIMES * e.population < centre.population for centre in centres)]
        )
        near = _close([(t, e) for t, e in small if t != BASE], centres) or _close(small, centres, _PART_KM)
        return near or [(t, e) for t, e in pool if t in OWN and any(_under(e, centre) for centre in centres)]

    def _in_landscape(self, asked: Asked, form: Form, pool: Pool) -> Pool:
        """Near a place that bears the same addition, so on the same river: ``Rottenburg am Neckar`` by Wendlingen am Neckar."""
        key = fold(form.hint)
        bearing = self.gazetteer.bearing(key) if len(key) >= _MIN_LANDSCAPE else ()
        return _close(pool, [e for e in bearing if asked.allows(e)])

    def _unknown(self, asked: Asked, form: Form, pool: Pool) -> Pool:
        """Nothing known answers to the addition (a hill, a shire): then at most the places that have the name in full.

        ``Oberursel (Taunus)`` is Oberursel, but ``Ludwigshafen (Bodman)`` is not Ludwigshafen am Rhein. Where the addition is
        a town that none of them is near, it names a quarter that is not known.
        """
        known = any(asked.allows(e) for e in self.gazetteer.folded(fold(form.hint)))
        return [] if form.firm and known else [(t, e) for t, e in pool if t in OWN]


def _close(pool: Pool, others: Sequence[Entry], radius_km: float = _NEAR_KM) -> Pool:
    """The part of ``pool`` within ``radius_km`` of one of ``others`` that is not the place itself."""
    return [(t, e) for t, e in pool if any(_beside(e, other, radius_km) for other in others)]


def _under(one: Entry, centre: Entry) -> bool:
    """Whether a city lies in the wide area of another that administers it: ``Laiwu (Jinan)``."""
    same = one.country == centre.country and one.admin1 == centre.admin1 and one.population >= _CITY
    larger = not centre.population or centre.population >= one.population
    return same and larger and _beside(one, centre, _WIDE_KM)


def _beside(one: Entry, other: Entry, radius_km: float) -> bool:
    near = one.country == other.country and distance_km(one.lat, one.lon, other.lat, other.lon) <= radius_km
    return near and one.geonameid != other.geonameid
