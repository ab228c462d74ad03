"""Nothing that was written is dropped: every piece of a mention is used, kept as a note, or makes it a question.

Whatever rule found a place, it passes here. Each addition of the name, the state, the number of people and the point is
held against the place: it confirms it, contradicts it, or tells nothing that is known here. What contradicts is asked about;
what tells nothing is kept as a note where the name alone leaves no doubt, and else is asked about too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from ingest.gazetteer.gazetteer import Entry, Gazetteer
from ingest.names.kinds import is_city_word
from ingest.names.qualifiers import Form, parts
from ingest.names.states import states_of
from ingest.places.additions import Additions
from ingest.places.mention import Mention, Resolution
from ingest.places.namesakes import HIT_KM, LOOSE_KM, one_per_spot, tier
from ingest.places.new_places import rejected
from ingest.places.prepared import Asked
from kg.model.geo import distance_km
from kg.model.identity import fold

_DASHED = re.compile(r"\s+[-–—]\s+")
_BY_ITSELF = frozenset({"correction", "known_item", "usual_meaning"})
_BY_LIKENESS = ("similar_name", "population_at", "romanised_name", "shortened_name", "numbered_part", "part_of_city")
"""Rules that hold the whole name against the place in their own way."""
_LARGE = 100_000
_CONTRADICTS = 12.0
"""How many times more or fewer people contradict: a municipality may have ten times those of the seat it is named by."""
_TELLING = 5_000
_NUMBER = re.compile(r"(?<=\w)\s+\d{1,2}$")
_WHOLE = frozenset({"england"})
"""Parts of a country that lists take for all of it."""
_FORMER = re.compile(
    r"^(?:früher|ehem(?:als|\.)?|vormals|bis \d{4}|formerly|former|anc(?:iennement|\.)|ex[- ]|già|dawniej|dříve|antes)\s*:?\s*",
    re.IGNORECASE,
)


class Reading(Enum):
    """What a piece of a mention says of a place."""

    CONFIRMS = 1
    CONTRADICTS = 2
    SAYS_NOTHING = 3


@dataclass(frozen=True, slots=True)
class Accounting:
    """Holds mentions against the places that were found for them; of the gazetteer and the additions."""

    gazetteer: Gazetteer
    additions: Additions

    def settled(self, asked: Asked, found: Resolution) -> Resolution:
        """``found`` with notes of what was not needed, or a question with what was not understood or contradicts."""
        entry = self.gazetteer.get(found.id) if found.id.startswith("gn:") and found.rule not in _BY_ITSELF else None
        if entry is None:
            return replace(found, notes=(*asked.notes, *found.notes)) if asked.notes else found
        if asked.is_bare and self._is_called(entry, asked.name):
            return replace(found, notes=asked.notes) if asked.notes else found
        notes, against = list(asked.notes), list[str]()
        for text, reading in self._readings(asked, found, entry):
            if reading is Reading.CONTRADICTS or (reading is Reading.SAYS_NOTHING and not self._is_plain(asked, text, entry)):
                against.append(text)
            elif reading is Reading.SAYS_NOTHING and entry.population >= _LARGE and f"({text}" in asked.name:
                against.append(text)  # in brackets behind a large city stands a part of it, and never the city is meant
            elif reading is Reading.SAYS_NOTHING:
                notes.append(f"{text!r} tells nothing that is known here")
        if against:
            return self._question(asked, entry, against)
        notes += _bad_point(asked, found, entry)
        return replace(found, notes=tuple(notes)) if notes else found

    # -- what is written ----------------------------------------------------------------------------------------------

    def _readings(self, asked: Asked, found: Resolution, entry: Entry) -> Iterator[tuple[str, Reading]]:
        if not self._is_called(entry, asked.name) and not found.rule.startswith(_BY_LIKENESS):
            yield from self._pieces(asked, entry)
        if state := asked.mention.state.strip():
            yield state, self._state(asked, state, entry)
        elif asked.country.state:
            yield asked.country.state, self._state(asked, asked.country.state, entry)
        people = asked.mention.population
        if people and "coordinates" not in found.rule and "population" not in found.rule and _far_from(people, entry.population):
            yield f"{people} people where {entry.name} has {entry.population}", Reading.CONTRADICTS

    def _pieces(self, asked: Asked, entry: Entry) -> Iterator[tuple[str, Reading]]:
        words = set(fold(asked.name).split())
        if any(not f.hint and self._is_called(entry, f.base) and words <= set(fold(f.base).split()) for f in asked.forms):
            return  # the same words in another order: Spezia, La
        written = [piece for text in _all(parts(asked.name)) for piece in _DASHED.split(text) if piece]
        head = next((p for p in written if self._is_called(entry, p)), None)
        if head is None:
            forms = (*asked.forms, Form(asked.body.base))
            form = next((f for f in forms if self._is_called(entry, f.base)), None)
            if form is None:
                yield asked.name, Reading.CONTRADICTS
            elif form.hint and not form.firm:
                reading = self._addition(asked, Form(form.base, form.hint), entry)
                if reading is not Reading.CONFIRMS:
                    yield asked.name[len(form.base) :].strip(), reading
            return
        for piece in written:
            if piece != head:
                yield piece, self._addition(asked, Form(head, piece, firm=True), entry)

    def _addition(self, asked: Asked, form: Form, entry: Entry) -> Reading:
        plain = _NUMBER.sub("", _FORMER.sub("", form.hint))
        if self._is_called(entry, plain) or is_city_word(plain) or fold(plain) == fold(entry.country):
            return Reading.CONFIRMS
        told = self.additions.told(asked, replace(form, hint=plain), [(_fit(entry, form.base), entry)])
        return Reading.SAYS_NOTHING if told is None else Reading.CONFIRMS if told else Reading.CONTRADICTS

    def _state(self, asked: Asked, text: str, entry: Entry) -> Reading:
        known = states_of(entry.country, text)
        if known and fold(text) in _WHOLE and entry.admin1 not in known:
            return Reading.SAYS_NOTHING
        if known:
            return Reading.CONFIRMS if entry.admin1 in known else Reading.CONTRADICTS
        return self._addition(asked, Form(entry.name, text, firm=True), entry)

    def _is_called(self, entry: Entry, text: str) -> bool:
        return any(e.geonameid == entry.geonameid for e in self.gazetteer.folded(fold(text)))

    # -- what follows -------------------------------------------------------------------------------------------------

    def _is_plain(self, asked: Asked, text: str, entry: Entry) -> bool:
        """Whether a piece that tells nothing can be left as a note: the name means one place, and the piece none."""
        if asked.point and not asked.coarse and distance_km(*asked.point, entry.lat, entry.lon) <= HIT_KM:
            return True
        if not asked.codes or any(c.isdigit() for c in text) or self._named_by(asked, text):
            return False
        heads = [f.base for f in asked.forms if self._is_called(entry, f.base)]
        named = [e for head in heads for e in self.gazetteer.folded(fold(head)) if asked.allows(e)]
        return len(one_per_spot(named)) == 1

    def _named_by(self, asked: Asked, text: str) -> list[Entry]:
        """Places that a piece may name besides: in the country, or well known anywhere."""
        return [e for e in self.gazetteer.folded(fold(text)) if (asked.codes and asked.allows(e)) or e.population >= _LARGE]

    def _question(self, asked: Asked, entry: Entry, against: list[str]) -> Resolution:
        others = [e for text in against for e in self._named_by(asked, text)[:2]]
        several = all(self._named_by(asked, text) for text in against)
        what = "; ".join(against)
        reason = f"names {what} besides {entry.name}" if several else f"{what!r} does not fit {entry.name}"
        candidates = tuple(dict.fromkeys(described(e) for e in (entry, *others)))
        return rejected(asked, "several_places" if several else "unaccounted", reason, candidates)


def described(entry: Entry) -> str:
    """A candidate as people read it: name, country, division, size and id."""
    return f"{entry.name} ({entry.country}.{entry.admin1}, {entry.population} people, {entry.id})"


def _all(split: tuple[str, tuple[str, ...]]) -> tuple[str, ...]:
    return (split[0], *split[1])


@lru_cache(maxsize=20_000)
def _fit(entry: Entry, name: str) -> int:
    return tier(entry, name, fold(name))


def _far_from(one: int, other: int) -> bool:
    return max(one, other) >= _TELLING and min(one, other) > 0 and max(one, other) > _CONTRADICTS * min(one, other)


def _bad_point(asked: Asked, found: Resolution, entry: Entry) -> list[str]:
    mention: Mention = asked.mention
    if asked.point is None:
        return ["the point is no place on earth"] if mention.lat is not None and mention.lon is not None else []
    far = distance_km(*asked.point, entry.lat, entry.lon)
    return [f"the point lies {far:.0f} km from {entry.name}"] if far > LOOSE_KM and "coordinates" not in found.rule else []
