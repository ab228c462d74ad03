"""Names in texts: how a person may be spelled, and where in a text that is.

Letters count without case, accents and marks; words are what stands between other signs, so that an id, an address of mail or
a percent-encoded link are texts like any other.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import unquote

from kg.model.identity import fold

REMOVED = "[removed]"
LONGEST = 6
"""Words of the longest name that is found."""
_SHORTEST = 3
"""Letters of a surname that counts alone; a shorter one (*Li*, *Wu*, *M*) is a word of its own too often."""
_INNER = "\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_INNER}])*")
# Letters beyond ASCII only, so that quotation marks and line ends of JSON stay what they are; no halves of pairs.
_ESCAPED = re.compile(r"\\u((?!00[0-7]|[dD][89a-fA-F])[0-9a-fA-F]{4})")
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_TITLES = frozenset({"dr", "prof", "professor", "dipl", "ing", "mag", "herr", "frau", "mr", "mrs", "ms", "mme", "sir", "lord"})
_WRITTEN_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands and how it is compared."""

    start: int
    end: int
    folded: str


def words(text: str) -> list[Word]:
    """The words of a text in their order."""
    return [Word(m.start(), m.end(), fold(_UNSEEN.sub("", m[0]))) for m in _WORD.finditer(text)]


def _spellings(word: str) -> set[str]:
    """Müller, Mueller and Muller are one."""
    plain, out = fold(word), fold(word.translate(_WRITTEN_OUT))
    return {plain, out, re.sub("([aou])e", r"\1", plain), plain.replace("aa", "a")} - {""}


@dataclass(frozen=True, slots=True)
class Spellings:
    """How a person's name may be written, folded: whole names, words joined by spaces; and surnames alone."""

    whole: frozenset[str]
    surnames: frozenset[str]


def spellings(name: str) -> Spellings:
    """Every order and spelling of a name: *Erika Mustermann*, *MUSTERMANN, Erika*, *erikamustermann*, *Mustermanns*."""
    last, comma, first = name.partition(",")
    parts = ([*first.split(), last] if comma else name.split()) or [name]
    parts = [part for part in parts if fold(part) not in _TITLES] or parts
    *given, surname = [[m[0] for m in _WORD.finditer(part)] for part in parts]
    if not given:
        alone = frozenset(" ".join(each) for each in _written(surname))
        return Spellings(alone, alone)
    firsts = [word for part in given for word in part]
    whole: set[str] = set()
    for some in (firsts, firsts[:1], given[0]):
        for a, b in product(_written(some), _written(surname, genitive=True)):
            whole |= {" ".join((*a, *b)), " ".join((*b, *a)), "".join((*a, *b)), "".join((*b, *a))}
    alone = {spelled for each in _written(surname, genitive=True) for spelled in (*each, "".join(each))}
    return Spellings(frozenset(whole), frozenset(alone))


def _written(some: list[str], *, genitive: bool = False) -> Iterator[tuple[str, ...]]:
    for each in product(*(sorted(_spellings(word)) for word in some)):
        yield each
        if genitive:
            yield (*each[:-1], each[-1] + "s")


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds names by two questions, whose answers may come from a name or from marks that hide it."""

    is_whole: Callable[[str], bool]
    is_surname: Callable[[str], bool]

    def redact(self, text: str, *, tied: bool = False, instead: str = REMOVED) -> str:
        """The text without the whole name; without the surname alone, too, if it is ``tied`` to the person or names them."""
        for meant in (str, unquote, html.unescape, _unescaped):
            plain = meant(text)  # what is meant as it is written was looked at already
            if (plain is text) == (meant is str) and (spans := self._spans(plain, tied=tied)):
                text = _replaced(plain, spans, instead)
        return text

    def mentions_surname(self, text: str) -> bool:
        """Whether the surname stands in it, be it of this person or of another."""
        return any(self._is_lone(word) for word in words(text))

    def _is_lone(self, word: Word) -> bool:
        return len(word.folded) >= _SHORTEST and self.is_surname(word.folded)

    def _spans(self, text: str, *, tied: bool) -> list[tuple[int, int]]:
        found = words(text)
        spans = [(word.start, word.end) for word in found if self.is_whole(word.folded)]
        spans += [span for i, word in enumerate(found) if self.is_surname(word.folded) for span in self._around(found, i)]
        if tied or spans:
            spans += [(word.start, word.end) for word in found if self._is_lone(word)]
        return spans

    def _around(self, found: list[Word], at: int) -> Iterator[tuple[int, int]]:
        """Whole names that the surname at a place is part of; one word may stand between two."""
        for first in range(max(0, at - LONGEST + 1), at + 1):
            for last in range(max(at, first + 1), min(len(found), first + LONGEST)):
                some = [word.folded for word in found[first : last + 1]]
                if self.is_whole(" ".join(some)) or (len(some) == 3 and self.is_whole(f"{some[0]} {some[2]}")):
                    yield found[first].start, found[last].end


def _unescaped(text: str) -> str:
    """The text of JSON as it is meant."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "\\u" in text else text


def _replaced(text: str, spans: list[tuple[int, int]], instead: str) -> str:
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start >= done:
            parts += [text[done:start], instead]
        done = max(done, end)
    return "".join([*parts, text[done:]])
