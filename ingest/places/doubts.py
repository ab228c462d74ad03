"""Whether a place that nobody knows is really new, or a known one in another form, country or kind.

A new place without a doubt is loaded and listed; one with a doubt waits for a person, with the places that it may be.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from ingest.gazetteer.gazetteer import Entry, Gazetteer
from ingest.names.keys import clean
from ingest.names.qualifiers import parts
from ingest.places.accounted import described
from ingest.places.mention import Resolution
from ingest.places.namesakes import ALTERNATE, BASE, EAST_ASIA, MAIN, OWN, one_per_spot, tier
from ingest.places.new_places import rejected
from ingest.places.prepared import Asked
from kg.model.identity import fold

_JOINED = re.compile(r"\s*[,;/&+|·]\s*|\s+(?:und|and|et|e|ed|y|i|a|og|och|en|sowie|u\.)\s+", re.IGNORECASE)
_HYPHEN = re.compile(r"\s*[-–—]\s*")
_NEW = frozenset({"new_place"})
_KNOWN = 5_000
_KNOWN_ALONE = 2_000
_WELL_KNOWN = 30_000
_LARGE = 50_000
_PLAIN_CODES = frozenset(
    {
        *("DE", "FR", "IT", "ES", "PL", "CZ", "AT", "CH", "NL", "GB", "US", "HU", "RO", "BG", "HR", "GR", "PT", "SE", "NO", "FI"),
        *("DK", "IE", "LT", "LV", "EE", "LU", "UA", "TR", "RU", "CN", "JP", "IL"),
    }
)
"""Codes that stand for nothing else where lists give countries; BW is Botswana or Baden-Württemberg."""
_COMMON = 3
"""A name that so many countries have is no sign that one of those is meant."""
_ALIKE = 90.0
_LONG = 7
_SPELT = 4
"""Letters that a name within a name has at the least."""
_TWO = 2
_SHOWN = 6
_SAID_AGAIN = 52.0
_WORDS_OF_PLACE = (
    "bei am an im in ob vor zu zur auf der dem near of on by upon de del di da do du des la le les el sur en pri nad pod u op aan"
    " van and und et e y a i"
)
_BEHIND = frozenset(_WORDS_OF_PLACE.split())
"""Words after which another place than the one that is named stands."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Holds new places against the gazetteer."""

    gazetteer: Gazetteer

    def weighed(self, asked: Asked, found: Resolution) -> Resolution:
        """``found`` as it is, with a doubt and the nearest known places, or a question where it is several places in one."""
        if found.rule not in _NEW or found.kind == "borough":
            return found
        joined = [entry for piece in _pieces(_JOINED, asked.name) if (entry := self._known(asked, piece))]
        if len({entry.geonameid for entry in joined}) > 1:
            names = ", ".join(entry.name for entry in joined)
            return rejected(asked, "several_places", f"names several places: {names}", tuple(map(described, joined)))
        reason, near = next(self._doubts(asked), ("", list[Entry]()))
        lines = tuple(described(e) for e in one_per_spot(near)[:_SHOWN])
        return replace(found, doubt=reason, candidates=lines) if reason else found

    def _known(self, asked: Asked, text: str) -> Entry | None:
        """What a piece names, by its main name or a part of it, or well known by another."""
        key = fold(text)
        named = ((tier(e, text, key), e) for e in self.gazetteer.folded(key) if asked.allows(e))
        return next((e for fit, e in named if fit in OWN or e.population >= (_KNOWN if fit == BASE else _WELL_KNOWN)), None)

    def _doubts(self, asked: Asked) -> Iterator[tuple[str, list[Entry]]]:
        if any(c.isdigit() for c in asked.name):
            yield "a number stands in the name", []
        if any(c.isalpha() and not unicodedata.name(c, "").startswith(("LATIN", "MODIFIER")) for c in asked.name):
            yield "written in another script than names of places are kept in", []
        if asked.country.by_code and asked.country.code not in _PLAIN_CODES:
            yield f"{asked.mention.country!r} may be no country", []
        if here := self._here(asked):
            yield "known in the country, but not so", here
        if not asked.point and (elsewhere := self._elsewhere(asked)):
            yield f"known in {', '.join(sorted({e.country for e in elsewhere}))}, not in {asked.country.code}", elsewhere
        if inside := self._inside(asked):
            yield "known in another form", inside
        if words := self._words(asked):
            yield "holds the name of a known place", words
        if alike := self._alike(asked):
            yield "spelt nearly like a known place", alike

    def _main(self, asked: Asked, text: str, people: int) -> Entry | None:
        """The largest place of the country that is called so, if it has so many people."""
        key = fold(text)
        named = (e for e in self.gazetteer.folded(key) if asked.allows(e) and e.population >= people)
        return next((e for e in named if tier(e, text, key) in OWN), None)

    def _here(self, asked: Asked) -> list[Entry]:
        """Places of the country that are called so and were not taken: another state, or the only one, far from the point."""
        named = [e for name in asked.variants for e in self.gazetteer.folded(fold(name)) if asked.allows(e)]
        own = one_per_spot(e for e in named if any(tier(e, name, fold(name)) in OWN for name in asked.variants))
        return own if not asked.point or len(own) == 1 else []

    def _elsewhere(self, asked: Asked) -> list[Entry]:
        """Places of this very name in one other country, large ones in two: a name of many countries proves nothing."""
        names = (*asked.variants, *parts(asked.name)[:1])
        keys = {name: fold(name) for name in names}
        named = {e: tier(e, name, key) for name, key in keys.items() for e in self.gazetteer.folded(key)}
        named = {e: fit for e, fit in named.items() if not asked.allows(e)}
        main = [e for e, fit in named.items() if fit == MAIN]
        if not main:
            other = [e for e, fit in named.items() if fit == ALTERNATE and e.population >= _LARGE]
            return other if len({e.country for e in other}) == 1 else []
        countries = len({e.country for e in main})
        return [e for e in main if countries < _COMMON and e.population >= (_KNOWN_ALONE if countries == 1 else _WELL_KNOWN)]

    def _inside(self, asked: Asked) -> list[Entry]:
        """Known places in the name: the head before an addition, a half of a merged name, or the name without its river.

        A known town in the addition is none, as the name is then that of a part of it or of a village there.
        """
        head, added = parts(asked.name)
        halves = _pieces(_HYPHEN, asked.name)
        texts = [*([head] if added else []), *(halves[:1] if len(halves) == _TWO else [])]
        large = [f.base for f in asked.forms if f.hint and not f.firm]
        known = [self._main(asked, text, _KNOWN) for text in texts] + [self._main(asked, text, _WELL_KNOWN) for text in large]
        if added and (first := self._known(asked, head)):
            known += [first, *(self._known(asked, text) for text in added)]
        return [e for e in known if e]

    def _words(self, asked: Asked) -> list[Entry]:
        """Known places whose name this one begins or ends with, or says again in a bracket: what stands around may be no name.

        ``East Orange City, New Jersey State``, ``Stadt Minden in Westfalen``, ``Bad Kötzting``, ``SEVŠIONAS (Sävsjö)``; a
        village with its town in the bracket (``Bajmok (Subotica)``) is none, nor a town behind ``bei`` or ``of``.
        """
        if asked.point:
            return []
        head, added = parts(asked.name)
        again = [text for text in added if _alike_words(head, text) >= _SAID_AGAIN]
        whole = (head,) if added else tuple(dict.fromkeys(form.base for form in asked.forms))
        runs = [run for text in whole for run in _runs(clean(text).split())]
        known = [self._main(asked, text, _KNOWN) for text in (*again, *runs) if len(fold(text)) >= _SPELT]
        return [e for e in known if e]

    def _alike(self, asked: Asked) -> list[Entry]:
        """Known places that differ by a letter: of towns where the beginning is right, of well-known ones anywhere."""
        key, code = fold(asked.name), asked.country.code
        if len(key) < _LONG or not code or asked.point or code in EAST_ASIA:
            return []
        begun = {*self.gazetteer.beginning(key[:2], code, _KNOWN), *self.gazetteer.beginning(key[:1], code, _WELL_KNOWN)}
        return [
            e for e in begun if fuzz.ratio(key, name := fold(e.name)) >= _ALIKE or OSA.distance(key, name, score_cutoff=1) <= 1
        ]


def _alike_words(one: str, other: str) -> float:
    """How much the two words that are most alike have in common, in per cent."""
    return max((fuzz.ratio(a, b) for a in fold(one).split() for b in fold(other).split()), default=0.0)


def _runs(words: list[str]) -> Iterator[str]:
    """The words from the first on and those up to the last, longer ones first, but not what follows a word of place."""
    for n in range(1, len(words)):
        yield " ".join(words[:-n])
        if fold(words[n - 1]) not in _BEHIND:
            yield " ".join(words[n:])


def _pieces(pattern: re.Pattern[str], name: str) -> list[str]:
    found = [piece for piece in pattern.split(name) if piece]
    return found if len(found) > 1 else []
