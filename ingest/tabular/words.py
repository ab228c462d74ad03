"""Words of headers, kinds and statuses in the languages of the lists at hand; the tables stand in ``words.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from kg.model.identity import fold
from kg.vocabulary import KINDS, STATUSES


def key_of(text: str) -> str:
    """Headers and words are compared without case, accents and punctuation."""
    return fold(text)


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files("ingest.tabular").joinpath("words.toml").read_text("utf-8"))


@cache
def _turned(table: str) -> dict[str, str]:
    return {key_of(word): meaning for meaning, words in _tables()[table].items() for word in words}


@cache
def _known_kinds() -> dict[str, str]:
    own = {key_of(w): k.id for k in KINDS.values() for w in (k.id, k.de, k.en)}
    return {**own, **_turned("kinds")}


@cache
def _known_statuses() -> dict[str, str]:
    own = {key_of(w): s.id for s in STATUSES.values() for w in (s.id, s.de, s.en)}
    return {**own, **_turned("statuses")}


def kind_meant(text: str, own: Mapping[str, str]) -> str:
    """The kind a word stands for, first by the mapping's ``own`` words; "" when nobody knows it."""
    return _meant(text, own) or _known_kinds().get(key_of(text), "")


def status_meant(text: str, own: Mapping[str, str]) -> str:
    """The status a word stands for; "" when nobody knows it."""
    return _meant(text, own) or _known_statuses().get(key_of(text), "")


def _meant(text: str, own: Mapping[str, str]) -> str:
    return next((value for word, value in own.items() if key_of(word) == key_of(text)), "")


def role_of(header: str) -> tuple[str, int]:
    """What a column's header says it holds (``place``, ``country`` …, "" unknown), and at which end (1, 2, 0 not said)."""
    words = key_of(header)
    roles, sides = _turned("headers"), _turned("sides")
    if words in roles:
        return roles[words], int(sides.get(words, 0))
    parts = words.split()
    side = next((int(sides[part]) for part in parts if part in sides), 0)
    left = " ".join(part for part in parts if part not in sides)
    if left in roles:
        return roles[left], side
    if words[-1:] in "12ab" and words[:-1].strip() in roles:
        return roles[words[:-1].strip()], 1 if words[-1] in "1a" else 2
    if words in sides:
        return "place", int(sides[words])
    return next(((role, side) for word, role in roles.items() if len(word) > 3 and word in parts), ("", side))
