"""Wikidata's items, statements and values as plain values, whatever format they came in."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.rows import Reject
from kg.model.dates import parse_date

LANGUAGES = ("de", "en", "fr", "it")
SEPARATOR = "|"
"""Between a time and its precision, and between several values of one cell."""

_ENTITY = re.compile(r"<?(?:https?://www\.wikidata\.org/entity/|wd:)?(Q[1-9]\d{0,11})>?")
_TIME = re.compile(r"\+?(-?\d{4,})(?:-(\d{2})(?:-(\d{2}))?)?(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?(?:\|(\d{1,2}))?")
# On another globe than the Earth the point is preceded by the globe's address and then matches nothing.
_POINT = re.compile(r"Point\(\s*(-?[\d.]+(?:[eE]-?\d+)?)[\s,]+(-?[\d.]+(?:[eE]-?\d+)?)\s*\)", re.IGNORECASE)
_UNKNOWN_VALUE = re.compile(r"_:.*|t\d+|https?://www\.wikidata\.org/\.well-known/genid/.*")
_YEAR, _MONTH, _DAY = 9, 10, 11


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of an item; ``names`` are (language, label), ``countries`` texts as given, ``geonames`` numbers."""

    qid: str
    names: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    countries: tuple[str, ...] = ()
    population: int | None = None
    geonames: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label once, English first: it is the one that most gazetteers agree on."""
        ranked = sorted(self.names, key=lambda pair: (pair[0] != "en", pair[0]))
        return tuple(dict.fromkeys(label for _, label in ranked))


def item_id(cell: str, column: str) -> str:
    """The QID in an address, a prefixed or a plain form.

    Raises:
        Reject: naming the column, when the cell holds no item.
    """
    found = _ENTITY.fullmatch(cell.strip())
    if found:
        return found[1]
    if not cell or _UNKNOWN_VALUE.fullmatch(cell.strip()):
        raise Reject(f"column {column}: no item is given (empty, or Wikidata's “unknown value”)")
    raise Reject(f"column {column}: {cell[:60]!r} is no Wikidata item such as Q64")


def partial_date(cell: str, column: str) -> str:
    """``YYYY[-MM[-DD]]`` of a time with (``1950-01-01T00:00:00Z|9``) or without Wikidata's precision.

    Without it a first of January means the year and a first of a month the month, since that is how Wikidata fills what
    it does not know: a date is never told more precisely than it is known. Empty for unknown values and for precisions
    coarser than a year.

    Raises:
        Reject: naming the column, when the cell is no date or its year cannot be one of a partnership.
    """
    cell = cell.strip()
    if not cell or _UNKNOWN_VALUE.fullmatch(cell):
        return ""
    found = _TIME.fullmatch(cell)
    if not found:
        raise Reject(f"column {column}: {cell[:40]!r} is no date such as 1950 or 1950-05-31")
    year, month, day, precision = found[1], found[2] or "00", found[3] or "00", int(found[4] or _precision(found))
    if precision < _YEAR:
        return ""
    text = "-".join([year, month, day][: precision - _YEAR + 1] if precision < _DAY else [year, month, day])
    try:
        return str(parse_date(text))
    except ValueError as error:
        raise Reject(f"column {column}: {error}") from error


def _precision(found: re.Match[str]) -> int:
    month, day = found[2] or "00", found[3] or "00"
    if month == "00" or (month, day) == ("01", "01"):
        return _YEAR
    return _MONTH if day in {"00", "01"} else _DAY


def point(cell: str) -> tuple[float, float] | None:
    """(lat, lon) of ``Point(lon lat)``; None for anything else, another globe's included."""
    found = _POINT.fullmatch(cell.strip())
    if not found:
        return None
    try:
        lon, lat = float(found[1]), float(found[2])
    except ValueError:
        return None
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def whole_number(cell: str) -> int | None:
    """A count; None when the cell is none or it cannot be a population."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return int(value) if math.isfinite(value) and 0 < value < 1e10 else None


def described(qid: str, cells: Mapping[str, list[str]], names: Mapping[str, str]) -> Item:
    """An item from lists of values by field (alias, coordinates, country, population, geonames) and labels by language.

    Of several populations the largest is taken, which is as a rule the one of the whole municipality; of several
    coordinates the smallest, so that the order of an answer does not matter.
    """
    labels = {language: label for language, label in names.items() if label and label != qid}
    points = sorted(found for cell in cells.get("coordinates", []) if (found := point(cell)))
    counts = [count for cell in cells.get("population", []) if (count := whole_number(cell))]
    return Item(
        qid,
        tuple(sorted(labels.items())),
        tuple(sorted({alias for alias in cells.get("alias", []) if alias and alias not in labels.values()})),
        *(points[0] if points else (None, None)),
        tuple(sorted({code for code in cells.get("country", []) if code})),
        max(counts, default=None),
        tuple(sorted({number for number in cells.get("geonames", []) if number.isdecimal()}, key=lambda n: (len(n), n))),
    )
