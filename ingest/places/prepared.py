"""A mention made ready for the resolver's rules: clean text, country codes, division codes, a believable point, forms."""

import math
import re
from dataclasses import dataclass
from functools import cache

from ingest.gazetteer.gazetteer import Entry
from ingest.names.countries import CountryMatch, country
from ingest.names.kinds import Body, body, city_forms, is_term
from ingest.names.qualifiers import Form, forms, without_noise
from ingest.names.states import states_of
from ingest.names.tables import DATA, rows
from ingest.names.written import written
from ingest.places.mention import Mention

_ANYWHERE: frozenset[str] = frozenset()
_DEFAULT_POINT = 0.002
_BUDAPEST = re.compile(r"^Budapest\s+(?:District\s+|Főváros\s+)?(?P<number>[IVX]+)\b\.?", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"^(?P<base>.+?)\s+\((?P<hint>[^()]+)\)$")
_COUNTRY_AT_END = re.compile(
    r"^(?P<head>.+?)(?:(?:\s*[,;]\s*|\s+[–-]\s+|\s*/\s*|(?<=\))\s+|\s+(?=(?-i:[A-Z]{2,3})$))(?P<tail>[^,;()/–]+)|\s*[(\[](?P<inner>[^()\[\]]+)[)\]])$"
)
_QID = re.compile(r"^Q[1-9]\d{0,11}$")


@dataclass(frozen=True, slots=True)
class Asked:
    """The mention in the terms that the rules need.

    ``codes`` possible countries (empty: any); ``states`` divisions it must be in (empty: any); ``point`` (lat, lon) when
    usable, ``coarse`` when it is no more than a guess; ``variants`` the plain names to look up.
    """

    mention: Mention
    name: str
    country: CountryMatch
    codes: tuple[str, ...]
    states: frozenset[str]
    point: tuple[float, float] | None
    coarse: bool
    qid: str
    body: Body
    forms: tuple[Form, ...]
    notes: tuple[str, ...] = ()
    """What stood beside the name and is no part of it."""

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing but a name and a country to hold a place against."""
        mention = self.mention
        return not (mention.state or self.country.state or mention.population) and mention.lat is None and mention.lon is None

    @property
    def variants(self) -> tuple[str, ...]:
        """Names without additions, each once."""
        return tuple(dict.fromkeys(f.base for f in self.forms if not f.hint))

    def allows(self, entry: Entry) -> bool:
        """Whether the entry is in a possible country."""
        return not self.codes or entry.country in self.codes


def ask(mention: Mention) -> Asked:
    """Prepare ``mention``; a name that ends in its own country (``Varna, Bulgaria``) gives the country where none is stated."""
    text = written(mention.name)
    name, match = _without_country(text.name, country(written(mention.country).name))
    point = _point(mention.lat, mention.lon)
    return Asked(
        mention=mention,
        name=name,
        country=match,
        codes=match.codes,
        states=_states(match, mention.state),
        point=point,
        coarse=point is not None and _is_coarse(*point),
        qid=mention.qid.strip() if _QID.match(mention.qid.strip()) else "",
        body=body(_named(name), match.codes),
        forms=_forms(name),
        notes=text.notes,
    )


def _without_country(name: str, match: CountryMatch) -> tuple[str, CountryMatch]:
    """The name without its own country at the end, which counts where none is stated; another one stays and is asked about."""
    found = _COUNTRY_AT_END.match(name)
    own = country(found["tail"] or found["inner"]) if found else CountryMatch(())
    if found is None or not own.codes or (own.state and (own.by_code or match.codes)):
        return name, match
    if not match.codes and not match.unknown:
        return found["head"], own
    return (found["head"], match) if own.codes == match.codes else (name, match)


def _named(name: str) -> str:
    """What the mention names, without the county it lies in: ``Vinica, Veľký Krtíš District``, ``Doksy (Kladno District)``.

    A word alone in brackets is no county but says what is meant: ``Starnberg (district)``.
    """
    head = name.partition(",")[0].strip()
    inner = _IN_BRACKETS.match(head)
    where = body(inner["hint"]) if inner and not is_term(inner["hint"]) else Body("", "")
    return inner["base"] if inner and where.kind and where.base[:1].isupper() else head


def _forms(name: str) -> tuple[Form, ...]:
    noiseless = without_noise(name)
    numbered = _BUDAPEST.match(name)
    if numbered:
        return (Form(f"Budapest {numbered['number'].upper()}. kerület"),)
    plain = [Form(base) for base in (*city_forms(name), noiseless, *city_forms(noiseless)) if base]
    return tuple(dict.fromkeys((*forms(name), *plain)))


def _states(match: CountryMatch, state: str) -> frozenset[str]:
    if not match.code:
        return frozenset()
    named = [states_of(match.code, text) for text in (state, match.state) if text]
    return next((found for found in named if found), _ANYWHERE)


@cache
def _default_points() -> tuple[tuple[float, float], ...]:
    table = rows(DATA / "corrections" / "points.csv", ("lat", "lon", "reason"))
    return tuple((float(r["lat"]), float(r["lon"])) for r in table)


def _is_coarse(lat: float, lon: float) -> bool:
    """Whole degrees, or a point that a source gives to whatever it could not find."""
    whole = float(lat).is_integer() and float(lon).is_integer()
    return whole or any(abs(lat - a) < _DEFAULT_POINT and abs(lon - b) < _DEFAULT_POINT for a, b in _default_points())


def _point(lat: float | None, lon: float | None) -> tuple[float, float] | None:
    if lat is None or lon is None or not (math.isfinite(lat) and math.isfinite(lon)):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 and (lat, lon) != (0, 0) else None
