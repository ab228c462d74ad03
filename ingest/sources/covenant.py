"""Members of climate networks with the date of joining: MEMBER_OF, and never a person's name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ingest.places.described import Places, entry_value
from ingest.places.mention import Mention
from ingest.rows import Ignore, Row
from ingest.run.protocol import Opened, Request
from ingest.tabular import cells
from ingest.tabular.grid import Grid, open_grid
from ingest.tabular.text import Problem
from ingest.tabular.words import key_of
from kg.errors import DataError, UsageError
from kg.model.claims import Claim, Source
from kg.model.identity import slug

DEFAULT = ("covenant-of-mayors", "Covenant of Mayors")
EARLIEST = 1985
"""No network of municipalities for the climate is older; Climate Alliance was founded in 1990."""
_PERSONS = frozenset({
    "mayor", "mayors", "maire", "mairesse", "sindaco", "sindaca", "alcalde", "alcaldesa", "person", "contact", "email", "mail",
    "phone", "telephone", "telefon", "representative", "vorname", "nachname",
})  # fmt: skip
_TITLES = ("burgermeister", "oberburgermeister", "ansprechpartner", "burmistrz", "starosta", "primator")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("organisation name", "municipality", "member", "city", "name", "kommune", "mitglied", "stadt", "gemeinde"),
    "country": ("country name", "country", "land", "staat"), "state": ("state", "region", "bundesland"),
    "lat": ("organisation latitude", "latitude", "lat"), "lon": ("organisation longitude", "longitude", "lon", "lng"),
    "since": ("date of adhesion", "date of joining", "joined", "since", "member since", "beitritt", "mitglied seit", "jahr"),
    "status": ("signatory status", "status"), "group": ("group profile",),
    "population": ("population adhesion", "population", "inhabitants", "einwohner"),
}  # fmt: skip
_MOST_PEOPLE = 50_000_000
_EMPTY = frozenset({"", "-", "–", "n/a"})


@dataclass(frozen=True, slots=True)
class Members:
    """The open list with its columns by what they hold."""

    grid: Grid
    line: int
    header: tuple[str, ...]
    columns: Mapping[str, str]
    persons: frozenset[int]
    network: tuple[str, str]
    source: Source


def open_source(request: Request) -> Opened[Members]:
    """Find the header; columns that name persons are left out before anything is read from them."""
    path = request.the_file()
    options = request.options
    grid = open_grid(path, options)
    line, header = _header(grid)
    network = (slug(options.get("network", DEFAULT[0])), options.get("network_name", ""))
    if network[0] == DEFAULT[0]:
        network = DEFAULT
    elif not network[1]:
        raise UsageError(f"--option network={network[0]}: name it too, by --option network_name=…")
    other = {"id": f"src:members-{network[0]}", "title": f"Members of {network[1]}", "publisher": "", "url": "", "licence": "",
             "published": ""} if network != DEFAULT else {}  # fmt: skip
    stated = {n: options[n] for n in ("title", "publisher", "url", "licence", "published") if n in options}
    trust = {"trust": int(options["trust"])} if "trust" in options else {}
    source = request.descriptor.source(**{**other, **stated, **trust}).read_on(request.today)
    persons = frozenset(i for i, column in enumerate(header) if _names_person(column))
    columns = _columns(path.name, line, header, persons)
    dataset = slug(options.get("dataset") or ("covenant" if network == DEFAULT else f"members-{network[0]}"))
    members = Members(grid, line, header, columns, persons, network, source)
    return Opened(dataset, (source,), request, members, _unknown(request, members), _notes(members))


def read(opened: Opened[Members]) -> Iterator[Row]:
    """Give the rows without the cells of persons' columns, so that not even a quarantine file has them."""
    members = opened.data
    kept = {column for i, column in enumerate(members.header) if i not in members.persons}
    for row in members.grid.records(members.header, members.line):
        yield replace(row, values={name: "" if cell in _EMPTY else cell for name, cell in row.values.items() if name in kept})


def to_claims(row: Row, opened: Opened[Members], places: Places) -> Sequence[Claim]:
    """Make the claim that a municipality is a member."""
    members = opened.data
    value = {role: row.values[column] for role, column in members.columns.items()}
    name = cells.name(members.columns["name"], value["name"])
    if value.get("group") == "True":
        raise Ignore("a group of municipalities, which is no member place; its members have rows of their own")
    since = cells.date(members.columns.get("since", ""), value.get("since", ""), EARLIEST, opened.request.today)
    place = places.resolve(_mention(members, value, name), members.source, opened.dataset)
    places.describe(_network(members))
    return [_membership(members, value, place, name, since)]


# --- Claims -------------------------------------------------------------------------------------------------------------


def _mention(members: Members, value: Mapping[str, str], name: str) -> Mention:
    limits = (("lat", 90), ("lon", 180), ("population", _MOST_PEOPLE))
    lat, lon, people = (cells.number(members.columns.get(role, ""), value.get(role, ""), limit) for role, limit in limits)
    population = int(people) if people and people > 0 else None
    return Mention(name, value.get("country", ""), lat=lat, lon=lon, population=population, state=value.get("state", ""))


def _network(members: Members) -> Claim:
    network, name = members.network
    return members.source.claim(f"net:{network}", "entry", entry_value({"name": name}))


def _membership(members: Members, value: Mapping[str, str], place: str, name: str, since: str) -> Claim:
    note = "listed as on hold" if key_of(value.get("status", "")) == "on hold" else ""
    locator = ", ".join(part for part in (name, value.get("country", "")) if part)
    return members.source.claim(place, "member_of", f"net:{members.network[0]}", locator, since, note=note)


# --- Columns ------------------------------------------------------------------------------------------------------------


def _header(grid: Grid) -> tuple[int, tuple[str, ...]]:
    top = [(line, row) for line, row in islice(grid.rows(), 30) if not isinstance(row, Problem)]
    words = {word for role in ("name", "since") for word in _NAMES[role]}
    for line, row in top:
        if sum(key_of(cell) in words for cell in row) and len(row) > 1:
            return line, tuple(" ".join(cell.split()) or f"column {i}" for i, cell in enumerate(row, 1))
    raise DataError(f"{grid.path.name}, line 1: no header names the members; call the column of their names 'name'")


def _columns(file: str, line: int, header: tuple[str, ...], persons: frozenset[int]) -> dict[str, str]:
    keys = {key_of(column): column for i, column in reversed([*enumerate(header)]) if i not in persons}
    if len({key_of(c) for c in header}) < len(header):
        twice = next(c for c in header if [key_of(x) for x in header].count(key_of(c)) > 1)
        raise DataError(f"{file}, line {line}: the column {twice!r} stands there twice; rename one of them")
    found = {role: keys[word] for role, words in _NAMES.items() for word in reversed(words) if word in keys}
    if "name" not in found:
        raise DataError(
            f"{file}, line {line}: the column 'name' of the members is missing, there are {', '.join(header[:12])}; add it"
        )
    return found


def _names_person(column: str) -> bool:
    words = key_of(column).split()
    return not _PERSONS.isdisjoint(words) or any(word.startswith(_TITLES) for word in words)


def _unknown(request: Request, members: Members) -> tuple[str, ...]:
    known = {*members.columns.values(), *request.descriptor.ignored_columns}
    return tuple(c for i, c in enumerate(members.header) if c not in known and i not in members.persons)


def _notes(members: Members) -> tuple[str, ...]:
    persons = ", ".join(members.header[i] for i in sorted(members.persons))
    return (*members.grid.notes, *([f"columns that name persons were not read: {persons}"] if persons else []))
