"""What is known of a language: cue words, patterns and names, from the TOML files beside."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ingest.names.tables import rows

FOLDER = Path(__file__).with_name("languages")
LANGUAGES = ("de", "fr", "it", "en")
HOME = {"de": "DE", "fr": "FR", "it": "IT", "en": "GB"}
FIRST_MARK, LAST_MARK = "\ue000", "\uf8ff"
"""Characters that stand for places in a masked sentence."""
PLACE = f"[{FIRST_MARK}-{LAST_MARK}]"
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Kind:
    """A cue for a kind of partnership; a ``soft`` one leaves open what it is and gives way to an explicit one."""

    kind: str
    pattern: re.Pattern[str]
    soft: bool


@dataclass(frozen=True)
class Lexicon:
    """One language; ``data`` is its file as read."""

    language: str
    data: Mapping[str, Any] = field(repr=False)

    def words(self, name: str) -> frozenset[str]:
        """A list of the file as a set."""
        return _sets(self.language, name)

    def pattern(self, name: str) -> re.Pattern[str]:
        """A pattern of the file, for text in small letters with places masked."""
        return _patterns(self.language, name)

    def months(self) -> Sequence[str]:
        """Twelve patterns."""
        return self.data["months"]

    @cached_property
    def joining(self) -> frozenset[str]:
        """Words after which a hanging hyphen stays: Infektions- und Sterblichkeitsrate."""
        return frozenset(self.data["joining"])

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Cues of kinds, the more special first."""
        return tuple(Kind(k["kind"], _compiled(rf"\b(?:{k['pattern']})"), bool(k.get("soft"))) for k in self.data["kinds"])

    @cached_property
    def statuses(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Cues of statuses; the first that matches decides."""
        return tuple((s["status"], _compiled(s["pattern"])) for s in self.data["statuses"])

    @cached_property
    def adjectives(self) -> Mapping[str, tuple[str, str]]:
        """Stem of an adjective → country and state."""
        table = rows(FOLDER / "adjectives.csv", ("language", "stem", "country", "state"))
        return {r["stem"]: (r["country"], r["state"]) for r in table if r["language"] == self.language}

    @cached_property
    def word_like(self) -> frozenset[str]:
        """Town names that are words of every day in this language."""
        lines = (FOLDER / "word_like.txt").read_text("utf-8").splitlines()
        found = next(line for line in lines if line.startswith(f"{self.language}: "))
        return frozenset(found.split()[1:])

    @cached_property
    def _boilerplate(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{p})" for p in self.data["boilerplate"]), re.IGNORECASE)

    def is_boilerplate(self, line: str) -> bool:
        """Whether a line says nothing: a link to the top, a page number."""
        return len(line) < 120 and bool(self._boilerplate.fullmatch(line))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("⌂", PLACE))


@cache
def _patterns(language: str, name: str) -> re.Pattern[str]:
    section, _, key = name.rpartition(".")
    data = lexicon(language).data
    return _compiled((data[section] if section else data)[key])


@cache
def _sets(language: str, name: str) -> frozenset[str]:
    section, _, key = name.rpartition(".")
    data = lexicon(language).data
    return frozenset((data[section] if section else data)[key])


@cache
def lexicon(language: str) -> Lexicon:
    """The language's file; one of ``LANGUAGES``."""
    return Lexicon(language, tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8")))


@cache
def given_names() -> frozenset[str]:
    """First names: what follows one is a family name, even if a town is called so."""
    return frozenset((FOLDER / "given_names.txt").read_text("utf-8").split())


@cache
def plates() -> Mapping[str, str]:
    """Letters of car plates that stand for a country in brackets: Briançon (F)."""
    return {r["plate"]: r["country"] for r in rows(FOLDER / "plates.csv", ("plate", "country"))}


def language_of(text: str) -> str:
    """The language whose small words the text has most of; German where there are none."""
    found = [word.lower() for word in _WORD.findall(text[:20_000])]
    counts = {code: sum(word in lexicon(code).words("stopwords") for word in found) for code in LANGUAGES}
    return max(LANGUAGES, key=lambda code: counts[code])
