"""Names of a list with the place that each means: one answer for each mention, in their order, for scripts and services."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.gazetteer.gazetteer import Entry
from ingest.places.mention import Mention, Resolution
from ingest.places.newcomers import NewPlaces
from ingest.places.resolver import Resolver
from ingest.tabular.grid import open_grid
from ingest.tabular.text import Problem
from kg.errors import DataError

COLUMNS = ("name", "country", "id", "place", "kind", "rule", "confidence", "candidates", "notes")
_GAZETTEER_ID = re.compile(r"gn:\d+")
_NUMBERS = ("lat", "lon", "population")
# fmt: off
_HEADERS: Mapping[str, frozenset[str]] = {
    "name": frozenset(
        {"name", "place", "city", "ort", "stadt", "gemeinde", "ville", "commune", "comune", "ciudad", "miasto", "obec"}
    ),
    "country": frozenset({"country", "land", "staat", "pays", "paese", "país", "kraj", "země", "stát"}),
    "state": frozenset({"state", "bundesland", "region", "région", "regione", "región", "county", "province"}),
    "kind": frozenset({"kind", "art", "type"}),
    "lat": frozenset({"lat", "latitude", "breite"}), "lon": frozenset({"lon", "lng", "long", "longitude", "länge"}),
    "population": frozenset({"population", "einwohner", "people"}), "qid": frozenset({"qid", "wikidata", "item"}),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Answer:
    """What a mention means, or the question that it stays: then ``id`` is empty and ``candidates`` say what it may be."""

    mention: Mention
    found: Resolution
    id: str
    notes: tuple[str, ...]

    def row(self) -> dict[str, object]:
        """As the command prints it."""
        found = self.found
        return {
            "name": self.mention.name, "country": self.mention.country, "id": self.id, "place": found.name if self.id else "",
            "kind": found.kind if self.id else "", "rule": found.rule, "confidence": found.confidence if self.id else 0.0,
            "candidates": list(found.candidates), "notes": list(self.notes),
        }  # fmt: skip


def answer(resolver: Resolver, mention: Mention, new: NewPlaces = "reject") -> Answer:
    """The answer for one mention; a new place that may be a known one is a question unless new ones are accepted."""
    found = resolver.resolve(mention)
    asked = bool(found.doubt) and new != "accept"
    said = (found.doubt,) if found.doubt else (found.reason,) if not found.id and found.reason else ()
    fresh = ("a new place",) if found.is_unknown and not asked and found.id else ()
    return Answer(mention, found, "" if asked else found.id, (*said, *fresh, *found.notes))


def candidates(resolver: Resolver, found: Resolution) -> list[Entry]:
    """The places of the gazetteer that a question may mean, best first."""
    ids = [match[0] for line in found.candidates if (match := _GAZETTEER_ID.search(line))]
    return [entry for place in dict.fromkeys(ids) if (entry := resolver.gazetteer.get(place))]


def mentions_of(path: Path) -> Iterator[Mention]:
    """The mentions of a table: a column ``name`` and any of country, state, kind, lat, lon, population, qid.

    Raises:
        DataError: naming file, line and column, when there is no name column or a number is none.
    """
    columns: dict[int, str] = {}
    for line, cells in open_grid(path, {}).rows():
        if isinstance(cells, Problem):
            raise DataError(f"{path}, line {line}: {cells}")
        texts = [cell.replace("\ufeff", "").strip() for cell in cells]
        if not columns:
            columns = _columns(path, line, texts)
            continue
        values = {role: texts[at] for at, role in columns.items() if at < len(texts)}
        yield _mention(path, line, values)


def _columns(path: Path, line: int, texts: list[str]) -> dict[int, str]:
    roles = {at: next((r for r, words in _HEADERS.items() if text.casefold() in words), "") for at, text in enumerate(texts)}
    if "name" not in roles.values():
        raise DataError(
            f"{path}, line {line}: no column is called name but {', '.join(texts)[:80]}; write a header with name,country"
        )
    return {at: role for at, role in roles.items() if role}


def _mention(path: Path, line: int, values: Mapping[str, str]) -> Mention:
    numbers = {name: _number(path, line, name, values.get(name, "")) for name in _NUMBERS}
    people = numbers["population"]
    return Mention(
        values.get("name", ""), values.get("country", ""), values.get("kind", ""), numbers["lat"], numbers["lon"],
        values.get("qid", ""), int(people) if people is not None else None, values.get("state", ""),
    )  # fmt: skip


def _number(path: Path, line: int, name: str, text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError as error:
        raise DataError(
            f"{path}, line {line}, column {name}: {text[:40]!r} is no number; write it as 48.9 or leave it empty"
        ) from error
