"""A cell as people fill it: one place or several, each perhaps with country and year; the gazetteer decides what is one name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.gazetteer.gazetteer import Entry
from ingest.names.countries import CountryMatch, country
from ingest.names.qualifiers import hint_in_names
from ingest.names.states import states_of
from ingest.places.resolver import Resolver
from ingest.tabular.words import date_words, key_of, status_meant
from kg.model.geo import distance_km
from kg.model.identity import fold

_BULLET = re.compile(r"(?:^|(?<=[\n;]))\s*(?:[•·▪◦‣*●■–—-]|\(?\d{1,2}[.)])\s+(?=\D)")
_INLINE_BULLET = re.compile(r"\s*[•·▪◦‣●■]\s*")
_NUMBERED = re.compile(r"(?:^|\s)\d{1,2}[.)]\s+(?=\D)")
_MAY_BE_SEVERAL = re.compile(r"[\n;,•·▪◦‣●■|&+]|\d[.)]\s|\s\w{1,3}\s")
_JOINED_BY = re.compile(r"\s+(?:und|sowie|and|et|e|ed|y|i|a|og|och|ja|és|și|si|en|un|ir|ve|и|і|та|й|και|&|\+)\s+", re.IGNORECASE)
_BRACKET = re.compile(r"^(?P<name>.*?\S)\s*[(\[](?P<inner>[^()\[\]]*)[)\]]\s*$", re.DOTALL)
_LAST_YEAR = re.compile(
    r"^(?P<name>.*?[^\W\d].*?)(?:\s*[,:–—-])?\s+(?P<when>(?:\S{1,9}\s+){0,2}?(?:\d{1,2}\.\s?\d{1,2}\.\s?|\d{1,2}/)?(?:1[89]\d\d|20\d\d)\b[^()]*)$",
    re.DOTALL,
)
_FIRST_YEAR = re.compile(r"^(?P<when>(?:1[89]\d\d|20\d\d))\s*[:,–—-]?\s+(?P<name>[^\W\d].*)$", re.DOTALL)
_YEAR = re.compile(r"\b(?:1[89]\d\d|20\d\d)\b|^['’]\d\d$")
_INSIDE = re.compile(r"\s*[,;/]\s*")
_CODE = 3
_KNOWN_BY_SIZE = 1_000
_MANY = 3
_NEIGHBOUR_KM = 12.0


@dataclass(frozen=True, slots=True)
class Part:
    """One place of a cell: its name, the country and the time that stand beside it ("" where none does)."""

    name: str
    country: str = ""
    when: str = ""

    @property
    def complete(self) -> bool:
        """Whether country or time end it, so that what follows is another place."""
        return bool(self.country or self.when)


class Partners:
    """Reads cells by the gazetteer of ``resolver``."""

    def __init__(self, resolver: Resolver) -> None:
        """Remember what was read: a list has the same cells again and again."""
        self._gazetteer, self._local = resolver.gazetteer, resolver.local
        self.parts = lru_cache(maxsize=20_000)(self._parts)
        self.part = lru_cache(maxsize=20_000)(self._part)

    def _parts(self, text: str, stated: str) -> tuple[str, ...]:
        """The texts of the single places in a cell; ``stated`` is the country that another column gives."""
        if not _MAY_BE_SEVERAL.search(text) or ("\n" not in text and self._known(text, country(stated).codes)):
            return (text,)
        found = (part for piece in _pieces(text) for part in self._of_piece(piece, country(stated)))
        return tuple(part for each in found if (part := " ".join(each.split()))) or (text,)

    def _part(self, text: str, stated: str) -> Part:
        """Name, country and time of a text with one place."""
        part = Part(" ".join(_BULLET.sub("", text).split()))
        for _ in range(_MANY):
            shorter = self._without_bracket(part, stated) or _without_year(part) or self._without_country(part, stated)
            if not shorter:
                break
            part = shorter
        return part

    # --- One after the other ---------------------------------------------------------------------------------------------

    def _of_piece(self, piece: str, stated: CountryMatch) -> Iterator[str]:
        lines = self._wrapped([line.strip() for line in piece.split("\n") if line.strip()], stated.codes)
        for line in lines:
            for part in self._by_commas(line, stated):
                yield from self._by_words(part, stated)

    def _wrapped(self, lines: Sequence[str], codes: Sequence[str]) -> list[str]:
        """Lines of a cell; a name that was broken to fit its column is one again."""
        found: list[str] = []
        for line in lines:
            joined = self._continued(found[-1], line, codes) if found else ""
            if joined:
                found[-1] = joined
            else:
                found.append(line)
        return found

    def _continued(self, above: str, line: str, codes: Sequence[str]) -> str:
        if above.endswith(("-", "\u00ad")):
            whole, cut = above + line, above[:-1] + line
            return cut if line[:1].islower() and (self._known(cut, codes) or not self._known(whole, codes)) else whole
        together = f"{above} {line}"
        if line.startswith(("(", "[")) or above.endswith(",") or line[:1].islower() or not self._names(line):
            return together
        both = self._known(self._part(above, "").name, codes) and self._known(self._part(line, "").name, codes)
        return together if not both and self._known(self._part(together, "").name, codes) else ""

    def _by_commas(self, text: str, stated: CountryMatch) -> list[str]:
        tokens = _outside_brackets(text)
        if len(tokens) < 2:
            return [text]
        groups = self._grouped(tokens, stated.codes)
        if len(groups) < 2:
            return [text]
        parts = [self.part(group, "") for group in groups]
        known = [all(self._is_known(each, stated) for each in self._by_words(group, stated)) for group in groups]
        ended = sum(part.complete for part in parts[:-1]) == len(parts) - 1
        enough = all(known) or ended or (len(parts) >= _MANY and sum(known) * 3 >= 2 * len(parts))
        return groups if enough else [text]

    def _grouped(self, tokens: Sequence[str], codes: Sequence[str]) -> list[str]:
        """Tokens between commas, put together where one only adds to the one before: a country, a year, a state, a river."""
        groups: list[str] = []
        for token in tokens:
            if groups and self._adds(groups[-1], token, codes):
                groups[-1] = f"{groups[-1]}, {token}"
            else:
                groups.append(token)
        return groups

    def _adds(self, before: str, token: str, codes: Sequence[str]) -> bool:
        if not self._names(token) or (_country_codes(token) and not self._is_town(token, codes)):
            return True
        part = self.part(before, "")
        entries = self._entries(part.name.split(",")[0], codes)
        return any(self._belongs(entry, part.name, token) for entry in entries)

    def _belongs(self, entry: Entry, name: str, addition: str) -> bool:
        inside = entry.admin1 in states_of(entry.country, addition)
        return inside or (fold(entry.name) != fold(name) and hint_in_names(addition, name, (entry.name,)))

    def _by_words(self, text: str, stated: CountryMatch) -> Iterator[str]:
        """``Haguenau und Ribeauvillé`` are two where both are known and no place is called so."""
        for match in _JOINED_BY.finditer(text):
            one, rest = text[: match.start()], text[match.end() :]
            others = list(self._by_words(rest, stated))
            if self._known(text, stated.codes) or not all(self._is_known(each, stated) for each in (one, *others)):
                continue
            if not self._are_neighbours(one, others[0], stated):
                yield from (one, *others)
                return
        yield text

    # --- One place -------------------------------------------------------------------------------------------------------

    def _without_bracket(self, part: Part, stated: str) -> Part | None:
        match = _BRACKET.match(part.name)
        if not match:
            return None
        name, rest, found = match["name"].strip(" ,"), list[str](), part
        for text in _INSIDE.split(match["inner"]):
            if not found.country and self._is_country(name, text, stated):
                found = replace(found, country=text)
            elif not found.when and _is_time(text):
                found = replace(found, when=text)
            elif text:
                rest.append(text)
        if found == part:
            if part.when or not _YEAR.search(match["inner"]):
                return None
            return replace(part, name=name, when=match["inner"])
        return replace(found, name=f"{name} ({', '.join(rest)})" if rest else name)

    def _without_country(self, part: Part, stated: str) -> Part | None:
        name, comma, text = part.name.rpartition(",")
        if comma and not part.country and self._is_country(name.strip(), text.strip(), stated):
            return replace(part, name=name.strip(), country=text.strip())
        return None

    def _is_country(self, name: str, text: str, stated: str) -> bool:
        """Whether a text beside a name is its country; a code or the name of a state too is believed where the place is known."""
        codes = _country_codes(text)
        if not codes or not name:
            return False
        if stated and not set(codes) & set(country(stated).codes):
            return False
        entries = self._gazetteer.folded(fold(name))
        doubtful = len(text.strip(".")) < _CODE or any(states_of(entry.country, text) for entry in entries)
        if not doubtful:
            return True
        return not entries or any(entry.country in codes for entry in entries)

    # --- What the gazetteer knows ----------------------------------------------------------------------------------------

    def _entries(self, name: str, codes: Sequence[str]) -> list[Entry]:
        return [e for e in self._gazetteer.folded(fold(name)) if not codes or e.country in codes]

    def _known(self, name: str, codes: Sequence[str]) -> bool:
        """Whether a place is called so: in one of the countries, or a town of some size where none is given."""
        base = _BRACKET.match(name)
        for text in (name, base["name"] if base else ""):
            entries = self._entries(text, codes) if text else []
            if entries and (codes or entries[0].population >= _KNOWN_BY_SIZE):
                return True
        return any(self._local.find(name, code, ("city", "district", "region")) for code in codes)

    def _is_known(self, text: str, stated: CountryMatch) -> bool:
        part = self.part(text, "")
        return self._known(part.name, country(part.country).codes or stated.codes)

    def _are_neighbours(self, one: str, other: str, stated: CountryMatch) -> bool:
        """Whether the two can be halves of one town: Brighton and Hove."""
        first, second = (self._entries(self.part(text, "").name, stated.codes)[:1] for text in (one, other))
        return any(distance_km(a.lat, a.lon, b.lat, b.lon) < _NEIGHBOUR_KM for a in first for b in second)

    def _names(self, text: str) -> bool:
        """Whether something between commas or lines can be a place at all: no mere year, status or country in brackets."""
        name = self.part(text, "").name
        return any(c.isalpha() for c in name) and not all(map(_is_date_word, name.split())) and not status_meant(name, {})

    def _is_town(self, text: str, codes: Sequence[str]) -> bool:
        """Whether a country's name is a town's, too, in the country that is stated: Luxembourg, Mexico."""
        return bool(codes) and any(fold(entry.name) == fold(text) for entry in self._entries(text, codes))


@lru_cache(maxsize=1)
def partners_of(resolver: Resolver) -> Partners:
    """The reader of cells that belongs to a resolver."""
    return Partners(resolver)


def _country_codes(text: str) -> tuple[str, ...]:
    """The codes of a text that is a country and nothing else: neither a place with one nor a mere part of it."""
    match = country(text)
    part = bool(match.state) and match.codes != ("GB",)
    return () if part or any(c in text for c in "(,[") else match.codes


def _pieces(text: str) -> list[str]:
    """Cut where nothing but another place can follow: semicolons, bullets, bars."""
    if _NUMBERED.match(text):
        text = _NUMBERED.sub(";", text)
    text = _BULLET.sub(";", text)
    text = _INLINE_BULLET.sub(";", text).replace("|", ";")
    return [piece for piece in _outside_brackets(text, ";") if piece.strip()]


def _outside_brackets(text: str, separator: str = ",") -> list[str]:
    """The parts between separators that stand in no brackets."""
    parts, depth, begin = list[str](), 0, 0
    for position, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if character == separator and depth <= 0:
            parts.append(text[begin:position].strip())
            begin = position + 1
    return [part for part in (*parts, text[begin:].strip()) if part]


def _without_year(part: Part) -> Part | None:
    if part.when:
        return None
    if match := _LAST_YEAR.match(part.name):
        words = match["when"].split()
        name = [match["name"].strip(" ,:–—-")]
        while words and not words[0][0].isdigit() and not _is_date_word(words[0]):
            name.append(words.pop(0))
        return replace(part, name=" ".join(name).strip(" ,:–—-"), when=" ".join(words))
    if match := _FIRST_YEAR.match(part.name):
        return replace(part, name=match["name"], when=match["when"])
    return None


def _is_date_word(word: str) -> bool:
    return any(key_of(word) in words for words in date_words().values()) or bool(status_meant(word, {}))


def _is_time(text: str) -> bool:
    return bool(_YEAR.search(text)) or bool(text and status_meant(text, {}))
