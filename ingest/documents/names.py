"""Names of the gazetteer in running text: every stretch of words that some place is called by, longest first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ingest.documents.language import Lexicon
from ingest.names.countries import country
from ingest.places.resolver import Resolver
from kg.model.identity import fold

_TOKEN = re.compile(r"[^\W_]+(?:[-.'’ʼ‘][^\W_]+)*\.?(?:['’](?=\W|$))?")
MAX_WORDS = 5
_PARTICLES = frozenset(
    [
        "an",
        "am",
        "auf",
        "bei",
        "im",
        "in",
        "der",
        "den",
        "dem",
        "ob",
        "unter",
        "vor",
        "und",
        "a",
        "de",
        "des",
        "du",
        "d",
        "en",
        "et",
        "la",
        "le",
        "les",
        "lès",
        "sous",
        "sur",
        "di",
        "del",
        "della",
        "dei",
        "al",
        "nel",
        "sul",
        "nad",
        "pod",
        "na",
        "nei",
        "of",
        "the",
        "upon",
        "on",
        "by",
        "under",
        "am.",
        "a.",
        "i.",
        "im",
        "of",
        "y",
        "e",
        "da",
        "do",
        "dos",
        "aan",
        "bij",
        "op",
    ]
)
_COUNTRY_WORDS = frozenset({"USA", "UK", "U.S.A.", "DDR"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its span in the text."""

    text: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Named:
    """Words that are a place's name: ``name`` as looked up, without elision and genitive; words ``first`` to ``last``."""

    begin: int
    end: int
    name: str
    what: str
    """``city``, ``country``, ``region``, ``local`` (a borough of our own tables) or ``body`` (after a word such as Kreis)."""
    first: int
    last: int
    changed: bool = False
    """Whether an ending was taken off."""
    size: int = 0
    """People in the largest place of the name."""
    main: bool = False
    """Whether a place is called so in the first place, or only by another name."""


def tokens(text: str, begin: int, end: int) -> list[Token]:
    """The words of a stretch of text; a stop belongs to a word only in abbreviations."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text, begin, end):
        word, last = match[0], match.end()
        if word.endswith(".") and not (len(word) <= 3 or "." in word[:-1]):
            word, last = word[:-1], last - 1
        found.append(Token(word, match.start(), last))
    return found


class NameFinder:
    """Looks stretches of words up in the gazetteer, our own places and the countries; remembers what it found."""

    def __init__(self, resolver: Resolver) -> None:
        """Use the gazetteer of this resolver."""
        self._resolver = resolver
        self.look_up = lru_cache(maxsize=200_000)(self._look_up)
        self._words = lru_cache(maxsize=200_000)(self._look_up_word)

    def names(self, text: str, words: list[Token], known: Lexicon) -> Iterator[Named]:
        """Names in order; of two that overlap the longer one."""
        at = 0
        while at < len(words):
            found = self._longest(text, words, at, known)
            if found:
                yield from found
                at = found[-1].last + 1
            else:
                at += 1

    def _longest(self, text: str, words: list[Token], at: int, known: Lexicon) -> list[Named]:
        token = words[at]
        lead = _elided(token.text, known)
        if not token.text[lead : lead + 1].isupper():
            return []
        for count in range(min(MAX_WORDS, len(words) - at), 0, -1):
            last = words[at + count - 1]
            if count > 1 and not (last.text[:1].isupper() and self._one_name(text, words[at : at + count])):
                continue
            shown = text[token.begin + lead : last.end]
            if found := self._named(shown, known):
                name, what, changed, size, main = found
                cut = len(shown) - len(name) if changed else 0
                return [Named(token.begin + lead, last.end - cut, name, what, at, at + count - 1, changed, size, main)]
        if at and words[at - 1].text.lower() in known.words("district_words") and text[words[at - 1].end : token.begin] == " ":
            return [Named(token.begin, token.end, token.text, "body", at, at)]
        return self._parts(token, at, lead, known)

    def _one_name(self, text: str, words: list[Token]) -> bool:
        """Whether words stand as one name: apart by single spaces, small words inside only those that names have."""
        gaps = (text[a.end : b.begin] for a, b in pairwise(words))
        inside = words[1:-1]
        return all(gap == " " for gap in gaps) and all(w.text[:1].isupper() or w.text in _PARTICLES for w in inside)

    def _named(self, shown: str, known: Lexicon) -> tuple[str, str, bool, int, bool] | None:
        if found := self._words(shown):
            return (shown, found[0], False, found[1], found[2])
        for ending in known.data["genitive"]:
            base = shown.removesuffix(ending)
            if base != shown and len(base) > 2 and (found := self._words(base)):
                return (base, found[0], True, found[1], found[2])
        return None

    def _parts(self, token: Token, at: int, lead: int, known: Lexicon) -> list[Named]:
        """``Ludwigshafen-Pasadena``: both parts of a hyphenated word, if both are names."""
        halves = token.text[lead:].split("-")
        found: list[Named] = []
        if len(halves) < 2:
            return found
        for cut in range(1, len(halves)):
            left, right = "-".join(halves[:cut]), "-".join(halves[cut:])
            one, two = self._named(left, known), self._named(right, known)
            if one and two and one[1] != "country" and right[0].isupper() and min(len(left), len(right)) > 2:
                begin = token.begin + lead
                second = begin + len(left) + 1
                return [
                    Named(begin, begin + len(one[0]), one[0], one[1], at, at, one[2], one[3], one[4]),
                    Named(second, second + len(two[0]), two[0], two[1], at, at, two[2], two[3], two[4]),
                ]
        return found

    def _look_up_word(self, shown: str) -> tuple[str, int, bool] | None:
        if len(shown) < 3 and shown not in _COUNTRY_WORDS:
            return None
        return self.look_up(shown)

    def _look_up(self, shown: str) -> tuple[str, int, bool] | None:
        """(what, people, whether it is a main name) of a name; None when nothing is called so."""
        if (len(shown) > 3 or shown in _COUNTRY_WORDS) and len(country(shown).codes) == 1:
            return ("country", 0, True)
        key = fold(shown)
        entries = self._resolver.gazetteer.folded(key)
        if entries:
            return ("city", entries[0].population, any(fold(e.name) == key for e in entries))
        local = self._resolver.local
        if local.anywhere(shown, "city"):
            return ("local", 0, True)
        if local.anywhere(shown, "region"):
            return ("region", 0, True)
        return None


def _elided(word: str, known: Lexicon) -> int:
    """How many characters of elision a word begins with: ``d'Hockenheim`` has two."""
    for short in known.data["elisions"]:
        if len(word) > len(short) + 2 and word[: len(short)].lower() == short and word[len(short)] in "'’ʼ":
            return len(short) + 1
    return 0
