"""Which names in a document are places, by a score of what speaks for and against it, and which places they are."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.documents.document import Document
from ingest.documents.language import HOME, Lexicon, given_names, plates
from ingest.documents.meanings import Meanings, Place
from ingest.documents.names import Named, NameFinder, Token, tokens
from ingest.names.countries import country
from ingest.places.resolver import Resolver
from kg.model.identity import fold

ENOUGH = 2.0
"""A name of this score is a place."""
_BRACKET = re.compile(r"\s?\(([^()]{2,160})\)")
_AFTER_IN = re.compile(
    r"\s?,?\s(?:in|en|au|aux|im|nel|nella|negli|dans le|in der|in den|in the)\s([A-ZÉÈ][\w.-]+(?: [A-Z][\w-]+){0,2})"
)
_AFTER_COMMA = re.compile(r",\s?([A-ZÉÈ][\w.-]+(?: [A-Z][\w-]+)?)")
_AFTER_SLASH = re.compile(r"\s?[/–]\s?([A-ZÉÈ][\w.-]+)")
_LARGE, _TOWN, _VILLAGE = 100_000, 20_000, 3_000


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place in the text: ``begin``–``end`` is the name, ``from_``–``to`` with its kind word, adjective and country."""

    begin: int
    end: int
    from_: int
    to: int
    place: Place
    surface: str
    score: float
    note: str = ""
    """What stands in brackets after it besides a country, as in (Ukraine, ruht seit 2014)."""
    genitive: bool = False
    demonym: bool = False


@dataclass(slots=True)
class _Seen:
    named: Named
    score: float
    from_: int
    to: int
    country: str = ""
    state: str = ""
    kind: str = ""
    note: str = ""
    demonym: bool = False


@dataclass(slots=True)
class PlaceFinder:
    """Finds the places of documents; holds the resolver and what was looked up."""

    resolver: Resolver
    names: NameFinder = field(init=False)
    meanings: Meanings = field(init=False)

    def __post_init__(self) -> None:
        self.names = NameFinder(self.resolver)
        self.meanings = Meanings(self.resolver)

    def mentions(self, document: Document) -> list[PlaceMention]:
        """The places of a document in the order of the text."""
        small = frozenset(re.findall(r"(?<![\w-])[a-zà-öø-ÿß]{2,}", document.text))
        seen = [each for s in document.sentences for each in self._in_sentence(document, s.begin, s.end)]
        for each in seen:
            odd = each.named.name.lower() in small and each.named.name not in document.lexicon.word_like
            each.score -= 1.3 * (odd and not each.kind and not each.country)
        licensed = {fold(each.named.name) for each in seen if each.score >= ENOUGH + 1}
        hints = {fold(each.named.name): (each.country, each.state) for each in seen if each.country and each.score >= ENOUGH}
        kept = [each for each in seen if each.score + (1.5 if fold(each.named.name) in licensed else 0) >= ENOUGH]
        kept = [each for each in kept if not (each.demonym and fold(each.named.name) not in licensed and each.score < 3)]
        home = HOME[document.language]
        return [self._mention(document, each, hints, home) for each in kept]

    # -- evidence ---------------------------------------------------------------------------------------------------------

    def _in_sentence(self, document: Document, begin: int, end: int) -> list[_Seen]:
        text, known = document.text, document.lexicon
        words = tokens(text, begin, end)
        persons = _persons(text, words, known)
        found = [
            self._weigh(document, words, named, persons)
            for named in self.names.names(text, words, known)
            if named.what != "country" or len(named.name) > 3 or named.name.isupper()
        ]
        found = [f for f in found if f is not None]
        found += self._demonyms(document, words, found)
        found.sort(key=lambda f: f.named.begin)
        _absorb_countries(found)
        _vouch(text, found, known)
        return found

    def _weigh(self, document: Document, words: list[Token], named: Named, persons: set[int]) -> _Seen | None:
        text, known = document.text, document.lexicon
        before = [w.text for w in words[max(0, named.first - 4) : named.first]]
        gap = text[words[named.first - 1].end : named.begin] if named.first else ""
        previous = before[-1] if before and gap.strip("'’ \t") == "" else ""
        seen = _Seen(named, self._size_score(named), named.begin, named.end)
        if named.changed:
            seen.score -= 0.3
        if any(n in persons for n in range(named.first, named.last + 1)):
            return None
        self._hints_before(seen, text, words, known, before if previous else [])
        self._hints_after(seen, text)
        seen.score += _context_score(named, previous, known)
        return seen

    def _size_score(self, named: Named) -> float:
        if named.what == "country":
            return 4.0
        if named.what == "region":
            return 3.0 if len(named.name) > 5 else 1.0
        if named.what == "local":
            return 1.6
        score = 2.4 if named.size >= _LARGE else 2.0 if named.size >= _TOWN else 1.5 if named.size >= _VILLAGE else 0.6
        if not named.main:
            score -= 0.9 if len(named.name) < 6 else 0.4
        return score + (0.8 if " " in named.name or "-" in named.name else 0.0) - (0.8 if len(named.name) < 4 else 0.0)

    def _hints_before(self, seen: _Seen, text: str, words: list[Token], known: Lexicon, before: list[str]) -> None:
        """A kind word, a nationality or a state before the name, which become part of the mention."""
        at = seen.named.first - 1
        for word in reversed(before):
            plain = word.lower()
            if plain in known.words("district_words"):
                seen.kind = seen.kind or plain
                seen.score += 2.5
            elif known.pattern("council").fullmatch(plain):
                seen.score += 2.5
                break
            elif plain in known.words("city_words"):
                seen.score += 2.5
                tail = text[max(0, words[at].begin - 25) : words[at].end].lower()
                if any(m.end() == len(tail) for k in known.kinds if not k.soft for m in k.pattern.finditer(tail)):
                    return  # a cue of its own, which the rules want to see
            elif found := _adjective(plain, known):
                seen.country, seen.state = seen.country or found[0], seen.state or found[1]
                seen.score += 2.0
            elif plain not in known.words("of") and plain not in {"große", "großen", "kreisfreie", "kreisfreien", "the", "nahen"}:
                break
            else:
                at -= 1
                continue
            seen.from_ = words[at].begin
            at -= 1
        if at >= 0 and seen.from_ < seen.named.begin and words[at].text.lower() in known.words("determiners"):
            seen.from_ = words[at].begin

    def _hints_after(self, seen: _Seen, text: str) -> None:
        """The country in brackets, after a comma or after "in", with what else the brackets say."""
        if match := _BRACKET.match(text, seen.to):
            inside = match[1]
            head, _, rest = inside.partition(",")
            found = country(plates().get(head.strip(), head.strip()))
            if len(found.codes) == 1 and (len(head.strip()) > 2 or head.strip().isupper()):
                seen.country, seen.state, seen.note = found.code, found.state, rest.strip()
                seen.score += 3.0
                seen.to = match.end()
            elif len(inside) > 3:
                seen.note = inside
            return
        for pattern, weight in ((_AFTER_IN, 2.0), (_AFTER_COMMA, 1.5), (_AFTER_SLASH, 1.5)):
            if match := pattern.match(text, seen.to):
                for name in (match[1], match[1].partition(" ")[0]):
                    found = country(name)
                    if len(found.codes) == 1 and len(name) > 3 | (name in {"USA", "UK"}):
                        if seen.named.what != "country":
                            seen.country, seen.state = found.code, found.state
                            seen.score += weight
                            seen.to = match.start(1) + len(name)
                        return

    def _demonyms(self, document: Document, words: list[Token], found: list[_Seen]) -> list[_Seen]:
        """``Heilbronner Gemeinderat``, ``conseil dijonnais``: towns that stand as adjectives."""
        known = document.lexicon
        taken = {n for each in found for n in range(each.named.first, each.named.last + 1)}
        council = known.pattern("council")
        more: list[_Seen] = []
        for number, word in enumerate(words):
            near = words[number + 1 : number + 2] if known.language == "de" else words[max(0, number - 2) : number]
            official = any(council.fullmatch(w.text.lower()) for w in near)
            if number in taken or (known.data["capitals"] and not official):
                continue
            if known.language == "de" and not word.text[:1].isupper():
                continue
            for suffix, end in known.data["demonym_suffixes"]:
                base = word.text.removesuffix(suffix) + end
                if (
                    word.text.endswith(suffix)
                    and len(base) > 3
                    and (hit := self.names.look_up(base.title() if known.data["capitals"] else base))
                ):
                    what, size, main = hit
                    if what == "city" and main and size >= (_VILLAGE if official else _TOWN):
                        named = Named(
                            word.begin,
                            word.end,
                            base.title() if known.data["capitals"] else base,
                            what,
                            number,
                            number,
                            True,
                            size,
                            main,
                        )
                        more.append(_Seen(named, 3.5 if official else 2.2, word.begin, word.end, demonym=True))
                        break
        return more

    # -- which place ------------------------------------------------------------------------------------------------------

    def _mention(self, document: Document, seen: _Seen, hints: dict[str, tuple[str, str]], home: str) -> PlaceMention:
        named = seen.named
        code, state = (seen.country, seen.state) if seen.country else hints.get(fold(named.name), ("", ""))
        place = self.meanings.place(named.name, code, state, seen.kind, home)
        surface = document.text[named.begin : named.end]
        return PlaceMention(
            named.begin, named.end, seen.from_, seen.to, place, surface, seen.score, seen.note,
            named.changed and not seen.demonym, seen.demonym,
        )  # fmt: skip


def _adjective(word: str, known: Lexicon) -> tuple[str, str] | None:
    """The country and state of ``französischen``, ``hessische``, ``allemande``: a stem with an ending of its language."""
    for cut in range(min(4, len(word) - 3) + 1):
        if found := known.adjectives.get(word[: len(word) - cut]):
            return found
    return None


def _persons(text: str, words: list[Token], known: Lexicon) -> set[int]:
    """Numbers of the words that are people's names: after a first name, a title or a role."""
    names, titles = given_names(), known.words("people.titles")
    roles = re.compile(rf"(?:{known.data['people']['roles']})")
    persons: set[int] = set()
    for number, word in enumerate(words):
        following = words[number + 1 : number + 3]
        if not following or not following[0].text[:1].isupper() or text[word.end : following[0].begin].strip(". "):
            continue
        nearby = following[0].text
        if word.text in names:
            persons |= {number, number + 1}
            linked = text[following[0].end : following[1].begin] if len(following) > 1 else "x"
            if nearby in names and linked == " " and following[1].text[:1].isupper():
                persons.add(number + 2)
            continue
        titled = word.text.rstrip(".").lower() in titles or (roles.fullmatch(word.text) and known.language == "de")
        if titled and (nearby not in names or len(following) < 2):
            persons.add(number + 1)
    return persons


def _context_score(named: Named, previous: str, known: Lexicon) -> float:
    """What the word before and the word itself say."""
    plain = previous.lower()
    score = 0.0
    prepositions = (
        known.words("in") | known.words("with") | known.words("between") | known.words("of") | {"nach", "aus", "from", "da"}
    )
    if plain in known.words("determiners") and named.what == "city":
        score -= 3.0
    elif plain in prepositions:
        score += 0.9
    if named.name.lower() in known.words("small_words"):
        score -= 4.0
    if any(part in known.word_like for part in (named.name, named.name.title())) and named.what != "country":
        score -= 2.2
    if named.name.isupper() and len(named.name) < 5 and named.what == "city":
        score -= 2.0
    return score


def _absorb_countries(found: list[_Seen]) -> None:
    """A country that another mention took as its addition is no mention of its own."""
    for each in list(found):
        inside = any(o is not each and o.named.end <= each.named.begin and each.named.end <= o.to for o in found)
        if inside:
            found.remove(each)


def _vouch(text: str, found: list[_Seen], known: Lexicon) -> None:
    """Names in one row speak for each other, and a word for a tie speaks for all of its sentence."""
    if not found:
        return
    begin = min(f.from_ for f in found)
    line_begin = text.rfind("\n", 0, begin) + 1
    line_end = text.find("\n", begin)
    line = text[line_begin : line_end if line_end >= 0 else len(text)].lower()
    tied = any(k.pattern.search(line) for k in known.kinds if not k.soft) or bool(known.pattern("associations").search(line))
    linked = re.compile(r"^[\s,;/–-]*(?:" + "|".join(map(re.escape, known.words("and"))) + r")?[\s,;/–-]*$")
    for left, right in pairwise(found):
        if linked.match(text[left.to : right.from_].lower()):
            strong = max(left.score, right.score)
            for each in (left, right):
                each.score += 1.0 if strong >= ENOUGH else 0.0
    for each in found:
        if tied and each.score > -2.5:
            each.score += 0.7
            rest = line[max(0, each.to - line_begin) :]
            copula = re.match(r"\W{0,3}(?:ist|sind|is|are|was|est|sont|è|sono)\b.{0,12}", rest)
            if copula and any((m := k.pattern.search(rest)) and m.start() <= copula.end() for k in known.kinds if not k.soft):
                each.score += 2.2
