"""Which place a name in a document means, where the text gives no more than the name."""

from dataclasses import dataclass, replace

from ingest.gazetteer.gazetteer import Entry
from ingest.names.states import divisions
from ingest.places.mention import Mention, Resolution
from ingest.places.resolver import Resolver
from kg.model.identity import fold

_HOME_TOWN = 5_000
_TIMES = 10
_MUCH = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A place as a document means it; without an id it is open which one, and ``candidates`` are readable."""

    id: str
    name: str
    kind: str
    country: str
    confidence: float = 1.0
    rule: str = ""
    candidates: tuple[str, ...] = ()
    reason: str = ""

    @property
    def label(self) -> str:
        """``city``, ``district``, ``region`` or ``country``."""
        classes = {"county": "district", "province": "district", "department": "district", "land": "region", "state": "region"}
        return "country" if self.kind == "country" else classes.get(self.kind, "city")


@dataclass(frozen=True, slots=True)
class Meanings:
    """Asks the resolver, with what the document adds."""

    resolver: Resolver

    def entries(self, name: str) -> tuple[Entry, ...]:
        """Places of the gazetteer that are called so in the first place, largest first."""
        key = fold(name)
        return tuple(e for e in self.resolver.gazetteer.folded(key) if fold(e.name) == key)

    def place(self, name: str, code: str, state: str, kind_word: str, home: str) -> Place:
        """The place that a name means with this country and state, if the text gives them, in a document of this home."""
        if kind_word and (found := self._body(name, code, kind_word, home)):
            return found
        if code:
            answer = self.resolver.resolve(Mention(name, code, state=state))
            return _place(answer)
        answer = self.resolver.resolve(Mention(name))
        own = self.resolver.resolve(Mention(name, home))
        if not answer.id and not own.id.startswith("gn:") and (only := self._one_country(name)):
            found = _place(self.resolver.resolve(Mention(name, only)))
            return (
                replace(found, confidence=min(found.confidence, 0.7), candidates=answer.candidates)
                if found.id
                else _place(answer)
            )
        if answer.kind == "country" or answer.rule in {"region_by_name", "correction"}:
            return _place(answer)
        return self._either(name, answer, own, home)

    def _one_country(self, name: str) -> str:
        """The country that all larger places of this name are in, if it is one."""
        named = self.entries(name)
        codes = {e.country for e in named if e.population * _TIMES >= named[0].population}
        return codes.pop() if len(codes) == 1 else ""

    def _either(self, name: str, answer: Resolution, own: Resolution, home: str) -> Place:
        """The world's one place of the name, or the one at home where that is a town and the other not much larger."""
        if local := self.resolver.local.anywhere(name, "city"):
            return Place(local.id, local.names[0], local.kind, local.country, 0.95, "body_of_its_own")
        here = self.resolver.gazetteer.get(own.id) if own.id.startswith("gn:") else None
        there = self.resolver.gazetteer.get(answer.id) if answer.id.startswith("gn:") else None
        if here and there and here.id != there.id:
            main = fold(here.name) == fold(name) or own.rule in {"base_name", "correction", "usual_meaning"}
            if main and here.population >= _HOME_TOWN and there.population < _TIMES * here.population:
                return _place(own)
        named = [e for e in self.entries(name) if not e.part]
        if here and not there and here.population >= _HOME_TOWN:
            others = [e for e in named if e.country != home]
            if not others or here.population * _TIMES >= others[0].population:
                return replace(_place(own), confidence=min(own.confidence, 0.85), rule="at_home", candidates=answer.candidates)
        if not answer.id and named and all(e.population * _MUCH < named[0].population for e in named[1:]):
            best = named[0]
            return Place(best.id, best.name, best.kind, best.country, 0.75, "largest of the name", answer.candidates)
        others = [e for e in self.resolver.gazetteer.folded(fold(name)) if not e.part]
        in_words = [e for e in others if fold(name) in {fold(said) for said in e.names.values()}]
        if not answer.id and not named and len(in_words) == 1:
            best = in_words[0]
            return Place(best.id, best.name, best.kind, best.country, 0.75, "name in another language", answer.candidates)
        if not answer.id and not named and others and all(e.population * _TIMES < others[0].population for e in others[1:]):
            best = others[0]
            return Place(best.id, best.name, best.kind, best.country, 0.7, "largest so called", answer.candidates)
        return _place(answer)

    def land_of(self, town: Place) -> Place | None:
        """The first-level division that a town lies in, where our tables have it by name."""
        entry = self.resolver.gazetteer.get(town.id) if town.id.startswith("gn:") else None
        named = next((d for d in divisions() if entry and (d.country, d.admin1) == (entry.country, entry.admin1)), None)
        found = self.resolver.local.find(named.name, named.country, ("region",)) if named else None
        return Place(found.id, found.names[0], found.kind, found.country, 0.9, "land of the town") if found else None

    def _body(self, name: str, code: str, word: str, home: str) -> Place | None:
        """A county or province: of the country that its town is in, where none is said."""
        shown = f"{word.capitalize()} {name}"
        plain = self.place(name, code, "", "", home) if not code else None
        where = code or (plain.country if plain else "") or home
        answer = self.resolver.resolve(Mention(shown, where))
        known = Place(answer.id, answer.name, answer.kind, answer.country, answer.confidence, answer.rule)
        return known if answer.id and known.label in {"district", "region"} else None


def _place(answer: Resolution) -> Place:
    if answer.id.startswith("x:") and answer.rule.startswith(("new", "unlisted")):
        return Place("", answer.name, answer.kind, answer.country, 0.0, answer.rule, answer.candidates, "no gazetteer has it")
    return Place(
        answer.id, answer.name, answer.kind, answer.country, answer.confidence, answer.rule, answer.candidates, answer.reason
    )
