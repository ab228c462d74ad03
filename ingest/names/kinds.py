"""Tells from the words of a name what kind of body it is: a county is never taken for the city of the same name.

The words (``data/gazetteer/kind_words.csv``) are official terms of local government in the languages of Europe and their
usual English renderings. ``before``, ``after`` and ``suffix`` words are taken off; a ``whole`` one stays part of the name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.names.keys import clean
from ingest.names.tables import DATA, rows, split
from kg.model.identity import fold

WORDS = DATA / "gazetteer" / "kind_words.csv"
DISTRICT_KINDS = frozenset({"county", "province", "department"})
REGION_KINDS = frozenset({"land", "state"})
CITY_KINDS = frozenset({"city", "municipality", "borough", "intermunicipal"})
_NUMBERED = re.compile(
    r"^\d+(?:st|nd|rd|th|e|er|\.)\s+(?:municipal\s+|city\s+)?(?:district|arrondissement|bezirk)\b.*$", re.IGNORECASE
)


_BRACKETED = re.compile(r"^(?P<base>[^()]+?)\s*\((?P<term>[^()]+)\)$")


@dataclass(frozen=True, slots=True)
class Body:
    """A name without its term: ``base`` and the ``kind`` that the term stands for ("" when there was none)."""

    base: str
    kind: str


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(re.escape(w).replace("'", "['’]") for w in sorted(words, key=lambda w: (-len(w), w)))


def _pattern(position: str, words: Iterable[str]) -> re.Pattern[str]:
    terms = _alternatives(words)
    shapes = {
        "before": rf"^(?:{terms})(?:\s+|(?<=['’]))(?P<base>.+)$",
        "after": rf"^(?P<base>.+?)\s+\(?(?:{terms})\)?$",
        "suffix": rf"^(?P<base>.+?)(?:{terms})$",
        "whole before": rf"^(?P<base>(?:{terms})\s+.+)$",
        "whole after": rf"^(?P<base>.+\s+(?:{terms}))$",
        "whole suffix": rf"^(?P<base>\S.+(?:{terms}))$",
    }
    return re.compile(shapes[position], re.IGNORECASE)


@cache
def _patterns() -> tuple[tuple[str, frozenset[str], re.Pattern[str]], ...]:
    """Kind, countries (none: all) and pattern in the order of the table, words of one kind and position together."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for row in rows(WORDS, ("kind", "position", "word", "countries")):
        groups.setdefault((row["kind"], row["position"], row["countries"]), []).append(row["word"])
    return tuple((kind, frozenset(split(where)), _pattern(position, words)) for (kind, position, where), words in groups.items())


@lru_cache(maxsize=20_000)
def body(name: str, codes: tuple[str, ...] = ()) -> Body:
    """Split a name into base and kind: ``Provinz Bergamo`` → (Bergamo, province); a plain name keeps kind "".

    Some words mean another body elsewhere (an Estonian parish is a municipality, a Jamaican one a county): ``codes`` are
    the possible countries; without any the first meaning of the table counts.
    """
    if (inner := _BRACKETED.match(name)) and fold(inner["term"]) in _whole_terms():
        name = f"{inner['term']} {inner['base']}"  # as the term is usually written, so that both are one place
    if _NUMBERED.match(name):
        return Body(name, "borough")
    for kind, where, pattern in _patterns():
        fits = kind != "city" and (not where or not codes or not where.isdisjoint(codes))
        if fits and (found := pattern.match(name)):
            return Body(clean(found["base"]), kind)
    return Body(name, "")


def city_forms(name: str) -> list[str]:
    """The name without a word for town or municipality, as ``Comune di Meolo`` → Meolo; empty when there is none."""
    found = [clean(m["base"]) for kind, _, pattern in _patterns() if kind == "city" and (m := pattern.match(name))]
    return list(dict.fromkeys(form for form in found if form))


@cache
def _whole_terms() -> frozenset[str]:
    """Terms that stand before a name and stay part of it, folded."""
    table = rows(WORDS, ("kind", "position", "word", "countries"))
    return frozenset(fold(r["word"]) for r in table if r["position"] == "whole before")


@cache
def _city_words() -> frozenset[str]:
    table = rows(WORDS, ("kind", "position", "word", "countries"))
    return frozenset(fold(r["word"]) for r in table if r["kind"] == "city")


@cache
def _terms() -> frozenset[str]:
    return frozenset(fold(r["word"]) for r in rows(WORDS, ("kind", "position", "word", "countries")))


def is_term(text: str) -> bool:
    """Whether the text is no more than a word for a kind of body: ``(Landkreis)``."""
    return fold(text) in _terms()


def is_city_word(text: str) -> bool:
    """Whether the text is no more than a word for a town or municipality: ``(Stadt)``, ``ville``."""
    return fold(text) in _city_words()
