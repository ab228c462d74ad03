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


@cache
def date_words() -> dict[str, frozenset[str]]:
    """Words that stand beside dates, by what they make of them: ``since``, ``before``, ``until``, ``decade`` …"""
    return {meaning: frozenset(map(key_of, words)) for meaning, words in _tables()["dates"].items()}


def kind_meant(text: str, own: Mapping[str, str]) -> str:
    """The kind a word stands for, first by the mapping's ``own`` words; "" when nobody knows it."""
    return _meant(text, own) or _known_kinds().get(key_of(text), "")


def status_meant(text: str, own: Mapping[str, str]) -> str:
    """The status a word stands for; "" when nobody knows it."""
    return _meant(text, own) or _known_statuses().get(key_of(text), "")


def _meant(text: str, own: Mapping[str, str]) -> str:
    return next((value for word, value in own.items() if key_of(word) == key_of(text)), "")


@cache
def header_words() -> dict[str, frozenset[str]]:
    """What each word or phrase of a header can mean: roles of columns, the sides ``1`` and ``2``, ``linking``."""
    found: dict[str, frozenset[str]] = {}
    for table in ("headers", "sides", "linking"):
        for meaning, words in _tables()[table].items():
            meant = "linking" if table == "linking" else meaning
            for word in map(key_of, words):
                found[word] = found.get(word, frozenset()) | {meant}
    return found


@cache
def footer_words() -> frozenset[str]:
    """Words that a row below the table begins with: totals, sources, notes."""
    return frozenset(map(key_of, _tables()["footers"]["words"]))
