"""What a column's header says the column holds, in the languages of Europe; the words stand in ``words.toml``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.tabular.words import header_words, key_of

OF_AN_END = ("country", "state", "lat", "lon", "population", "qid", "geonames")
OF_A_TIE = ("kind", "since", "until", "status", "as_of")
_STRONGEST_FIRST = (
    "ignored", "id", "lat", "lon", "population", "qid", "geonames", "country", "state", "kind", "since", "until", "status",
    "as_of", "partner", "place", "both", "name",
)  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_BEFORE_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)")
_OWNER = re.compile(r"['’]s\b")
_NUMBER = re.compile(r"\d{1,2}")
_LONGEST = 4
_SHORT = 2
_GLUE = ("", "s", "n", "en", "er", "e")


@dataclass(frozen=True, slots=True)
class Role:
    """``role`` is "" when no word of the header is known; ``side`` 1 or 2, 0 not said; ``number`` 0 where none stands there."""

    role: str = ""
    side: int = 0
    number: int = 0
    named: bool = False
    """A word for "name" stands there."""
    partner: bool = False
    """The word says that these are partners of the first place."""
    clear: bool = False
    """Every word of the header is known."""


@lru_cache(maxsize=5_000)
def role_of(header: str) -> Role:
    """The role of a column by its header."""
    text = _OWNER.sub("", header.removesuffix(")").replace("(", " "))
    for spelt in (text, _CAMEL.sub(" ", text)):
        words = key_of(_BEFORE_DIGITS.sub(" ", spelt)).split()
        found = _role(words)
        if found.role:
            return found
    return Role()


def _role(words: list[str]) -> Role:
    number = int(words[-1]) if words and _NUMBER.fullmatch(words[-1]) and len(words) > 1 else 0
    meanings = list(_meanings(words[:-1] if number else words))
    said = {meaning for each in meanings for meaning in each}
    roles = [role for role in _STRONGEST_FIRST if role in said]
    sides = [int(meaning) for each in meanings for meaning in each if meaning in "12"]
    partner = "partner" in roles
    side = 2 if partner else sides[0] if sides else 0
    if not roles and sides and len(meanings) == 1 and not words[0].isdecimal():
        roles = ["place"]
    role = {"partner": "place", "name": "place"}.get(roles[0], roles[0]) if roles else ""
    return Role(role, side, number, "name" in said, partner and roles[0] in {"partner", "place", "name"}, all(meanings))


def _meanings(words: list[str]) -> Iterator[frozenset[str]]:
    """What each word or phrase means, the longest first; an empty set for an unknown word."""
    known, position = header_words(), 0
    while position < len(words):
        for length in range(min(_LONGEST, len(words) - position), 0, -1):
            phrase = " ".join(words[position : position + length])
            if phrase in known and (len(phrase) > _SHORT or len(words) == 1 or known[phrase] & {"1", "2", "linking", "id"}):
                yield known[phrase]
                position += length
                break
        else:
            yield _compound(words[position])
            position += 1


def _compound(word: str) -> frozenset[str]:
    """``partnerland``, ``ortsname``: two known words written as one."""
    known = header_words()
    for cut in range(len(word) - 2, 2, -1):
        left, right = word[:cut], word[cut:]
        if right in known:
            for glue in _GLUE:
                stem = left.removesuffix(glue)
                if len(stem) > _SHORT and stem in known:
                    return known[stem] | known[right]
    return frozenset()
