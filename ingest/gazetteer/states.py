"""First-level divisions by name: ``Idaho`` in the US → ID, ``Bavaria`` in Germany → 02."""

from functools import cache

from ingest.gazetteer.divisions import divisions
from kg.model.identity import fold


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
