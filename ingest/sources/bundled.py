"""Our own facts: CSV files in ``ingest/data``, one folder a kind of record, every row with its source."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable

from ingest.places.described import Places, entry_value
from ingest.rows import Reject, Row
from ingest.run.protocol import Opened, Request
from kg.errors import DataError
from kg.model.claims import Claim, Source
from kg.model.identity import partnership_id, slug
from kg.vocabulary import EVENT_KINDS, KINDS, LISTED, PLACE_KINDS, SOURCE_KINDS

DATASET = "bundled"
NAMED_FAMILIES = frozenset({"project", "initiative"})
"""Families of which the same members can have several, told apart by name."""
_FOLDERS = ("topics", "networks", "organisations", "partnerships", "memberships", "roles", "events", "statements")
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tables:
    """The reference tables that all other rows point to."""

    sources: Mapping[str, Source]
    places: Mapping[str, Values]


def open_source(request: Request) -> Opened[Tables]:
    """Read the tables of sources and places, which every other row refers to."""
    sources = {key: _source(row) for key, row in _table("sources", "id").items()}
    places = _table("places", "key")
    return Opened(DATASET, tuple(sources.values()), request, Tables(sources, {k: r.values for k, r in places.items()}))


def read(opened: Opened[Tables]) -> Iterator[Row]:  # noqa: ARG001 - the functions of all sources are called alike
    """Give the rows of every folder, those that others refer to first."""
    for folder in _FOLDERS:
        yield from _rows(folder)


def to_claims(row: Row, opened: Opened[Tables], places: Places) -> Sequence[Claim]:
    """Make the claims of one row by the folder it stands in."""
    folder = row.file.split("/", 1)[0]
    return _MAKERS[folder](row.values, _Context(opened.data, places))


@dataclass(frozen=True, slots=True)
class _Context:
    tables: Tables
    places: Places

    def source(self, values: Values) -> Source:
        key = values.get("source") or "place-register"
        if key not in self.tables.sources:
            raise Reject(f"column source: {key!r} is not in sources/")
        return self.tables.sources[key]

    def place(self, key: str) -> str:
        """The id of a place by its key; describes the place on first use."""
        values = self.tables.places.get(key.strip())
        if values is None:
            raise Reject(f"{key.strip()!r} is not in places/")
        self.places.add(values["id"], values["country"])
        own = _place_claim(values, self)
        if own:
            self.places.describe(own)
        if values["part_of"]:
            larger = self.place(values["part_of"])
            self.places.describe(self.claim(values, values["id"], "part_of", larger))
        return values["id"]

    def claim(self, values: Values, subject: str, predicate: str, value: str, qualifier: str = "") -> Claim:
        by = self.tables.places[values["by"]]["id"] if values.get("by") else ""
        return self.source(values).claim(
            subject, predicate, value, values.get("locator", ""), qualifier, as_of=values.get("as_of", ""), by=by,
            note=values.get("note", ""), dataset=DATASET,
        )  # fmt: skip


def _place_claim(values: Values, context: _Context) -> Claim | None:
    """What our own register adds to the gazetteer, or says of a place that no gazetteer has."""
    names = ("name", "name_de", "name_en", "name_fr", "name_it", "kind", "country", "population_as_of", "nuts2", "wikidata")
    record: dict[str, object] = {name: values[name] for name in names}
    record["aliases"] = sorted(filter(None, values["aliases"].split("|")))
    record |= {name: float(values[name]) for name in ("lat", "lon") if values[name]}
    record |= {"population": int(values["population"])} if values["population"] else {}
    told = [name for name, value in record.items() if value and name not in {"kind", "country"}]
    if values["id"].startswith("gn:") and not told and values["kind"] == "city":
        return None
    source = context.source(values)
    return source.claim(values["id"], "entry", entry_value(record), values["locator"], dataset=DATASET)


def _partnership(values: Values, context: _Context) -> list[Claim]:
    members = dict(_member(text, context) for text in values["members"].split(";"))
    kind = KINDS.get(values["kind"])
    if kind is None:
        raise Reject(f"column kind: {values['kind']!r} is none of {', '.join(KINDS)}")
    subject = _partnership_id(kind.family, members, values["name"])
    status = "" if values["status"] == LISTED else values["status"]
    # A row that was found in a list says by that alone that the list names it among existing ones.
    source = context.source(values)
    if values["status"] == LISTED or values["locator"].startswith("list"):
        source = replace(source, kind="list")
    listing = source.listing(status, values["until"])
    stated = [("kind", kind.id, listing), *((p, values[p], kind.id) for p in ("since", "until") if values[p])]
    stated += [(p, values[p], "") for p in ("programme", "name") if values[p]]
    stated += [("status", status, values["level"])] if status else []
    stated += [("topic", f"topic:{topic}", "") for topic in _list(values["topics"])]
    stated += [("role", place, role) for place, role in members.items() if role]
    return [context.claim(values, subject, predicate, value, qualifier) for predicate, value, qualifier in stated]


def _member(text: str, context: _Context) -> tuple[str, str]:
    key, _, role = text.partition("=")
    return context.place(key), role.strip()


def _partnership_id(family: str, members: Mapping[str, str], name: str) -> str:
    try:
        return partnership_id(family, members, name if family in NAMED_FAMILIES else "")
    except ValueError as error:
        raise Reject(f"column members: {error}") from error


def _reference(text: str, context: _Context) -> str:
    """A partnership by ``family|Key A;Key B[|name]``."""
    family, _, rest = text.partition("|")
    keys, _, name = rest.partition("|")
    return _partnership_id(family.strip(), dict(_member(key, context) for key in keys.split(";")), name.strip())


def _topic(values: Values, _: _Context) -> list[Claim]:
    record = {"name_de": values["name_de"], "name_en": values["name_en"]}
    return [Claim("src:place-register", f"topic:{values['id']}", "entry", entry_value(record), dataset=DATASET)]


def _body(prefix: str, values: Values, context: _Context) -> Claim:
    record = {"name": values["name"], "aliases": sorted(_list(values["aliases"], "|")), "url": values["url"]}
    return context.claim(values, f"{prefix}:{values['id']}", "entry", entry_value(record))


def _network(values: Values, context: _Context) -> list[Claim]:
    return [_body("net", values, context)]


def _organisation(values: Values, context: _Context) -> list[Claim]:
    subject = f"org:{values['id']}"
    based = [context.claim(values, subject, "based_in", context.place(key)) for key in _list(values["based_in"])]
    carried = (_reference(text, context) for text in _list(values["supports"], "||"))
    return [_body("org", values, context), *based, *(context.claim(values, subject, "supports", p) for p in carried)]


def _membership(values: Values, context: _Context) -> list[Claim]:
    network = f"net:{values['network'].removeprefix('net:')}"
    return [context.claim(values, context.place(values["place"]), "member_of", network, values["since"])]


def _role(values: Values, context: _Context) -> list[Claim]:
    subject = f"person:{slug(values['person'])}"
    at = values["at"] if values["at"].startswith("org:") else context.place(values["at"])
    named = context.claim(values, subject, "entry", entry_value({"name": values["person"]}))
    return [named, context.claim(values, subject, "holds", at, values["role"])]


def _event(values: Values, context: _Context) -> list[Claim]:
    if values["kind"] not in EVENT_KINDS:
        raise Reject(f"column kind: {values['kind']!r} is none of {', '.join(sorted(EVENT_KINDS))}")
    key = hashlib.sha256(f"{values['kind']}|{values['name']}|{values['date']}".encode()).hexdigest()[:20]
    subject = f"event:{key}"
    precision = {4: "year", 7: "month", 10: "day"}.get(len(values["date"]), "")
    told = {name: values[name] for name in ("kind", "name", "name_de", "date")}
    present = [p if p.startswith("org:") else context.place(p) for p in _list(values["participants"])]
    stated = [("participant", who) for who in present]
    stated += [("under", _reference(text, context)) for text in _list(values["under"], "||")]
    stated += [("topic", f"topic:{topic}") for topic in _list(values["topics"])]
    return [
        context.claim(values, subject, p, v) for p, v in (("entry", entry_value({**told, "date_precision": precision})), *stated)
    ]


def _statement(values: Values, context: _Context) -> list[Claim]:
    subject = values["subject"] if values["subject"].startswith("org:") else context.place(values["subject"])
    nature = "figure" if any(c.isdigit() for c in values["value"]) else "remark"
    return [context.claim(values, subject, nature, values["value"], values["predicate"])]


_MAKERS: Mapping[str, Callable[[Values, _Context], list[Claim]]] = {
    "topics": _topic, "networks": _network, "organisations": _organisation, "partnerships": _partnership,
    "memberships": _membership, "roles": _role, "events": _event, "statements": _statement,
}  # fmt: skip


# --- Files ------------------------------------------------------------------------------------------------------------


def _list(text: str, separator: str = ";") -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


def _source(row: Row) -> Source:
    values = row.values
    if values["kind"] not in SOURCE_KINDS:
        raise DataError(f"{row.place}, column kind: {values['kind']!r} is none of {', '.join(sorted(SOURCE_KINDS))}")
    try:
        trust = int(values["trust"])
    except ValueError as error:
        raise DataError(f"{row.place}, column trust: {values['trust']!r} is no number from 0 to 100") from error
    named = {n: values[n] for n in ("title", "publisher", "url", "licence", "published", "retrieved", "kind")}
    return Source(f"src:{values['id']}", trust=trust, **named)


def _table(folder: str, key: str) -> dict[str, Row]:
    table: dict[str, Row] = {}
    for row in _rows(folder):
        name = row.values[key]
        if name in table:
            raise DataError(f"{row.place}, column {key}: {name!r} stands in {table[name].place} already")
        if folder == "places" and row.values["kind"] not in PLACE_KINDS:
            raise DataError(f"{row.place}, column kind: {row.values['kind']!r} is none of {', '.join(PLACE_KINDS)}")
        table[name] = row
    return table


def _rows(folder: str) -> Iterator[Row]:
    directory = resources.files("ingest").joinpath("data", folder)
    for file in sorted(directory.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".csv"):
            yield from _read_csv(file, f"{folder}/{file.name}")


def _read_csv(file: Traversable, name: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(file.read_text("utf-8"), newline=""), strict=True)
    header = next(reader, list[str]())
    for values in reader:
        if len(values) != len(header):
            raise DataError(f"{name}:{reader.line_num}: {len(values)} columns where the header has {len(header)}")
        yield Row(name, reader.line_num, dict(zip(header, (value.strip() for value in values), strict=True)))
