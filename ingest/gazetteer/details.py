"""What the gazetteer lacks and our own tables know: NUTS codes, kinds of places, display names.

Codes are those of NUTS 2021 and of Eurostat's statistical regions outside the Union. A code is only as long as country,
division and a list of cities make sure; a shorter one is a true prefix, never a guess.
"""

from functools import cache

from ingest.names.states import divisions
from ingest.names.tables import DATA, rows

_TABLES = DATA / "gazetteer"
LANGUAGES = ("de", "en", "fr", "it")


@cache
def _division_nuts() -> dict[tuple[str, str], str]:
    return {(d.country, d.admin1): d.nuts for d in divisions() if d.nuts}


@cache
def _city_nuts() -> dict[int, str]:
    return {int(r["geonameid"]): r["nuts"] for r in rows(_TABLES / "city_nuts.csv", ("geonameid", "nuts"))}


@cache
def _kinds() -> dict[int, str]:
    return {int(r["geonameid"]): r["kind"] for r in rows(_TABLES / "kinds.csv", ("geonameid", "kind"))}


@cache
def _names() -> dict[int, dict[str, str]]:
    columns = ("geonameid", *LANGUAGES)
    return {int(r["geonameid"]): {k: r[k] for k in LANGUAGES if r[k]} for r in rows(_TABLES / "names.csv", columns)}


def nuts_of(country: str, admin1: str, geonameid: int) -> str:
    """NUTS code of a place: that of the city where listed, else of its division, else of its country, else empty."""
    known = _division_nuts()
    return _city_nuts().get(geonameid) or known.get((country, admin1)) or known.get((country, "*"), "")


def kind_of(geonameid: int) -> str:
    """Kind of a gazetteer place; everything not listed otherwise is a city."""
    return _kinds().get(geonameid, "city")


def display_names(geonameid: int) -> dict[str, str]:
    """Names by language for places that have a usual name of their own in it."""
    return dict(_names().get(geonameid, {}))
