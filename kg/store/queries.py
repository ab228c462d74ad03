"""The query library: one query a file in ``queries/``, whose first comment lines are its documentation and signature.

::

    // title: Partners of a place
    // description: All living and former partnerships of one place.
    // param: place string = Ludwigsburg – name or id of the place
    // returns: partner place – name of the partner
    MATCH …

The type of a column (``COLUMN_TYPES``; text where none is named) says how people read it: names of places in their language,
kinds and statuses in words, dates, links. A header and a text that disagree are refused at load, with file and line.
"""

import base64
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, cast

from neo4j.graph import Entity, Node, Path, Relationship
from neo4j.time import Date, DateTime, Duration, Time

from kg.errors import QueryFileError, UsageError
from kg.model.dates import parse_date
from kg.shipped import shipped
from kg.store.driver import Graph
from kg.store.places import find_place

T = TypeVar("T", int, float)
ParamValue = str | int | float | bool
_NAME = re.compile(r"[a-z0-9-]{1,64}")
_HEADER = re.compile(r"//\s*(title|description|param|returns):\s*(.*)")
_PARAM = re.compile(r"(\w+)\s+(place|string|integer|float|boolean|date)(?:\s*=\s*(.*?))?\s+[–-]\s+(.+)")
COLUMN_TYPES: Mapping[str, str] = {
    "text": "as it is", "number": "as it is", "boolean": "a tick", "date": "a date", "time": "a moment", "url": "a link",
    "place": "the name of a place, or names", "country": "an ISO code", "kind": "a kind of partnership, or a name",
    "status": "a status", "basis": "what a status rests on", "level": "official or civil society", "event": "a kind of event",
    "predicate": "what a claim is about", "value": "a claim's value", "run": "how a run ended",
    "partnership": "an id, for programs only", "id": "an id, for programs only",
}  # fmt: skip
_RETURNS = re.compile(r"(\w+)(?:\s+(\w+))?\s+[–-]\s+(.+)")
_USED = re.compile(r"\$(\w+)")
_STRINGS_AND_COMMENTS = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.S)
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a query; ``default`` is None where it must be given."""

    name: str
    type: str
    default: ParamValue | None
    text: str

    def read(self, text: str) -> ParamValue:
        """The value that ``text`` means.

        Raises:
            UsageError: when it is none of the parameter's type.
        """
        try:
            return _read_value(self.type, text)
        except (ValueError, KeyError) as error:
            raise UsageError(f"{self.name}={text[:60]!r} is no {self.type} that can be: {self.text}") from error


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result: ``type`` is one of ``COLUMN_TYPES``."""

    name: str
    type: str = "text"
    text: str = ""


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """A query of the library."""

    name: str
    title: str
    description: str
    params: tuple[Param, ...]
    returns: tuple[Column, ...]
    text: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the result's columns, in order."""
        return tuple(column.name for column in self.returns)

    def arguments(self, given: Mapping[str, str]) -> dict[str, ParamValue]:
        """Values for all parameters from texts as a person types them, defaults for the others.

        Raises:
            UsageError: for a parameter that does not exist, lacks a value or has one of another type.
        """
        known = {param.name: param for param in self.params}
        for name in given:
            if name not in known:
                raise UsageError(f"query {self.name!r} has no parameter {name!r}; it has {', '.join(known) or 'none'}")
        values = {p.name: p.read(given[p.name]) if p.name in given else p.default for p in self.params}
        for name, value in values.items():
            if value is None:
                raise UsageError(f"query {self.name!r} needs --set {name}=…: {known[name].text}")
        return {name: value for name, value in values.items() if value is not None}


def arguments_of(graph: Graph, query: LibraryQuery, given: Mapping[str, str]) -> dict[str, ParamValue]:
    """Values for all parameters; a place may be named in any language and becomes its id.

    Raises:
        PlaceNotFound: with the candidates, when a name is no single place.
    """
    values = query.arguments(given)
    for param in query.params:
        if param.type == "place" and values[param.name]:
            values[param.name] = find_place(graph, str(values[param.name])).id
    return values


def _read_value(type_: str, text: str) -> ParamValue:
    if type_ == "boolean":
        return _TRUTHS[text.strip().lower()]
    if type_ == "integer":
        return _within(int(text))
    if type_ == "float":
        return _within(float(text))
    return str(parse_date(text)) if type_ == "date" and text else text


def _within(number: T) -> T:
    """The number if the database can hold it: 64 bits, and neither NaN nor infinite."""
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{number} is out of range")
    return number


@cache
def library() -> Mapping[str, LibraryQuery]:
    """Every query of the library by name, sorted; read once."""
    found = (parse_query(file.name.removesuffix(".cypher"), file.read_text("utf-8")) for file in _files())
    return {query.name: query for query in sorted(found, key=lambda q: q.name)}


def library_query(name: str) -> LibraryQuery:
    """One query of the library.

    Raises:
        UsageError: when there is none of this name.
    """
    if name not in library():
        raise UsageError(f"there is no query {name!r}; kg query list shows them")
    return library()[name]


def _files() -> Iterator[Traversable]:
    return (file for file in sorted(shipped("queries").iterdir()) if file.suffix == ".cypher")


def parse_query(name: str, text: str) -> LibraryQuery:
    """Read one query file.

    Raises:
        QueryFileError: with file and line, for a missing or wrong header, or parameters declared but not used or used
            but not declared.
    """
    if not _NAME.fullmatch(name):
        raise QueryFileError(f"queries/{name}.cypher: a query's name has a-z, 0-9 and hyphens only, 64 at the most")
    headers = list(_headers(name, text))
    fields = {field: value for field, value, _ in headers if field in {"title", "description"}}
    for needed in ("title", "description"):
        if not fields.get(needed):
            raise QueryFileError(f"queries/{name}.cypher:1: the header line '// {needed}: …' is missing")
    params = tuple(_param(name, value, line) for field, value, line in headers if field == "param")
    returns = tuple(_return(name, value, line) for field, value, line in headers if field == "returns")
    _check_use(name, text, [(p.name, line) for p, line in zip(params, _lines(headers, "param"), strict=True)])
    if not returns:
        raise QueryFileError(f"queries/{name}.cypher:1: no '// returns: <column> [type] – text' line")
    return LibraryQuery(name, fields["title"], fields["description"], params, returns, text)


def _lines(headers: list[tuple[str, str, int]], wanted: str) -> list[int]:
    return [line for field, _, line in headers if field == wanted]


def _headers(name: str, text: str) -> Iterator[tuple[str, str, int]]:
    for line, content in enumerate(text.splitlines(), 1):
        if not content.startswith("//"):
            return
        match = _HEADER.fullmatch(content.strip())
        if not match:
            raise QueryFileError(f"queries/{name}.cypher:{line}: not a header line of title, description, param or returns")
        yield match[1], match[2].strip(), line


def _param(name: str, text: str, line: int) -> Param:
    match = _PARAM.fullmatch(text)
    if not match:
        raise QueryFileError(f"queries/{name}.cypher:{line}: write '// param: <name> <type> [= default] – text'")
    try:
        default = None if match[3] is None else _read_value(match[2], match[3].strip("'\""))
    except (ValueError, KeyError) as error:
        raise QueryFileError(f"queries/{name}.cypher:{line}: the default {match[3]!r} is no {match[2]}") from error
    return Param(match[1], match[2], default, match[4])


def _return(name: str, text: str, line: int) -> Column:
    match = _RETURNS.fullmatch(text)
    if not match:
        raise QueryFileError(f"queries/{name}.cypher:{line}: write '// returns: <column> [type] – text'")
    type_ = match[2] or "text"
    if type_ not in COLUMN_TYPES:
        raise QueryFileError(f"queries/{name}.cypher:{line}: no column is a {type_!r}; there are {', '.join(COLUMN_TYPES)}")
    return Column(match[1], type_, match[3])


def _check_use(name: str, text: str, declared: list[tuple[str, int]]) -> None:
    for position, (param, line) in enumerate(declared):
        if param in [other for other, _ in declared[:position]]:
            raise QueryFileError(f"queries/{name}.cypher:{line}: parameter {param!r} is declared twice")
    body = _STRINGS_AND_COMMENTS.sub(lambda m: "\n" * m[0].count("\n"), text)
    used = {m[1]: body.count("\n", 0, m.start()) + 1 for m in reversed(list(_USED.finditer(body)))}
    for param, line in declared:
        if param not in used:
            raise QueryFileError(f"queries/{name}.cypher:{line}: parameter {param!r} is declared but not used")
    for param, line in used.items():
        if param not in {p for p, _ in declared}:
            raise QueryFileError(f"queries/{name}.cypher:{line}: parameter {param!r} is used but not declared")


def as_json_value(value: Any) -> Any:
    """A result cell as plain JSON.

    Points become [longitude, latitude] and times ISO 8601, bytes base64; NaN and infinity, which JSON lacks, become null;
    nodes and relationships keep their labels or type beside their properties, a path is the lists of both.
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Duration | Date | Time | DateTime):
        return value.iso_format()
    if isinstance(value, Entity | Path):
        return _element(value)
    if isinstance(value, list | tuple):
        return [as_json_value(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {str(k): as_json_value(v) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)


def _element(value: Entity | Path) -> dict[str, Any]:
    if isinstance(value, Path):
        return {"nodes": as_json_value(value.nodes), "relationships": as_json_value(value.relationships)}
    found = {"element_id": value.element_id, "properties": as_json_value(dict(value.items()))}
    if isinstance(value, Node):
        return {"labels": sorted(value.labels), **found}
    relationship = cast(Relationship, value)
    ends = [end.element_id if end else None for end in relationship.nodes]
    return {"type": relationship.type, "start": ends[0], "end": ends[1], **found}
