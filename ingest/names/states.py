"""First-level divisions by name: ``Idaho`` in the US → ID, ``Bavaria`` in Germany → 02."""

from dataclasses import dataclass
from functools import cache

from ingest.names.tables import DATA, rows, split
from kg.model.identity import fold

_TABLE = DATA / "gazetteer" / "divisions.csv"


@dataclass(frozen=True, slots=True)
class Division:
    """A first-level division of a country as the gazetteer codes it (``admin1``)."""

    country: str
    admin1: str
    name: str
    kind: str
    nuts: str
    aliases: tuple[str, ...]


@cache
def divisions() -> tuple[Division, ...]:
    """All divisions that are known by name."""
    return tuple(
        Division(r["country"], r["admin1"], r["name"], r["kind"], r["nuts"], tuple(split(r["aliases"])))
        for r in rows(_TABLE, ("country", "admin1", "name", "kind", "nuts", "aliases"))
    )


@cache
def _by_name() -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], frozenset[str]] = {}
    for division in divisions():
        for name in (division.name, division.name.split(" (")[0], *division.aliases):
            if key := fold(name):
                pair = (division.country, key)
                found[pair] = found.get(pair, frozenset()) | {division.admin1}
    return found


def states_of(country: str, text: str) -> frozenset[str]:
    """Codes (``admin1``) of the divisions of ``country`` called ``text``; empty when it is none."""
    return _by_name().get((country, fold(text)), frozenset())


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for country, key in _by_name():
        found[key] = (*found.get(key, ()), country)
    return found


def countries_with(text: str) -> tuple[str, ...]:
    """Codes of the countries that have a division called ``text``."""
    return _countries().get(fold(text), ())


@cache
def _names() -> dict[tuple[str, str], str]:
    return {(division.country, division.admin1): division.name for division in divisions()}


def state_name(country: str, admin1: str) -> str:
    """The name of a division by its code; empty where it is not known."""
    return _names().get((country, admin1), "")
